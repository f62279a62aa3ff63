"""Subject and headline: what the letter is about, in one line and in one sentence.

Both are given `heads`, the rows that lead the letter: one, or several of equal weight, which are counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import UPWARD, Digest, Direction, Entry
from dondoc.notifications.wording import derived, facts, figures, limits, names, waiving
from dondoc.notifications.wording.numbers import capital, count, counted, day, number, weekday

SUBJECT_AIM = 90
SUBJECT_CAP = 150

_COUNTED = {
    Section.NEW: Text("mới", "new"),
    Section.WORSE: Text("nặng thêm", "worse"),
    Section.STILL: Text("còn tồn", "still open"),
    Section.RESOLVED: Text("đã xong", "resolved"),
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
}
_KINDS = {
    Direction.UP: "Kính báo cáo",
    Direction.UP_PARTY: "Kính báo cáo",
    Direction.SIDEWAYS: "Đề nghị phối hợp",
    Direction.COPY: "Đồng gửi để biết",
}


def subject(digest: Digest, heads: Sequence[Entry]) -> str:
    """The Vietnamese subject: the first form of at most 90 characters, else one of at most 150."""
    forms = _forms(digest, heads[0]) if len(heads) == 1 else _many(digest, heads)
    chosen = next((form for form in forms if len(form) <= SUBJECT_AIM), forms[-1])
    return chosen if len(chosen) <= SUBJECT_CAP else f"{chosen[: SUBJECT_CAP - 1].rstrip()}…"


def _many(digest: Digest, heads: Sequence[Entry]) -> tuple[str, ...]:
    if not _of_levels(heads):
        return (f"Theo dõi nhiệm vụ {day(digest.night)}: {tally(digest).vi}",)
    kind = "Hết cảnh báo" if heads[0].section is Section.RESOLVED else "Cảnh báo chỉ tiêu"
    return f"{kind}: {_standing(heads).vi}", f"{kind}: {count(len(heads))} chỉ tiêu {facts.standing(heads).vi}"


def _standing(heads: Sequence[Entry]) -> Text:
    """`02 chỉ tiêu quý II/2019 vượt ngưỡng theo dõi`; the period only where all share it."""
    said, periods = counted(len(heads), "chỉ tiêu", "indicator"), {entry.period for entry in heads}
    period = periods.pop() if len(periods) == 1 else None
    if period is not None:
        said = Text.format("{said} {period}", "{said}, {period},", said=said, period=period)
    return Text.join(" ", (said, facts.standing(heads)))


def _of_levels(heads: Sequence[Entry]) -> bool:
    return all(entry.kind is TaskKind.LEVEL for entry in heads)


def tally(digest: Digest) -> Text:
    """How many rows of each section, the noun once: `01 việc mới, 01 nặng thêm, 01 đã xong`."""
    sections = [entry.section for entry in digest.entries]
    found = [
        (number(sections.count(section)), words) for section, words in _COUNTED.items() if section in sections
    ]
    said = Text.join(", ", [Text.join(" ", pair) for pair in found])
    return Text(said.vi.replace(" ", " việc ", 1), said.en)


def _forms(digest: Digest, entry: Entry) -> tuple[str, ...]:
    """The subject of a letter with one head, the fullest form first."""
    if entry.section is Section.RESOLVED:
        return _settled(digest, entry)
    if entry.waived is not None and entry.stands_still:
        return waiving.subjects(entry, digest, entry.waived)
    about = facts.object_of(entry).vi
    if entry.section is Section.ENDING:
        due = f", hạn {limits.until(entry.limit).vi}" if entry.limit else ""
        return f"Nhắc việc: {about}{due}", f"Nhắc việc: {entry.short.vi}{due}"
    if entry.kind is TaskKind.LEVEL:
        return (f"Cảnh báo chỉ tiêu: {_level(entry)}",)
    said = facts.fact(entry, digest).vi
    if digest.direction is Direction.OWN:
        return _follow_up(entry, about, said)
    kind = _KINDS[digest.direction]
    if entry.section is Section.STILL and digest.direction in UPWARD:
        kind = "Báo cáo lại"
    return f"{kind}: {said}", f"{kind}: {facts.unseen(entry).vi}", f"{kind}: {about}"


def _follow_up(entry: Entry, about: str, said: str) -> tuple[str, ...]:
    turn = f"Đôn đốc lần {len(entry.earlier) + 1}"
    late = f"{turn}: {about} {limits.overdue(entry.workdays).vi}"
    if entry.kind in (TaskKind.STREAK, TaskKind.ROLLUP):
        return f"{turn}: {said}", f"{turn}: {about}"
    if entry.kind in (TaskKind.QUOTA, TaskKind.READING) or not entry.earlier:
        return f"{turn}: {said}", late, f"{turn}: {about}"
    return late, f"{turn}: {about}"


def _level(entry: Entry) -> str:
    """An indicator beyond its limit; a subject may show a percentage, never a count."""
    figure = entry.figure
    if figure is not None and figure.unit.vi == figures.PERCENT and not figure.masked and figure.base is None:
        limit = figures.limit(figure)
        side = "dưới" if figure.below else "vượt"
        return f"{entry.short.vi} {figures.value(figure).vi}, {side} ngưỡng {limit.vi if limit else 'theo dõi'}"
    side = "dưới" if figure is not None and figure.below else "vượt"
    return f"{facts.object_of(entry).vi} {side} ngưỡng theo dõi"


def _settled(digest: Digest, entry: Entry) -> tuple[str, ...]:
    about, figure = facts.object_of(entry).vi, entry.figure
    if entry.outcome is Outcome.CLEARED and entry.kind is not TaskKind.ROLLUP:
        if figure is not None and figure.unit.vi == figures.PERCENT and not figure.masked:
            said = f"{entry.short.vi} {figures.value(figure).vi}, {figures.within(figure).vi}"
        else:
            said = f"{about} trong ngưỡng theo dõi"
        return (f"Hết cảnh báo: {said}",)
    said = facts.settled(entry, digest).vi
    if entry.outcome is Outcome.WITHDRAWN:
        return f"Rút nhắc việc: {said}", f"Rút nhắc việc: {about}"
    kind = "Kính báo cáo" if digest.direction in UPWARD else "Đã xong"
    if entry.outcome is Outcome.RESUMED:
        return f"{kind}: {said}", f"{kind}: {derived.root(entry).short.vi} đã thực hiện lại"
    return f"{kind}: {said}", f"Đã xong: {about}"


def headline(digest: Digest, heads: Sequence[Entry]) -> Text:
    """The letter's first sentence: the fact, and what else is new today."""
    if len(heads) != 1:
        said, more = _together(digest, heads), NO_TEXT
    else:
        said, more = _said(digest, heads[0]), _more(digest, heads[0])
    full = Text.format("{lead}{said}{more}.", lead=_LEAD[digest.direction], said=said, more=more)
    return Text(capital(full.vi), capital(full.en))


