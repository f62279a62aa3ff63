"""The order of the keys of a mapping: that of the table that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dondoc.engine.rulefile.files.directive_file import RULE
from dondoc.engine.rulefile.files.prepared import Fillable
from dondoc.engine.rulefile.readers.fields import MappingReader
from dondoc.engine.rulefile.readers.groups import Keyed, Many, OneOf
from dondoc.engine.rulefile.readers.scalars import OrNull
from dondoc.engine.rulefile.rule_tests.test_file import TEST
from dondoc.engine.rulefile.yaml_text.layout import Branch, Leaf, Written
from dondoc.engine.rulefile.yaml_text.nodes import Items, Node, Pairs

# Mappings by id whose entries are separated by a blank line.
_SPACED = (RULE, TEST)

Child = tuple[Leaf | None, Written]


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """The reader of a value (None: no table reads it), and every mapping of the file by (line, column) from 0."""

    reader: Any
    mappings: Mapping[tuple[int, int], Pairs]

    def below(self, branch: Branch, key: Leaf | None) -> KeyOrder:
        """The order of a child of a list or mapping."""
        reader = self._reader(branch)
        if isinstance(reader, MappingReader):
            name = "".join(key.lines) if key is not None else ""
            return KeyOrder(
                next((each.reader for each in reader.fields if each.name == name), None), self.mappings
            )
        return KeyOrder(getattr(reader, "item", None), self.mappings)

    def spaced(self, branch: Branch) -> bool:
        """Whether a blank line separates the children."""
        reader = self._reader(branch)
        return isinstance(reader, Keyed) and any(reader.item is each for each in _SPACED)

    def rank(self, branch: Branch, child: Child) -> int:
        """The rank of a child among its siblings; children of equal rank keep their order."""
        reader, key = self._reader(branch), child[0]
        if not isinstance(reader, MappingReader) or key is None:
            return 0
        name = "".join(key.lines)
        return reader.names.index(name) if name in reader.names else len(reader.names)

    def _reader(self, branch: Branch) -> Any:
        """The reader of this list or mapping itself, after a choice between alternatives."""
        reader = self.reader
        while isinstance(reader, OneOf | OrNull | Fillable) or (isinstance(reader, Many) and branch.mapping):
            match reader:
                case OneOf():
                    pairs = self.mappings.get((branch.line, branch.column))
                    reader = reader.chosen(pairs) if pairs is not None else None
                case OrNull() | Fillable():
                    reader = reader.reader
                case Many():
                    reader = reader.item
        return reader


def order_of(node: Node, shape: MappingReader) -> KeyOrder:
    """The order of a whole file, from its node and the reader of its kind."""
    return KeyOrder(shape, dict(_mappings(node)))


def _mappings(node: Node) -> list[tuple[tuple[int, int], Pairs]]:
    """Every mapping below a node, each with its line and column, counted from 0."""
    match node:
        case Pairs(pairs=pairs):
            below = [found for _, value in pairs for found in _mappings(value)]
            return [((node.line - 1, node.column - 1), node), *below]
        case Items(items=items):
            return [found for item in items for found in _mappings(item)]
    return []
