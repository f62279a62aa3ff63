"""Why a row is in this letter, and its legal basis."""

from __future__ import annotations

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import UPWARD, Digest, Direction, Entry, MilderLimit
from dondoc.notifications.wording import figures, leading, moved_limits, waiving
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.names import cited, clause, document
from dondoc.notifications.wording.numbers import capital, counted, day, days, listed, number, without_stop


def basis(entry: Entry) -> Text:
    """Clause and document, and which office set the number or day where the document does not."""
    owner = _owner(entry)
    return Text.join("", (clause(entry), cited(entry.directive), owner, _example(entry, owner), _assumed(entry)))


def brief_basis(entry: Entry) -> Text:
    """The same in one line: the foot of a brief letter has day and issuer, and what a rule assumes."""
    return Text.join("", (clause(entry), document(entry.directive), _owner(entry)))


def beside_the_document(entry: Entry) -> Text:
    """What the foot of a brief letter says of a rule that is not wholly in the document; empty: it is."""
    said = [_example(entry, NO_TEXT), _assumed(entry)]
    whole = Text.join("", [one for one in said if one.vi])
    return Text(*(f"{capital(half.removeprefix('; '))}." if half else "" for half in (whole.vi, whole.en)))


def mark(entry: Entry) -> Text | None:
    """In a word that a rule is not wholly in the document; None where it is."""
    if entry.basis is Basis.EXAMPLE:
        return Text("tham số ví dụ", "an example")
    return Text("theo giả định", "assumed") if entry.basis is Basis.ASSUMED else None


def _owner(entry: Entry) -> Text:
    """Who set the limit of a figure, or the day or number of a task, and when."""
    if entry.figure is not None and entry.figure.set_by and entry.figure.set_on is not None:
        by, on = entry.figure.set_by, day(entry.figure.set_on)
        return Text.format("; ngưỡng do {by} đặt ngày {on}", "; limit set by {by} on {on}", by=by, on=on)
    if entry.setting is not None:
        by, on = entry.setting.by, day(entry.setting.on)
        what = wording_of(entry.kind).parameter
        return Text.format(
            "; {what} do {by} đặt ngày {on}", "; {what} set by {by} on {on}", what=what, by=by, on=on
        )
    return NO_TEXT


def _assumed(entry: Entry) -> Text:
    """What a rule assumes that is not wholly in the document, whoever set its limit."""
    if entry.basis not in (Basis.ASSUMED, Basis.EXAMPLE) or entry.assumes is None:
        return NO_TEXT
    assumes = without_stop(entry.assumes)
    return Text.format("; theo giả định: {assumes}", "; assumed: {assumes}", assumes=assumes)


def _example(entry: Entry, owner: Text) -> Text:
    """That a number is an example; after the office that set it, or as its own sentence where none is named."""
    if entry.basis is not Basis.EXAMPLE:
        return NO_TEXT
    subject = Text(",", ",") if owner.vi else wording_of(entry.kind).example
    return Text.format(
        "{subject} là tham số ví dụ, không phải mức quy định trong văn bản",
        "{subject} an example, not a number of the document",
        subject=subject,
    )


def period(entry: Entry) -> Text | None:
    """The period of a figure and the day it was recorded; None for a row without one."""
    if entry.period is None or not wording_of(entry.kind).indicator:
        return None
    # The label of the line says that it is a period.
    said = Text(entry.period.vi.removeprefix("kỳ "), entry.period.en)
    came = entry.figure.recorded_on if entry.figure else None
    if came is None:
        return said
    return Text.format("{period}; nhận ngày {day}", "{period}; received on {day}", period=said, day=day(came))


def because(entry: Entry, digest: Digest) -> Text:
    """Why this reader is notified of this row tonight."""
    if entry.waived is not None and entry.stands_still:
        return waiving.because(entry, entry.waived)
    if entry.extended is not None:
        return moved_limits.because(entry, digest, *entry.extended)
    if entry.section is Section.ENDING:
        return wording_of(entry.kind).reminder(entry, digest)
    if leading.is_unchanged(entry):
        said = _repeated(entry)
    else:
        found = wording_of(entry.kind).found(entry, digest)
        said = Text.join("", (found, _notified(entry, digest)))
    return Text.join("", (said, _withdrawn(entry), _milder(entry), _older(entry), _also_notified(entry)))


def beyond_headline(entry: Entry, digest: Digest) -> Text | None:
    """What the headline of a brief letter does not say of why it comes; None: nothing."""
    if entry.waived is not None and entry.stands_still:
        return waiving.because(entry, entry.waived)
    if entry.extended is not None:
        return moved_limits.because(entry, digest, *entry.extended)
    kind, figure = wording_of(entry.kind), entry.figure
    if entry.section is Section.ENDING:
        return None if kind.dated else kind.reminder(entry, digest)
    # How a figure came there is no part of its headline.
    moved = figure is not None and (figures.rises(figure) or figures.falls(figure))
    found = NO_TEXT if kind.dated or (kind.indicator and not moved) else kind.found(entry, digest)
    said = Text.join("", (found, _withdrawn(entry), _milder(entry), _older(entry)))
    return _trimmed(said)


