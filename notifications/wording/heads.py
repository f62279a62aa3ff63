"""Subject and headline: what the letter is about, in one line and in one sentence.

Both are given `heads`, the rows that lead the letter: one, or several of equal weight, which are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from dondoc.engine.domain.acts import DELEGATE
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.notifications.digest import COPIES, UPWARD, Digest, Direction, Entry
from dondoc.notifications.wording import endings, leading, limits, moved_limits, names, several_limits, waiving
from dondoc.notifications.wording.kinds.derived import root
from dondoc.notifications.wording.kinds.registry import shared, wording_of
from dondoc.notifications.wording.numbers import capital, counted, day, number

SUBJECT_AIM = 90
SUBJECT_CAP = 150
_TAKEN_SHOWN = 3
_TURN = re.compile(r" lần [0-9]+(?=:)")

_COUNTED = {
    Section.NEW: Text("mới", "new"),
    Section.WORSE: Text("nặng thêm", "worse"),
    Section.STILL: Text("còn tồn", "still open"),
    Section.RESOLVED: Text("mới được ghi nhận đã xong", "newly recorded as done"),
    Section.ENDING: Text("sắp hết hạn", "ending soon"),
}
_REPORT = Text("Kính báo cáo: ", "Respectfully reported: ")
_LEAD = {
    Direction.OWN: NO_TEXT,
    Direction.UP: _REPORT,
    Direction.UP_PARTY: _REPORT,
    Direction.SIDEWAYS: Text("Gửi để phối hợp theo dõi: ", "For joint follow-up: "),
    # The ask below says that it is a copy.
    Direction.COPY: NO_TEXT,
    Direction.COPY_UP: NO_TEXT,
}
_DELEGATED = Text("Việc được phân công: ", "Delegated to you: ")
_RECORDED = Text("ghi nhận", "recorded")
_REPORTS = {
    Direction.UP: "Kính báo cáo",
    Direction.UP_PARTY: "Kính báo cáo",
    Direction.SIDEWAYS: "Đề nghị phối hợp",
    Direction.COPY: "Đồng gửi để biết",
    Direction.COPY_UP: "Kính gửi để báo cáo",
}


def subject(digest: Digest, heads: Sequence[Entry]) -> str:
    """The Vietnamese subject: the first form of at most 90 characters, else one of at most 150.

    It differs from those of other letters to the same reader (decision 0085): of one case it ends with its code,
    so that it is found again, of several with the day of the letter; and a matter that is told again says so.
    """
    forms = _forms(digest, heads[0]) if len(heads) == 1 else _many(digest, heads)
    # A repeat says as much as the first letter did.
    said = next((form for form in forms if len(_TURN.sub("", form)) <= SUBJECT_AIM), forms[-1])
    marks = "".join(_marks(digest, heads, said))
    # What tells it from others is never cut off.
    room = SUBJECT_CAP - len(marks)
    return f"{said if len(said) <= room else f'{said[: room - 1].rstrip()}…'}{marks}"


def _marks(digest: Digest, heads: Sequence[Entry], said: str) -> Iterator[str]:
    back = sum(entry.outcome is Outcome.WITHDRAWN and entry not in heads for entry in digest.entries if entry.news)
    if back:
        yield f"; rút {counted(back, 'việc', 'task').vi}"
    first, on = digest.entries[0], day(digest.night)
    # What no number tells apart: a reopened case may end again as it ended before, a limit move again to a day on
    # which it lay, and an alert stands for several figures and limits, of which the reader has heard unequally.
    paused = first.waived is not None and first.stands_still
    alert = wording_of(first.kind).alert(first) is not None
    uncounted = first.section is Section.RESOLVED or first.extended is not None or paused or alert
    if (uncounted or not digest.is_brief) and on not in said:
        yield f" – thư ngày {on}"
    if digest.is_brief and len(first.codes) == 1:
        yield f" [{first.codes[0]}]"


def _many(digest: Digest, heads: Sequence[Entry]) -> tuple[str, ...]:
    word = "Hết cảnh báo" if heads[0].section is Section.RESOLVED else "Cảnh báo chỉ tiêu"
    alerts = tuple(f"{word}: {said.vi}" for said in _alerts(digest, heads))
    return alerts or leading.asked(digest) or (f"Theo dõi nhiệm vụ {day(digest.night)}: {tally(digest).vi}",)


def _alerts(digest: Digest, heads: Sequence[Entry]) -> tuple[Text, ...]:
    """What is said of several indicators at once; nothing where one ended otherwise, or not under every limit."""
    if heads[0].section is Section.RESOLVED and not several_limits.all_over(digest, heads):
        return ()
    return shared(heads).alerts(heads)


def tally(digest: Digest) -> Text:
    """How many rows of each section, the noun once: `01 việc mới, 01 nặng thêm, 01 đã xong`."""
    sections = [entry.section for entry in digest.entries if not entry.lapsed]
    found = [
        (number(sections.count(section)), words) for section, words in _COUNTED.items() if section in sections
    ]
    if lapsed := len(digest.entries) - len(sections):
        found.append((number(lapsed), Text("thôi theo dõi", "no longer followed up")))
    said = Text.join(", ", [Text.join(" ", pair) for pair in found])
    return Text(said.vi.replace(" ", " việc ", 1), said.en)


def _forms(digest: Digest, entry: Entry) -> tuple[str, ...]:
    """The subject of a letter with one head, the fullest form first."""
    if entry.section is Section.RESOLVED:
        return _settled(digest, entry)
    if entry.waived is not None and entry.stands_still:
        return waiving.subjects(entry, digest, entry.waived)
    if entry.extended is not None:
        return moved_limits.subjects(entry, digest, *entry.extended)
    kind, about = wording_of(entry.kind), names.object_of(entry).vi
    if entry.section is Section.ENDING:
        due = f", hạn {limits.until(entry.limit).vi}" if entry.limit else ""
        lead = _again("Nhắc việc", entry.earlier_reminders if digest.direction is Direction.OWN else ())
        return f"{lead}: {about}{due}", f"{lead}: {entry.short.vi}{due}"
    alert = kind.alert(entry)
    if alert is not None:
        return (f"Cảnh báo chỉ tiêu: {alert}",)
    said = kind.fact(entry, digest).vi
    if digest.direction is Direction.OWN:
        return _follow_up(entry, about, said)
    if _is_delegated([entry]):
        lead = _again("Việc được phân công", entry.told)
        return f"{lead}: {said}", f"{lead}: {kind.say(kind.unseen, entry).vi}"
    return leading.first_said(digest, entry) or _told(digest, entry, said)


def _told(digest: Digest, entry: Entry, said: str) -> tuple[str, ...]:
    # As in the ask: a copy about one unit is a report where another row is of a unit below.
    lead = _REPORTS[Direction.COPY_UP if digest.direction in COPIES and digest.is_reported else digest.direction]
    if entry.section is Section.STILL and digest.direction in UPWARD:
        # The first report is none of those that repeat it.
        lead = f"Báo cáo lại lần {len(entry.told)}" if entry.told else "Báo cáo lại"
    else:
        lead = _again(lead, entry.told)
    kind = wording_of(entry.kind)
    return f"{lead}: {said}", f"{lead}: {kind.say(kind.unseen, entry).vi}"


def _again(lead: str, told: Sequence[date]) -> str:
    """The word that leads; behind it which letter of its kind this is, where others went before."""
    return f"{lead} lần {len(told) + 1}" if told else lead


def _follow_up(entry: Entry, about: str, said: str) -> tuple[str, ...]:
    kind, turn = wording_of(entry.kind), f"Đôn đốc lần {len(entry.earlier) + 1}"
    late = f"{turn}: {about} {limits.overdue(entry.workdays).vi}"
    if not kind.dated:
        return f"{turn}: {said}", f"{turn}: {about}"
    if kind.late_first and entry.earlier:
        return late, f"{turn}: {about}"
    return f"{turn}: {said}", late, f"{turn}: {about}"


def _settled(digest: Digest, entry: Entry) -> tuple[str, ...]:
    alert = wording_of(entry.kind).alert(entry) if entry.outcome is Outcome.CLEARED else None
    other = several_limits.left_open(digest, entry) if alert is not None else None
    if other is not None:
        return several_limits.subjects(entry, other)
    if alert is not None:
        return (f"Hết cảnh báo: {alert}",)
    about, said = names.object_of(entry).vi, endings.settled(entry, digest).vi
    if entry.lapsed:
        return f"Thôi theo dõi: {said}", f"Thôi theo dõi: {about}"
    if entry.outcome is Outcome.WITHDRAWN:
        return f"Rút nhắc việc: {said}", f"Rút nhắc việc: {about}"
    if entry.outcome in (Outcome.CHANGED, Outcome.EXCUSED, Outcome.REASSIGNED):
        return f"Thôi theo dõi: {said}", f"Thôi theo dõi: {about}"
    kind = "Kính báo cáo" if digest.direction in UPWARD else "Đã xong"
    if entry.outcome is Outcome.RESUMED:
        return f"{kind}: {said}", f"{kind}: {root(entry).short.vi} đã được thực hiện lại"
    return f"{kind}: {said}", f"Đã xong: {about}"


def headline(digest: Digest, heads: Sequence[Entry]) -> Text:
    """The letter's first sentence: the fact, and what else is new today."""
    back = [entry for entry in digest.entries if entry.news and entry.outcome is Outcome.WITHDRAWN]
    taken = [endings.withdrawal(entry, digest.of(entry)) for entry in back[:_TAKEN_SHOWN]]
    if len(back) > _TAKEN_SHOWN:
        more = counted(len(back) - _TAKEN_SHOWN, "việc khác", "more")
        taken.append(
            Text.format("Rút nội dung về {more} nêu tại mục ĐÃ XONG.", "{more} under RESOLVED.", more=more)
        )
    if back and set(heads) <= set(back):
        return Text.join(" ", taken)
    if len(heads) != 1:
        said, more = _together(digest, heads), NO_TEXT
    else:
        said, more = _said(digest, heads[0]), _more(digest, heads[0])
    lead = _DELEGATED if _is_delegated(heads) else _LEAD[digest.direction]
    if len(heads) == 1 and leading.is_repeat(digest, heads[0]):
        lead = NO_TEXT
    full = Text.format("{lead}{said}{more}.", lead=lead, said=said, more=more)
    return Text.join(" ", [*taken, Text(capital(full.vi), capital(full.en))])


