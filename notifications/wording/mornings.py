"""The words of a morning: how the night ran, what became of letters, how the sources stand, what leaves next.

The operator's letter and the page of the desk print the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dondoc.engine.domain.model import NO_TEXT, ZONE, Text
from dondoc.engine.domain.terms import NightState
from dondoc.notifications.morning import Delivery, LetterFate, Morning, MorningLine, Need, SourceStanding
from dondoc.notifications.wording import operating
from dondoc.notifications.wording.labels import instant
from dondoc.notifications.wording.numbers import capital, count, counted, day, number, part_of

NEEDS = {Need.NOTHING: operating.GOOD, Need.LOOK: operating.LOOK, Need.ACT: operating.ACT}
SOURCES = Text("NGUỒN DỮ LIỆU", "SOURCES")

_LIST = Text("xem dondoc outbox list", "see dondoc outbox list")
_SHOWN = 5


def headline(at: Morning) -> Text:
    """How the night ran, what was delivered, and how many letters will leave at which hour."""
    if at.due > at.night:
        return operating.absent(at.due)
    said = Text.format(
        "Đêm {day} {how}",
        "The night of {day} {how}",
        day=day(at.night),
        how=operating.STATES[at.state][0],
    )
    parts = [*_delivered(at.delivery), *_to_leave(at)]
    rest = Text.join(", ", parts) if parts else Text("không có thư", "no letter")
    return Text.format("{said}; {rest}.", "{said}; {rest}.", said=said, rest=rest)


def subject(at: Morning, todo: int) -> str:
    """`Đêm 02/01/2024: chạy xong, 10/11 thư đã đi, 03 việc cần xử lý`; of quiet nights, all of them together.

    What waits is counted where nothing was due: the headline has both.
    """
    ran = f"Đêm {day(at.night)}: {operating.STATES[at.state][1]}"
    if at.ran > 1 and at.delivery.since is not None and not todo and at.state is NightState.OK:
        ran = f"Yên ổn {day(at.delivery.since)} – {day(at.night)}: {count(at.ran)} đêm chạy xong"
    parts = [*_delivered(at.delivery)] or [*_to_leave(at)]
    needed = [f"{count(todo)} việc cần xử lý"] if todo else []
    return ", ".join([ran, *(part.vi for part in parts), *needed])


def _delivered(of: Delivery) -> Iterator[Text]:
    """How many letters of how many arrived; nothing where none was due."""
    if of.due:
        yield Text.format("{n} thư đã đi", "{n} letters left", n=part_of(of.delivered, of.due))


def _to_leave(at: Morning) -> Iterator[Text]:
    """How many letters of the night leave from which hour; nothing where none does."""
    letters = counted(at.delivery.leaving, "thư", "letter")
    if at.delivery.leaving:
        vi, en = "{n} chờ gửi từ {at}", "{n} to leave from {at}"
        yield Text.format(vi, en, n=letters, at=f"{at.leaves:%H:%M}")


def lines(at: Morning) -> Iterator[MorningLine]:
    """One line for each question; of mailboxes and letters in doubt only where there are some."""
    yield ran(at)
    yield delivered(at.delivery)
    yield from returned(at)
    yield from in_doubt(at)
    yield from pulled(at.sources)
    yield leaving(at)


def ran(at: Morning) -> MorningLine:
    """Whether the night ran, and all nights since the operator's last letter."""
    question = operating.QUESTIONS["ran"]
    if at.due > at.night:
        said = Text.format(
            "Chưa, cho ngày {due}; đêm gần nhất đã chạy là {night}",
            "No, for {due}; the latest that ran is {night}",
            due=day(at.due),
            night=day(at.night),
        )
        again = Text("xem dondoc doctor, rồi dondoc nightly", "see dondoc doctor, then dondoc nightly")
        return MorningLine(question, said, Need.ACT, again)
    well = at.state is NightState.OK
    said = Text.join("; ", (operating.ran(at.night, well=well), *_nights(at)))
    if well and not at.missed:
        return MorningLine(question, said)
    return MorningLine(question, said, Need.LOOK, Text("xem dondoc status", "see dondoc status"))


