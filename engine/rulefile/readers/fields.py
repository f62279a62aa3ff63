"""The tables a rule file is described by: fields, each with a reader and a line of documentation.

A reader turns a node into a value or says on the sheet why not and raises `Unread`. Readers are plain data, so
that the same tables can be printed as a reference page or a schema.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.problems import ProblemSheet, Unread, advice, near, shown
from dondoc.engine.rulefile.yaml_text.nodes import Invalid, Node, Pairs, Scalar, ScalarType

# What stands where a value is still to be filled in; only a register entry's `judge` may leave one.
BLANK = "___"


class ValueReader(Protocol):
    """Turns a node into a value."""

    def read(self, node: Node, sheet: ProblemSheet) -> Any:
        """The value of `node`; raises `Unread` once the problem is on `sheet`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a mapping: its reader, what it means in both languages, and what stands for it when absent."""

    name: str
    reader: ValueReader
    vi: str
    en: str
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read of a mapping. Asking for a field that could not be read raises `Unread`.

    `guessed` are the fields that misspelt keys were probably meant to be.
    """

    node: Pairs
    sheet: ProblemSheet
    values: dict[str, Any]
    guessed: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            raise Unread
        return self.values[name]

    def at(self, name: str) -> Node:
        """The node of a field; the mapping itself when the field is not written."""
        return self.node.find(name)

    def has(self, name: str) -> bool:
        """Whether the field is written in the file."""
        return any(key.text == name for key, _ in self.node.pairs)


@dataclass(frozen=True, slots=True)
class MappingReader:
    """A mapping with known keys. `build` makes the value; of each group in `exactly_one` one key stands there."""

    label: Text
    fields: tuple[Field, ...]
    build: Callable[[Parsed], Any]
    exactly_one: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The keys it knows."""
        return tuple(field.name for field in self.fields)

    def read(self, node: Node, sheet: ProblemSheet) -> Any:
        """What `build` makes of the mapping."""
        pairs = mapping(node, sheet, self.label)
        written = {key.text: value for key, value in pairs.pairs}
        guessed = self._unknown_keys(pairs, sheet)
        values: dict[str, Any] = {}
        for field in self.fields:
            if field.name in written:
                with suppress(Unread):
                    values[field.name] = field.reader.read(written[field.name], sheet)
            elif field.name in guessed:
                continue
            elif field.required:
                self._missing(field, pairs, sheet)
            else:
                values[field.name] = field.default
        for group in self.exactly_one:
            if not self._exactly_one(group, written, guessed, pairs, sheet):
                values = {name: value for name, value in values.items() if name not in group}
        return self.build(Parsed(pairs, sheet, values, frozenset(guessed)))

    def _unknown_keys(self, pairs: Pairs, sheet: ProblemSheet) -> set[str]:
        """Says which keys are unknown; returns those they were probably meant to be."""
        guessed = set()
        names = self.names
        for key, _ in pairs.pairs:
            if key.text in names:
                continue
            listed = ", ".join(names)
            hint = advice(key.text, names, Text(f"; các khóa dùng được: {listed}", f"; it may have: {listed}"))
            sheet.say(
                key,
                "key-unknown",
                f"không có khóa «{shown(key.text)}» trong {self.label.vi}{hint.vi}",
                f"there is no key '{shown(key.text)}' in {self.label.en}{hint.en}",
            )
            guessed.add(near(key.text, names) or "")
        return guessed

    def _missing(self, field: Field, pairs: Pairs, sheet: ProblemSheet) -> None:
        sheet.say(
            pairs,
            "key-missing",
            f"thiếu khóa «{field.name}» trong {self.label.vi}: {field.vi}",
            f"key '{field.name}' is missing in {self.label.en}: {field.en}",
        )

    def _exactly_one(
        self,
        group: tuple[str, ...],
        written: Collection[str],
        guessed: set[str],
        pairs: Pairs,
        sheet: ProblemSheet,
    ) -> bool:
        """Whether just one of the group stands there; says so otherwise, unless a misspelt key explains it."""
        there = [name for name in group if name in written]
        if len(there) == 1:
            return True
        if there or not guessed & set(group):
            listed = ", ".join(group)
            sheet.say(
                pairs.find(there[1]) if there else pairs,
                "one-of",
                f"{self.label.vi} cần đúng một trong các khóa: {listed}",
                f"{self.label.en} needs exactly one of the keys: {listed}",
            )
        return False


def mapping(node: Node, sheet: ProblemSheet, label: Text) -> Pairs:
    """The node as a mapping."""
    if isinstance(node, Pairs):
        return node
    raise mismatch(
        node,
        sheet,
        "map-expected",
        Text(f"{label.vi} (các cặp «khóa: giá trị»)", f"{label.en} (pairs 'key: value')"),
    )


def mismatch(node: Node, sheet: ProblemSheet, code: str, wants: Text, why: Text | None = None) -> Unread:
    """Says that something else was expected here, what stands here, and why it is not taken."""
    if isinstance(node, Invalid):
        return Unread()
    if isinstance(node, Scalar) and node.meaning is ScalarType.NOTHING:
        return sheet.say(node, "value-missing", f"chưa ghi giá trị: cần {wants.vi}", f"no value: needs {wants.en}")
    if isinstance(node, Scalar) and node.plain and node.text == BLANK:
        return sheet.say(
            node,
            "blank-here",
            f"cần {wants.vi}: chỗ trống «{BLANK}» chỉ dùng trong «judge» của register, ở đây phải điền giá trị",
            f"needs {wants.en}: a blank '{BLANK}' may stand in a register entry's 'judge' only; fill in the value",
        )
    seen = _seen(node)
    tail = Text("", "") if why is None else Text(f"; {why.vi}", f"; {why.en}")
    return sheet.say(
        node,
        code,
        f"cần {wants.vi}, ở đây là {seen.vi}{tail.vi}",
        f"needs {wants.en}, here is {seen.en}{tail.en}",
    )


def _seen(node: Node) -> Text:
    if isinstance(node, Scalar):
        return Text(f"«{shown(node.text)}»", f"'{shown(node.text)}'")
    if isinstance(node, Pairs):
        return Text("một nhóm khóa", "a mapping")
    return Text("một danh sách", "a list")
