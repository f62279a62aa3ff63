"""What a page says at a glance: the four counts, what is open with the most overdue first, and the months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.flows.board.view import BoardView, CaseLine
from dondoc.flows.records.task_statistics import TaskCount
from dondoc.notifications.wording import board_pages
from dondoc.notifications.wording.numbers import listed

# As many rows as can be taken in at once; the others stand together in one.
ROWS = 24
_NAMED = 2


@dataclass(frozen=True, slots=True)
class MonthRow:
    """The open cases of a unit at the end of each month (None: no figures); `unit` is None for several units."""

    unit: str | None
    name: Text
    cells: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The counts of tasks, the open cases in the order in which they are shown, and a row of months for each unit.

    `total` is of all the cases, each once.
    """

    headline: Text
    sentence: Text
    counts: TaskCount
    open: tuple[CaseLine, ...]
    rows: tuple[MonthRow, ...]
    total: MonthRow

    @property
    def tasks(self) -> int:
        """How many tasks are in one of the four counts."""
        return four(self.counts)


def four(counts: TaskCount) -> int:
    """How many tasks are in one of the four counts."""
    return counts.on_time + counts.late + counts.in_time + counts.overdue


def whole(view: BoardView) -> Overview:
    """Everything, with the units that have most open now."""
    counts = sum(view.counts.values(), TaskCount())
    rows = [_row(view, unit, lines) for unit, lines in view.by_unit.items()]
    return _made(view, counts, view.lines, rows, view.by_unit)


def of_unit(view: BoardView, unit: str, inside: Mapping[str, frozenset[str]]) -> Overview:
    """A unit with everything below it; its rows are itself and the units directly below, each with what is below.

    `inside` has each unit of the board with every unit below it.
    """
    mine = inside[unit]
    below = [one for one in view.chart.directly_below(unit, view.night) if one in inside]
    groups = {one: lines for one in below if (lines := cases_of(view, inside[one]))}
    if below and unit in view.by_unit:
        groups = {unit: view.by_unit[unit], **groups}
    rows = [_row(view, one, lines) for one, lines in groups.items()]
    return _made(view, counts_of(view, mine), cases_of(view, mine), rows, groups)


def cases_of(view: BoardView, units: Collection[str]) -> tuple[CaseLine, ...]:
    """The cases that at least one of these units carries, each once, in order of id."""
    found = {line.case.id: line for unit in units for line in view.by_unit.get(unit, ())}
    return tuple(found[number] for number in sorted(found, key=lambda number: number or 0))


def counts_of(view: BoardView, units: Collection[str]) -> TaskCount:
    """The counts of the tasks that at least one of these units carries, each once."""
    mine = dict.fromkeys(key for unit in units for key in view.counted_by_unit.get(unit, ()))
    return sum((view.counts[key] for key in mine), TaskCount())


def most_overdue_first(lines: Iterable[CaseLine]) -> tuple[CaseLine, ...]:
    """The open cases, the one that is late for longest first."""
    return tuple(
        sorted((line for line in lines if line.is_open), key=lambda line: (line.case.breach, line.case.code))
    )


def _made(
    view: BoardView,
    counts: TaskCount,
    lines: Collection[CaseLine],
    rows: Iterable[MonthRow],
    groups: Mapping[str, Collection[CaseLine]],
) -> Overview:
    open_ = most_overdue_first(lines)
    total = MonthRow(None, board_pages.ALL, _cells(view, lines, None))
    return Overview(
        board_pages.headline(len(open_), counts.overdue, four(counts)),
        Text.join(" ", [one for one in (_moved(view, total), _most(view, open_)) if one != NO_TEXT]),
        counts,
        open_,
        tuple(_shown(view, lines, rows, groups)),
        total,
    )


def _shown(
    view: BoardView,
    lines: Collection[CaseLine],
    rows: Iterable[MonthRow],
    groups: Mapping[str, Collection[CaseLine]],
) -> Iterator[MonthRow]:
    """The rows with most open cases in the latest month; all others in one."""
    ordered = sorted(rows, key=lambda row: ([-(cell or 0) for cell in reversed(row.cells)], row.name.vi))
    some = [row for row in ordered if any(row.cells)]
    yield from some[:ROWS]
    if len(some) > ROWS:
        named = {line.case.id for row in some[:ROWS] for line in groups[row.unit or ""]}
        rest = [line for line in lines if line.case.id not in named]
        yield MonthRow(None, board_pages.OTHERS, _cells(view, rest, None))


def _row(view: BoardView, unit: str, lines: Collection[CaseLine]) -> MonthRow:
    return MonthRow(unit, view.name(unit), _cells(view, lines, unit))


def _cells(view: BoardView, lines: Collection[CaseLine], unit: str | None) -> tuple[int | None, ...]:
    counted = Counter[int]()
    for mask, number in Counter(line.months for line in lines).items():
        for month in range(len(view.months)):
            if mask >> month & 1:
                counted[month] += number
    known = view.chart.units.get(unit) if unit else None
    return tuple(
        None if month.night is None or (known and not counted[n] and not known.alive(month.night)) else counted[n]
        for n, month in enumerate(view.months)
    )


def _moved(view: BoardView, total: MonthRow) -> Text:
    """How what is open moved since the latest month before that has figures."""
    *before, now = total.cells
    for month, cell in zip(reversed(view.months[:-1]), reversed(before), strict=True):
        if cell is not None and now is not None:
            return board_pages.moved(cell, now, month.first)
    return NO_TEXT


def _most(view: BoardView, open_: Collection[CaseLine]) -> Text:
    """Which units have most of what is open, where there are several."""
    mine = Counter(unit for line in open_ for unit in line.bearers)
    if len(mine) <= _NAMED:
        return NO_TEXT
    first = sorted(mine, key=lambda unit: (-mine[unit], view.name(unit).vi))[:_NAMED]
    if mine[first[-1]] == 1:
        return NO_TEXT
    part = sum(not set(line.bearers).isdisjoint(first) for line in open_)
    return board_pages.share(listed([view.name(unit) for unit in first]), part, len(open_))
