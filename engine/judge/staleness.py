"""A stale source proves nothing: what is missing from it puts nobody in breach and clears nobody.

Decision 24, one rule for the whole source, applied to everything that rests on absence: a missing report, an
activity not counted, a reading that did not come (docs/en/decisions/0023-silent-sources.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.model import ZONE, Finding, Task, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Derived, RuleBook
from dondoc.engine.domain.terms import SourceKind, Verdict
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.kinds import direct_kind

_DAY = timedelta(days=1)
# The verdicts that say that something is missing; every other verdict rests on facts that are there.
_OF_ABSENCE = (Verdict.BREACH, Verdict.ENDING)


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What is known of one source: when it last brought rows, until when they are fresh, and the latest attempt.

    `at` and `until` (exclusive) are None for a source that never brought any; `rows` is how many it brought at
    `at`. `tried` is the latest attempt, `faults` what went wrong in it, `rejected` how many of its rows were
    rejected, and `given_back` the files that hold those.
    """

    source: DataSource
    at: datetime | None = None
    until: datetime | None = None
    rows: int = 0
    tried: datetime | None = None
    faults: tuple[Text, ...] = ()
    rejected: int = 0
    given_back: tuple[str, ...] = ()

    def stale(self, at: datetime) -> bool:
        """Whether the source had brought no rows for too long at an instant."""
        return self.until is None or at >= self.until


@dataclass(frozen=True, slots=True)
class SourceSilence:
    """The stale sources of a night: what each of them would have brought proves nothing by being missing.

    That holds even if a fresh source brings it too. `chart` says on the night of `as_of` who stands within whom.
    """

    sources: tuple[DataSource, ...]
    chart: OrgChart
    as_of: date

    def covers(self, kind: SourceKind, word: str, units: Iterable[str]) -> bool:
        """Whether a stale source would have brought facts of that word about one of these units."""
        return any(
            kind in source.brings
            and ((words := source.brings[kind]) is None or word in words)
            and (not source.within or any(self._inside(unit, source.within) for unit in units))
            for source in self.sources
        )

    def _inside(self, unit: str, bodies: frozenset[str]) -> bool:
        return any(self.chart.within(unit, body, self.as_of) for body in bodies)


def fresh_until(source: DataSource, calendars: Mapping[str, WorkCalendar], arrived: datetime) -> datetime:
    """The first instant at which a source that brought rows at `arrived` is stale.

    A patience in working days ends with a local day (Asia/Ho_Chi_Minh): with three, rows of a Monday are fresh
    until the end of Thursday. Raises `CalendarUncovered` where working days cannot be counted.
    """
    patience = source.patience
    if not patience.in_workdays:
        return arrived + timedelta(hours=patience.number)
    calendar = calendars[source.calendar] if source.calendar else next(iter(calendars.values()))
    day, passed = arrived.astimezone(ZONE).date(), 0
    while True:
        passed += calendar.is_workday(day)
        day += _DAY
        if passed > patience.number:
            return datetime.combine(day, time(), ZONE)


def unheard(book: RuleBook, findings: Iterable[Finding], silence: SourceSilence) -> list[Finding]:
    """The findings of a night, those marked `unheard` that rest on facts missing from a stale source.

    Facts that are there always count: a report that came, enough activities, a reading beyond its limit.
    """
    return [
        replace(finding, verdict=Verdict.UNHEARD)
        if finding.verdict in _OF_ABSENCE and would_be_brought(book, finding.task, silence)
        else finding
        for finding in findings
    ]


def would_be_brought(book: RuleBook, task: Task, silence: SourceSilence) -> bool:
    """Whether stale sources would have brought the facts whose absence puts a task in breach."""
    rule = book.rules.get(task.rule)
    if rule is None or isinstance(rule.condition, Derived):
        return False
    missing = direct_kind(rule.condition).absence(rule.condition, task.kind)
    return missing is not None and silence.covers(*missing, task.bearers or (task.unit,))
