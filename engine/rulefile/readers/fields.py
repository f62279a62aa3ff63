"""The tables that describe a rule file: fields, each with a reader and a line of documentation.

A reader turns a node into a value, or notes a problem on the sheet and raises `Unread`. Readers are plain data, so
that the reference page and the JSON Schema come from the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.problems import ProblemSheet, Unread, advice, near, shown
from dondoc.engine.rulefile.readers.together import Condition
from dondoc.engine.rulefile.yaml_text.nodes import Invalid, Node, Pairs, Scalar, ScalarType

# The mark of a value that is still to be filled in; allowed only in the `judge` of a register entry.
BLANK = "___"


class ValueReader(Protocol):
    """Turns a node into a value."""

    def read(self, node: Node, sheet: ProblemSheet) -> Any:
        """The value of `node`; raises `Unread` once the problem is on `sheet`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a mapping: its reader, its meaning in both languages, and the value when the key is absent."""

    name: str
    reader: ValueReader
    vi: str
    en: str
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values read from a mapping. Access to a field that could not be read raises `Unread`.

    `guessed` are the fields that misspelt keys probably mean.
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
        """The node of a field; the mapping's node if the field is absent."""
        return self.node.find(name)

    def has(self, name: str) -> bool:
        """Whether the file has the field."""
        return any(key.text == name for key, _ in self.node.pairs)


@dataclass(frozen=True, slots=True)
class MappingReader:
    """Reads a mapping with known keys; `build` makes its value. Each group of `exactly_one` needs one key.

    `together` says in the schema what `build`, or what comes after it, checks of several keys.
    """

    label: Text
    fields: tuple[Field, ...]
    build: Callable[[Parsed], Any]
    exactly_one: tuple[tuple[str, ...], ...] = ()
    together: tuple[Condition, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The keys it knows."""
        return tuple(field.name for field in self.fields)

    def read(self, node: Node, sheet: ProblemSheet) -> Any:
        """The value that `build` makes of the mapping."""
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
        """Notes every unknown key; returns the keys that they probably mean."""
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
        """Whether exactly one key of the group is given; notes a problem if no misspelt key explains the lack."""
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
    """The node as a mapping. Raises `Unread` for any other node, with a problem noted."""
    if isinstance(node, Pairs):
        return node
    wants = Text.format("{label} (các cặp «khóa: giá trị»)", "{label} (pairs 'key: value')", label=label)
    raise mismatch(node, sheet, "map-expected", wants)


def mismatch(node: Node, sheet: ProblemSheet, code: str, wants: Text, why: Text | None = None) -> Unread:
    """Notes what is expected here, what is found instead, and why it is not accepted; raise the result."""
    if isinstance(node, Invalid):
        return Unread()
    if isinstance(node, Scalar) and node.meaning is ScalarType.NOTHING:
        return sheet.say(node, "value-missing", f"chưa ghi giá trị: cần {wants.vi}", f"no value: needs {wants.en}")
    if isinstance(node, Scalar) and node.plain and node.text == BLANK:
        return sheet.say(
            node,
            "blank-here",
            f"cần {wants.vi}: chỗ trống «{BLANK}» chỉ dùng trong «judge» của register, ở đây phải điền giá trị",
            f"needs {wants.en}: a blank '{BLANK}' is only allowed in the 'judge' of a register entry; fill in the "
            "value",
        )
    seen = _seen(node) if why is None else Text.join("; ", (_seen(node), why))
    return sheet.say(node, code, f"cần {wants.vi}, ở đây là {seen.vi}", f"needs {wants.en}, found {seen.en}")


def _seen(node: Node) -> Text:
    if isinstance(node, Scalar):
        return Text(f"«{shown(node.text)}»", f"'{shown(node.text)}'")
    if isinstance(node, Pairs):
        return Text("một nhóm khóa", "a mapping")
    return Text("một danh sách", "a list")
