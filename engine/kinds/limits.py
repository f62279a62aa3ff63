"""What demands with a last day have in common: their limits, who owes them, whether any can ever be judged.

Decisions 16 and 17, as 0041 amends them: a window must lie wholly in the time the directive is in force and in the
unit's life, and so must the last day of a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from dondoc.engine.domain.demand import AHEAD, BEHIND, Bearers, TriggerEvent
from dondoc.engine.domain.model import Case, Finding
from dondoc.engine.domain.periods import LAST_YEAR, PeriodKind, parse, periods_between
from dondoc.engine.domain.rulebook import Directive, Rule, Selector
from dondoc.engine.domain.terms import CaseStatus, Outcome, Verdict
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
# The first and the last day in force, both inclusive (None: no end).
InForce = tuple[date, date | None]
Occasions = Mapping[str, Sequence[date]]


@dataclass(frozen=True, slots=True)
class DemandLimit:
    """One occurrence of a demand: subject, last day, period, and the day from which its unit must exist.

    `begins` is the first day on which a report about it can be made (None: it is about no period), `starts` the
    first day of its period, where no count of activities needs `first_day`. `far`: a night asks for it beyond its
    horizon too, since its task may have been made under a nearer limit.
    """

    subject: str
    last_day: date
    first_day: date | None = None
    final_day: date | None = None
    alive_from: date | None = None
    begins: date | None = None
    far: bool = False
    starts: date | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What the demands of one rule are made from on a night.

    `issued` is the day of the directive, else its first day in force: from then on a demand can be met. Demands
    are made whose last day is at most `until` (with `far`, also those whose limit may have moved beyond it), and
    whose period begins on or after `since` (None: any).
    """

    rule: Rule
    directive: Directive
    calendar: WorkCalendar
    occasions: Mapping[str, tuple[date, ...]]
    bearers: Bearers
    events: tuple[TriggerEvent, ...]
    as_of: date
    issued: date
    until: date
    far: bool = False
    since: date | None = None

    def judged_since(self, since: date | None) -> Asking:
        """The same with a rule that judges only periods from a day on (decision 47)."""
        return replace(self, since=since)

    def kept(self, limits: Iterable[DemandLimit]) -> Iterator[DemandLimit]:
        """The limits near the night that lie in force, a window as a whole, and whose period is judged."""
        in_force_until = self.directive.in_force_until
        for limit in limits:
            near = limit.last_day <= self.until or (self.far and limit.far)
            in_window = near and self.as_of - BEHIND <= limit.last_day
            begins = limit.first_day or limit.last_day
            # What is waited for after a window, as the grace of a quota, may come later (docs/en/decisions/0041).
            ends = limit.final_day or limit.last_day
            if (
                in_window
                and begins >= self.directive.in_force_from
                and (self.since is None or (limit.first_day or limit.starts or limit.last_day) >= self.since)
                and (in_force_until is None or ends <= in_force_until)
            ):
                yield limit

    def alive(self, selector: Selector, limit: DemandLimit) -> Iterator[str]:
        """The units that the rule applies to on the last day of the period, and that lived through all of it."""
        # With a grace the limit is later than the period; a unit that ended in between still owes it (16).
        for unit in self.bearers.of(selector, limit.final_day or limit.last_day):
            if limit.alive_from is None or self.bearers.chart.units[unit].alive(limit.alive_from):
                yield unit


def horizon(calendar: WorkCalendar, as_of: date, offsets: Sequence[int], grace: int = 0) -> date:
    """The latest last day of the demands that a night makes: 62 days ahead, or as far as its reminders need.

    `offsets` are the reminders in working days before the end of the period, `grace` those after it.
    Raises `CalendarUncovered` where the days cannot be counted.
    """
    furthest = as_of + AHEAD
    if not offsets:
        return furthest
    return max(furthest, calendar.after(calendar.reach(as_of, max(offsets)), grace))


def last_day(printed: date, *, exclusive: bool) -> date:
    """The last day in time: the day before a `before` date, or the `by` date itself."""
    return printed - _DAY if exclusive else printed


def is_settled(finding: Finding, case: Case | None) -> bool:
    """Whether a dated task needs no further judging: it is met, or its case has closed."""
    if case is not None:
        return case.status is CaseStatus.CLOSED
    return finding.verdict is Verdict.MET


def when_done(finding: Finding) -> Outcome:
    """How a dated task that is met closes its case: late, within a moved limit, or in time and recorded late."""
    task = finding.task
    assert task.last_day is not None
    # The date on the report counts, not the day of its recording (decision 14).
    done_on = task.done_on or finding.recorded_on
    if done_on is None:
        return Outcome.WITHDRAWN
    if done_on > task.last_day:
        return Outcome.LATE
    # Late by the first limit, whose letters were right, and in time by the one that it was moved to (decision 21).
    return Outcome.EXTENDED if task.first_limit is not None and done_on > task.first_limit else Outcome.WITHDRAWN


# Thousands of units share the same few periods.
@lru_cache(maxsize=1024)
def number_of(kind: PeriodKind, key: str) -> int:
    """The number of a named period, by the month in which it ends; consecutive periods are numbered on."""
    last = parse(key).last
    return (last.year * 12 + last.month) // kind.months


def is_judged(last_day: date, in_force: InForce) -> bool:
    """Whether the last day is in force."""
    first, until = in_force
    return last_day >= first and (until is None or last_day <= until)


def years(in_force: InForce) -> range:
    """The years in which a yearly demand may fall, and one before."""
    first, until = in_force
    return range(first.year - 1, (until.year if until else LAST_YEAR) + 1)


def periods(kind: PeriodKind, in_force: InForce) -> Iterator[tuple[date, date]]:
    """The named periods from the first day in force to the last, each as its first and last day."""
    first, until = in_force
    end = until or date(LAST_YEAR, 12, 31)
    return ((period.first, period.last) for period in periods_between(kind, first, end))
