"""Why a row stands in this letter, and on what it rests."""

from __future__ import annotations

from datetime import date, timedelta

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.wording import derived, figures, waiving
from dondoc.notifications.wording.facts import lacking, share, thing
from dondoc.notifications.wording.names import ANY_UNIT, cited, clause, grouped, offices
from dondoc.notifications.wording.numbers import count, counted, day, days, listed, weekday

# What a superior reads has its own line on how often the unit was written to; of anything else `because` says it.
_FOLLOWED_UP = (TaskKind.QUOTA, TaskKind.LEVEL, TaskKind.STREAK, TaskKind.ROLLUP)
_UP = (Direction.UP, Direction.UP_PARTY)
_NOTHING = Text("", "")


def seen_until(digest: Digest) -> date:
    """The last whole day a night at 02:00 knows: the day before it (decision 1)."""
    return digest.night - timedelta(days=1)


def basis(entry: Entry) -> Text:
    """Clause and document, and whose the number or day is where it is not the text's own."""
    place, paper, owner = clause(entry), cited(entry.directive), _owner(entry)
    example = _example(entry, owner)
    return Text(f"{place.vi}{paper.vi}{owner.vi}{example.vi}", f"{place.en}{paper.en}{owner.en}{example.en}")


def _owner(entry: Entry) -> Text:
    """Who set the limit of a figure and when; what an assumed rule assumes."""
    if entry.figure is not None and entry.figure.set_by and entry.figure.set_on is not None:
        by, on = entry.figure.set_by, day(entry.figure.set_on)
        return Text(f"; ngưỡng do {by.vi} đặt ngày {on}", f"; limit set by {by.en} on {on}")
    if entry.setting is not None:
        by, on = entry.setting.by, day(entry.setting.on)
        what = Text("mức", "number") if entry.kind is TaskKind.QUOTA else Text("hạn", "limit")
        return Text(f"; {what.vi} do {by.vi} đặt ngày {on}", f"; {what.en} set by {by.en} on {on}")
    if entry.basis is Basis.ASSUMED and entry.assumes is not None:
        vi, en = entry.assumes.vi.rstrip("."), entry.assumes.en.rstrip(".")
        return Text(f"; theo giả định: {vi}", f"; assumed: {en}")
    return _NOTHING


def _example(entry: Entry, owner: Text) -> Text:
    """That a number is an example; behind its owner, or with its own subject where none is named."""
    if entry.basis is not Basis.EXAMPLE:
        return _NOTHING
    if owner.vi:
        subject = Text(",", ",")
    elif entry.kind in (TaskKind.LEVEL, TaskKind.READING):
        subject = Text("; ngưỡng theo dõi", "; the watch limit is")
    else:
        subject = Text("; hạn và số lượng", "; its day and number are")
    return Text(
        f"{subject.vi} là tham số ví dụ, không phải mức quy định trong văn bản",
        f"{subject.en} an example, not a number of the document",
    )


def period(entry: Entry) -> Text | None:
    """The period of a figure and the day it came in; None for a row that has no figure's period."""
    if entry.period is None or entry.kind not in (TaskKind.LEVEL, TaskKind.READING):
        return None
    came = entry.figure.recorded_on if entry.figure else None
    if came is None:
        return entry.period
    return Text(f"{entry.period.vi}; nhận ngày {day(came)}", f"{entry.period.en}; received on {day(came)}")


def because(entry: Entry, digest: Digest) -> Text:
    """Why this row is told to this reader tonight."""
    if entry.waived is not None and entry.stands_still:
        return waiving.because(entry, entry.waived)
    if entry.section is Section.ENDING:
        return _ending(entry, digest)
    said = _repeated(entry) if entry.section is Section.STILL else None
    if said is None:
        said = _found(entry, digest)
    before, copies = _older(entry), _copies(entry)
    also = _milder(entry)
    return Text(f"{said.vi}{also.vi}{before.vi}{copies.vi}", f"{said.en}{also.en}{before.en}{copies.en}")


def _ending(entry: Entry, digest: Digest) -> Text:
    if entry.kind is TaskKind.QUOTA and entry.count is not None:
        until, said = day(seen_until(digest)), share(entry)
        return Text(
            f"đến hết ngày {until} ghi nhận {said.vi}; kỳ chưa kết thúc nên chưa tính là không đạt.",
            f"{said.en} recorded up to {until}; the period is not over, so it is not counted as missed.",
        )
    if entry.limit is None:
        return Text("nhắc trước hạn.", "a reminder before the limit.")
    last = weekday(entry.limit.last_workday)
    return Text(
        f"nhắc trước hạn; ngày làm việc cuối trong hạn là {last.vi}.",
        f"a reminder before the limit; the last working day in time is {last.en}.",
    )


def _repeated(entry: Entry) -> Text | None:
    if entry.last_notified is None:
        return None
    when = day(entry.last_notified)
    return Text(f"chưa có thay đổi so với thư ngày {when}.", f"nothing has changed since the letter of {when}.")


def _found(entry: Entry, digest: Digest) -> Text:
    if entry.parts is not None:
        said = derived.found(entry.parts, day(seen_until(digest)), lacking(entry))
    else:
        said = _figure(entry) if entry.kind is TaskKind.LEVEL else _missing(entry, digest)
    notified = _notified(entry, digest)
    return Text(f"{said.vi}{notified.vi}", f"{said.en}{notified.en}")


