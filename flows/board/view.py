"""What the pages of the board are laid out from: one reading of the store after its latest night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from dondoc.engine.cases.night import NightInput
from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.model import ZONE, Case, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, Line
from dondoc.engine.store.board import cases as stored
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import acts, inheritances, nights, orgchart, tasks
from dondoc.engine.store.night.findings import Names
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.records.task_statistics import TaskCounts, task_counts

MONTHS = 12
# A rule, and the units that carry a task together.
CountKey = tuple[str, tuple[str, ...]]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case with the units that carry it now, and in which of the months it was open at their end.

    Bit `n` of `months` is the n-th month of the view, the oldest first.
    """

    case: Case
    bearers: tuple[str, ...]
    months: int

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.case.status is not CaseStatus.CLOSED

    @property
    def home(self) -> str:
        """The unit on whose page the case stands, which never changes."""
        return self.case.task.unit


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the board by its first day, and its last night that was judged (None: none was)."""

    first: date
    night: date | None


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything after the latest night; `judged` is false, and `night` today, where there was none yet.

    `counts` are by rule and the units that carry a task; `counted_by_unit` has the keys of a unit in there,
    `by_unit` its cases in order of id (a shared case with each of its units), and `at_home` those that stand on
    its page. `known` answers for a case what the night knew of it before it looked at others.
    """

    book: RuleBook
    chart: OrgChart
    names: Names
    night: date
    judged: bool
    months: tuple[Month, ...]
    counts: TaskCounts
    lines: tuple[CaseLine, ...]
    known: NightInput
    by_unit: Mapping[str, tuple[CaseLine, ...]] = field(init=False)
    counted_by_unit: Mapping[str, tuple[CountKey, ...]] = field(init=False)
    at_home: Mapping[str, tuple[CaseLine, ...]] = field(init=False)

    def __post_init__(self) -> None:
        home: dict[str, list[CaseLine]] = defaultdict(list)
        for line in self.lines:
            home[line.home].append(line)
        object.__setattr__(self, "at_home", {unit: tuple(home[unit]) for unit in sorted(home)})
        keys: dict[str, list[CountKey]] = defaultdict(list)
        for key in self.counts:
            for unit in key[1]:
                keys[unit].append(key)
        object.__setattr__(self, "counted_by_unit", {unit: tuple(mine) for unit, mine in keys.items()})
        found: dict[str, list[CaseLine]] = defaultdict(list)
        for line in self.lines:
            for unit in line.bearers:
                found[unit].append(line)
        object.__setattr__(self, "by_unit", {unit: tuple(mine) for unit, mine in found.items()})

    @property
    def cutoff(self) -> datetime:
        """Up to which instant something had to be recorded to be on the board."""
        return cutoff_of(self.night)

    def name(self, unit: str) -> Text:
        """A unit's name on the night; its id where the chart does not know it."""
        if unit not in self.chart.units:
            return Text(unit, unit)
        name = self.chart.units[unit].name(self.night)
        return Text(name.vi, name.en or name.vi)

    def units(self) -> tuple[str, ...]:
        """The units that have a page: those with tasks or cases, and every body above one, in order of id."""
        mine = {*self.counted_by_unit, *self.by_unit}
        mine |= self.at_home.keys()
        above = {body for unit in mine if unit in self.chart.units for body in self.above(unit)}
        return tuple(sorted(mine | above))

    def above(self, unit: str) -> Iterator[str]:
        """Every body above a unit on the night, on any line, nearest first."""
        return (body for line in Line for body in self.chart.parents(unit, line, self.night))

    def inside(self, unit: str) -> frozenset[str]:
        """A unit and every unit below it on the night."""
        return frozenset({unit, *self.chart.select(kind=None, level=None, within=unit, on=self.night)})


def read(conn: Connection, book: RuleBook, now: datetime) -> BoardView:
    """The view of a database with these rules. Raises `ChartRefused`, and the errors of a database."""
    latest = nights.latest(conn)
    night = latest or now.astimezone(ZONE).date()
    rules = tasks.stored_rules(conn)
    names = nights.names_of(conn, rules)
    chart = orgchart.chart(conn, cutoff_of(night) if latest else now, mailboxes=False)
    inherited = nights.inherited_by(
        inheritances.known(conn, names.units, rules, cutoff_of(night)), book, chart, night
    )
    months = _months(conn, night)
    return BoardView(
        book,
        chart,
        names,
        night,
        latest is not None,
        months,
        task_counts(conn, book, chart, night) if latest else {},
        tuple(_lines(conn, names, chart, inherited, months, night)),
        _known(conn, book, chart, names, inherited, night),
    )


def _months(conn: Connection, night: date) -> tuple[Month, ...]:
    """The twelve months up to that of a night, the oldest first."""
    firsts = [night.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - _DAY).replace(day=1))
    judged = stored.nights_by_month(conn, firsts[-1])
    return tuple(Month(first, judged.get(first)) for first in reversed(firsts))


def _lines(
    conn: Connection,
    names: Names,
    chart: OrgChart,
    inherited: Inheritances,
    months: tuple[Month, ...],
    night: date,
) -> Iterator[CaseLine]:
    # Between two nights nothing changes: a month ends as its last night has left it.
    open_then = [stored.open_after(conn, month.night) if month.night else frozenset() for month in months]
    same: dict[tuple[str, ...], tuple[str, ...]] = {}
    for case in stored.every(conn, names):
        task = inherited.carried(case.task, chart, night)
        bearers = task.bearers or (task.unit,)
        mask = sum(1 << n for n, ids in enumerate(open_then) if case.id in ids)
        yield CaseLine(
            case if task is case.task else replace(case, task=task), same.setdefault(bearers, bearers), mask
        )


def _known(
    conn: Connection, book: RuleBook, chart: OrgChart, names: Names, inherited: Inheritances, night: date
) -> NightInput:
    """What the night knew of any case before it looked at others, as `explain` takes it for the steps."""
    plan = Night(night, cutoff_of(night))
    return NightInput(
        night,
        book,
        chart,
        (),
        (),
        inheritances=inherited,
        acts=stored.said(conn, names, plan),
        given=acts.giving(conn, names, plan),
    )