def _is_delegated(heads: Sequence[Entry]) -> bool:
    """Whether a letter leads with what another unit has delegated to its reader (decision 0082)."""
    return all(DELEGATE in entry.relations for entry in heads)


def _together(digest: Digest, heads: Sequence[Entry]) -> Text:
    """Several rows of equal weight: indicators by their state, tasks by their number."""
    alerts, on = _alerts(digest, heads), day(digest.night)
    if alerts:
        return alerts[0]
    return Text.format("hôm nay, {day}, có {said}", "today, {day}: {said}", day=on, said=tally(digest))


def _said(digest: Digest, entry: Entry) -> Text:
    if entry.section is Section.RESOLVED:
        said = endings.settled(entry, digest)
        other = several_limits.left_open(digest, entry) if entry.outcome is Outcome.CLEARED else None
        if other is not None:
            said = several_limits.but_still(said, other)
        if digest.direction is Direction.OWN and not entry.lapsed:
            found = Text("mới ghi nhận", "newly recorded") if endings.told_late(entry, digest) else _RECORDED
            return Text.format("hệ thống {found} {said}", "{found}: {said}", found=found, said=said)
        return said
    if entry.waived is not None and entry.stands_still:
        return waiving.headline(entry, digest, entry.waived)
    if entry.extended is not None:
        return moved_limits.headline(entry, digest, *entry.extended)
    if entry.section is Section.ENDING:
        return _ending(digest, entry)
    if leading.is_repeat(digest, entry):
        return leading.repeated(digest, entry)
    return wording_of(entry.kind).headline(entry, digest)


def _ending(digest: Digest, entry: Entry) -> Text:
    said = names.object_of(entry)
    if entry.limit is not None:
        said = wording_of(entry.kind).ending(entry, entry.limit, digest)
    if digest.direction is Direction.OWN:
        return Text.format("Kính nhắc: {said}", "Reminder: {said}", said=said)
    return said


def _more(digest: Digest, head: Entry) -> Text:
    """What else is new, for the unit itself only; a superior reads it under the ask."""
    own = [entry for entry in digest.entries if digest.of(entry).direction is Direction.OWN]
    new = sum(entry.section is Section.NEW and entry is not head for entry in own)
    if not new or digest.direction is not Direction.OWN:
        return NO_TEXT
    return Text.format("; thêm {tasks}", "; {tasks} besides", tasks=counted(new, "việc mới", "new task"))
