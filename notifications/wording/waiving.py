"""What is said of a waiver: until when, by whom and on what basis, and that the task itself stays as it is."""

from __future__ import annotations

from datetime import date

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry, NextAct, WaivedSpan
from dondoc.notifications.wording.facts import object_of
from dondoc.notifications.wording.limits import overdue
from dondoc.notifications.wording.names import named_behind, who
from dondoc.notifications.wording.numbers import count, day, weekday


def line(entry: Entry) -> Text | None:
    """The days, who allowed it, on what it rests and why; None for a row without a waiver."""
    waived = entry.waived
    if waived is None:
        return None
    end, since = _through(waived.until), day(waived.first)
    tail = Text("", "")
    if not waived.holds:
        tail = Text("; các ngày này không tính vào bước đôn đốc", "; these days do not count towards any step")
    by, basis, why = waived.granted_by, _clause(waived.legal_basis), _clause(waived.reason)
    return Text(
        f"từ ngày {since} đến {end.vi}, do {by.vi} cho phép; căn cứ: {basis.vi}; lý do: {why.vi}{tail.vi}",
        f"from {since} {end.en}, allowed by {by.en}; basis: {basis.en}; reason: {why.en}{tail.en}",
    )


def _through(until: date) -> Text:
    return Text(f"hết ngày {day(until)}", f"up to the end of {day(until)}")


def _clause(text: Text) -> Text:
    """A text of the waiver file without its full stop, to stand inside a sentence."""
    return Text(text.vi.rstrip("."), text.en.rstrip("."))


def badge(entry: Entry, waived: WaivedSpan) -> tuple[Text, Text, Text, Text]:
    """Word, number, unit and aside; a late row still says how late it is, from its last day."""
    until = f"{waived.until:%d/%m}"
    aside = Text("", "")
    if entry.kind is not TaskKind.LEVEL and entry.workdays:
        late = overdue(entry.workdays)
        aside = Text(f"({late.vi})", f"({late.en})")
    return Text("Tạm miễn đến", "Waived until"), Text(until, until), Text("", ""), aside


def subjects(entry: Entry, digest: Digest, waived: WaivedSpan) -> tuple[str, ...]:
    """The Vietnamese subject, the fullest form first."""
    until, about = day(waived.until), object_of(entry).vi
    if entry.section is Section.ENDING:
        return f"Sắp hết thời gian tạm miễn ({until}): {about}", f"Sắp hết thời gian tạm miễn ({until})"
    lead = f"Tạm miễn đến {until}: "
    whose = "" if digest.direction is Direction.OWN else f"{who(entry, digest).vi}, "
    return f"{lead}{whose}{about}", f"{lead}{about}"


def headline(entry: Entry, digest: Digest, waived: WaivedSpan) -> Text:
    """The first sentence, without its full stop."""
    about, last, end = object_of(entry), weekday(waived.until), _through(waived.until)
    if entry.section is Section.ENDING:
        then = Text("", "")
        if entry.next_on is not None and entry.next_act is NextAct.RESUME:
            on = day(entry.next_on)
            then = Text(f"; từ ngày {on} tiếp tục theo dõi", f"; it is followed up again from {on}")
        return Text(
            f"kính nhắc: thời gian tạm miễn {about.vi} hết vào {last.vi}{then.vi}",
            f"reminder: the waiver of {about.en} ends on {last.en}{then.en}",
        )
    if digest.direction is Direction.OWN:
        return Text(f"{about.vi} được tạm miễn đến {end.vi}", f"{about.en} is waived {end.en}")
    named, units = who(entry, digest), named_behind(entry, digest)
    return Text(
        f"{about.vi} của {named.vi} được tạm miễn đến {end.vi}{units}",
        f"{about.en}, {named.en}, is waived {end.en}{units}",
    )


def because(entry: Entry, waived: WaivedSpan) -> Text:
    """Why the row stands in the letter, as a sentence."""
    end, last = _through(waived.until), weekday(waived.until)
    if entry.section is Section.ENDING:
        return Text(
            f"báo trước khi hết thời gian tạm miễn; ngày cuối được tạm miễn là {last.vi}.",
            f"announced before the waiver ends; its last day is {last.en}.",
        )
    return Text(
        f"được tạm miễn đến {end.vi}; trong thời gian này không đôn đốc, việc vẫn ghi là chưa hoàn thành.",
        f"waived {end.en}; it is not followed up till then and stays recorded as open.",
    )


def besides(waived: int) -> Text:
    """What a letter's counts leave out because it is waived; empty when nothing is."""
    if not waived:
        return Text("", "")
    return Text(f"; ngoài ra tạm miễn {count(waived)} việc", f"; besides, {waived:,} waived")
