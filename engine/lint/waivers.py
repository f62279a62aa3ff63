"""Waivers that waive nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dondoc.engine.domain.rulebook import OnDate, Overdue, Rule, Waiver
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import LintContext, note

_DAY = timedelta(days=1)


def check(subject: LintContext) -> Iterator[Problem]:
    """Waivers that are over, that lie outside their directive or before the demand, and units that are not bound.

    A problem with the days is reported once for an entry with several units.
    """
    said: set[str] = set()
    for waiver in subject.book.waivers:
        rule = subject.book.rules[waiver.rule]
        over, reaches = waiver.until < subject.today, _reaches(subject, waiver, rule)
        if (over or not reaches) and waiver.place not in said:
            yield _past(waiver) if over else _early_or_late(waiver)
            said.add(waiver.place)
        if reaches and not over and not _bound(subject, waiver, rule):
            yield _not_bound(waiver)


def _reaches(subject: LintContext, waiver: Waiver, rule: Rule) -> bool:
    """Whether the directive is in force on a day of the waiver, and a demand due once is not due after it."""
    directive = subject.book.directives[rule.directive]
    first, last = directive.in_force_from, directive.in_force_until
    if waiver.until < first or (last is not None and last < waiver.first):
        return False
    match rule.condition:
        # A rule with reminders can be waived before its limit: the waiver holds back its reminders too.
        case Overdue(due=OnDate(day=day, exclusive=exclusive), remind=()):
            return (day if exclusive else day + _DAY) <= waiver.until
        case _:
            return True


def _bound(subject: LintContext, waiver: Waiver, rule: Rule) -> bool:
    """Whether the rule applies to the unit on the waiver's first day in force; without a chart, whether it may."""
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
