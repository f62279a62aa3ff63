"""Limits and lateness: until when, by how much, and what comes next."""

from __future__ import annotations

from datetime import date, timedelta

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import UPWARD, Digest, Direction, Entry, Limit, NextAct
from dondoc.notifications.wording.numbers import counted, day, listed, number, repeated, weekday

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


def limit_line(entry: Entry, limit: Limit) -> Text:
    """The limit of a row; with the effective day when the last day is closed or a counted limit rolled forward."""
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
    return Text("Còn", "Left"), number(entry.workdays), workday_unit(entry.workdays)


def workday_unit(n: int) -> Text:
    """`ngày làm việc`, which stands below a number of them."""
    return Text("ngày làm việc", "working day" if n == 1 else "working days")


_ACTS = {
    NextAct.REMIND: Text("nhắc lại trước hạn", "another reminder before the limit"),
    NextAct.JUDGE: Text("đôn đốc lần 1", "a first follow-up"),
    NextAct.URGE: Text("đôn đốc đơn vị thực hiện", "a follow-up to the unit"),
    NextAct.LISTED: Text("đưa vào danh sách theo dõi", "listed for the office that follows up"),
    NextAct.WAIVER_ENDS: Text("báo trước khi hết thời gian tạm miễn", "the end of the waiver is announced"),
    NextAct.RESUME: Text("tiếp tục đôn đốc theo các bước", "followed up again, step by step"),
}


def _act(entry: Entry, act: NextAct, direction: Direction) -> Text:
    report = "kính báo cáo" if direction in UPWARD else "báo cáo"
    to = listed(entry.next_to)
    match act:
        case NextAct.REPORT_UP if not entry.next_to:
            return Text(report, "report")
        case NextAct.REPORT_UP:
            return Text.format("{report} {to}", "report to {to}", report=report, to=to)
        case NextAct.URGE_AGAIN | NextAct.REPEAT if not entry.next_to:
            return Text("nhắc lại", "another follow-up")
        case NextAct.URGE_AGAIN:
            return Text.format("nhắc lại và gửi bản sao cho {to}", "another follow-up, copied to {to}", to=to)
        case NextAct.REPEAT:
            return Text.format("{report} lại {to}", "another report to {to}", report=report, to=to)
        case _:
            return _ACTS[act]


def next_step(entry: Entry, digest: Digest) -> Text | None:
    """What follows on which day, and until when an answer prevents it; None when nothing follows."""
    if entry.next_on is None or entry.next_act is None:
        return None
    when = day(entry.next_on)
    if entry.next_act is NextAct.JUDGE and entry.kind is TaskKind.QUOTA:
        period = entry.period or Text("kết quả", "the result")
        return Text.format("{when}, đánh giá {period}.", "{when}: {period} is judged.", when=when, period=period)
    act = _act(entry, entry.next_act, digest.direction)
    if entry.kind in (TaskKind.LEVEL, TaskKind.STREAK, TaskKind.ROLLUP):
        vi = "{when}, {act} nếu số liệu chưa đổi."
        en = "{when}: {act}, if the figure has not changed."
        return Text.format(vi, en, when=when, act=act)
    spared = NO_TEXT
    if entry.answer_by is not None and entry.section is not Section.ENDING:
        last = day(entry.answer_by)
        spared = Text(
            f" Nếu ghi nhận chậm nhất hết ngày {last} thì không thực hiện bước này.",
            f" Not taken if something is recorded by the end of {last}.",
        )
    vi = "{when}, {act} nếu chưa ghi nhận kết quả.{spared}"
    en = "{when}: {act}, if nothing is recorded by then.{spared}"
    return Text.format(vi, en, when=when, act=act, spared=spared)