def _nights(at: Morning) -> Iterator[Text]:
    """How many nights ran since the operator's last letter, where it was more than this one."""
    if at.delivery.since is not None and at.ran > 1:
        yield Text.format(
            "từ thư ngày {since} đã chạy {nights}",
            "since the letter of {since} {nights} ran",
            since=day(at.delivery.since),
            nights=counted(at.ran, "đêm", "night"),
        )
    if at.missed:
        yield Text.format("lỡ {nights}", "{nights} missed", nights=counted(at.missed, "đêm", "night"))


def delivered(of: Delivery) -> MorningLine:
    """How many letters of how many arrived since the operator's last letter, and what became of the others."""
    since = Text("Từ trước tới nay", "Ever")
    if of.since is not None:
        since = Text(f"Từ thư ngày {day(of.since)}", f"Since the letter of {day(of.since)}")
    if not of.due:
        said = Text.format("{since}: không có thư đến hạn", "{since}: no letter was due", since=since)
        return MorningLine(operating.QUESTIONS["delivered"], said)
    parts = [*_delivered(of), *_rest(of)]
    said = Text.format("{since}: {parts}", "{since}: {parts}", since=since, parts=Text.join(", ", parts))
    if of.unknown or of.refused:
        return MorningLine(operating.QUESTIONS["delivered"], said, Need.ACT, _LIST)
    if of.waiting or of.expired:
        return MorningLine(operating.QUESTIONS["delivered"], said, Need.LOOK, _LIST)
    return MorningLine(operating.QUESTIONS["delivered"], said)


def _rest(of: Delivery) -> Iterator[Text]:
    for n, what in (
        (of.waiting, Text("còn chờ", "still waiting")),
        (of.unknown, Text("chưa rõ", "of unknown fate")),
        (of.refused, Text("bị trả lại", "refused")),
        (of.expired, Text("hết hạn gửi", "expired")),
    ):
        if n:
            yield Text.format("{n} {what}", "{n} {what}", n=number(n), what=what)


def returned(at: Morning) -> Iterator[MorningLine]:
    """The offices whose mailbox refused a letter, and whether another one took it."""
    if at.delivery.returned:
        yield MorningLine(
            operating.QUESTIONS["returned"],
            _some([refusal(at, one) for one in at.delivery.returned]),
            Need.ACT,
            CORRECT_MAILBOX,
        )


CORRECT_MAILBOX = Text(
    "sửa mailboxes.csv, rồi dondoc import mailboxes.csv", "correct mailboxes.csv, then dondoc import mailboxes.csv"
)


def refusal(at: Morning, one: LetterFate) -> Text:
    """Whose mailbox refused the letter of which day, and whether another office had it."""
    passed = (
        Text("đã gửi nơi khác chuyển giúp", "another office passes it on")
        if one.passed_on
        else Text("không nơi nào chuyển giúp", "nobody passes it on")
    )
    return Text.format(
        "{name}, thư ngày {day}, {passed}",
        "{name}, letter of {day}, {passed}",
        name=at.name(one.office),
        day=day(one.night),
        passed=passed,
    )


def in_doubt(at: Morning) -> Iterator[MorningLine]:
    """The letters of which nobody knows whether they arrived."""
    doubtful = at.delivery.in_doubt
    if doubtful:
        named = [
            Text.format(
                "{name}, thư ngày {day}", "{name}, letter of {day}", name=at.name(one.office), day=day(one.night)
            )
            for one in doubtful
        ]
        yield MorningLine(operating.QUESTIONS["in_doubt"], _some(named), Need.ACT, _ask_whether(doubtful))


