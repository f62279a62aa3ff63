"""The ask: one sentence whose verb depends on the reader's direction, and what follows; it is never an order.

The day asked for is the last working day before the next step, not a limit that the service sets. A reminder asks
for the document's own day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import UPWARD, Digest, Direction, Entry
from dondoc.notifications.wording.derived import root
from dondoc.notifications.wording.facts import object_of, thing
from dondoc.notifications.wording.labels import SECTIONS, items
from dondoc.notifications.wording.limits import no_later_than, until
from dondoc.notifications.wording.names import grouped, units
from dondoc.notifications.wording.numbers import counted, days, listed

_CODES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class AskText:
    """An ask in four pieces, in reading order: who is asked, what, by when, and what follows.

    Only `then` ends in a full stop; `when` and `then` may be empty.
    """

    who: Text
    what: Text
    when: Text = NO_TEXT
    then: Text = NO_TEXT


def ask(digest: Digest, heads: Sequence[Entry]) -> AskText:
    """What the reader is asked to do about the rows that lead the letter."""
    direction, section = digest.direction, heads[0].section
    if direction is Direction.COPY or all(entry.copied for entry in heads):
        return _for_information(Text("Đồng gửi", "Copied to"), digest.reader, section)
    if section is Section.RESOLVED and direction is Direction.OWN:
        return _nothing_more(digest.reader, heads)
    waived = all(entry.stands_still for entry in heads) and section is not Section.ENDING
    if waived or (section in (Section.RESOLVED, Section.ENDING) and direction is not Direction.OWN):
        said = Text("Kính gửi", "Sent respectfully to") if direction in UPWARD else Text("Gửi", "Sent to")
        return _for_information(said, digest.reader, section)
    when = _when(heads)
    if direction is Direction.OWN:
        return _own(digest.reader, heads, when)
    if direction is Direction.SIDEWAYS:
        return _sideways(digest, heads, when)
    return _up(digest, heads, when)


def _when(heads: Sequence[Entry]) -> Text:
    if heads[0].section is Section.ENDING and not heads[0].stands_still:
        limit = heads[0].limit
        if len(heads) > 1 or limit is None:
            return NO_TEXT
        return until(limit) if limit.exclusive else no_later_than(limit.printed)
    by = min((entry.answer_by for entry in heads if entry.answer_by is not None), default=None)
    return no_later_than(by) if by is not None else NO_TEXT


def _for_information(verb: Text, reader: Text, section: Section) -> AskText:
    """An ask for information only: good news needs no answer, anything else none yet."""
    what = Text(" để biết; chưa cần trả lời", " for information; no answer is needed yet")
    if section is Section.RESOLVED:
        what = Text(" để biết; không cần trả lời", " for information; no answer is needed")
    return AskText(Text.join(" ", (verb, reader)), what)


def _nothing_more(reader: Text, heads: Sequence[Entry]) -> AskText:
    codes = [code for entry in heads for code in entry.codes]
    what = Text(" không cần làm gì thêm", " need not do anything more")
    if 0 < len(codes) <= _CODES_SHOWN:
        named = ", ".join(codes)
        closed = Text(f"; hồ sơ {named} đã đóng", f"; case {named} is closed")
        what = Text.join("", (what, closed))
    return AskText(reader, what)


def _own(reader: Text, heads: Sequence[Entry], when: Text) -> AskText:
    what, then = _task(heads[0]) if len(heads) == 1 else _tasks(heads)
    return AskText(_asked(reader), Text.format(" {what}", what=what), when, then)


def _asked(reader: Text) -> Text:
    return Text.format("Đề nghị {reader}", "{reader} is asked to", reader=reader)


_BY_NUMBER = Text(
    "Nếu đã gửi, chỉ cần trả lời thư này bằng số và ngày của văn bản.",
    "If it has been sent, a reply to this letter with the number and date of the document is enough.",
)
_CORRECTED = Text(
    "Nếu số liệu chưa đúng, chỉ cần trả lời thư này bằng số đã đính chính.",
    "If the figure is not right, a reply to this letter with the corrected one is enough.",
)
_DONE_IN_PERIOD = Text(
    "Nếu đã thực hiện trong kỳ, chỉ cần trả lời thư này bằng ngày thực hiện và số, ngày của văn bản.",
    "If it was done in the period, a reply to this letter with the day and the document is enough.",
)
_COUNTED_AGAIN = Text(
    "Đơn vị nào có kết quả thì số này tự giảm; không cần báo cáo riêng.",
    "The number falls as the units' results come in; no report on it is needed.",
)


def _task(entry: Entry) -> tuple[Text, Text]:
    """What one row asks of the unit itself, and what suffices if it is already done."""
    about, what, then = object_of(entry), thing(entry), _BY_NUMBER
    match entry.kind:
        case TaskKind.REPORT:
            vi, en = "gửi {what}{to}", "send: {what}{to}"
        case TaskKind.ASSIGNED:
            vi, en = "hoàn thành {about} và gửi kết quả", "complete: {about}, and send the result"
        case TaskKind.QUOTA if entry.section is Section.ENDING:
            vi, en, then = "thực hiện và cập nhật {what}", "carry out and record: {about}", _DONE_IN_PERIOD
        case TaskKind.QUOTA:
            vi = "cập nhật {what} và cho biết kế hoạch thực hiện kỳ tiếp theo"
            en = "record what was done ({about}) and say what is planned for the next period"
            then = _DONE_IN_PERIOD
        case TaskKind.STREAK:
            return _periods_missed(entry)
        case TaskKind.ROLLUP:
            vi, en = "phối hợp với các đơn vị nêu trong thư và cho biết biện pháp", "help the units named below"
            then = _COUNTED_AGAIN
        case TaskKind.READING:
            vi, en = "cập nhật {what}", "enter {what}"
        case TaskKind.LEVEL:
            vi, en = "rà soát số liệu và cho biết biện pháp", "check the figure and say what is done"
            then = _CORRECTED
    return Text.format(vi, en, about=about, what=what, to=_where(entry)), then


def _periods_missed(entry: Entry) -> tuple[Text, Text]:
    """What a streak asks of its unit: what its periods ask, and the plan from now on."""
    base = root(entry)
    about, what = object_of(base), thing(base)
    if base.kind is TaskKind.REPORT:
        vi, en, then = "gửi {what} của các kỳ còn thiếu", "send: {about}, for the periods missing", _BY_NUMBER
    else:
        vi = "cập nhật {what} và cho biết kế hoạch thực hiện kỳ tiếp theo"
        en, then = "record what was done ({about}) and say what is planned next", _DONE_IN_PERIOD
    return Text.format(vi, en, about=about, what=what), then


def _where(entry: Entry) -> Text:
    said = NO_TEXT
    if entry.reports_to:
        said = Text.format(" về {office}", " to {office}", office=entry.reports_to)
    if entry.via:
        said = Text.format("{said} (qua {office})", "{said} (through {office})", said=said, office=entry.via)
    return said


def _tasks(heads: Sequence[Entry]) -> tuple[Text, Text]:
    """The same for several rows: in the words of their kind if all have one kind, else in general words."""
    said, kinds = _several(heads), {entry.kind for entry in heads}
    vi, en, then = "gửi kết quả của {said}", "send the results of {said}", _BY_NUMBER
    if kinds == {TaskKind.LEVEL}:
        vi, en = "rà soát số liệu của {said} và cho biết biện pháp", "check {said} and say what is done"
        then = _CORRECTED
    if kinds == {TaskKind.READING}:
        vi, en = "cập nhật số liệu của {said}", "enter the figures of {said}"
    if kinds == {TaskKind.QUOTA}:
        vi, en, then = "cập nhật kết quả của {said}", "record the results of {said}", _DONE_IN_PERIOD
    return Text.format(vi, en, said=said), then


def _several(heads: Sequence[Entry]) -> Text:
    """`02 chỉ tiêu nêu tại mục MỚI`, `03 việc nêu tại mục MỚI và NẶNG THÊM`."""
    of_figures = all(entry.kind in (TaskKind.LEVEL, TaskKind.READING) for entry in heads)
    n = counted(len(heads), "chỉ tiêu", "indicator") if of_figures else items(len(heads))
    return _under_titles(n, heads)


def _under_titles(n: Text, heads: Sequence[Entry]) -> Text:
    titles = [SECTIONS[section] for section in Section if any(entry.section is section for entry in heads)]
    return Text.format("{n} nêu tại mục {titles}", "{n} under {titles}", n=n, titles=listed(titles))


# What a superior is asked to look into, by kind of task; in English the same for all.
_STANDING = {
    TaskKind.REPORT: "tình hình gửi",
    TaskKind.ASSIGNED: "tình hình thực hiện",
    TaskKind.QUOTA: "tình hình thực hiện",
    TaskKind.READING: "tình hình cập nhật",
}


def _sideways(digest: Digest, heads: Sequence[Entry], when: Text) -> AskText:
    return AskText(
        _asked(digest.reader), _cooperate(digest, heads), when, Text("Trân trọng cảm ơn.", "Thank you.")
    )


def _cooperate(digest: Digest, heads: Sequence[Entry]) -> Text:
    first = heads[0]
    if all(entry.kind is TaskKind.LEVEL for entry in heads):
        return Text.format(
            " phối hợp rà soát số liệu, cho biết biện pháp đối với {said}",
            " help to check the figures and say what is done about {said}",
            said=object_of(first) if len(heads) == 1 else _several(heads),
        )
    base = root(first)
    if len(heads) > 1:
        how, what = "tình hình", _several(heads)
    else:
        how = _STANDING.get(base.kind, "tình hình")
        what = thing(base) if base.kind in (TaskKind.REPORT, TaskKind.READING) else object_of(base)
        if grouped(first, digest) or first.kind is TaskKind.ROLLUP:
            late = first.parts.missed if first.parts and first.kind is TaskKind.ROLLUP else len(first.units)
            what = Text.format("{what} của {units}", "{what}, {units}", what=what, units=units(late))
    return Text.format(
        " phối hợp, cho biết {how} {what}", " cooperate and say how it stands with {what}", how=how, what=what
    )


def _up(digest: Digest, heads: Sequence[Entry], when: Text) -> AskText:
    reader, on = digest.reader, _on(digest, heads)
    rest = NO_TEXT
    if len(digest.entries) > len(heads):
        rest = Text("Các mục còn lại để quý cơ quan nắm tình hình.", "The other sections are for information.")
    if digest.direction is Direction.UP:
        who = Text.format("Kính đề nghị {reader}", "{reader} is respectfully asked", reader=reader)
        what = Text.format(" xem xét, có ý kiến chỉ đạo đối với {on}", " to consider {on}", on=on)
        return AskText(who, what, when, rest)
    who = Text.format("Kính xin ý kiến chỉ đạo", "{reader} is respectfully asked", reader=reader)
    if len(heads) == 1:
        return AskText(who, Text.format(" của {reader}", " for guidance", reader=reader), when, _urged(heads[0]))
    what = Text.format(" của {reader} đối với {on}", " for guidance on {on}", reader=reader, on=on)
    return AskText(who, what, when, rest)


def _on(digest: Digest, heads: Sequence[Entry]) -> Text:
    if len(heads) == 1 and grouped(heads[0], digest):
        return _under_titles(units(len(heads[0].units)), heads)
    return _several(heads)


def _urged(entry: Entry) -> Text:
    """How many letters went to the unit before a superior gets one."""
    if not entry.earlier:
        return NO_TEXT
    vi = "Đã đôn đốc {times} ({when}), hệ thống chưa ghi nhận kết quả."
    en = "Followed up {times} ({when}); nothing is recorded yet."
    if entry.kind is TaskKind.LEVEL:
        vi = "Đã nhắc đơn vị {times} ({when}); số liệu chưa thay đổi."
        en = "The unit was written to {times} ({when}); the figure has not changed."
    times, when = counted(len(entry.earlier), "lần", "time"), Text.join(", ", days(entry.earlier))
    return Text.format(vi, en, times=times, when=when)
