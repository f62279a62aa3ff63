"""`judge:` of a register entry: prepared rules, in which the parameter that the text lacks is left blank.

A blank is `___`. While the parameter, `set_by` and `set_on` are all blank, the rule waits; once all are filled in
it is a rule like any other. Every other value is read as usual, so that a wrong one is refused even while it
waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from dondoc.engine.domain.rulebook import Condition
from dondoc.engine.rulefile.kinds.conditions import SET_WHEN
from dondoc.engine.rulefile.kinds.written import SETTING
from dondoc.engine.rulefile.problems import ProblemSheet, Unread
from dondoc.engine.rulefile.readers.fields import BLANK, MappingReader
from dondoc.engine.rulefile.yaml_text.nodes import Invalid, Items, Node, Pairs, Scalar

_SET = tuple(field.name for field in SETTING)


@dataclass(frozen=True, slots=True)
class Blank:
    """A condition that waits for its parameter; `at` is the place to fill in."""

    at: Node


@dataclass(frozen=True, slots=True)
class Fillable:
    """A condition whose parameter may be blank, together with `set_by` and `set_on`."""

    reader: MappingReader

    def read(self, node: Node, sheet: ProblemSheet) -> Condition | Blank:
        """The condition, or the blank that it waits for; values that are not blank are checked in both cases."""
        blanks = dict(_blanks(node))
        if not blanks:
            condition: Condition = self.reader.read(node, sheet)
            return condition
        known = len(sheet.problems)
        with suppress(Unread):
            self.reader.read(_emptied(node), sheet)
        if len(sheet.problems) > known:
            raise Unread
        missing = [name for name in _SET if name in blanks]
        if len(missing) < len(_SET) or len(blanks) == len(_SET):
            listed = ", ".join(blanks)
            raise sheet.say(
                next(iter(blanks.values())),
                "blank-half",
                f"mới điền một phần, còn trống: {listed}; điền đủ thông số, «set_by», «set_on», hoặc để trống cả",
                f"only partly filled in, still blank: {listed}; fill in the parameter, 'set_by' and 'set_on', or "
                "none",
            )
        return Blank(next(at for name, at in blanks.items() if name not in _SET))


def _blanks(node: Node, name: str = "") -> Iterator[tuple[str, Node]]:
    """Every blank below a node, each as (its key, the blank)."""
    match node:
        case Scalar(text=text, plain=True) if text == BLANK:
            yield name, node
        case Pairs(pairs=pairs):
            for key, value in pairs:
                yield from _blanks(value, key.text)
        case Items(items=items):
            for item in items:
                yield from _blanks(item, name)


def _emptied(node: Node) -> Node:
    """The node with its blanks replaced by `Invalid`, for which readers note no further problem."""
    match node:
        case Scalar(text=text, plain=True) if text == BLANK:
            return Invalid(node.line, node.column)
        case Pairs(pairs=pairs):
            return Pairs(tuple((key, _emptied(value)) for key, value in pairs), node.line, node.column)
        case Items(items=items):
            return Items(tuple(_emptied(item) for item in items), node.line, node.column)
    return node


FILLABLE_WHEN = Fillable(SET_WHEN)
