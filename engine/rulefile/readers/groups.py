"""Readers made of readers: one of several shapes, a list, a mapping by id."""

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
    """One way a mapping may look, chosen when all its signs are there: a key, or `key=value`."""

    signs: tuple[str, ...]
    shape: MappingReader


@dataclass(frozen=True, slots=True)
class OneOf:
    """A mapping of one of several shapes, the first whose signs are there, else the last; or a single word."""

    cases: tuple[Alternative, ...]
    word: ValueReader | None = None

    def read(self, node: Node, sheet: ProblemSheet) -> Any:
        """The value of the shape or of the word."""
        if isinstance(node, Scalar) and self.word is not None:
            return self.word.read(node, sheet)
        return self.chosen(node).read(node, sheet)

    def chosen(self, node: Node) -> MappingReader:
        """The shape that a mapping is read by."""
        signs = self._signs(node) if isinstance(node, Pairs) else set()
        return next((case for case in self.cases if signs.issuperset(case.signs)), self.cases[-1]).shape

    def _signs(self, node: Pairs) -> set[str]:
        """The keys there, a misspelt one as what it was meant to be, and each with its value."""
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
    """A list, or where `alone` is allowed a single item in its place; items are different from each other."""

    item: ValueReader
    wants: Text
    alone: bool = False
    at_least: int = 1

    def read(self, node: Node, sheet: ProblemSheet) -> tuple[Any, ...]:
        """The items that could be read, in order."""
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
                        item, "item-twice", "mục này đã có trong danh sách", "this is in the list already"
                    )
                values[value] = None
        return tuple(values)

    def _items(self, node: Node, sheet: ProblemSheet) -> tuple[Node, ...]:
        if isinstance(node, (Scalar, Pairs)):
            if self.alone:
                return (node,)
            raise mismatch(
                node, sheet, "list-expected", Text(f"danh sách {self.wants.vi}", f"a list of {self.wants.en}")
            )
        if isinstance(node, Invalid):
            raise Unread
        return node.items


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping whose keys are ids; `build` makes an entry of its id and what was read for it.

    `kind` is what these ids define, for rules to name.
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
