"""Limits and lateness: until when, by how much, and what comes next."""

from __future__ import annotations

from datetime import date, timedelta

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry, Limit, NextAct
from dondoc.notifications.wording.names import offices
from dondoc.notifications.wording.numbers import count, counted, day, repeated, weekday

_DAY = timedelta(days=1)
NOBODY = Text("", "")


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


def limit_line(entry: Entry, limit: Limit) -> Text:
    """The limit of a row; with the day meant when the last day is closed, or was before the limit rolled."""
    said = until(limit)
    if limit.counted is not None:
        ended = weekday(limit.counted)
        return Text(
            f"{said.vi} (tính đủ ngày là {ended.vi}, ngày nghỉ, nên chuyển sang ngày làm việc kế tiếp)",
            f"{said.en} (the count ends on {ended.en}, a closed day, and moves to the next working day)",
        )
    if not limit.last_day_closed:
        return said
    if entry.section is Section.ENDING and not entry.stands_still:
        last = weekday(limit.last_workday)
        return Text(f"{said.vi} (ngày làm việc cuối: {last.vi})", f"{said.en} (last working day: {last.en})")
    if not limit.exclusive:
        return said
    last = weekday(limit.last_day)
    return Text(f"{said.vi} (ngày cuối trong hạn: {last.vi})", f"{said.en} (last day in time: {last.en})")


def overdue(workdays: int) -> Text:
    """`quá hạn 05 ngày làm việc`, inside a sentence."""
    said = counted(workdays, "ngày làm việc", "working day")
    return Text(f"quá hạn {said.vi}", f"{said.en} overdue")


def lateness(entry: Entry) -> Text:
    """`Quá hạn 06 ngày làm việc (06 ngày)`, the short form of a compact row."""
    late, calendar = overdue(entry.workdays), counted(entry.days, "ngày", "day")
    return Text(f"{late.vi} ({calendar.vi})", f"{late.en} ({calendar.en})")


def remaining(entry: Entry, night: date) -> tuple[Text, Text, Text]:
    """What the badge of an ending row says, in three lines; today and tomorrow carry their date."""
    limit = entry.limit
    if limit is not None and limit.last_day - night <= _DAY:
        today = limit.last_day <= night
        when = f"{limit.last_day:%d/%m}"
        return (
            Text("Hạn hết", "Due"),
            Text(when, when),
            Text("hôm nay" if today else "ngày mai", "today" if today else "tomorrow"),
        )
    words = counted(entry.workdays, "ngày làm việc", "working day")
    number, _, noun = words.en.partition(" ")
    return Text("Còn", "Left"), Text(count(entry.workdays), number), Text("ngày làm việc", noun)


_ACTS = {
    NextAct.REMIND: Text("nhắc lại trước hạn", "another reminder before the limit"),
    NextAct.JUDGE: Text("đôn đốc lần 1", "a first follow-up"),
    NextAct.URGE: Text("đôn đốc đơn vị thực hiện", "a follow-up to the unit"),
    NextAct.LISTED: Text("đưa vào danh sách theo dõi", "listed for the office that follows up"),
    NextAct.WAIVER_ENDS: Text("báo trước khi hết thời gian tạm miễn", "the end of the waiver is announced"),
    NextAct.RESUME: Text("tiếp tục đôn đốc theo các bước", "followed up again, step by step"),
}


def _act(entry: Entry, act: NextAct, direction: Direction) -> Text:
    names = offices(entry.next_to)
    to = Text(f" {names.vi}", f" to {names.en}") if entry.next_to else NOBODY
    up = direction in (Direction.UP, Direction.UP_PARTY)
    if act is NextAct.URGE_AGAIN:
        copy = Text(f" và gửi bản sao cho{to.vi}", f", copied{to.en}") if entry.next_to else NOBODY
        return Text(f"nhắc lại{copy.vi}", f"another follow-up{copy.en}")
    if act is NextAct.REPORT_UP:
        return Text(f"{'kính ' if up else ''}báo cáo{to.vi}", f"report{to.en}")
    if act is NextAct.REPEAT:
        if not entry.next_to:
            return Text("nhắc lại", "another follow-up")
        return Text(f"{'kính ' if up else ''}báo cáo lại{to.vi}", f"another report{to.en}")
    return _ACTS[act]


def next_step(entry: Entry, digest: Digest) -> Text | None:
    """What follows on which day, and until when it can still be spared; None when nothing follows."""
    if entry.next_on is None or entry.next_act is None:
        return None
    when = day(entry.next_on)
    if entry.next_act is NextAct.JUDGE and entry.kind is TaskKind.QUOTA:
        period = entry.period or Text("kết quả", "the result")
        return Text(f"{when}, đánh giá {period.vi}.", f"{when}: {period.en} is judged.")
    act = _act(entry, entry.next_act, digest.direction)
    if entry.kind in (TaskKind.LEVEL, TaskKind.STREAK, TaskKind.ROLLUP):
        return Text(f"{when}, {act.vi} nếu số liệu chưa đổi.", f"{when}: {act.en}, if the figure has not changed.")
    spared = Text("", "")
    if entry.answer_by is not None and entry.section is not Section.ENDING:
        last = day(entry.answer_by)
        spared = Text(
            f" Nếu ghi nhận chậm nhất hết ngày {last} thì không thực hiện bước này.",
            f" Not taken if something is recorded by the end of {last}.",
        )
    return Text(
        f"{when}, {act.vi} nếu chưa ghi nhận kết quả.{spared.vi}",
        f"{when}: {act.en}, if nothing is recorded by then.{spared.en}",
    )
