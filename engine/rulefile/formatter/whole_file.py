"""Formats a rule file: indentation, spaces, the order of keys. Keeps comments and the values that are loaded."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile.book import FILE_KINDS
from dondoc.engine.rulefile.files.assemble import pack
from dondoc.engine.rulefile.formatter.brackets import Brackets
from dondoc.engine.rulefile.formatter.key_order import KeyOrder, order_of
from dondoc.engine.rulefile.problems import ProblemSheet, Unread
from dondoc.engine.rulefile.yaml_text.guard import START, text_of
from dondoc.engine.rulefile.yaml_text.layout import Branch, Layout, Leaf, Written, layout_of
from dondoc.engine.rulefile.yaml_text.nodes import Items, Node, Pairs, Scalar
from dondoc.engine.rulefile.yaml_text.parse import parse

_STEP = 2


def formatted(name: str, raw: bytes) -> str:
    """The formatted text of a rule file. `name` is its path; its last part gives the kind of file.

    Formatting twice changes nothing more. Raises `RulesRefused` if the file has problems, or if its layout is too
    unusual to be formatted without a change of its values.
    """
    sheet = ProblemSheet(name)
    node, text = _read(raw, sheet)
    kind = _kind(name)
    with suppress(Unread):
        got = FILE_KINDS[kind].read(node, sheet)
        if kind == "*/*.yaml":
            pack(name, got)
    _refuse(sheet)
    before = layout_of(text)
    lines = _Formatting(before).file(order_of(node, FILE_KINDS[kind]))
    after = "\n".join(lines).strip("\n") + "\n"
    if not _same(node, before, after):
        sheet.say(
            START,
            "not-tidied",
            "cách trình bày tệp này không sắp lại được mà chắc chắn giữ nguyên nội dung; tệp được để nguyên",
            "this layout cannot be formatted safely; the file is left unchanged",
        )
        _refuse(sheet)
    return after


def _kind(name: str) -> str:
    last = name.rpartition("/")[2]
    if last in FILE_KINDS:
        return last
    return "*/*.test.yaml" if last.endswith(".test.yaml") else "*/*.yaml"


def _refuse(sheet: ProblemSheet) -> None:
    if sheet.problems:
        raise RulesRefused(tuple(sorted(sheet.problems)))


def _read(raw: bytes, sheet: ProblemSheet) -> tuple[Node, str]:
    text = text_of(raw, sheet)
    node = None if text is None else parse(text, sheet)
    if node is None or text is None:
        raise RulesRefused(tuple(sorted(sheet.problems)))
    return node, text


def _same(node: Node, layout: Layout, after: str) -> bool:
    """Whether a text has the same values and comments as the source."""
    sheet = ProblemSheet("")
    again = parse(after, sheet)
    if again is None or sheet.problems or _value(again) != _value(node):
        return False
    kept = layout_of(after).comments.values()
    return Counter(comment.text for comment in layout.comments.values()) == Counter(each.text for each in kept)


def _value(node: Node) -> Any:
    """The value of a node without its places."""
    match node:
        case Scalar():
            return node.meaning, node.text
        case Items(items=items):
            return [_value(item) for item in items]
        case Pairs(pairs=pairs):
            return {key.text: _value(value) for key, value in pairs}
    return None


@dataclass(slots=True)
class _Formatting:
    """Formats one layout; `next_line` is the first line of the source whose comments are not placed yet."""

    layout: Layout
    next_line: int = 0

    def file(self, order: KeyOrder) -> list[str]:
        """Every line of the file. Comments above the first key stay on top, whichever key comes first."""
        root = self.layout.root
        head = self._remarks(root.line, 0)
        if root.flow:
            return [*head, *self._single("", root, order, 0)]
        return [*head, *self._block(root, order, 0, -1)]

    def _block(self, branch: Branch, order: KeyOrder, indent: int, outside: int) -> list[str]:
        """The lines of a list or mapping without brackets; `outside` is the column of the enclosing value."""
        parts = []
        for child in branch.children:
            key, value = child
            above = self._remarks(value.line if key is None else key.line, indent)
            own = self._child(key, value, order.below(branch, key), indent, branch.column)
            parts.append((order.rank(branch, child), above, own))
        tail = self._tail(max(branch.column, outside + 1), indent)
        lines: list[str] = []
        for _, above, own in sorted(parts, key=lambda part: part[0]):
            if lines and order.spaced(branch):
                lines.append("")
            lines += [*(_from_text(above) if not lines or not lines[-1] else above), *own]
        return [*lines, *tail]

    def _child(self, key: Leaf | None, value: Written, order: KeyOrder, indent: int, outside: int) -> list[str]:
        """A key and its value, or a dash and its item."""
        blanks = " " * indent
        if not isinstance(value, Branch) or value.flow:
            return self._single_child(key, value, order, indent)
        if key is None:
            return _dashed(self._block(value, order, indent + _STEP, outside), indent)
        self.next_line = key.last_line + 1
        line = f"{blanks}{_said(key)}:{self.layout.beside(key.last_line)}"
        return [line, *self._block(value, order, indent + _STEP, outside)]

    def _single_child(self, key: Leaf | None, value: Written, order: KeyOrder, indent: int) -> list[str]:
        """A value on the line of its key or dash, or on the next line if its author put it there."""
        blanks = " " * indent
        if key is None:
            return self._single(f"{blanks}- ", value, order, indent + _STEP)
        if value.line == key.last_line:
            return self._single(f"{blanks}{_said(key)}: ", value, order, indent + _STEP)
        self.next_line = key.last_line + 1
        between = _from_text(self._remarks(value.line, indent + _STEP))
        below = self._single(blanks + " " * _STEP, value, order, indent + _STEP)
        return [f"{blanks}{_said(key)}:{self.layout.beside(key.last_line)}", *between, *below]

    def _single(self, head: str, value: Written, order: KeyOrder, least: int) -> list[str]:
        """A value after `head`, with its comment; its further lines begin at column `least` or later."""
        if isinstance(value, Branch):
            lines = Brackets(value, order, self.layout.comments, len(head), least).lines()
            commented, number = len(lines) - 1, value.last_line
        else:
            lines = _leaf(value, least)
            commented, number = (0, value.line) if value.block else (len(lines) - 1, value.last_line)
        lines[commented] += self.layout.beside(number)
        lines[0] = (head + lines[0]).rstrip()
        self.next_line = value.last_line + 1
        return lines

    def _remarks(self, until: int, indent: int) -> list[str]:
        """The comments and blank lines (no two in a row) from `next_line` up to a line of the source."""
        found: list[str] = []
        for number in range(self.next_line, until):
            comment = self.layout.comments.get(number)
            if comment is not None:
                found.append(" " * indent + comment.text)
            elif not self.layout.lines[number].strip() and (not found or found[-1]):
                found.append("")
        self.next_line = max(self.next_line, until)
        return found

    def _tail(self, column: int, indent: int) -> list[str]:
        """The comments below the last child that are indented at least as far as the children."""
        until = number = self.next_line
        while number < len(self.layout.lines) and self.layout.empty(number):
            comment = self.layout.comments.get(number)
            number += 1
            if comment is not None:
                if comment.column < column:
                    break
                until = number
        return self._remarks(until, indent)


def _said(key: Leaf) -> str:
    return "".join(key.lines)


def _leaf(leaf: Leaf, least: int) -> list[str]:
    """The lines of a value; those after the first are indented by `least`."""
    blanks = " " * least
    first, *rest = leaf.lines
    if leaf.block and rest:
        filled = next((line for line in rest if line.strip()), "")
        off = len(filled) - len(filled.lstrip())
        return [first, *((blanks + line[off:]).rstrip() for line in rest)]
    return [first, *((blanks + line.strip()).rstrip() for line in rest)]


def _dashed(lines: list[str], indent: int) -> list[str]:
    """The lines of an item with its dash; comments above its first key go above the dash."""
    first = next(number for number, line in enumerate(lines) if not _is_remark(line))
    above = [" " * indent + line.strip() if line else "" for line in lines[:first]]
    return [*above, " " * indent + "- " + lines[first].lstrip(), *lines[first + 1 :]]


def _is_remark(line: str) -> bool:
    return not line or line.lstrip().startswith("#")


def _from_text(lines: list[str]) -> list[str]:
    """The lines without a blank line on top."""
    return lines[1:] if lines and not lines[0] else lines
