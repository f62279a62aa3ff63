"""How things stand after a night, counted again from the rows of the store and nothing that letters are made of.

What a unit owes are the rows of `task`; what it did are its submissions and activities, as known at the cut-off.
Who stands above whom are the rows of `relation`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Engine, Row, Select, select, true

from dondoc.engine.domain.rulebook import EveryPeriod, EveryYear, Overdue, RuleBook
from dondoc.engine.domain.terms import Scope, Section, TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.letter_reader import Counts
from tests.support.stored_heirs import Carried, Heirs
from tests.support.town import cutoff

_COUNTED = (TaskKind.REPORT, TaskKind.ASSIGNED, TaskKind.QUOTA)


@dataclass(frozen=True)
class Duty:
    """One demand that is counted: who carries it, and where it stands: one of the four, or `apart`."""

    id: int
    rule: str
    subject: str
    bearers: frozenset[str]
    stands: str
    last_day: date


@dataclass
class Facts:
    """The state of every counted demand after a night."""

    engine: Engine
    book: RuleBook
    night: date
    duties: tuple[Duty, ...] = field(init=False)
    units: Mapping[int, str] = field(init=False)
    names: dict[str, list[Row[Any]]] = field(init=False, default_factory=lambda: defaultdict(list))
    ranks: dict[str, frozenset[str]] = field(init=False, default_factory=dict)
    under_offices: dict[str, frozenset[str]] = field(init=False, default_factory=dict)
    carried: Mapping[int, Carried] = field(init=False)
    ended: Mapping[str, date] = field(init=False)

    def __post_init__(self) -> None:
        self.units = {row.no: row.id for row in self.rows(select(t.unit.c.no, t.unit.c.id))}
        self.carried = self._carried()
        self.duties = tuple(self._duties())

    def rows(self, query: Select[Any]) -> list[Row[Any]]:
        """The rows of a query."""
        with reading(self.engine) as conn:
            return list(conn.execute(query))

    def under(self, directives: Iterable[str]) -> tuple[Duty, ...]:
        """The demands of these directives."""
        names = set(directives)
        return tuple(duty for duty in self.duties if self.book.rules[duty.rule].directive in names)

    def cited(self, paper: str) -> str:
        """The directive that a letter calls by its kind and number, or by its kind alone where it has none."""
        papers = self.book.directives.values()
        numbered = [one.id for one in papers if one.number and paper.endswith(f"số {one.number}")]
        others = [one.id for one in papers if not one.number and paper.startswith(f"{one.kind.vi} của ")]
        (found,) = numbered or others
        return found

    def called(self, office: str, on: date | None) -> frozenset[str]:
        """An office's names on a day; None: on every day."""
        if not self.names:
            for row in self.rows(select(t.unit_name)):
                self.names[self.units[row.unit_no]].append(row)
        return frozenset(
            row.name
            for row in self.names[office]
            if on is None or (row.valid_from <= on and (row.valid_to is None or on < row.valid_to))
        )

    def below(self, office: str) -> frozenset[str]:
        """Every unit that an office stands above: by rank, by leading it, or as the organ of a body that does."""
        if office not in self.under_offices:
            self.under_offices[office] = self._below(office)
        return self.under_offices[office]

    def _below(self, office: str) -> frozenset[str]:
        r = t.relation
        up: dict[str, set[str]] = defaultdict(set)
        for row in self.rows(
            select(r).where(r.c.valid_from <= self.night, (r.c.valid_to.is_(None)) | (r.c.valid_to > self.night))
        ):
            lower, upper = self.units[row.unit_no], self.units[row.other_no]
            if row.kind in ("parent", "led_by") and upper not in self.ended:
                up[lower].add(upper)
            elif row.kind == "organ_of" and lower == office:
                office = upper
        return frozenset(unit for unit in self.units.values() if office in _above(up, unit))

    def ranked_below(self, body: str) -> frozenset[str]:
        """Every unit below a body on any line, and alive on the night."""
        r, night = t.relation, self.night
        if body not in self.ranks:
            up: dict[str, set[str]] = defaultdict(set)
            for row in self.rows(select(r).where(r.c.kind == "parent")):
                holds = row.valid_from <= night and (row.valid_to is None or night < row.valid_to)
                if holds and self.units[row.other_no] not in self.ended:
                    up[self.units[row.unit_no]].add(self.units[row.other_no])
            alive = (unit for unit in self.units.values() if unit not in self.ended)
            found = (unit for unit in alive if body in _above(up, unit))
            self.ranks[body] = frozenset(found)
        return self.ranks[body]

    def reads_for(self, body: str, read_by: Mapping[str, str]) -> str | None:
        """The organ that reads for a body without a mailbox; None: it reads for itself, or nobody does."""
        if body in self.reached:
            return None
        customary = self.organs[body]
        return read_by.get(body) or customary.get("thuong-truc") or customary.get("ban-thuong-vu")

    @cached_property
    def reached(self) -> frozenset[str]:
        """The units that have a mailbox now."""
        m = t.mailbox.c
        return frozenset(
            self.units[row.unit_no] for row in self.rows(select(m.unit_no).where(m.valid_to.is_(None)))
        )

    @cached_property
    def organs(self) -> Mapping[str, Mapping[str, str]]:
        """By body and by kind, the organs that it has now."""
        r, u = t.relation, t.unit
        organs = select(r.c.other_no, u.c.id, u.c.kind).join_from(r, u, u.c.no == r.c.unit_no)
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self.rows(organs.where(r.c.kind == "organ_of", r.c.valid_to.is_(None))):
            found[self.units[row.other_no]][row.kind] = row.id
        return found

    def letters_about(self, code: str, reader: str | None = None) -> list[date]:
        """The nights before this one with a letter about a case, to its own unit or to `reader`; waivers apart."""
        n, f = t.notice, t.case_file
        rows = self.rows(
            select(n.c.night, n.c.reader_no, t.task.c.id)
            .join_from(n, f, f.c.id == n.c.case_id)
            .join(t.task, t.task.c.id == f.c.task_id)
            .where(
                f.c.code == code,
                n.c.night < self.night,
                n.c.untold_on.is_(None),
                n.c.waived_until.is_(None),
                n.c.section.not_in((Section.RESOLVED, Section.ENDING)),
                # A letter that told of a moved limit followed nothing up.
                n.c.step > 0 if reader is None else true(),
            )
        )
        return sorted(
            {
                row.night
                for row in rows
                if (self.units[row.reader_no] == reader if reader else False)
                or (not reader and self.units[row.reader_no] in self.carried[row.id].units)
            }
        )

    def _duties(self) -> Iterable[Duty]:
        rules = {row.no: row.id for row in self.rows(select(t.rule))}
        cut = cutoff(self.night)
        activities = self._activities(cut)
        reports = self._reports(cut)
        for row in self.rows(select(t.task).where(t.task.c.kind.in_(_COUNTED))):
            if row.ended == "void" or rules.get(row.rule_no) not in self.book.rules:
                continue
            bearers = self.carried[row.id].units
            stands = self._stands(row, self.carried[row.id].doers, activities, reports)
            # Nobody is accused of what an office has not given to anybody yet, but what was missed for good was.
            if stands == "overdue" and self.carried[row.id].waits and row.ended != "missed":
                stands = "apart"
            days = period_days(self.book, rules[row.rule_no], row)
            waived = all(self._waived(rules[row.rule_no], one, days) for one in bearers)
            # What was waived as a whole while its first unit owed it is owed by no heir.
            first = self.units[row.unit_no]
            waived = waived or (first not in bearers and self._waived(rules[row.rule_no], first, days, whole=True))
            if stands in ("in_time", "overdue") and waived:
                stands = "apart"
            yield Duty(row.id, rules[row.rule_no], row.subject, bearers, stands, row.last_day)

    def _stands(
        self,
        row: Row[Any],
        bearers: frozenset[str],
        activities: Mapping[tuple[str, str], list[tuple[date, int]]],
        reports: Mapping[int, date],
    ) -> str:
        over = row.last_day < self.night
        if row.kind is not TaskKind.QUOTA:
            if row.id in reports:
                return "on_time" if reports[row.id] <= row.last_day else "late"
            return "overdue" if over else "in_time"
        each = [
            sum(n for day, n in activities.get((unit, row.counts), ()) if row.first_day <= day <= row.final_day)
            for unit in bearers
        ]
        done = sum(each) if row.scope is Scope.SUM else max(each)
        if done >= row.need:
            return "on_time"
        return "overdue" if over else "in_time"

    def _carried(self) -> Mapping[int, Carried]:
        """By task, whose it is after the night."""
        shared: dict[int, set[str]] = defaultdict(set)
        for row in self.rows(select(t.task_bearer)):
            shared[row.task_id].add(self.units[row.unit_no])
        together = {task: frozenset(units) for task, units in shared.items()}
        heirs = Heirs(self.rows, self.units, self.night, together)
        self.ended = heirs.ended
        rules = {row.no: row.id for row in self.rows(select(t.rule))}
        k, own = t.task, dict[int, frozenset[str]]()
        found = {}
        for row in self.rows(select(k.c["id", "rule_no", "unit_no", "subject", "first_day", "last_day"])):
            if row.rule_no not in own:
                own[row.rule_no] = self._meant(rules.get(row.rule_no, "")) if heirs.decided else frozenset()
            found[row.id] = heirs.of(row, own[row.rule_no])
        return found

    def _meant(self, name: str) -> frozenset[str]:
        """The units that a rule means on the night."""
        if name not in self.book.rules:
            return frozenset()
        which = self.book.rules[name].applies_to
        if which.units:
            return frozenset(which.units)
        inside = self.ranked_below(which.within) | {which.within} if which.within else set(self.units.values())
        return frozenset(
            row.id
            for row in self.rows(select(t.unit))
            if row.id in inside and which.kind in (row.kind, None) and which.level in (row.level, None)
        )

    def owing(self) -> frozenset[str]:
        """The units that have had a demand of any kind."""
        return frozenset[str]().union(*(one.units for one in self.carried.values()))

    def _activities(self, cut: datetime) -> dict[tuple[str, str], list[tuple[date, int]]]:
        found: dict[tuple[str, str], list[tuple[date, int]]] = defaultdict(list)
        for row in self.rows(select(t.activity)):
            if row.recorded_at <= cut and (row.superseded_at is None or row.superseded_at > cut):
                found[self.units[row.unit_no], row.activity].append((row.done_on, row.quantity))
        return found

    def _reports(self, cut: datetime) -> dict[int, date]:
        s = t.submission
        return {
            row.task_id: row.submitted_on
            for row in self.rows(select(s).where(s.c.task_id.is_not(None), s.c.revision.is_(False)))
            if row.recorded_at <= cut and (row.superseded_at is None or row.superseded_at > cut)
        }

    def _waived(self, rule: str, unit: str, period: tuple[date, date] | None, *, whole: bool = False) -> bool:
        """Whether a waiver has covered the whole period, or, unless only that is asked, one holds on the night."""
        mine = [waiver for waiver in self.book.waivers if (waiver.rule, waiver.unit) == (rule, unit)]
        return (not whole and any(waiver.first <= self.night <= waiver.until for waiver in mine)) or any(
            period is not None and waiver.first <= period[0] and period[1] <= waiver.until for waiver in mine
        )


