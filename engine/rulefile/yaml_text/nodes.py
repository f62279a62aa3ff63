"""A rule file as a tree of three kinds of node, each with its place; made from YAML events, without recursion.

PyYAML constructs nothing here: its C composer can be crashed by depth and its constructors read `no`, `0777`
and `12:30:45` as values nobody meant. What a plain scalar means is decided by `meaning`, after YAML 1.2 core.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class ScalarType(StrEnum):
    """What a scalar means before anybody asks for something particular of it."""

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
    # Numbers and truth values of the core schema in a spelling that is not taken here: to an editor they are no
    # texts, so they are none here.
    (
        ScalarType.FOREIGN,
        re.compile(
            r"True|TRUE|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
            r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
        ),
    ),
)
# Most values begin like none of these, which spares them every pattern above.
_SURELY_TEXT = re.compile(r"[^~nNtTfF+.0-9-]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; `plain` when it stands without quotes."""

    text: str
    plain: bool
    line: int
    column: int

    @property
    def meaning(self) -> ScalarType:
        """Its YAML 1.2 core meaning, booleans only as `true` and `false`, numbers only in decimal."""
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
    """A mapping; its keys are texts and each occurs once."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def find(self, *path: str) -> Node:
        """The node at the end of a path of keys; the last one on the way that exists."""
        node: Node = self
        for name in path:
            below = {key.text: value for key, value in node.pairs} if isinstance(node, Pairs) else {}
            if name not in below:
                break
            node = below[name]
        return node


@dataclass(frozen=True, slots=True)
class Invalid:
    """A node that is not allowed to be there; the problem has been said."""

    line: int
    column: int


Node = Scalar | Items | Pairs | Invalid
