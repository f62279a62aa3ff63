"""Calendars and lists of occasions that end too early, or begin too late, for the rules that use them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from dondoc.engine.domain.rulebook import OccasionWindow, Quota, Rule
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import YEAR, LintContext, note

# A lunar day comes back after 384 days at most, most of the time after 354.
_LONGEST_WAIT = timedelta(days=390)


def check(subject: LintContext) -> Iterator[Problem]:
    """Each calendar for the coming twelve months and for its directives, each occasion for its rules."""
    for name, calendar in subject.book.calendars.items():
        place = subject.book.places["calendar", name]
        yield from _coming(place, calendar, subject.today)
        yield from _begun(place, calendar, subject)
    for rule in subject.book.rules.values():
        if isinstance(rule.condition, Quota) and isinstance(rule.condition.per, OccasionWindow):
            yield from _occasions(rule, rule.condition.per.occasion, subject)


def _coming(place: str, calendar: WorkCalendar, today: date) -> Iterator[Problem]:
    end = today + YEAR
    if calendar.last < end:
        yield note(
            place,
            "calendar-short",
            f"lịch «{calendar.name}» hết ngày {calendar.last:%d/%m/%Y}, chưa đủ mười hai tháng tới; hết lịch "
            f"thì đêm nào cũng bị từ chối. Kéo dài «covers» đến sau {end:%d/%m/%Y}",
            f"calendar '{calendar.name}' ends on {calendar.last}, within the coming twelve months; from then on "
            f"every night is refused. Extend 'covers' beyond {end}",
        )
    elif calendar.provisional_from is not None and calendar.provisional_from <= end:
        since = calendar.provisional_from
        yield note(
            place,
            "calendar-provisional",
            f"từ {since:%d/%m/%Y} lịch «{calendar.name}» còn tạm tính: ngày nghỉ và ngày làm bù chưa công bố, "
            "hạn tính theo đó có thể đổi; cập nhật khi có thông báo",
            f"from {since} on calendar '{calendar.name}' is provisional: holidays and make-up days are not "
            "announced, limits may move; update it when they are",
        )


def _begun(place: str, calendar: WorkCalendar, subject: LintContext) -> Iterator[Problem]:
    """A directive that is in force before the calendar begins."""
    book = subject.book
    bound = [rule.directive for rule in book.rules.values() if rule.calendar == calendar.name]
    first = min((book.directives[each] for each in bound), key=lambda each: each.in_force_from, default=None)
    if first is not None and first.in_force_from < calendar.first:
        yield note(
            place,
            "calendar-late",
            f"lịch «{calendar.name}» bắt đầu ngày {calendar.first:%d/%m/%Y}, sau khi «{first.id}» có hiệu lực "
            f"({first.in_force_from:%d/%m/%Y}); sửa «covers» để chạy lại được các đêm trước đó",
            f"calendar '{calendar.name}' begins on {calendar.first}, after '{first.id}' came into force "
            f"({first.in_force_from}); change 'covers' so that the nights before can be replayed",
        )


def _occasions(rule: Rule, occasion: str, subject: LintContext) -> Iterator[Problem]:
    """The first span in force, up to a year ahead, in which the occasion has no date."""
    directive = subject.book.directives[rule.directive]
    end = min(directive.in_force_until or date.max, subject.today + _LONGEST_WAIT)
    inside = [day for day in subject.book.occasions[occasion] if directive.in_force_from <= day <= end]
    for before, after in pairwise((directive.in_force_from, *inside, end)):
        if after - before >= _LONGEST_WAIT:
            yield note(
                rule.place,
                "occasion-short",
                f"ngày lễ «{occasion}» không có ngày nào từ {before:%d/%m/%Y} đến {after:%d/%m/%Y}, nên thời "
                "gian đó quy tắc không được xét; bổ sung vào «occasions» của calendar.yaml",
                f"occasion '{occasion}' has no date from {before} to {after}, so the rule is not judged then; "
                "add it to 'occasions' in calendar.yaml",
            )
            return