def _together(digest: Digest, heads: Sequence[Entry]) -> Text:
    """Several rows of equal weight: indicators by their state, tasks by their number."""
    if not _of_levels(heads):
        said = tally(digest)
        return Text.format("hôm nay, {day}, có {said}", "today, {day}: {said}", day=day(digest.night), said=said)
    return _standing(heads)


def _said(digest: Digest, entry: Entry) -> Text:
    if entry.section is Section.RESOLVED:
        said = facts.settled(entry, digest)
        if digest.direction is Direction.OWN:
            return Text.format("hệ thống ghi nhận {said}", "recorded: {said}", said=said)
        return said
    if entry.waived is not None and entry.stands_still:
        return waiving.headline(entry, digest, entry.waived)
    about = facts.object_of(entry)
    if entry.section is Section.ENDING:
        return _ending(digest, entry, about)
    if entry.kind is TaskKind.QUOTA:
        return facts.quota(entry, digest)
    said = facts.fact(entry, digest)
    if entry.kind not in (TaskKind.REPORT, TaskKind.ASSIGNED):
        return said
    late = limits.overdue(entry.workdays)
    if digest.direction is Direction.OWN:
        return Text.format("{about} đã {late}", "{about} is {late}", about=about, late=late)
    return Text.join(", ", (said, late))


def _ending(digest: Digest, entry: Entry, about: Text) -> Text:
    if digest.direction is Direction.OWN:
        about = Text.format("Kính nhắc: {about}", "Reminder: {about}", about=about)
    if entry.limit is None:
        return about
    last = weekday(entry.limit.last_workday)
    if entry.kind is TaskKind.QUOTA and entry.count is not None and not names.grouped(entry, digest):
        vi = "{about} đạt {met}; kỳ kết thúc ngày {end}, ngày làm việc cuối là {last}"
        en = "{about}: {met}; the period ends on {end}, its last working day is {last}"
        return Text.format(vi, en, about=about, met=facts.share(entry), end=day(entry.limit.last_day), last=last)
    vi = "{about} đến hạn {until}; ngày làm việc cuối trong hạn là {last}"
    en = "{about} is due {until}; the last working day in time is {last}"
    return Text.format(vi, en, about=about, until=limits.until(entry.limit), last=last)


def _more(digest: Digest, head: Entry) -> Text:
    """What else is new, for the unit itself only; a superior reads it under the ask."""
    new = sum(entry.section is Section.NEW and entry is not head for entry in digest.entries)
    if not new or digest.direction is not Direction.OWN:
        return NO_TEXT
    return Text.format("; thêm {tasks}", "; {tasks} besides", tasks=counted(new, "việc mới", "new task"))
