"""Whether a demand can ever be judged while its directive is in force.

A demand exists if its breach date is not after the last day in force; windows and periods must lie wholly in
force, and after the day on which an office set a missing parameter. Grace counts here as calendar days, the fewest
that so many working days can take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from dondoc.engine.domain.periods import LAST_YEAR, PeriodKind, periods_between
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    Condition,
    EveryPeriod,
    EveryYear,
    OccasionWindow,
    OnDate,
    Overdue,
    Quota,
    Rollup,
    Streak,
    Threshold,
    Window,
)

_DAY = timedelta(days=1)
InForce = tuple[date, date | None]

# The place in a condition of the days that put it out of reach, as a path of keys below `when`.
WHERE: Mapping[type[Condition], tuple[str, ...]] = {
    Overdue: ("overdue", "due"),
    Quota: ("quota", "per"),
    Threshold: ("threshold", "set_on"),
    Streak: ("streak", "of"),
    Rollup: ("rollup", "of"),
}


def reachable(condition: Condition, in_force: InForce, occasions: Mapping[str, tuple[date, ...]]) -> bool:
    """Whether any night can judge the condition; True for an unknown occasion, which is another problem.

    True for a derived rule too: its base rule is checked by itself.
    """
    if isinstance(condition, Overdue | Quota) and condition.set_on is not None:
        in_force = (max(in_force[0], condition.set_on), in_force[1])
    match condition:
        case Overdue(due=due):
            return _due(due, in_force)
        case Quota(per=OccasionWindow(occasion=occasion, days=days), grace=grace):
            dates = occasions.get(occasion)
            if dates is None:
                return True
            return _any_window(((day - (days - 1) * _DAY, day) for day in dates), grace, in_force)
        case Quota(per=Window() as window, grace=grace):
            return _any_window(_windows(window, in_force), grace, in_force)
        case Quota(per=PeriodKind() as kind, grace=grace):
            return _any_window(_periods(kind, in_force), grace, in_force)
        case Threshold(set_on=set_on):
            until = in_force[1]
            return until is None or set_on <= until
        case Streak() | Rollup():
            return True
    return True  # pragma: no cover - every form of `per` is listed above


def _due(due: OnDate | EveryYear | EveryPeriod | AfterEvent | None, in_force: InForce) -> bool:
    match due:
        case OnDate(day=day, exclusive=exclusive):
            return _judged(day - _DAY * exclusive, in_force)
        case EveryYear(month=month, day=day, exclusive=exclusive, first=first):
            years = _years(in_force)
            return any(
                _judged(date(year, month, day) - _DAY * exclusive, in_force)
                for year in years
                if first is None or year >= first
            )
        case EveryPeriod(per=kind, by=by):
            return any(_judged(last.replace(day=by), in_force) for _, last in _periods(kind, in_force))
        case _:
            return True


def _judged(last_day: date, in_force: InForce) -> bool:
    """Whether the last day is in force, and so is the breach date, the day after it."""
    first, until = in_force
    return last_day >= first and (until is None or last_day < until)


def _any_window(windows: Iterable[tuple[date, date]], grace: int, in_force: InForce) -> bool:
    return any(first >= in_force[0] and _judged(last + grace * _DAY, in_force) for first, last in windows)


def _years(in_force: InForce) -> range:
    first, until = in_force
    return range(first.year - 1, (until.year if until else LAST_YEAR) + 1)


def _windows(window: Window, in_force: InForce) -> Iterable[tuple[date, date]]:
    if not window.yearly:
        return ((window.first, window.last),)
    turn = window.last.year - window.first.year
    return ((window.first.replace(year=year), window.last.replace(year=year + turn)) for year in _years(in_force))


def _periods(kind: PeriodKind, in_force: InForce) -> Iterable[tuple[date, date]]:
    first, until = in_force
    end = until or date(LAST_YEAR, 12, 31)
    return ((period.first, period.last) for period in periods_between(kind, first, end))
