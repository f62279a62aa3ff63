"""Formats values in `{ }` and `[ ]`: one space after `:` and `,`, none inside the brackets.

Keeps the author's line breaks; breaks a value on one line only if it is too wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dondoc.engine.rulefile.formatter.key_order import KeyOrder
from dondoc.engine.rulefile.yaml_text.layout import Branch, Comment, Leaf, Written

WIDTH = 120


@dataclass(frozen=True, slots=True)
class _Piece:
    """A bracket or a value with its `:` or `,`, and the lines and column of the source it comes from.

    `opens` and `closes` mark brackets; `entry` marks the first piece of an entry of the outermost bracket.
    """

    text: tuple[str, ...]
    line: int
    last_line: int
    column: int
    opens: bool = False
    closes: bool = False
    entry: bool = False

    def ended(self, mark: str) -> _Piece:
        """The piece followed by `:` or `,`."""
        return replace(self, text=(*self.text[:-1], self.text[-1] + mark))


@dataclass(frozen=True, slots=True)
class Brackets:
    """A value in brackets, the column of its first bracket, and the least column of its further lines."""

    branch: Branch
    order: KeyOrder
    comments: Mapping[int, Comment]
    column: int
    least: int

    def lines(self) -> list[str]:
        """The value line by line; the first line begins with the bracket, without an indent."""
        pieces = list(_pieces(self.branch, self.order, outermost=True))
        if self.branch.line == self.branch.last_line:
            return self._on_one_line(pieces)
        return self._as_broken(pieces)

    def _on_one_line(self, pieces: list[_Piece]) -> list[str]:
        text = _joined(pieces)
        if self.column + len(text) <= WIDTH:
            return [text]
        lines: list[str] = []
        for entry in _entries(pieces):
            text = _joined(entry)
            if lines and self.column + len(lines[-1]) + 1 + len(text) <= WIDTH:
                lines[-1] += f" {text}"
            elif not lines or lines[-1].strip() == pieces[0].text[0]:
                lines = [pieces[0].text[0] + text]
            else:
                lines.append(" " * max(self.column + 1, self.least) + text)
        return lines

    def _as_broken(self, pieces: list[_Piece]) -> list[str]:
        lines = [""]
        for before, piece in zip([None, *pieces], pieces, strict=False):
            if before is not None and piece.line > before.last_line:
                self._comment(lines, before.last_line, piece.line)
                lines.append(self._indent(piece.column))
            elif before is not None and not before.opens and not piece.closes:
                lines[-1] += " "
            lines[-1] += piece.text[0]
            lines += [
                self._indent(len(text) - len(text.lstrip())) + text.strip() if text.strip() else ""
                for text in piece.text[1:]
            ]
        return lines

    def _comment(self, lines: list[str], first: int, until: int) -> None:
        """Adds the comments between two pieces."""
        for number in range(first, until):
            comment = self.comments.get(number)
            if comment is not None and number == first and not comment.alone:
                lines[-1] += " " * comment.gap + comment.text
            elif comment is not None:
                lines.append(self._indent(comment.column) + comment.text)

    def _indent(self, column: int) -> str:
        """The indent of a further line, which moves with the bracket."""
        return " " * max(self.least, column + self.column - self.branch.column)


def _pieces(written: Written, order: KeyOrder, *, outermost: bool = False) -> Iterator[_Piece]:
    if isinstance(written, Leaf):
        yield _Piece(written.lines, written.line, written.last_line, written.column)
        return
    opening, closing = "{}" if written.mapping else "[]"
    yield _Piece((opening,), written.line, written.line, written.column, opens=True)
    children = written.children
    if written.line == written.last_line:
        children = tuple(sorted(children, key=lambda child: order.rank(written, child)))
    for number, (key, value) in enumerate(children, 1):
        found = list(_pieces(value, order.below(written, key)))
        if key is not None:
            found.insert(0, _Piece(key.lines, key.line, key.last_line, key.column).ended(":"))
        if number < len(children):
            found[-1] = found[-1].ended(",")
        found[0] = replace(found[0], entry=outermost)
        yield from found
    yield _Piece((closing,), written.last_line, written.last_line, written.end_column, closes=True)


def _joined(pieces: list[_Piece]) -> str:
    text = ""
    for before, piece in zip([None, *pieces], pieces, strict=False):
        tight = before is None or before.opens or piece.closes
        text += piece.text[0] if tight else f" {piece.text[0]}"
    return text


def _entries(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """The entries of the outermost bracket; its closing bracket belongs to the last one."""
    starts = [number for number, piece in enumerate(pieces) if piece.entry]
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=True):
        yield pieces[start:end]