def earlier_letters(entry: Entry, digest: Digest) -> Text | None:
    """The earlier letters about a row, in a line of their own; None: there are none, or the ask names them."""
    if entry.section is Section.ENDING or digest.direction is Direction.UP_PARTY:
        return None
    if digest.direction in UPWARD and entry.earlier:
        on = Text.join(", ", days(entry.earlier))
        return Text.format("Đã đôn đốc {on}.", "Followed up on {on}.", on=on)
    return _trimmed(_notified(entry, digest))


def _trimmed(said: Text) -> Text | None:
    return Text(said.vi.strip(), said.en.strip()) if said.vi else None


def _withdrawn(entry: Entry) -> Text:
    """That the row stands as it does because of a correction of what was recorded."""
    if entry.withdrawn is None:
        return NO_TEXT
    return Text.format(
        " Dữ liệu ghi nhận trước đó về việc này đã được rút ngày {on}; xét lại như chưa ghi nhận.",
        " What was recorded of this before was withdrawn on {on}; it is judged as never recorded.",
        on=day(entry.withdrawn),
    )


def _repeated(entry: Entry) -> Text:
    assert entry.last_notified is not None
    when = day(entry.last_notified)
    return Text(f"chưa có thay đổi so với thư ngày {when}.", f"nothing has changed since the letter of {when}.")


def _milder(entry: Entry) -> Text:
    """The other limits that the figure is beyond, each with the office that set it and its case (decision 38)."""
    if not entry.milder:
        return NO_TEXT
    limits = listed([_beyond(other) for other in entry.milder])
    return Text.format(" Số liệu này cũng {limits}.", " The figure is also {limits}.", limits=limits)


def _beyond(other: MilderLimit) -> Text:
    by, on = other.figure.set_by, other.figure.set_on
    assert by is not None
    assert on is not None
    return Text.format(
        "{side} do {by} đặt ngày {on} (hồ sơ {code}{example})",
        "{side} set by {by} on {on} (case {code}{example})",
        side=figures.verdict(other.figure),
        by=by,
        on=day(on),
        code=other.code,
        example=Text("; tham số ví dụ", "; an example") if other.basis is Basis.EXAMPLE else NO_TEXT,
    )


def _notified(entry: Entry, digest: Digest) -> Text:
    """The earlier letters: the unit's reminders and letters, or this reader's last letter."""
    if digest.direction is not Direction.OWN:
        if entry.last_notified is None:
            return NO_TEXT
        when = day(entry.last_notified)
        if digest.direction in UPWARD:
            return Text(f" Đã báo cáo quý cơ quan ngày {when}.", f" Reported to you on {when}.")
        return Text(f" Đã gửi quý cơ quan thư ngày {when}.", f" You were written to on {when}.")
    letters = []
    if entry.earlier_reminders:
        on = listed(days(entry.earlier_reminders))
        letters.append(Text.format("nhắc {day}{on}", "reminded on {on}", on=on, day=_DAY_WORD[digest.is_brief]))
    if entry.earlier:
        on = listed(days(entry.earlier))
        letters.append(
            Text.format("đôn đốc {day}{on}", "followed up on {on}", on=on, day=_DAY_WORD[digest.is_brief])
        )
    if not letters:
        return NO_TEXT
    return Text.format(" Đã {letters}.", " Earlier letters: {letters}.", letters=Text.join(", ", letters))


_DAY_WORD = {False: Text("ngày ", ""), True: NO_TEXT}
_OLDER_SHOWN = 3


def _older(entry: Entry) -> Text:
    """The missed periods that this row stands for, the latest by name (decision 11)."""
    if not entry.older:
        return NO_TEXT
    periods, more = listed(entry.older[-_OLDER_SHOWN:]), len(entry.older) - _OLDER_SHOWN
    if more > 0:
        periods = Text.format(
            "{periods}, và {n} kỳ trước đó", "{periods}, and {n} before", periods=periods, n=number(more)
        )
    return Text.format(" Kỳ trước chưa đạt: {periods}.", " Missed before: {periods}.", periods=periods)


def _also_notified(entry: Entry) -> Text:
    if not entry.also_notified:
        return NO_TEXT
    return Text.format(
        " {offices} cũng nhận thư về việc này.",
        " A letter about it also goes to {offices}.",
        offices=listed(entry.also_notified),
    )


def followed_up(entry: Entry, digest: Digest) -> Text | None:
    """How many letters the unit got, for a superior whose row does not say it in `because`."""
    if digest.direction not in UPWARD or not entry.earlier or not wording_of(entry.kind).followed_up:
        return None
    times, when = counted(len(entry.earlier), "lần", "time"), Text.join(", ", days(entry.earlier))
    return Text.format("{times} ({when}).", times=times, when=when)