def _milder(entry: Entry) -> Text:
    """The other limits that the figure is beyond, each with whose it is and its own case (decision 38)."""
    vi, en = [], []
    for other in entry.milder:
        side, by, on = figures.verdict(other.figure), other.figure.set_by, other.figure.set_on
        assert by is not None
        assert on is not None
        example = Text("; tham số ví dụ", "; an example") if other.basis is Basis.EXAMPLE else _NOTHING
        vi.append(f"{side.vi} do {by.vi} đặt ngày {day(on)} (hồ sơ {other.code}{example.vi})")
        en.append(f"{side.en} set by {by.en} on {day(on)} (case {other.code}{example.en})")
    if not vi:
        return _NOTHING
    return Text(f" Số liệu này cũng {listed(vi, ' và ')}.", f" The figure is also {listed(en, ' and ')}.")


def _figure(entry: Entry) -> Text:
    figure = entry.figure
    if figure is None:
        return Text("số liệu vượt ngưỡng.", "the figure is beyond its limit.")
    side, rise, value = figures.verdict(figure), figures.rise(figure), figures.value(figure)
    if rise is not None:
        return Text(f"số liệu {rise.vi}, {side.vi}.", f"the figure shows {rise.en}, {side.en}.")
    return Text(f"số liệu kỳ này là {value.vi}, {side.vi}.", f"this period's figure is {value.en}, {side.en}.")


def _missing(entry: Entry, digest: Digest) -> Text:
    until, what = day(seen_until(digest)), thing(entry)
    if entry.kind is TaskKind.QUOTA and entry.count is not None:
        return _quota(entry, until)
    whose = _NOTHING
    if grouped(entry, digest):
        n = counted(len(entry.units), ANY_UNIT.vi, "unit")
        whose = Text(f" của {n.vi}", f" from {n.en}")
    if digest.direction in _UP and entry.earlier:
        times, when = counted(len(entry.earlier), "lần", "time"), days(entry.earlier, ", ")
        return Text(
            f"sau {times.vi} đôn đốc ({when}), hệ thống vẫn chưa ghi nhận {what.vi}{whose.vi}.",
            f"after following up {times.en} ({when}) nothing is recorded of: {what.en}{whose.en}.",
        )
    return Text(
        f"đến hết ngày {until}, hệ thống chưa ghi nhận {what.vi}{whose.vi}.",
        f"up to the end of {until} nothing is recorded of: {what.en}{whose.en}.",
    )


def _quota(entry: Entry, until: str) -> Text:
    """What the unit itself has entered is its own word; without it, only what was seen can be said."""
    when = Text(f" trong {entry.period.vi}", f" in {entry.period.en}") if entry.period else _NOTHING
    entered = entry.figure.recorded_on if entry.figure else None
    if entered is not None:
        times = counted(entry.count or 0, "lần", "time")
        return Text(
            f"đơn vị đã cập nhật số liệu ngày {day(entered)}, ghi {times.vi}{when.vi}.",
            f"the unit entered its figures on {day(entered)}: {times.en}{when.en}.",
        )
    said = share(entry)
    return Text(
        f"đến hết ngày {until}, hệ thống ghi nhận {said.vi}{when.vi}.",
        f"{said.en} recorded{when.en} up to the end of {until}.",
    )


def _notified(entry: Entry, digest: Digest) -> Text:
    """What went before: the unit's own reminders and letters, or this reader's last letter."""
    if digest.direction is not Direction.OWN:
        if entry.last_notified is None:
            return _NOTHING
        when = day(entry.last_notified)
        if digest.direction in _UP:
            return Text(f" Đã báo cáo quý cơ quan ngày {when}.", f" Reported to you on {when}.")
        return Text(f" Đã gửi quý cơ quan thư ngày {when}.", f" You were written to on {when}.")
    vi, en = [], []
    if entry.earlier_reminders:
        vi.append(f"nhắc ngày {days(entry.earlier_reminders, ' và ')}")
        en.append(f"reminded on {days(entry.earlier_reminders, ' and ')}")
    if entry.earlier:
        vi.append(f"đôn đốc ngày {days(entry.earlier, ' và ')}")
        en.append(f"followed up on {days(entry.earlier, ' and ')}")
    if not vi:
        return _NOTHING
    return Text(f" Đã {', '.join(vi)}.", f" Earlier letters: {', '.join(en)}.")


_OLDER_SHOWN = 3


def _older(entry: Entry) -> Text:
    """The missed periods that this row stands for, the latest by name (decision 11)."""
    if not entry.older:
        return _NOTHING
    shown, more = entry.older[-_OLDER_SHOWN:], len(entry.older) - _OLDER_SHOWN
    vi, en = listed([one.vi for one in shown], " và "), listed([one.en for one in shown], " and ")
    before = Text("", "")
    if more > 0:
        before = Text(f", và {count(more)} kỳ trước đó", f", and {more:,} before")
    return Text(f" Kỳ trước chưa đạt: {vi}{before.vi}.", f" Missed before: {en}{before.en}.")


def _copies(entry: Entry) -> Text:
    if not entry.copied_to:
        return _NOTHING
    names = offices(entry.copied_to)
    return Text(f" Thư này đồng gửi {names.vi}.", f" Copied to {names.en}.")


def followed_up(entry: Entry, digest: Digest) -> Text | None:
    """How often the unit was written to, for a superior who reads a quota or an indicator."""
    if digest.direction not in _UP or not entry.earlier or entry.kind not in _FOLLOWED_UP:
        return None
    when = days(entry.earlier, ", ")
    n = len(entry.earlier)
    return Text(f"{count(n)} lần ({when}).", f"{n} {'time' if n == 1 else 'times'} ({when}).")
