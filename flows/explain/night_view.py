"""A view of one night: what was known of every demand, the state of every case, and who was notified of what.

A night that was judged is read from the store as it was known then. A later one is simulated on a copy, as it will
be if nobody acts. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.cases.escalation import Ended, Tonight
from dondoc.engine.cases.night import handed_on
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.cases.waivers import by_demand, of_task
from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rollup, RuleBook
from dondoc.engine.domain.terms import CaseStatus, TaskKind, Verdict
from dondoc.engine.explain.reasons import DemandHistory
from dondoc.engine.judge.staleness import NOTHING_STALE, StaleWords, stale_words, unheard
from dondoc.engine.store.db.database import Connection, reading
from dondoc.engine.store.intake import pulls
from dondoc.engine.store.night import inheritances, nights, orgchart, tasks
from dondoc.engine.store.night.findings import Names
from dondoc.engine.store.recall import cases as remembered
from dondoc.engine.store.recall import demands as recalled
from dondoc.engine.store.recall.demands import RecalledDemand
from dondoc.flows.night.assessment import Night
from dondoc.flows.night.steps import cutoff_of, plan_nights
from dondoc.flows.whatif.sandbox import Sandbox, copied
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import LetterStatus

_DAY = timedelta(days=1)
# How many later nights are simulated one by one; beyond, as if the service had been down until then.
FAR = 62


@dataclass(frozen=True, slots=True)
class NightView:
    """One night to ask about. `played`: it has not come yet and is simulated; `run`: it was judged.

    `conn` has its cases, `source` the letters. `stale` are the words of the sources that were stale that night.
    """

    source: Connection
    conn: Connection
    book: RuleBook
    chart: OrgChart
    names: Names
    as_of: date
    latest: date | None
    played: bool
    run: bool
    notifying: bool
    baseline: bool
    inherited: Inheritances
    stale: StaleWords = NOTHING_STALE
    recipients: Recipients = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "recipients", Recipients(self.book, self.chart, self.as_of))

    def tonight(self, task: Task) -> Tonight:
        """What a case of this task needs to know of the night."""
        calendar = self.book.calendar_of(task.rule)
        notifying = self.notifying and not self.baseline and calendar.is_workday(self.as_of)
        waivers = of_task(by_demand(self.book.waivers), task)
        units = self.chart.units
        gone = any(
            unit not in units or not units[unit].alive(self.as_of) for unit in self.recipients.bearers(task)
        )
        ended = Ended.UNIT_ENDED if gone else Ended.NOT
        waits = self.inherited.wait(task, self.chart)
        return Tonight(
            self.as_of, calendar, self.recipients, notifying, self.baseline, ended, waivers=waivers, waits=waits
        )

    def recalled(
        self, rule: str, units: Collection[str] | None = None, on: date | None = None
    ) -> list[RecalledDemand]:
        """Every demand of a rule as known on `on` (None: this night); for heirs also what they took over."""
        night = on or self.as_of
        taken = {place for unit in units or () for place in self.inherited.taken_over_by(rule, unit)}
        found = recalled.of_rule(
            self.conn,
            self.book,
            self.book.rules[rule],
            self.names,
            self.chart,
            night,
            None if units is None else {*units, *(unit for unit, _ in taken)},
            cutoff=cutoff_of(night),
        )
        stale = self.stale if night == self.as_of else NOTHING_STALE
        judged = unheard(self.book, (one.finding for one in found), stale)
        return [
            replace(one, task=task, finding=replace(finding, task=task))
            for one, finding in zip(found, judged, strict=True)
            if units is None
            or {one.task.unit, *one.task.bearers} & set(units)
            or (one.task.unit, one.task.subject) in taken
            for task in (self.inherited.carried(one.task, self.chart, self.as_of),)
        ]

    def demanded(self, found: Iterable[RecalledDemand]) -> list[DemandHistory]:
        """These demands with their cases and notices."""
        known = {one.task.id: one for one in found}
        notified = remembered.stored_notices(self.conn, known, self.names, self.as_of)
        tasks = {number: one.task for number, one in known.items()}
        cases = {
            number: handed_on(case, self.chart, self.as_of)
            for number, case in remembered.cases(self.conn, tasks, notified, self.as_of).items()
        }
        demands = [
            DemandHistory(one.task, one.finding, cases.get(number), notified.get(number, ()), one.series)
            for number, one in known.items()
        ]
        newest = _newest_missed(demands)
        hidden = self._hidden({one.task.rule for one in demands})
        return [
            replace(one, covered_by=_stands_for(one, newest), hidden=hidden.get(one.task.id, {}))
            for one in demands
        ]

    def _hidden(self, rules: Collection[str]) -> Mapping[int, Mapping[str, str]]:
        """By part, the offices that are notified of a rollup instead, and the code of its case (decision 37)."""
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for rule in self.book.rules.values():
            condition = rule.condition
            if isinstance(condition, Rollup) and condition.covers and condition.of in rules:
                for rollup in self.demanded(self.recalled(rule.id)):
                    for part in rollup.finding.parts.missed if rollup.finding.parts else ():
                        found[part.id] |= _knowing(rollup, self.as_of)
        return found

    def letters(self, ids: Collection[str]) -> Mapping[str, LetterStatus]:
        """The status of letters by id; a letter of a night that has not come has no key."""
        return outbox.statuses(self.source, ids)

    def name(self, unit: str | None) -> str:
        """A body's name on the night; its id where the chart does not know it."""
        if unit is None:
            return ""
        return self.chart.units[unit].name(self.as_of).vi if unit in self.chart.units else unit


