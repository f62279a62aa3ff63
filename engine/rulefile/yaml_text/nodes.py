"""A rule file as a tree of nodes, each with its line and column; built from YAML events, without recursion.

PyYAML constructs nothing here: deep nesting can crash its C composer, and its constructors read `no`, `0777` and
`12:30:45` as values that no author means. `Scalar.meaning` decides the type of a plain scalar, by YAML 1.2 core.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class ScalarType(StrEnum):
    """The type of a scalar by its spelling alone, whatever its reader expects."""

    NOTHING = "nothing"
    BOOL = "bool"
    WHOLE = "whole"
    DECIMAL = "decimal"
    FOREIGN = "foreign"
    TEXT = "text"


_MEANINGS = (
    (ScalarType.NOTHING, re.compile(r"~|null|Null|NULL|")),
    (ScalarType.BOOL, re.compile(r"true|false")),
    (ScalarType.WHOLE, re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")),
    (ScalarType.DECIMAL, re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")),
    # Numbers and booleans of the core schema in spellings that are refused here. They are no texts either: an
    # editor does not take them for texts.
    (
        ScalarType.FOREIGN,
        re.compile(
            r"True|TRUE|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
            r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
        ),
    ),
)
# Most values begin with such a character, which makes them text without trying the patterns above.
_SURELY_TEXT = re.compile(r"[^~nNtTfF+.0-9-]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; `plain` if it is without quotes."""

    text: str
    plain: bool
    line: int
    column: int

    @property
    def meaning(self) -> ScalarType:
        """Its type by YAML 1.2 core; booleans only as `true` and `false`, numbers only in decimal."""
        if self.plain and not _SURELY_TEXT.match(self.text):
            for meaning, pattern in _MEANINGS:
                if pattern.fullmatch(self.text):
                    return meaning
        return ScalarType.TEXT


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping; its keys are texts, each occurs once."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def find(self, *path: str) -> Node:
        """The node at the end of a path of keys, or the last one on the way that exists."""
        node: Node = self
        for name in path:
            below = {key.text: value for key, value in node.pairs} if isinstance(node, Pairs) else {}
            if name not in below:
                break
            node = below[name]
        return node


@dataclass(frozen=True, slots=True)
class Invalid:
    """A node that is not allowed in its place; its problem is already on the sheet."""

    line: int
    column: int


Node = Scalar | Items | Pairs | Invalid
