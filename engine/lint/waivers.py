"""Waivers that waive nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from dondoc.engine.cases.waivers import by_demand, covering
from dondoc.engine.demands.judged import demands_of
from dondoc.engine.demands.subjects import period_of
from dondoc.engine.domain.demand import Demand
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.rulebook import AfterEvent, Derived, Overdue, Quota, Rule, RuleBook, Waiver
from dondoc.engine.errors import CalendarUncovered, Problem
from dondoc.engine.lint.context import LintContext, note


def check(subject: LintContext) -> Iterator[Problem]:
    """Waivers that are over, that lie outside their directive or before the demand, and units that are not bound.

    A problem with the days is reported once for an entry with several units.
    """
    said: set[str] = set()
    for waivers in _by_unit(subject.book.waivers):
        waiver = waivers[0]
        over, reaching = waiver.until < subject.today, [one for one in waivers if _reaches(subject, one)]
        if (over or not reaching) and waiver.place not in said:
            yield _past(waiver) if over else _early_or_late(waiver)
            said.add(waiver.place)
        if reaching and not over and not any(_bound(subject, one) for one in reaching):
            yield _not_bound(waiver)


def _by_unit(waivers: Iterable[Waiver]) -> Iterator[list[Waiver]]:
    """The waivers of one unit in one entry: one for each rule, where it is of a whole directive."""
    found: dict[tuple[str, str], list[Waiver]] = defaultdict(list)
    for waiver in waivers:
        found[waiver.place, waiver.unit].append(waiver)
    yield from found.values()


def _reaches(subject: LintContext, waiver: Waiver) -> bool:
    """Whether the waiver holds something: a case that may be open by then, a whole period, or reminders."""
    rule = subject.book.rules[waiver.rule]
    directive = subject.book.directives[rule.directive]
    first, last = directive.in_force_from, directive.in_force_until
    if waiver.until < first or (last is not None and last < waiver.first):
        return False
    condition = rule.condition
    # What others assign or an event starts can come at any time, and a derived rule follows its base rule.
    if isinstance(condition, Derived):
        return True
    if isinstance(condition, Overdue) and (condition.due is None or isinstance(condition.due, AfterEvent)):
        return True
    try:
        demands = list(_demands(subject, waiver, rule))
    except CalendarUncovered:
        return True
    reminds = isinstance(condition, Overdue | Quota) and bool(_reminders(condition))
    return any(reminds or _touched(subject.book, waiver, demand) for demand in demands)


def _demands(subject: LintContext, waiver: Waiver, rule: Rule) -> Iterator[Demand]:
    """What the rule demands near the waiver of a unit that always exists."""
    directive = subject.book.directives[rule.directive]
    on = max(waiver.until, directive.in_force_from)
    on = on if directive.in_force_until is None else min(on, directive.in_force_until)
    return demands_of(subject.book, rule, waiver.unit, on)


def _touched(book: RuleBook, waiver: Waiver, demand: Demand) -> bool:
    """Whether a demand can be overdue on a day of the waiver, or has its whole period in it."""
    if demand.last_day is None or demand.last_day < waiver.until:
        return True
    task = Task(0, demand.rule, demand.unit, demand.subject, demand.kind, demand.last_day)
    period = period_of(book, replace(task, first_day=demand.first_day, final_day=demand.final_day))
    # Another waiver may continue this one: then only both together cover a period.
    mine = by_demand(book.waivers).get((waiver.rule, waiver.unit), ())
    return covering(mine, period) is not None and period is not None and period[0] <= waiver.until


def _reminders(condition: Overdue | Quota) -> tuple[int, ...]:
    return condition.remind if isinstance(condition, Overdue) else condition.warn_before


def _bound(subject: LintContext, waiver: Waiver) -> bool:
    """Whether the rule applies to the unit on the waiver's first day in force; without a chart, whether it may."""
    rule = subject.book.rules[waiver.rule]
    if subject.chart is None:
        named = rule.applies_to.units
        return not named or waiver.unit in named
    on: date = max(waiver.first, subject.book.directives[rule.directive].in_force_from)
    return waiver.unit in subject.bearers(rule, on)


def _past(waiver: Waiver) -> Problem:
    return note(
        waiver.place,
        "waiver-past",
        f"thời gian tạm miễn đã hết ngày {waiver.until:%d/%m/%Y}; giữ lại đến khi hồ sơ đóng, vì các ngày này "
        "không tính vào bước đôn đốc",
        f"the waiver ended on {waiver.until}; keep it until its cases are closed, since its days do not count "
        "towards any step",
    )


def _early_or_late(waiver: Waiver) -> Problem:
    return note(
        waiver.place,
        "waiver-without-demand",
        f"từ {waiver.first:%d/%m/%Y} đến {waiver.until:%d/%m/%Y} quy tắc này không có việc quá hạn; xem lại ngày",
        f"nothing of this rule can be overdue from {waiver.first} to {waiver.until}; check the days",
    )


def _not_bound(waiver: Waiver) -> Problem:
    return note(
        waiver.place,
        "waiver-of-nobody",
        f"{waiver.unit} không thuộc các đơn vị mà quy tắc áp dụng; xem lại đơn vị",
        f"{waiver.unit} is not among the units of the rule; check the unit",
    )