def _ask_whether(doubtful: Sequence[LetterFate]) -> Text:
    key = doubtful[0].id[:12]
    more = len(doubtful) > 1
    return Text.format(
        "hỏi cơ quan nhận; đã tới: dondoc outbox arrived {key}, chưa tới: dondoc outbox retry {key}{more}",
        "ask the office; it came: dondoc outbox arrived {key}, it did not: dondoc outbox retry {key}{more}",
        key=key,
        more=Text("; các mã khác: dondoc outbox list", "; the other ids: dondoc outbox list") if more else NO_TEXT,
    )


def pulled(sources: Sequence[SourceStanding]) -> Iterator[MorningLine]:
    """How many sources are fresh and were pulled well, and which are not."""
    if not sources:
        return
    amiss = [one.title for one in sources if not one.well]
    said = Text.format("Đủ {n} nguồn", "{n} sources are", n=part_of(len(sources) - len(amiss), len(sources)))
    if not amiss:
        yield MorningLine(operating.QUESTIONS["sources"], said)
        return
    said = Text.format("{said}; chưa đủ: {names}", "{said}; not: {names}", said=said, names=_some(amiss, n=False))
    again = Text("xem dondoc sources, rồi dondoc pull", "see dondoc sources, then dondoc pull")
    yield MorningLine(operating.QUESTIONS["sources"], said, Need.LOOK, again)


def source(one: SourceStanding) -> MorningLine:
    """A source by name: when it last brought how many rows."""
    if one.at is None:
        said = Text("Chưa có dữ liệu lần nào", "No data yet")
    else:
        said = Text.format(
            "{rows} lúc {at}{amiss}",
            "{rows} at {at}{amiss}",
            rows=counted(one.rows, "dòng", "row"),
            at=instant(one.at.astimezone(ZONE)),
            amiss=Text.join("", _amiss(one)),
        )
    return MorningLine(one.title, said, Need.NOTHING if one.well else Need.LOOK)


def _amiss(one: SourceStanding) -> Iterator[Text]:
    if one.stale:
        yield Text("; im lặng quá mức cho phép", "; silent for too long")
    if one.failed:
        yield Text("; lần lấy gần nhất chưa được", "; the latest pull failed")


def leaving(at: Morning) -> MorningLine:
    """What waits to leave: the letters of the night, those of nights before, and those held for the operator."""
    of, parts = at.delivery, [*_to_leave(at)]
    if of.again:
        again = counted(of.again, "thư", "letter")
        parts.append(Text.format("{n} của đêm trước gửi lại", "{n} of earlier nights tried again", n=again))
    held = counted(sum(n for _, n in of.held), "thư", "letter")
    if of.held:
        parts.append(Text.format("{n} tạm giữ", "{n} held", n=held))
    said = Text.join("; ", parts) if parts else Text("Không có thư", "No letter")
    if not of.held:
        return MorningLine(operating.QUESTIONS["letters"], said)
    night = of.held[0][0].isoformat()
    release = Text(
        f"số liệu đúng: dondoc outbox release {night}, sai: dondoc outbox drop {night}",
        f"figures right: dondoc outbox release {night}, wrong: dondoc outbox drop {night}",
    )
    return MorningLine(operating.QUESTIONS["letters"], said, Need.ACT, release)


def _some(named: Sequence[Text], *, n: bool = True) -> Text:
    """The first five, the others counted; with `n` how many they are stands before."""
    more = len(named) - _SHOWN
    shown = Text.join("; ", named[:_SHOWN])
    if more > 0:
        shown = Text.format("{shown} và {n} mục khác", "{shown} and {n} more", shown=shown, n=number(more))
    if not n:
        return shown
    return Text.format("{n}: {shown}", "{n}: {shown}", n=number(len(named)), shown=shown)


def with_remedy(line: MorningLine) -> Text:
    """What is said, and what to do about it, in one line."""
    if line.need is Need.NOTHING or line.remedy == NO_TEXT:
        return line.said
    remedy = Text(capital(line.remedy.vi), capital(line.remedy.en))
    return Text.join(". ", (line.said, remedy))
