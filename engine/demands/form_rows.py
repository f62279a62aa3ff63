"""The rows of a unit's forms, before they are filled in: what the rules demand of it around a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.demand import TriggerEvent
from dondoc.engine.domain.forms import FormRows
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Derived, RuleBook
from dondoc.engine.kinds import direct_kind


def form_rows(
    book: RuleBook, chart: OrgChart, on: date, happenings: Iterable[TriggerEvent] = ()
) -> Mapping[str, FormRows]:
    """By unit, the rows of its forms: the demands in force on that day, due within 400 days before or 62 after.

    A kind of activity is included while one of its windows lies within 62 days of the day. Raises
    `CalendarUncovered` where a limit cannot be counted.
    """
    found: dict[str, FormRows] = defaultdict(FormRows)
    for demand in direct_demands(book, chart, on, happenings):
        condition = book.rules[demand.rule].condition
        assert not isinstance(condition, Derived)
        for unit, row in direct_kind(condition).form_rows(condition, demand, book, chart, on):
            found[unit].add(row)
    return found
