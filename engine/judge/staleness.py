"""A silent source proves nothing: while it is stale, what is missing from it accuses nobody and clears nobody.

Decision 24, "one rule for the whole source", for everything that rests on absence: a report that is not there, an
activity that was not counted, a reading that did not come (docs/en/decisions/0023-silent-sources.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.model import ZONE, Finding, Text
from dondoc.engine.domain.rulebook import Overdue, Quota, Rule, RuleBook, Threshold
from dondoc.engine.domain.terms import SourceKind, TaskKind, Verdict
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
# What says that something is not there; everything else is said by what is there.
_OF_ABSENCE = (Verdict.BREACH, Verdict.ENDING)


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What is known of one source: when it last brought rows, until when that is good, what went wrong since.

    `at` is None for a source that was never heard, and `until` (exclusive) with it. `rows` counts those of `at`.
    `tried` is the latest attempt, `faults` what went wrong in it, `rejected` how many rows of it were not taken,
    and `given_back` the files in which they lie.
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
        """Whether the source had been silent for too long at an instant."""
        return self.until is None or at >= self.until


@dataclass(frozen=True, slots=True)
class StaleWords:
    """The words that no fresh word can be had of; a None in place of words means all of that sort."""

    words: Mapping[SourceKind, frozenset[str] | None] = field(default_factory=dict)

    def covers(self, kind: SourceKind, word: str) -> bool:
        """Whether the absence of facts of that word says nothing."""
        if kind not in self.words:
            return False
        words = self.words[kind]
        return words is None or word in words


NOTHING_STALE = StaleWords()


def fresh_until(source: DataSource, calendars: Mapping[str, WorkCalendar], arrived: datetime) -> datetime:
    """The first instant at which a source that brought rows at `arrived` counts as silent for too long.

    Working days are counted whole, the day it was heard among them: heard on Monday and good for three, it is
    stale from the end of Thursday. Raises `CalendarUncovered` where they cannot be counted.
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


def stale_words(silent: Iterable[DataSource]) -> StaleWords:
    """What silent sources would have brought: a word that any of them feeds, whoever else feeds it."""
    words: dict[SourceKind, frozenset[str] | None] = {}
    for source in silent:
        for kind, brought in source.brings.items():
            known = words.get(kind, frozenset())
            words[kind] = None if brought is None or known is None else known | brought
    return StaleWords(words)


def unheard(book: RuleBook, findings: Iterable[Finding], stale: StaleWords) -> list[Finding]:
    """The findings of a night, those `unheard` that say nothing but that a stale source has not brought something.

    What is there counts as ever: a report that came, enough activities, a reading beyond its limit.
    """
    return [
        replace(finding, verdict=Verdict.UNHEARD)
        if finding.verdict in _OF_ABSENCE and _rests_on(book.rules.get(finding.task.rule), finding, stale)
        else finding
        for finding in findings
    ]


def _rests_on(rule: Rule | None, finding: Finding, stale: StaleWords) -> bool:
    """Whether a finding rests on the absence of facts that a stale source would have brought."""
    match rule.condition if rule else None:
        case Overdue(report=report, task=task):
            return stale.covers(SourceKind.REPORTS, report or task or "")
        case Quota(activity=activity):
            return stale.covers(SourceKind.ACTIVITIES, activity)
        case Threshold(indicator=indicator):
            return finding.task.kind is TaskKind.READING and stale.covers(SourceKind.INDICATORS, indicator)
    return False