def _knowing(rollup: DemandHistory, on: date) -> Mapping[str, str]:
    """Every office that knows of a rollup's open case, or of the rollup that covers it, with the case's code."""
    case = rollup.case
    if case is None or case.status not in (CaseStatus.OPEN, CaseStatus.EXHAUSTED):
        return rollup.hidden
    tonight = [one.reader for one in rollup.notices if one.night == on and one.of_case]
    return {**rollup.hidden, **dict.fromkeys((*case.notified, *tonight), case.code)}


def _newest_missed(demands: Iterable[DemandHistory]) -> Mapping[tuple[str, str], Task]:
    """By rule and unit, the newest missed period with an open case: only that one climbs."""
    missed: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for one in demands:
        closed = one.case is not None and one.case.status is CaseStatus.CLOSED
        if one.finding.verdict is Verdict.BREACH and one.task.kind is TaskKind.QUOTA and not closed:
            missed[one.task.rule, one.task.unit].append(one.task)
    return {
        key: max(tasks, key=lambda task: (task.last_day or date.min, task.id)) for key, tasks in missed.items()
    }


def _stands_for(one: DemandHistory, newest: Mapping[tuple[str, str], Task]) -> Task | None:
    newer = newest.get((one.task.rule, one.task.unit))
    if newer is None or newer.id == one.task.id or one.finding.verdict is not Verdict.BREACH:
        return None
    if one.task.kind is not TaskKind.QUOTA or (one.case is not None and one.case.status is CaseStatus.CLOSED):
        return None
    return newer


@contextmanager
def night_view(
    source: Connection,
    book: RuleBook,
    on: date,
    playing: Callable[[int], Callable[[], None]] = lambda _nights: lambda: None,
) -> Iterator[NightView]:
    """The night `on`: as it was, or as it will be if nobody acts until then.

    Raises what `Sandbox.night` raises for a simulated night.
    """
    latest = nights.latest(source)
    if latest is not None and on <= latest:
        yield _seen(source, source, book, on, latest, played=False)
        return
    with copied(source, book, made=True) as box:
        box.refuse_unknown_units(on)
        planned = _to_come(box, latest, on)
        passed = playing(len(planned))
        for night in planned:
            box.night(night.as_of, notifying=night.notifying)
            passed()
        with reading(box.engine) as conn:
            yield _seen(source, conn, book, on, latest, played=True)


def _to_come(box: Sandbox, latest: date | None, on: date) -> list[Night]:
    if latest is not None and (on - latest).days <= FAR:
        days = [latest + n * _DAY for n in range(1, (on - latest).days + 1)]
        return [Night(day, cutoff_of(day)) for day in days]
    planned = plan_nights(box.engine, on)
    return list(planned) if isinstance(planned, tuple) else []


def _seen(
    source: Connection, conn: Connection, book: RuleBook, on: date, latest: date | None, *, played: bool
) -> NightView:
    row = nights.judged(conn, on)
    run = played or row is not None
    stale = pulls.stale_on(conn, on)
    rules = tasks.stored_rules(conn)
    names = nights.names_of(conn, rules)
    return NightView(
        source,
        conn,
        book,
        orgchart.chart(conn, cutoff_of(on)),
        names,
        on,
        latest,
        played,
        run,
        notifying=played or (row is not None and row.notifying),
        baseline=row is not None and row.baseline,
        inherited=inheritances.known(conn, names.units, rules, cutoff_of(on)),
        stale=stale_words(source for source in book.sources if source.id in stale),
    )
