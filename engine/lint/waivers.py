"""Waivers that waive nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dondoc.engine.domain.rulebook import OnDate, Overdue, Rule, Waiver
from dondoc.engine.errors import Problem
from dondoc.engine.lint.subject import LintSubject, note

_DAY = timedelta(days=1)


def check(material: LintSubject) -> Iterator[Problem]:
    """Waivers that are over, that lie outside their directive or before the demand, and units that are not bound.

    What is to be said of the days is said once for an entry of several units.
    """
    said: set[str] = set()
    for waiver in material.book.waivers:
        rule = material.book.rules[waiver.rule]
        over, reaches = waiver.until < material.today, _reaches(material, waiver, rule)
        if (over or not reaches) and waiver.place not in said:
            yield _past(waiver) if over else _early_or_late(waiver)
            said.add(waiver.place)
        if reaches and not over and not _bound(material, waiver, rule):
            yield _not_bound(waiver)


def _reaches(material: LintSubject, waiver: Waiver, rule: Rule) -> bool:
    """Whether the directive is in force on one of its days, and a single demand is not due after all of them."""
    directive = material.book.directives[rule.directive]
    first, last = directive.in_force_from, directive.in_force_until
    if waiver.until < first or (last is not None and last < waiver.first):
        return False
    match rule.condition:
        # Reminders come before the limit, and are waived too.
        case Overdue(due=OnDate(day=day, exclusive=exclusive), remind=()):
            return (day if exclusive else day + _DAY) <= waiver.until
        case _:
            return True


def _bound(material: LintSubject, waiver: Waiver, rule: Rule) -> bool:
    """Whether the unit is bound by the rule on the waiver's first day in force; not known without a chart."""
    if material.chart is None:
        named = rule.applies_to.units
        return not named or waiver.unit in named
    on: date = max(waiver.first, material.book.directives[rule.directive].in_force_from)
    return waiver.unit in material.bearers(rule, on)


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
        f"nothing of this rule can be overdue from {waiver.first} to {waiver.until}; look at the days",
    )


def _not_bound(waiver: Waiver) -> Problem:
    return note(
        waiver.place,
        "waiver-of-nobody",
        f"{waiver.unit} không thuộc các đơn vị mà quy tắc áp dụng; xem lại đơn vị",
        f"{waiver.unit} is not among the units of the rule; look at the unit",
    )
