"""The ask: one sentence whose verb follows from where the reader stands (none is an order), and what then.

The day asked for is the last working day before the next step; it is no limit of the service's own. A reminder
asks for the document's own day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.wording.derived import root
from dondoc.notifications.wording.facts import object_of, thing
from dondoc.notifications.wording.labels import SECTIONS
from dondoc.notifications.wording.limits import no_later_than, until
from dondoc.notifications.wording.names import ANY_UNIT, grouped
from dondoc.notifications.wording.numbers import counted, days, listed

NOTHING = Text("", "")
_UP = (Direction.UP, Direction.UP_PARTY)
_CODES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class AskText:
    """An ask in four pieces, in the order of reading: who is asked, what, by when, and what follows.

    None ends in a full stop but `then`; `when` and `then` may be empty.
    """

    who: Text
    what: Text
    when: Text = NOTHING
    then: Text = NOTHING


def ask(digest: Digest, heads: Sequence[Entry]) -> AskText:
    """What the reader is asked to do about the rows that lead the letter."""
    direction, section = digest.direction, heads[0].section
    if direction is Direction.COPY or all(entry.copied for entry in heads):
        return _for_information(Text("Đồng gửi", "Copied to"), digest.reader, section)
    if section is Section.RESOLVED and direction is Direction.OWN:
        return _nothing_more(digest.reader, heads)
    waived = all(entry.stands_still for entry in heads) and section is not Section.ENDING
    if waived or (section in (Section.RESOLVED, Section.ENDING) and direction is not Direction.OWN):
        said = Text("Kính gửi", "Sent respectfully to") if direction in _UP else Text("Gửi", "Sent to")
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
            return NOTHING
        return until(limit) if limit.exclusive else no_later_than(limit.printed)
    by = min((entry.answer_by for entry in heads if entry.answer_by is not None), default=None)
    return no_later_than(by) if by is not None else NOTHING


def _for_information(verb: Text, reader: Text, section: Section) -> AskText:
    """Good news needs no answer; anything else needs none yet."""
    what = Text(" để biết; chưa cần trả lời", " for information; no answer is needed yet")
    if section is Section.RESOLVED:
        what = Text(" để biết; không cần trả lời", " for information; no answer is needed")
    return AskText(Text(f"{verb.vi} {reader.vi}", f"{verb.en} {reader.en}"), what)


def _nothing_more(reader: Text, heads: Sequence[Entry]) -> AskText:
    codes = [code for entry in heads for code in entry.codes]
    closed = NOTHING
    if 0 < len(codes) <= _CODES_SHOWN:
        named = ", ".join(codes)
        closed = Text(f"; hồ sơ {named} đã đóng", f"; case {named} is closed")
    return AskText(reader, Text(f" không cần làm gì thêm{closed.vi}", f" need not do anything more{closed.en}"))


def _own(reader: Text, heads: Sequence[Entry], when: Text) -> AskText:
    what, then = _task(heads[0]) if len(heads) == 1 else _tasks(heads)
    return AskText(
        Text(f"Đề nghị {reader.vi}", f"{reader.en} is asked to"), Text(f" {what.vi}", f" {what.en}"), when, then
    )


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


_COUNTED_ANEW = Text(
    "Đơn vị nào có kết quả thì số này tự giảm; không cần báo cáo riêng.",
    "The number falls as the units' results come in; no report on it is needed.",
)


def _task(entry: Entry) -> tuple[Text, Text]:
    """What one row asks of the unit itself, and what is enough when it is done already."""
    about, what = object_of(entry), thing(entry)
    match entry.kind:
        case TaskKind.REPORT:
            to = _where(entry)
            return Text(f"gửi {what.vi}{to.vi}", f"send: {what.en}{to.en}"), _BY_NUMBER
        case TaskKind.ASSIGNED:
            said = Text(f"hoàn thành {about.vi} và gửi kết quả", f"complete: {about.en}, and send the result")
            return said, _BY_NUMBER
        case TaskKind.QUOTA if entry.section is Section.ENDING:
            said = Text(f"thực hiện và cập nhật {what.vi}", f"carry out and record: {about.en}")
            return said, _DONE_IN_PERIOD
        case TaskKind.QUOTA:
            vi = f"cập nhật {what.vi} và cho biết kế hoạch thực hiện kỳ tiếp theo"
            en = f"record what was done ({about.en}) and say what is planned for the next period"
            return Text(vi, en), _DONE_IN_PERIOD
        case TaskKind.STREAK:
            return _periods_missed(entry)
        case TaskKind.ROLLUP:
            said = Text(
                "phối hợp với các đơn vị nêu trong thư và cho biết biện pháp", "help the units named below"
            )
            return said, _COUNTED_ANEW
        case TaskKind.READING:
            return Text(f"cập nhật {what.vi}", f"enter {what.en}"), _BY_NUMBER
        case TaskKind.LEVEL:
            return Text(
                "rà soát số liệu và cho biết biện pháp", "check the figure and say what is done"
            ), _CORRECTED


def _periods_missed(entry: Entry) -> tuple[Text, Text]:
    """What a streak asks of its unit: what its periods ask, and what is planned from now on."""
    base = root(entry)
    about, what = object_of(base), thing(base)
    if base.kind is TaskKind.REPORT:
        return Text(
            f"gửi {what.vi} của các kỳ còn thiếu", f"send: {about.en}, for the periods missing"
        ), _BY_NUMBER
    vi = f"cập nhật {what.vi} và cho biết kế hoạch thực hiện kỳ tiếp theo"
    return Text(vi, f"record what was done ({about.en}) and say what is planned next"), _DONE_IN_PERIOD


def _where(entry: Entry) -> Text:
    vi = en = ""
    if entry.reports_to:
        vi, en = f" về {entry.reports_to.vi}", f" to {entry.reports_to.en}"
    if entry.via:
        vi, en = f"{vi} (qua {entry.via.vi})", f"{en} (through {entry.via.en})"
    return Text(vi, en)


def _tasks(heads: Sequence[Entry]) -> tuple[Text, Text]:
    """The same for several rows: in the words of their kind when they are of one, else in general ones."""
    said, kinds = _several(heads), {entry.kind for entry in heads}
    if kinds == {TaskKind.LEVEL}:
        vi, en = f"rà soát số liệu của {said.vi} và cho biết biện pháp", f"check {said.en} and say what is done"
        return Text(vi, en), _CORRECTED
    if kinds == {TaskKind.READING}:
        return Text(f"cập nhật số liệu của {said.vi}", f"enter the figures of {said.en}"), _BY_NUMBER
    if kinds == {TaskKind.QUOTA}:
        return Text(f"cập nhật kết quả của {said.vi}", f"record the results of {said.en}"), _DONE_IN_PERIOD
    return Text(f"gửi kết quả của {said.vi}", f"send the results of {said.en}"), _BY_NUMBER


def _several(heads: Sequence[Entry]) -> Text:
    """`02 chỉ tiêu nêu tại mục MỚI`, `03 việc nêu tại mục MỚI và NẶNG THÊM`."""
    titles = [SECTIONS[section] for section in Section if any(entry.section is section for entry in heads)]
    where = Text(listed([title.vi for title in titles], " và "), listed([title.en for title in titles], " and "))
    of_figures = all(entry.kind in (TaskKind.LEVEL, TaskKind.READING) for entry in heads)
    n = counted(len(heads), "chỉ tiêu", "indicator") if of_figures else counted(len(heads), "việc", "task")
    return Text(f"{n.vi} nêu tại mục {where.vi}", f"{n.en} under {where.en}")


_STANDING = {
    TaskKind.REPORT: Text("tình hình gửi", "how it stands with"),
    TaskKind.ASSIGNED: Text("tình hình thực hiện", "how it stands with"),
    TaskKind.QUOTA: Text("tình hình thực hiện", "how it stands with"),
    TaskKind.READING: Text("tình hình cập nhật", "how it stands with"),
    TaskKind.LEVEL: Text("tình hình", "how it stands with"),
    TaskKind.STREAK: Text("tình hình", "how it stands with"),
    TaskKind.ROLLUP: Text("tình hình", "how it stands with"),
}


def _sideways(digest: Digest, heads: Sequence[Entry], when: Text) -> AskText:
    return AskText(
        Text(f"Đề nghị {digest.reader.vi}", f"{digest.reader.en} is asked to"),
        _cooperate(digest, heads),
        when,
        Text("Trân trọng cảm ơn.", "Thank you."),
    )


def _cooperate(digest: Digest, heads: Sequence[Entry]) -> Text:
    first = heads[0]
    if all(entry.kind is TaskKind.LEVEL for entry in heads):
        said = object_of(first) if len(heads) == 1 else _several(heads)
        return Text(
            f" phối hợp rà soát số liệu, cho biết biện pháp đối với {said.vi}",
            f" help to check the figures and say what is done about {said.en}",
        )
    if len(heads) > 1:
        said = _several(heads)
        return Text(f" phối hợp, cho biết tình hình {said.vi}", f" cooperate and say how it stands with {said.en}")
    base = root(first)
    verb, what = _STANDING[base.kind], object_of(base)
    if base.kind in (TaskKind.REPORT, TaskKind.READING):
        what = thing(base)
    whose = NOTHING
    late = first.parts.missed if first.parts and first.kind is TaskKind.ROLLUP else len(first.units)
    if grouped(first, digest) or first.kind is TaskKind.ROLLUP:
        n = counted(late, ANY_UNIT.vi, "unit")
        whose = Text(f" của {n.vi}", f", {n.en}")
    return Text(
        f" phối hợp, cho biết {verb.vi} {what.vi}{whose.vi}", f" cooperate and say {verb.en} {what.en}{whose.en}"
    )


def _up(digest: Digest, heads: Sequence[Entry], when: Text) -> AskText:
    reader, on = digest.reader, _on(digest, heads)
    rest = NOTHING
    if len(digest.entries) > len(heads):
        rest = Text("Các mục còn lại để quý cơ quan nắm tình hình.", "The other sections are for information.")
    who = Text(f"Kính đề nghị {reader.vi}", f"{reader.en} is respectfully asked")
    if digest.direction is Direction.UP:
        return AskText(
            who, Text(f" xem xét, có ý kiến chỉ đạo đối với {on.vi}", f" to consider {on.en}"), when, rest
        )
    who = Text("Kính xin ý kiến chỉ đạo", who.en)
    if len(heads) > 1:
        return AskText(who, Text(f" của {reader.vi} đối với {on.vi}", f" for guidance on {on.en}"), when, rest)
    return AskText(who, Text(f" của {reader.vi}", " for guidance"), when, _urged(heads[0]))


def _on(digest: Digest, heads: Sequence[Entry]) -> Text:
    if len(heads) == 1 and grouped(heads[0], digest):
        n, title = counted(len(heads[0].units), ANY_UNIT.vi, "unit"), SECTIONS[heads[0].section]
        return Text(f"{n.vi} nêu tại mục {title.vi}", f"{n.en} under {title.en}")
    return _several(heads)


def _urged(entry: Entry) -> Text:
    """How often the unit was written to before a superior is."""
    if not entry.earlier:
        return NOTHING
    n, when = counted(len(entry.earlier), "lần", "time"), days(entry.earlier, ", ")
    if entry.kind is TaskKind.LEVEL:
        return Text(
            f"Đã nhắc đơn vị {n.vi} ({when}); số liệu chưa thay đổi.",
            f"The unit was written to {n.en} ({when}); the figure has not changed.",
        )
    return Text(
        f"Đã đôn đốc {n.vi} ({when}), hệ thống chưa ghi nhận kết quả.",
        f"Followed up {n.en} ({when}); nothing is recorded yet.",
    )
