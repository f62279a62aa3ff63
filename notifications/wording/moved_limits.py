"""The wording of a limit that has moved: from which day to which, since when, and that nothing is late yet."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.notifications.digest import Digest, Direction, Entry, Limit, MovedLimit
from dondoc.notifications.wording.limits import by_end_of, until
from dondoc.notifications.wording.names import named_behind, object_of, who
from dondoc.notifications.wording.numbers import day, days, listed


def badge(limit: Limit) -> tuple[Text, Text]:
    """Word and number of a row whose new limit lies ahead."""
    last = f"{limit.last_day:%d/%m}"
    return Text("Gia hạn đến", "Extended to"), Text(last, last)


def subjects(entry: Entry, digest: Digest, limit: Limit, moved: MovedLimit) -> tuple[str, ...]:
    """The Vietnamese subject, the fullest form first; a limit that has passed by now extends nothing."""
    word = "Gia hạn đến" if moved.ahead else "Điều chỉnh hạn thành"
    lead, about = f"{word} {day(limit.last_day)}: ", object_of(entry).vi
    whose = "" if digest.direction is Direction.OWN else f"{who(entry, digest).vi}, "
    return f"{lead}{whose}{about}", f"{lead}{about}"


def headline(entry: Entry, digest: Digest, limit: Limit, moved: MovedLimit) -> Text:
    """The first sentence, without its full stop."""
    word = (
        Text("được gia hạn", "is extended")
        if moved.ahead
        else Text("có hạn được điều chỉnh", "has its limit moved")
    )
    said = Text.format(
        "{word}, hạn mới {until} (hạn đầu tiên: {first})",
        "{word}; the new limit: {until} (the first one: {first})",
        word=word,
        until=until(limit),
        first=by_end_of(moved.first),
    )
    about = object_of(entry)
    if digest.direction is Direction.OWN:
        return Text.format("{about} {said}", "{about} {said}", about=about, said=said)
    vi, en = "{about} của {whose} {said}{units}", "{about}, {whose}, {said}{units}"
    return Text.format(vi, en, about=about, whose=who(entry, digest), said=said, units=named_behind(entry, digest))


def because(entry: Entry, digest: Digest, limit: Limit, moved: MovedLimit) -> Text:
    """Why the row is in the letter, as sentences; the letters under the first limit stay named."""
    said = Text.format(
        "hạn chuyển từ {first} sang {until}, hệ thống ghi nhận ngày {on}.",
        "the limit moved from {first} to {until}, as recorded on {on}.",
        first=by_end_of(moved.first),
        until=until(limit),
        on=day(moved.on),
    )
    if moved.ahead:
        said = Text.format(
            "{said} Trong hạn mới, việc này không tính là quá hạn.",
            "{said} Until then it does not count as overdue.",
            said=said,
        )
    if entry.earlier and digest.direction is Direction.OWN:
        sent = listed(days(entry.earlier))
        said = Text.format(
            "{said} Đã đôn đốc theo hạn cũ ngày {sent}.", "{said} Followed up on {sent}.", said=said, sent=sent
        )
    return said
