"""A view of one night: its rulings, the state of every case, and who was notified of what.

The night is judged again, by what judged it, in a copy of what it knew when it began. One that has not come yet is
simulated, as it will be if nobody acts. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.cases.covering import Covering, covering
from dondoc.engine.cases.night import Ruling, handed_on
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.cases.tonight import Tonight
from dondoc.engine.demands.related import judged_with
from dondoc.engine.domain.model import NO_TEXT, Case, Finding, Task, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, NightState, TaskKind, Verdict
from dondoc.engine.explain.coming import hiding
from dondoc.engine.explain.reasons import DemandHistory, PeriodReading, StoredNotice
from dondoc.engine.kinds import kind_of_task
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Connection, reading
from dondoc.engine.store.intake import pulls
from dondoc.engine.store.night import nights, orgchart, other_periods
from dondoc.engine.store.night.prepared import Night, Prepared
from dondoc.engine.store.recall import cases as recorded
from dondoc.engine.store.recall import evidence
from dondoc.engine.store.recall.demands import standing
from dondoc.engine.store.recall.evidence import JudgedFact
from dondoc.flows.night.assessment import Assessment
from dondoc.flows.night.steps import cutoff_of, plan_nights
from dondoc.flows.whatif.sandbox import Sandbox, copied, rewound
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import LetterStatus

_DAY = timedelta(days=1)
# How many later nights are simulated one by one; beyond, as if the service had been down until then.
FAR = 62


@dataclass(frozen=True, slots=True)
class ReplayedNight:
    """One night judged again: the store as it left it, what it decided, its rulings and its clear figures by task.

    `conn` is of a copy, which holds only what the rules in question ask for.
    """

    conn: Connection
    made: Assessment
    rulings: Mapping[int, Ruling]
    within_limits: Mapping[int, Finding]

    @property
    def night(self) -> Prepared:
        """The night that was judged."""
        return self.made.night

    def tonight(self, task: Task) -> Tonight:
        """What the night knew of a task and its case."""
        ruling = self.rulings.get(task.id)
        return ruling.night if ruling else self.made.known.tonight(task)

    @property
    def covering(self) -> Covering:
        """Which rollups cover which demands."""
        return covering(self.made.night.book, [ruling.finding for ruling in self.rulings.values()])

    def finding(self, stored: Finding) -> Finding:
        """What the night found of a demand; where it did not judge it, as it is `stored`."""
        ruling = self.rulings.get(stored.task.id)
        # A closed case whose good news is owed has a ruling, though its demand was last judged before.
        if ruling is not None and ruling.finding.verdict is not Verdict.UNJUDGED:
            return ruling.finding
        return self.within_limits.get(stored.task.id, stored)

    def series(self, task: Task) -> tuple[PeriodReading, ...]:
        """The readings that a level was judged on; none for other tasks."""
        if task.kind is not TaskKind.LEVEL:
            return ()
        return evidence.series_of(self.conn, self.night, self.made.decided, task)

    def beside(self, tasks: Iterable[Task]) -> Mapping[int, Mapping[PeriodKind, int]]:
        """By task, the figures that are there by other kinds of period than its rule asks for."""
        figures = [task for task in tasks if task.kind in (TaskKind.LEVEL, TaskKind.READING)]
        return other_periods.beside(self.conn, self.night, figures)

    def facts(self, finding: Finding) -> Mapping[int, JudgedFact]:
        """The facts that a finding of the night rests on, by number."""
        return evidence.facts_of(self.conn, self.night, finding, self.series(finding.task))


@dataclass(frozen=True, slots=True)
class NightView:
    """One night to ask about. `played`: it has not come yet and is simulated; `run`: it was judged.

    `conn` has every night up to this one, `source` the letters.
    """

    source: Connection
    conn: Connection
    book: RuleBook
    as_of: date
    latest: date | None
    played: bool
    chart: OrgChart
    closing: ExitStack
    _replayed: dict[tuple[date, frozenset[str]], ReplayedNight] = field(default_factory=dict)

    @property
    def run(self) -> bool:
        """Whether the night was judged, or is simulated."""
        return nights.judged(self.conn, self.as_of) is not None

    @property
    def recipients(self) -> Recipients:
        """Resolves readers on the night."""
        return Recipients(self.book, self.chart, self.as_of)

    def replay(self, rules: Collection[str], on: date | None = None) -> ReplayedNight:
        """The rulings of the night, or of an earlier one, on what these rules demand."""
        night = on or self.as_of
        for (judged, among), replayed in self._replayed.items():
            if judged == night and among.issuperset(rules):
                return replayed
        wanted = judged_with(self.book, rules)
        return self._replayed.setdefault((night, wanted), self._judged_again(night, wanted))

    def _judged_again(self, on: date, wanted: Collection[str]) -> ReplayedNight:
        row = nights.judged(self.conn, on)
        stale = pulls.stale_on(self.conn, on)
        rules = {rule.id: rule for rule in self.book.rules.values() if rule.id in wanted}
        book = replace(self.book, rules=rules)
        box = self.closing.enter_context(rewound(self.conn, book, on))
        made = box.night(
            on,
            notifying=row is not None and row.notifying,
            baseline=row is not None and row.baseline,
            stale=[source for source in book.sources if source.id in stale],
        )
        rulings: dict[int, Ruling] = {}
        for ruling in made.judged.rulings:
            # A task may have an old case whose good news is owed, and a new finding: the open one counts.
            if ruling.finding.task.id not in rulings or _open(ruling):
                rulings[ruling.finding.task.id] = ruling
        within = {finding.task.id: finding for finding in box.within_limits(made)}
        return ReplayedNight(self.closing.enter_context(reading(box.engine)), made, rulings, within)

    def tonight(self, task: Task) -> Tonight:
        """What the night knew of a task and its case."""
        return self.replay((task.rule,)).tonight(task)

    def demanded(
        self,
        rule: str,
        units: Collection[str] | None = None,
        *,
        code: str | None = None,
        ruled_on: date | None = None,
    ) -> list[DemandHistory]:
        """Every demand of a rule with its ruling, its case and its notices; for heirs also what they took over.

        The case is the latest of the demand, or the one with that `code`; the ruling that of the night, or of an
        earlier one.
        """
        replayed = self.replay((rule,), ruled_on)
        found = [replayed.finding(one) for one in standing(replayed.conn, replayed.night, rule, units)]
        known = {finding.task.id: finding.task for finding in found}
        notified = recorded.stored_notices(self.conn, known, replayed.night.names, self.as_of)
        cases = recorded.cases(self.conn, known, notified, self.as_of, code)
        over, beside = replayed.covering, replayed.beside(known.values())
        codes = self._codes_over(replayed, over, known)
        return [
            DemandHistory(
                finding.task,
                finding,
                handed_on(case, self.chart, self.as_of) if (case := cases.get(number)) else None,
                _about(case, notified.get(number, ())),
                replayed.series(finding.task),
                replayed.rulings.get(number),
                {office: codes[by.id] for office, by in _hidden(replayed, number).items() if by.id in codes},
                hiding(number, over, replayed.rulings, codes),
                beside.get(number, {}),
                _newer(finding, found, self.as_of),
            )
            for number, finding in zip(known, found, strict=True)
        ]

    def _codes_over(self, replayed: ReplayedNight, over: Covering, known: Iterable[int]) -> Mapping[int, str]:
        """The codes of the cases of the rollups that cover these demands, by the rollup's task."""
        rollups = {rollup for number in known for rollup in over.all_rollups(number)}
        wanted = {rollup: replayed.rulings[rollup].finding.task for rollup in rollups}
        return {number: case.code for number, case in recorded.cases(self.conn, wanted, {}, self.as_of).items()}

    def letters(self, ids: Collection[str]) -> Mapping[str, LetterStatus]:
        """The status of letters by id; a letter of a night that has not come has no key."""
        return outbox.statuses(self.source, ids)

    def name(self, unit: str | None) -> Text:
        """A body's name on the night; its id where the chart does not know it."""
        if unit is None:
            return NO_TEXT
        if unit not in self.chart.units:
            return Text(unit, unit)
        name = self.chart.units[unit].name(self.as_of)
        return Text(name.vi, name.en)