def _above(up: Mapping[str, set[str]], unit: str) -> set[str]:
    found: set[str] = set()
    waiting = list(up.get(unit, ()))
    while waiting:
        body = waiting.pop()
        if body not in found:
            found.add(body)
            waiting += up.get(body, ())
    return found


def period_days(book: RuleBook, rule: str, task: Row[Any]) -> tuple[date, date] | None:
    """The days of the period that a task is about; None where it is about a day, a level or a ref."""
    if task.first_day is not None and task.final_day is not None:
        return task.first_day, task.final_day
    condition = book.rules[rule].condition if rule in book.rules else None
    if not isinstance(condition, Overdue) or not isinstance(condition.due, EveryYear | EveryPeriod):
        return None
    # A period of the statistics ends on the 14th: of its month, or of the last month of its year.
    reporting, (named, _, month) = task.subject.startswith("R"), task.subject.partition("-")
    year = int(named.removeprefix("R"))
    if month and not month.isdigit():
        return None
    first, last = (int(month), int(month)) if month else (1, 12)
    if reporting:
        return date(year - (first == 1), (first - 2) % 12 + 1, 15), date(year, last, 14)
    after = date(year + last // 12, last % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(days=1)


def counts(duties: Iterable[Duty]) -> Counts:
    """The four counts of these demands; each counts once, whoever carries it."""
    stands = [duty.stands for duty in duties]
    return Counts(*(stands.count(word) for word in ("on_time", "late", "in_time", "overdue")))
