"""Readers made of other readers: one of several mappings, a list, a mapping by id."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.problems import IdKind, ProblemSheet, Unread, near
from dondoc.engine.rulefile.readers.fields import MappingReader, ValueReader, mapping, mismatch
from dondoc.engine.rulefile.yaml_text.nodes import Invalid, Node, Pairs, Scalar


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of several readers of a mapping, chosen when all its signs are present: a key, or `key=value`."""

    signs: tuple[str, ...]
    shape: MappingReader


@dataclass(frozen=True, slots=True)
class OneOf:
    """Reads a mapping by the first alternative whose signs are present, else by the last; or a single word."""

    cases: tuple[Alternative, ...]
    word: ValueReader | None = None

    def read(self, node: Node, sheet: ProblemSheet) -> Any:
        """The value of the mapping or of the word."""
        if isinstance(node, Scalar) and self.word is not None:
            return self.word.read(node, sheet)
        return self.chosen(node).read(node, sheet)

    def chosen(self, node: Node) -> MappingReader:
        """The reader of a mapping."""
        signs = self._signs(node) if isinstance(node, Pairs) else set()
        return next((case for case in self.cases if signs.issuperset(case.signs)), self.cases[-1]).shape

    def _signs(self, node: Pairs) -> set[str]:
        """The signs of a mapping: its keys, misspelt ones corrected, and each key with its value."""
        names = {name for case in self.cases for name in case.shape.names}
        signs = set()
        for key, value in node.pairs:
            name = key.text if key.text in names else near(key.text, names) or key.text
            signs.add(name)
            if isinstance(value, Scalar):
                signs.add(f"{name}={value.text}")
        return signs


@dataclass(frozen=True, slots=True)
class Many:
    """Reads a list of different items or, if `alone`, also a single item in its place."""

    item: ValueReader
    wants: Text
    alone: bool = False
    at_least: int = 1

    def read(self, node: Node, sheet: ProblemSheet) -> tuple[Any, ...]:
        """The items that could be read, in order. Raises `Unread` if the list is too short or no list."""
        items = self._items(node, sheet)
        if len(items) < self.at_least:
            raise sheet.say(
                node,
                "list-empty",
                f"cần ít nhất một mục: {self.wants.vi}",
                f"needs at least one item: {self.wants.en}",
            )
        values: dict[Any, None] = {}
        for item in items:
            with suppress(Unread):
                value = self.item.read(item, sheet)
                if value in values:
                    raise sheet.say(
                        item, "item-twice", "mục này đã có trong danh sách", "this is already in the list"
                    )
                values[value] = None
        return tuple(values)

    def _items(self, node: Node, sheet: ProblemSheet) -> tuple[Node, ...]:
        if isinstance(node, (Scalar, Pairs)):
            if self.alone:
                return (node,)
            wants = Text.format("danh sách {wants}", "a list of {wants}", wants=self.wants)
            raise mismatch(node, sheet, "list-expected", wants)
        if isinstance(node, Invalid):
            raise Unread
        return node.items


@dataclass(frozen=True, slots=True)
class Keyed:
    """Reads a mapping whose keys are ids; `build` makes an entry from its key and its value.

    `kind` is the kind of id that the keys define, for other parts of the rules to name.
    """

    key: ValueReader
    item: ValueReader
    wants: Text
    build: Callable[[Scalar, Any], Any]
    kind: IdKind | None = None

    def read(self, node: Node, sheet: ProblemSheet) -> dict[str, Any]:
        """The entries that could be read, by id, in the order of the file."""
        pairs = mapping(node, sheet, self.wants)
        if self.kind is not None:
            sheet.define(self.kind, (key.text for key, _ in pairs.pairs))
        entries: dict[str, Any] = {}
        for key, value in pairs.pairs:
            if self.kind is not None:
                sheet.locate(self.kind, key.text, key)
            with suppress(Unread):
                self.key.read(key, sheet)
            with suppress(Unread):
                entries[key.text] = self.build(key, self.item.read(value, sheet))
        return entries
