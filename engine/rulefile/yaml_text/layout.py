"""The layout of a rule file: where every value begins and ends, and where the comments are.

Lines and columns count from 0 here, as indexes into the text's lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_INDENT = re.compile(r" *")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value as written, line by line; `block` if it is one of `|` or `>`."""

    lines: tuple[str, ...]
    line: int
    column: int
    last_line: int
    block: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A list or mapping; a child is its key (None in a list) and its value.

    `flow` if it is in brackets; `end_column` is then the column of the closing one.
    """

    children: tuple[tuple[Leaf | None, Written], ...]
    mapping: bool
    flow: bool
    line: int
    column: int
    last_line: int
    end_column: int


Written = Leaf | Branch


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its `#`; `gap` is the number of spaces before it if it follows a value on its line."""

    text: str
    column: int
    gap: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A text: its lines, its top value, its comments by line."""

    lines: tuple[str, ...]
    root: Branch
    comments: dict[int, Comment]

    def beside(self, line: int) -> str:
        """The comment at the end of a line of values, with the spaces before it; "" if there is none."""
        comment = self.comments.get(line)
        return "" if comment is None or comment.alone else " " * comment.gap + comment.text

    def empty(self, line: int) -> bool:
        """Whether a line holds only spaces or a comment."""
        comment = self.comments.get(line)
        return not self.lines[line].strip() or (comment is not None and comment.alone)


def layout_of(text: str) -> Layout:
    """The layout of a text that was read without problems; its top value must be a mapping or list."""
    lines = text.split("\n")
    reading = _Reading(lines, [list(line) for line in lines])
    events = (event for event in yaml.parse(text, Loader=yaml.CSafeLoader) if isinstance(event, _NODES))
    root = reading.node(next(events), events)
    assert isinstance(root, Branch)
    return Layout(tuple(lines), root, dict(reading.comments()))


_NODES = (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.CollectionEndEvent)


@dataclass(slots=True)
class _Reading:
    """The lines of a text, and a copy with every value overwritten, so that a `#` left over begins a comment."""

    lines: list[str]
    blotted: list[list[str]]

    def node(self, event: Any, events: Iterator[Any]) -> Written:
        """The value that begins with an event."""
        if isinstance(event, yaml.ScalarEvent):
            return self._block(event) if event.style in {"|", ">"} else self._leaf(event)
        mapping = isinstance(event, yaml.MappingStartEvent)
        children: list[tuple[Leaf | None, Written]] = []
        while not isinstance(below := next(events), yaml.CollectionEndEvent):
            key = None
            if mapping:
                key = self._leaf(below)
                below = next(events)
            children.append((key, self.node(below, events)))
        line, column = _mark(event.start_mark)
        end_line, end_column = _mark(below.end_mark)
        flow = bool(event.flow_style)
        last = end_line if flow or not children else children[-1][1].last_line
        return Branch(tuple(children), mapping, flow, line, column, last, end_column - 1)

    def _leaf(self, event: Any) -> Leaf:
        first, end = event.start_mark, event.end_mark
        lines = []
        for number in range(first.line, end.line + 1):
            begin = first.column if number == first.line else 0
            until = end.column if number == end.line else len(self.lines[number])
            lines.append(self.lines[number][begin:until])
            self._blot(number, begin, until)
        return Leaf(tuple(lines), first.line, first.column, end.line, block=False)

    def _block(self, event: Any) -> Leaf:
        at = event.start_mark
        head = re.match(r"[|>][-+0-9]*", self.lines[at.line][at.column :])
        assert head is not None
        self._blot(at.line, at.column, at.column + head.end())
        body = self._body(at.line + 1) if event.value.strip() else []
        for number, line in enumerate(body, at.line + 1):
            self._blot(number, 0, len(line))
        return Leaf((head.group(), *body), at.line, at.column, at.line + len(body), block=True)

    def _body(self, first: int) -> list[str]:
        """The lines of a `|` or `>` value: those indented like its first, up to the last that is not blank."""
        filled = [number for number in range(first, len(self.lines)) if self.lines[number].strip()]
        indent = _indent(self.lines[filled[0]])
        last = first
        for number in filled:
            if _indent(self.lines[number]) < indent:
                break
            last = number
        return self.lines[first : last + 1]

    def _blot(self, number: int, begin: int, until: int) -> None:
        self.blotted[number][begin:until] = "x" * (until - begin)

    def comments(self) -> Iterator[tuple[int, Comment]]:
        """Every comment with its line."""
        for number, (line, blotted) in enumerate(zip(self.lines, self.blotted, strict=True)):
            found = _COMMENT.search("".join(blotted))
            if found is not None:
                before = line[: found.start()]
                gap = len(before) - len(before.rstrip())
                yield (
                    number,
                    Comment(line[found.start() :].rstrip(), found.start(), gap, alone=not before.strip()),
                )


def _mark(mark: Any) -> tuple[int, int]:
    return mark.line, mark.column


def _indent(line: str) -> int:
    found = _INDENT.match(line)
    assert found is not None
    return found.end()
