"""Limits and lateness: until when, and by how much."""

from __future__ import annotations

from datetime import date, timedelta

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, Entry, Limit
from dondoc.notifications.wording.numbers import counted, day, number, repeated, weekday

_DAY = timedelta(days=1)


@repeated
def until(limit: Limit) -> Text:
    """`trước ngày 20/04/2015` or `hết ngày 24/04/2015`."""
    when = day(limit.printed)
    return Text(f"trước ngày {when}", f"before {when}") if limit.exclusive else by_end_of(limit.printed)


def by_end_of(when: date) -> Text:
    """`hết ngày 24/04/2015`."""
    return Text(f"hết ngày {day(when)}", f"by the end of {day(when)}")


def no_later_than(when: date) -> Text:
    """The day of an ask: `chậm nhất hết ngày 06/05/2015`."""
    return Text(f"chậm nhất hết ngày {day(when)}", f"at the latest by the end of {day(when)}")


def before_next(when: date) -> Text:
    """The same day as a party committee is asked: `trước ngày 07/05/2015`."""
    following = day(when + _DAY)
    return Text(f"trước ngày {following}", f"before {following}")


def seen_until(digest: Digest) -> date:
    """The last whole day that a night at 02:00 covers: the day before it (decision 1)."""
    return digest.night - _DAY


def limit_line(entry: Entry, limit: Limit) -> Text:
    """The limit of a row, with the first one where it has moved.

    It has the effective day when the last day is closed or a counted limit rolled forward.
    """
    said = _limit_line(entry, limit)
    if entry.moved is None:
        return said
    return Text.format(
        "{said} (hạn đầu tiên: {first}; điều chỉnh ghi nhận ngày {on})",
        "{said} (the first limit: {first}; moved, as recorded on {on})",
        said=said,
        first=by_end_of(entry.moved.first),
        on=day(entry.moved.on),
    )


def _limit_line(entry: Entry, limit: Limit) -> Text:
    said = until(limit)
    if limit.counted is not None:
        vi = "{said} (tính đủ ngày là {ended}, ngày nghỉ, nên chuyển sang ngày làm việc kế tiếp)"
        en = "{said} (the count ends on {ended}, a closed day, and moves to the next working day)"
        return Text.format(vi, en, said=said, ended=weekday(limit.counted))
    if not limit.last_day_closed:
        return said
    if entry.section is Section.ENDING and not entry.stands_still:
        last = weekday(limit.last_workday)
        return Text.format(
            "{said} (ngày làm việc cuối: {last})", "{said} (last working day: {last})", said=said, last=last
        )
    if not limit.exclusive:
        return said
    last = weekday(limit.last_day)
    return Text.format(
        "{said} (ngày cuối trong hạn: {last})", "{said} (last day in time: {last})", said=said, last=last
    )


def overdue(workdays: int) -> Text:
    """`quá hạn 05 ngày làm việc`, inside a sentence."""
    return Text.format("quá hạn {days}", "{days} overdue", days=counted(workdays, "ngày làm việc", "working day"))


def remaining(entry: Entry, night: date) -> tuple[Text, Text, Text]:
    """What the badge of an ending row says, in three lines; today and tomorrow carry their date.

    A last day that is closed is not named so: what is left are the working days before it.
    """
    limit = entry.limit
    if limit is not None and not limit.last_day_closed and limit.last_day - night <= _DAY:
        today = limit.last_day <= night
        when = f"{limit.last_day:%d/%m}"
        return (
            Text("Hạn hết", "Due"),
            Text(when, when),
            Text("hôm nay" if today else "ngày mai", "today" if today else "tomorrow"),
        )
    return Text("Còn", "Left"), number(entry.workdays), workday_unit(entry.workdays)


def workday_unit(n: int) -> Text:
    """`ngày làm việc`, which stands below a number of them."""
    return Text("ngày làm việc", "working day" if n == 1 else "working days")