def _newer(finding: Finding, found: Iterable[Finding], on: date) -> Task | None:
    """The period that is judged next, on a later night, in place of a missed one; None: none is."""
    mine = finding.task
    if not kind_of_task(mine.kind).is_superseded(finding):
        return None
    later = [
        one.task
        for one in found
        if (one.task.rule, one.task.unit) == (mine.rule, mine.unit)
        if one.task.last_day is not None and one.task.last_day >= on
    ]
    return min(later, key=lambda task: task.last_day or on, default=None)


def _about(case: Case | None, notices: Iterable[StoredNotice]) -> tuple[StoredNotice, ...]:
    """The notices of a case and the reminders before it; without a case, all."""
    return tuple(one for one in notices if case is None or one.case in (None, case.id))


def _hidden(replayed: ReplayedNight, number: int) -> Mapping[str, Task]:
    ruling = replayed.rulings.get(number)
    return ruling.night.hidden if ruling else {}


def _open(ruling: Ruling) -> bool:
    return ruling.after is not None and ruling.after.status is not CaseStatus.CLOSED


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
    with ExitStack() as closing:
        conn, played = source, latest is None or on > latest
        if played:
            box = closing.enter_context(copied(source, book, made=True))
            box.refuse_unknown_units(on)
            planned = _to_come(box, latest, on)
            passed = playing(len(planned))
            for night in planned:
                box.night(night.as_of, notifying=night.notifying)
                with audited(box.engine) as made:
                    nights.write_night(made, book, night, NightState.OK, {})
                passed()
            conn = closing.enter_context(reading(box.engine))
        yield NightView(source, conn, book, on, latest, played, orgchart.chart(conn, cutoff_of(on)), closing)


def _to_come(box: Sandbox, latest: date | None, on: date) -> list[Night]:
    if latest is not None and (on - latest).days <= FAR:
        days = [latest + n * _DAY for n in range(1, (on - latest).days + 1)]
        return [Night(day, cutoff_of(day)) for day in days]
    planned = plan_nights(box.engine, on)
    return list(planned) if isinstance(planned, tuple) else []
