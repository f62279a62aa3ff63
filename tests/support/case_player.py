"""Nights played in memory: findings in, cases kept from night to night, every notice remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.cases.night import NextNumbers, NightInput, NightOutcome, judge
from dondoc.engine.cases.waived_case import WaiverNotified
from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.model import Case, Finding, Ladder, Notice, Relation, Task, Unit
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import OnDate, Overdue, Quota, Rule, RuleBook, Waiver
from dondoc.engine.domain.terms import CaseStatus, Level, TaskKind, Verdict
from tests.support import worlds
from tests.support.worlds import DOCUMENT, day, edge, unit

DAY = timedelta(days=1)
Daily = Callable[[date], Iterable[Finding]]

UNITS: tuple[Unit, ...] = (
    *(unit(f"{kind}{name}") for name in "ab" for kind in ("xa_", "dang_uy_xa_")),
    unit("phong", Level.DISTRICT, "phong"),
    unit("huyen", Level.DISTRICT),
    unit("huyen_uy", Level.DISTRICT, "cap-uy"),
    unit("thuong_truc", Level.DISTRICT, "thuong-truc"),
    unit("van_phong", Level.DISTRICT, "van-phong"),
    unit("tinh", Level.PROVINCE),
    unit("tinh_uy", Level.PROVINCE, "cap-uy"),
)
EDGES: tuple[Relation, ...] = (
    *(edge(f"xa_{name}", "huyen") for name in "ab"),
    *(edge(f"xa_{name}", f"dang_uy_xa_{name}", "led_by") for name in "ab"),
    *(edge(f"dang_uy_xa_{name}", "huyen_uy", "party") for name in "ab"),
    edge("huyen", "tinh"),
    edge("huyen", "huyen_uy", "led_by"),
    edge("huyen_uy", "tinh_uy", "party"),
    edge("thuong_truc", "huyen_uy", "organ_of"),
    edge("van_phong", "huyen_uy", "organ_of"),
)


def chart(*without: str) -> OrgChart:
    """An invented district with two communes, on both lines; offices and their edges can be left out."""
    edges = tuple(one for one in EDGES if not {one.unit, one.other} & set(without))
    return OrgChart({one.id: one for one in UNITS if one.id not in without}, edges)


@dataclass
class Play:
    """What a store would keep from night to night; letters are all taken as sent."""

    book: RuleBook
    chart: OrgChart
    cases: list[Case] = field(default_factory=list)
    notified: list[tuple[date, Notice]] = field(default_factory=list)
    seen: dict[date, dict[int, Case]] = field(default_factory=dict)
    finished: set[int] = field(default_factory=set)
    reminded: dict[int, frozenset[int]] = field(default_factory=dict)
    waivers_notified: dict[int, frozenset[WaiverNotified]] = field(default_factory=dict)
    acts: list[tuple[int, Act]] = field(default_factory=list)
    last: NightOutcome | None = None
    numbered: int = 0

    def known(self, as_of: date, findings: Iterable[Finding], **how: bool) -> NightInput:
        """What a night would know; a finished task is not judged again."""
        open_ = [finding for finding in findings if finding.task.id not in self.finished]
        notified = self.waivers_notified
        return NightInput(
            as_of,
            self.book,
            self.chart,
            open_,
            self.cases,
            self.reminded,
            waivers_notified=notified,
            inheritances=Inheritances(),
            numbers=NextNumbers(self.numbered + 1),
            acts=self._known_acts(as_of),
            **how,
        )

    def _known_acts(self, as_of: date) -> dict[int, list[Act]]:
        """By case, the acts that were said before the night, and not before the case was there."""
        found: dict[int, list[Act]] = {}
        opened = {case.id: case.opened_on for case in self.cases}
        for case, act in self.acts:
            if opened.get(case, date.max) <= act.recorded_on < as_of:
                found.setdefault(case, []).append(act)
        return found

    def says(
        self,
        kind: ActKind,
        on: date,
        until: date | None = None,
        office: str = "xa_a",
        case: int = 1,
        about: int | None = None,
        to: str | None = None,
    ) -> Play:
        """An office says something of a case on a day, which every later night knows."""
        number, known_on = len(self.acts) + 1, on + DAY
        said = Act(number, kind, office, on, on, until, "vì lũ", about=about, known_on=known_on, to=to)
        self.acts.append((case, said))
        return self

    def night(self, as_of: date, findings: Iterable[Finding] = (), **how: bool) -> list[Notice]:
        """One night passes; what was told."""
        judged = self.last = judge(self.known(as_of, findings, **how))
        after: list[Case] = []
        for made in judged.advances:
            case = made.case
            assert case is not None
            self.numbered = max(self.numbered, case.id or 0)
            after.append(case)
            self.notified += [(as_of, notice) for notice in made.notices]
            of_waivers = {(one.reader, one.section, one.waived_until) for one in made.notices if one.waived_until}
            self.waivers_notified[case.id or 0] = self.waivers_notified.get(case.id or 0, frozenset()) | of_waivers
        for notice in judged.notices:
            if notice.case is None and notice.finding.offset is not None:
                sent = self.reminded.get(notice.finding.task.id, frozenset())
                self.reminded[notice.finding.task.id] = sent | {notice.finding.offset}
                self.notified.append((as_of, notice))
        self.seen[as_of] = {case.id or 0: case for case in after}
        self.cases = [case for case in after if case.status is not CaseStatus.CLOSED or not case.closing_notified]
        self.finished |= judged.finished
        return list(judged.notices)

    def nights(self, first: date, last: date, daily: Daily, **how: bool) -> Play:
        """Every night from `first` to `last`, both included."""
        for n in range((last - first).days + 1):
            self.night(first + n * DAY, daily(first + n * DAY), **how)
        return self

    def notices_of(self, on: date) -> dict[str, str]:
        """Who was told what section on a night."""
        return {notice.reader: notice.section.value for night, notice in self.notified if night == on}

    def days(self, reader: str) -> list[date]:
        """On which nights an office was told."""
        return [night for night, notice in self.notified if notice.reader == reader]


def report(last_day: date, unit_: str = "xa_a", id_: int = 1, rule: str = "d/report") -> Task:
    """A report that is due."""
    return Task(id_, rule, unit_, last_day.isoformat(), TaskKind.REPORT, last_day)


def month(first: date, last: date, id_: int, unit_: str = "xa_a") -> Task:
    """A month of a quota."""
    return Task(id_, "d/quota", unit_, f"{first:%Y-%m}", TaskKind.QUOTA, last, first, last)


def level(unit_: str = "xa_a", id_: int = 1) -> Task:
    """An indicator that is watched."""
    return Task(id_, "d/level", unit_, "i", TaskKind.LEVEL, None)


def overdue(task: Task) -> Finding:
    """It is late."""
    assert task.last_day is not None
    return Finding(task, Verdict.BREACH, breach=task.last_day + DAY)


def done(task: Task, on: date) -> Finding:
    """It was handed in on a day."""
    return Finding(replace(task, done_on=on), Verdict.MET, recorded_on=on)


def beyond(task: Task, breach: date, value: int, *, is_floor: bool = False) -> Finding:
    """An indicator above (or below) its limit of 30."""
    return Finding(task, Verdict.BREACH, breach=breach, value=value, limit=30, is_floor=is_floor)


SUNDAY, MONDAY = day("2019-06-09"), day("2019-06-10")
STEP_2, STEP_3, STEP_4 = day("2019-06-17"), day("2019-06-24"), day("2019-07-08")
REPORT = Overdue("report", None, OnDate(SUNDAY, exclusive=False), ())


def book(monitor: str | None = "phong", ladder: Ladder = DOCUMENT, **more: str) -> RuleBook:
    """A report, a quota and an indicator, under one directive of the district."""
    quota = Quota("broadcast", 1, PeriodKind.CALENDAR_MONTH)
    made: list[Rule] = [
        worlds.rule(f"d/{name}", condition, "xa_a", "xa_b", monitor=monitor, **more)
        for name, condition in (("report", REPORT), ("quota", quota), ("level", REPORT))
    ]
    return worlds.book(made, [worlds.directive("d", "huyen")], ladder=ladder)


def waiver(first: date, until: date, unit_: str = "xa_a", rule: str = "d/report") -> Waiver:
    """A waiver granted by the district, both days included."""
    return Waiver(rule, unit_, "huyen", worlds.WORDS, worlds.WORDS, first, until, "waivers.yaml:3:5")


def daily(*findings: Finding) -> Callable[[date], list[Finding]]:
    """The same findings every night."""
    return lambda _: list(findings)


def late(task: Task | None = None, until: date = STEP_4, rules: RuleBook | None = None) -> Play:
    """A report overdue from Monday on, every night until a day."""
    task = task or report(SUNDAY)
    return Play(rules or book(), chart()).nights(MONDAY, until, daily(overdue(task)))
