"""The wording of a waiver: until when, by whom and on what basis, and that the task itself stays."""

from __future__ import annotations

from datetime import date

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, Direction, Entry, NextAct, WaivedSpan
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.limits import overdue
from dondoc.notifications.wording.names import named_behind, object_of, who
from dondoc.notifications.wording.numbers import day, number, weekday, without_stop


def line(entry: Entry) -> Text | None:
    """The days, the office that granted it, its legal basis and reason; None for a row without a waiver."""
    return None if entry.waived is None else span(entry.waived)


def span(waived: WaivedSpan) -> Text:
    """The days, the office that granted them, its legal basis and reason."""
    tail = NO_TEXT
    if not waived.holds:
        tail = Text("; các ngày này không tính vào bước đôn đốc", "; these days do not count towards any step")
    return Text.format(
        "từ ngày {since} đến {end}, do {by} cho phép; căn cứ: {basis}; lý do: {reason}{tail}",
        "from {since} {end}, allowed by {by}; basis: {basis}; reason: {reason}{tail}",
        since=day(waived.first),
        end=_through(waived.until),
        by=waived.granted_by,
        basis=without_stop(waived.legal_basis),
        reason=without_stop(waived.reason),
        tail=tail,
    )


def _through(until: date) -> Text:
    return Text(f"hết ngày {day(until)}", f"up to the end of {day(until)}")


def badge(entry: Entry, waived: WaivedSpan) -> tuple[Text, Text, Text, Text]:
    """Word, number, unit and aside; a late row still says how late it is, from its last day."""
    until = f"{waived.until:%d/%m}"
    aside = NO_TEXT
    if entry.workdays and wording_of(entry.kind).due:
        aside = Text.format("({late})", late=overdue(entry.workdays))
    return Text("Tạm dừng nhắc đến", "Paused until"), Text(until, until), NO_TEXT, aside


def subjects(entry: Entry, digest: Digest, waived: WaivedSpan) -> tuple[str, ...]:
    """The Vietnamese subject, the fullest form first."""
    until, about = day(waived.until), object_of(entry).vi
    if entry.section is Section.ENDING:
        return f"Sắp hết thời gian tạm dừng nhắc ({until}): {about}", f"Sắp hết thời gian tạm dừng nhắc ({until})"
    lead = f"Tạm dừng nhắc đến {until}: "
    whose = "" if digest.direction is Direction.OWN else f"{who(entry, digest).vi}, "
    return f"{lead}{whose}{about}", f"{lead}{about}"


def headline(entry: Entry, digest: Digest, waived: WaivedSpan) -> Text:
    """The first sentence, without its full stop."""
    about, end = object_of(entry), _through(waived.until)
    if entry.section is Section.ENDING:
        then = NO_TEXT
        if entry.next_on is not None and entry.next_act is NextAct.RESUME:
            on = day(entry.next_on)
            then = Text(f"; từ ngày {on} tiếp tục theo dõi", f"; it is followed up again from {on}")
        vi = "kính nhắc: thời gian tạm dừng nhắc {about} hết vào {last}{then}"
        en = "reminder: the waiver of {about} ends on {last}{then}"
        return Text.format(vi, en, about=about, last=weekday(waived.until), then=then)
    if digest.direction is Direction.OWN:
        return Text.format(
            "tạm dừng nhắc {about} đến {end}", "{about}: reminders are paused {end}", about=about, end=end
        )
    vi = "tạm dừng nhắc {about} của {whose} đến {end}{units}"
    en = "{about}, {whose}: reminders are paused {end}{units}"
    return Text.format(vi, en, about=about, whose=who(entry, digest), end=end, units=named_behind(entry, digest))


def because(entry: Entry, waived: WaivedSpan) -> Text:
    """Why the row is in the letter, as a sentence."""
    if entry.section is Section.ENDING:
        return Text.format(
            "báo trước khi hết thời gian tạm dừng nhắc; ngày cuối tạm dừng nhắc là {last}.",
            "announced before the waiver ends; its last day is {last}.",
            last=weekday(waived.until),
        )
    return Text.format(
        "tạm dừng nhắc đến {end}; trong thời gian này không đôn đốc, việc vẫn ghi là chưa hoàn thành.",
        "reminders are paused {end}; nothing is followed up till then, and the task stays recorded as open.",
        end=_through(waived.until),
    )


def besides(waived: int, unjudged: int, declared: int) -> Text:
    """What a letter's four counts do not say; empty when nothing.

    How many of the overdue are declared and not confirmed, and what is in none of the four: waived, or not judged.
    """
    among = NO_TEXT
    if declared:
        among = Text.format(
            "; trong số quá hạn có {n} việc đã báo gửi, chưa xác nhận",
            "; of the overdue, {n} declared and not confirmed",
            n=number(declared),
        )
    apart = []
    if waived:
        apart.append(Text.format("tạm dừng nhắc {n} việc", "{n} paused", n=number(waived)))
    if unjudged:
        apart.append(Text.format("chưa xét được {n} việc", "{n} not judged", n=number(unjudged)))
    if not apart:
        return among
    vi, en = "{among}; ngoài ra {apart}", "{among}; besides, {apart}"
    return Text.format(vi, en, among=among, apart=Text.join(", ", apart))
