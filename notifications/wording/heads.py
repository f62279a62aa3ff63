"""Subject and headline: what the letter is about, in one line and in one sentence.

Both are given `heads`, the rows that lead the letter: one, or several of equal weight, which are counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.wording import derived, facts, figures, limits, names, waiving
from dondoc.notifications.wording.numbers import capital, count, counted, day, weekday

SUBJECT_AIM = 90
SUBJECT_CAP = 150

_UP = (Direction.UP, Direction.UP_PARTY)
_COUNTED = {
    Section.NEW: Text("mới", "new"),
    Section.WORSE: Text("nặng thêm", "worse"),
    Section.STILL: Text("còn tồn", "still open"),
    Section.RESOLVED: Text("đã xong", "resolved"),
    Section.ENDING: Text("sắp hết hạn", "ending soon"),
}
_REPORT = Text("Kính báo cáo: ", "Respectfully reported: ")
_LEAD = {
    Direction.OWN: Text("", ""),
    Direction.UP: _REPORT,
    Direction.UP_PARTY: _REPORT,
    Direction.SIDEWAYS: Text("Gửi để phối hợp theo dõi: ", "For joint follow-up: "),
    # The ask below says that it is a copy.
    Direction.COPY: Text("", ""),
}
_KINDS = {
    Direction.UP: "Kính báo cáo",
    Direction.UP_PARTY: "Kính báo cáo",
    Direction.SIDEWAYS: "Đề nghị phối hợp",
    Direction.COPY: "Đồng gửi để biết",
}


def subject(digest: Digest, heads: Sequence[Entry]) -> str:
    """The Vietnamese subject: within 90 characters where one of its forms is, never above 150."""
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
    n, stand, periods = (
        counted(len(heads), "chỉ tiêu", "indicator"),
        facts.standing(heads),
        {e.period for e in heads},
    )
    shared = periods.pop() if len(periods) == 1 else None
    when = Text(f" {shared.vi}", f", {shared.en},") if shared else Text("", "")
    return Text(f"{n.vi}{when.vi} {stand.vi}", f"{n.en}{when.en} {stand.en}")


def _of_levels(heads: Sequence[Entry]) -> bool:
    return all(entry.kind is TaskKind.LEVEL for entry in heads)


def tally(digest: Digest) -> Text:
    """How many rows of each section, the noun once: `01 việc mới, 01 nặng thêm, 01 đã xong`."""
    sections = [entry.section for entry in digest.entries]
    found = [(sections.count(section), words) for section, words in _COUNTED.items() if section in sections]
    vi = ", ".join(f"{count(n)} {words.vi}" for n, words in found)
    return Text(vi.replace(" ", " việc ", 1), ", ".join(f"{n} {words.en}" for n, words in found))


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
    if entry.section is Section.STILL and digest.direction in _UP:
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
    """An indicator beyond its limit; a share is told, a count never stands in a subject."""
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
    kind = "Kính báo cáo" if digest.direction in _UP else "Đã xong"
    if entry.outcome is Outcome.RESUMED:
        return f"{kind}: {said}", f"{kind}: {derived.root(entry).short.vi} đã thực hiện lại"
    return f"{kind}: {said}", f"Đã xong: {about}"


def headline(digest: Digest, heads: Sequence[Entry]) -> Text:
    """The letter's first sentence: the fact, and what else is new today."""
    lead = _LEAD[digest.direction]
    if len(heads) != 1:
        said, more = _together(digest, heads), Text("", "")
    else:
        said, more = _said(digest, heads[0]), _more(digest, heads[0])
    full = Text(f"{lead.vi}{said.vi}{more.vi}.", f"{lead.en}{said.en}{more.en}.")
    return Text(capital(full.vi), capital(full.en))


def _together(digest: Digest, heads: Sequence[Entry]) -> Text:
    """Several rows of equal weight: indicators by how they stand, tasks by their number."""
    if not _of_levels(heads):
        when, said = day(digest.night), tally(digest)
        return Text(f"hôm nay, {when}, có {said.vi}", f"today, {when}: {said.en}")
    return _standing(heads)


def _said(digest: Digest, entry: Entry) -> Text:
    if entry.section is Section.RESOLVED:
        seen = Text("hệ thống ghi nhận ", "recorded: ") if digest.direction is Direction.OWN else Text("", "")
        said = facts.settled(entry, digest)
        return Text(f"{seen.vi}{said.vi}", f"{seen.en}{said.en}")
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
        return Text(f"{about.vi} đã {late.vi}", f"{about.en} is {late.en}")
    return Text(f"{said.vi}, {late.vi}", f"{said.en}, {late.en}")


def _ending(digest: Digest, entry: Entry, about: Text) -> Text:
    kind = Text("Kính nhắc: ", "Reminder: ") if digest.direction is Direction.OWN else Text("", "")
    if entry.limit is None:
        return Text(f"{kind.vi}{about.vi}", f"{kind.en}{about.en}")
    last = weekday(entry.limit.last_workday)
    if entry.kind is TaskKind.QUOTA and entry.count is not None and not names.grouped(entry, digest):
        met, end = facts.share(entry), day(entry.limit.last_day)
        return Text(
            f"{kind.vi}{about.vi} đạt {met.vi}; kỳ kết thúc ngày {end}, ngày làm việc cuối là {last.vi}",
            f"{kind.en}{about.en}: {met.en}; the period ends on {end}, its last working day is {last.en}",
        )
    until = limits.until(entry.limit)
    return Text(
        f"{kind.vi}{about.vi} đến hạn {until.vi}; ngày làm việc cuối trong hạn là {last.vi}",
        f"{kind.en}{about.en} is due {until.en}; the last working day in time is {last.en}",
    )


def _more(digest: Digest, head: Entry) -> Text:
    """What else is new to the unit itself; a superior reads it under the ask."""
    new = sum(entry.section is Section.NEW and entry is not head for entry in digest.entries)
    if not new or digest.direction is not Direction.OWN:
        return Text("", "")
    said = counted(new, "việc mới", "new task")
    return Text(f"; thêm {said.vi}", f"; {said.en} besides")
