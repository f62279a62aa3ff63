"""Invented readings beyond the limit of a threshold, for the preview of a letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from math import floor

from dondoc.engine.domain.model import SCALE
from dondoc.engine.domain.periods import (
    Period,
    PeriodKind,
    named,
    period_of,
    periods_between,
    previous,
    same_last_year,
)
from dondoc.engine.domain.rulebook import Against, Threshold, growth
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.kinds.samples import SampleBreach, Sampling, recorded

_DAY = timedelta(days=1)
_BASE = Decimal(100)
_STRETCH = 10  # days of a reading that names its own period; no named period has so many


def beyond(threshold: Threshold, sampling: Sampling) -> Iterator[SampleBreach]:
    """Readings beyond the limit for as many periods as the rule requires, the last recorded on the day."""
    book, rule = sampling.book, sampling.rule
    since = max(threshold.judged_since, book.directives[rule.directive].in_force_from)
    on = max(sampling.day, _first_end(threshold, since))
    values = _values(threshold, on)
    for unit in sampling.units(on):
        rows = tuple(
            (
                SheetKind.READINGS,
                {
                    "ref": f"preview-{number}",
                    "unit": unit,
                    "indicator": threshold.indicator,
                    "first_day": period.first,
                    "last_day": period.last,
                    "value": int(value * SCALE),
                    "recorded_at": recorded(on),
                    "source": "",
                },
            )
            for number, (period, value) in enumerate(values)
        )
        title = book.indicators[threshold.indicator].title.vi
        said = tuple(
            f"{title}: {value.normalize():f} ({period.first:%d/%m/%Y} – {period.last:%d/%m/%Y})"
            for period, value in values
        )
        yield SampleBreach(unit, on + _DAY, rows, said)


def _first_end(threshold: Threshold, since: date) -> date:
    """The first day on which as many periods as the rule requires are over, of those that begin from a day on."""
    if not threshold.per.months:
        return since
    ahead = periods_between(threshold.per, since, date.max)
    return list(islice(ahead, threshold.periods))[-1].last + _DAY


def _values(threshold: Threshold, on: date) -> list[tuple[Period, Decimal]]:
    """The periods before the day, oldest first, each with a value that is beyond the limit or a base for it."""
    periods = _periods(threshold.per, on, threshold.periods)
    if threshold.rise is None:
        return [(period, _past(threshold)) for period in periods]
    if threshold.rise.against is Against.SAME_PERIOD_LAST_YEAR:
        bases = [(same_last_year(threshold.per, period), _BASE) for period in periods]
        return [*bases, *((period, _risen(threshold, _BASE)) for period in periods)]
    value = _BASE
    found = [(previous(threshold.per, periods[0]), value)]
    for period in periods:
        value = _risen(threshold, value)
        found.append((period, value))
    return found


def _periods(kind: PeriodKind, on: date, count: int) -> list[Period]:
    if not kind.months:
        lasts = [on - (1 + n * _STRETCH) * _DAY for n in range(count - 1, -1, -1)]
        return [named(last - (_STRETCH - 1) * _DAY, last)[1] for last in lasts]
    found = [previous(kind, period_of(kind, on))]
    while len(found) < count:
        found.append(previous(kind, found[-1]))
    return found[::-1]


def _past(threshold: Threshold) -> Decimal:
    """A value about a tenth beyond the limit, and a whole number where the limit is one."""
    if threshold.above is not None:
        margin = max(Decimal(1), threshold.above // 10)
        return threshold.above + margin
    assert threshold.below is not None
    margin = max(Decimal(1), threshold.below // 10)
    return threshold.below - margin if threshold.below > margin else threshold.below / 2


def _risen(threshold: Threshold, base: Decimal) -> Decimal:
    assert threshold.rise is not None
    times = growth(threshold.rise.percent)
    return max(Decimal(floor(base * times.numerator / times.denominator)) + 1, threshold.rise.at_least)
