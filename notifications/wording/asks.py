"""The ask: one sentence whose verb follows from where the reader stands (none is an order), and what then.

The day asked for is the last working day before the next step. It is no limit of the service's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model import Section, TaskKind, Text
from notifications.digest import Digest, Direction, Entry
from notifications.wording.facts import object_of
from notifications.wording.labels import SECTIONS
from notifications.wording.limits import no_later_than
from notifications.wording.names import grouped
from notifications.wording.numbers import count, counted, days, listed

NOTHING = Text("", "")
_OPEN = (Section.NEW, Section.WORSE, Section.STILL)


@dataclass(frozen=True, slots=True)
class AskText:
    """An ask in four pieces, in the order of reading: who is asked, what, by when, and what follows."""

    who: Text
    what: Text
    when: Text
    then: Text


def ask(digest: Digest, heads: Sequence[Entry]) -> AskText:
    """What the reader is asked to do about the rows that lead the letter."""
    name = Text(digest.reader_name, digest.reader_name_en)
    if digest.direction is Direction.COPY or all(entry.copied for entry in heads):
        return AskText(
            Text(f"Đồng gửi {name.vi}", f"Copied to {name.en}"),
            Text(" để biết; chưa cần trả lời.", " for information; no answer is needed."),
            NOTHING,
            NOTHING,
        )
    if heads[0].section is Section.RESOLVED:
        return _nothing_more(name, own=digest.direction is Direction.OWN)
    if heads[0].section is Section.ENDING and digest.direction is not Direction.OWN:
        return AskText(
            Text(f"Gửi {name.vi}", f"Sent to {name.en}"),
            Text(" để nắm tình hình; chưa cần trả lời.", " for information; no answer is needed."),
            NOTHING,
            NOTHING,
        )
    by = min((entry.answer_by for entry in heads if entry.answer_by is not None), default=None)
    when = no_later_than(by) if by is not None else NOTHING
    if digest.direction is Direction.OWN:
        return _own(name, heads, when)
    if digest.direction is Direction.SIDEWAYS:
        return _sideways(name, heads, when)
    return _up(digest, name, heads, when)


def _nothing_more(name: Text, *, own: bool) -> AskText:
    said = Text(" không cần làm gì thêm.", " need not do anything more.")
    if not own:
        said = Text(" nắm tình hình; không cần trả lời.", " is informed; no answer is needed.")
    return AskText(Text(f"{'' if own else 'Kính gửi '}{name.vi}", name.en), said, NOTHING, NOTHING)


def _own(name: Text, heads: Sequence[Entry], when: Text) -> AskText:
    what, then = _task(heads[0]) if len(heads) == 1 else _tasks(heads)
    return AskText(
        Text(f"Đề nghị {name.vi}", f"{name.en} is asked to"), Text(f" {what.vi} ", f" {what.en} "), when, then
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


def _task(entry: Entry) -> tuple[Text, Text]:
    """What one row asks of the unit itself, and what is enough when it is done already."""
    about = object_of(entry)
    match entry.kind:
        case TaskKind.REPORT:
            to = _where(entry)
            return Text(f"gửi {about.vi}{to.vi}", f"send: {about.en}{to.en},"), _BY_NUMBER
        case TaskKind.ASSIGNED:
            said = Text(f"hoàn thành {about.vi} và gửi kết quả", f"complete: {about.en}, and send the result,")
            return said, _BY_NUMBER
        case TaskKind.QUOTA if entry.section is Section.ENDING:
            said = Text(f"cập nhật kết quả {about.vi}", f"record what was done: {about.en},")
            return said, _DONE_IN_PERIOD
        case TaskKind.QUOTA:
            vi = f"cập nhật kết quả {about.vi} và cho biết kế hoạch thực hiện kỳ tiếp theo"
            en = f"record what was done ({about.en}) and say what is planned for the next period,"
            return Text(vi, en), _DONE_IN_PERIOD
        case TaskKind.READING:
            return Text(f"cập nhật số liệu {about.vi}", f"enter the figures on {about.en},"), _CORRECTED
        case TaskKind.LEVEL:
            said = Text("rà soát số liệu và cho biết biện pháp", "check the figures and say what is planned,")
            return said, _CORRECTED


def _where(entry: Entry) -> Text:
    to = f" về {entry.reports_to}" if entry.reports_to else ""
    via = f" (qua {entry.via})" if entry.via else ""
    to_en = f" to {entry.reports_to}" if entry.reports_to else ""
    return Text(f"{to}{via}", f"{to_en}{f' (through {entry.via})' if entry.via else ''}")


def _tasks(heads: Sequence[Entry]) -> tuple[Text, Text]:
    n, where = counted(len(heads), "việc", "task"), _sections(heads)
    return (
        Text(f"gửi kết quả của {n.vi} nêu tại {where.vi}", f"send the results of {n.en} under {where.en}"),
        _BY_NUMBER,
    )


def _sections(heads: Sequence[Entry]) -> Text:
    """`mục MỚI`, `mục MỚI và NẶNG THÊM`."""
    titles = [SECTIONS[section] for section in _OPEN if any(entry.section is section for entry in heads)]
    return Text(
        f"mục {listed([title.vi for title in titles], ' và ')}", listed([title.en for title in titles], " and ")
    )


def _sideways(name: Text, heads: Sequence[Entry], when: Text) -> AskText:
    about = object_of(heads[0])
    what = Text(f"tình hình {about.vi}", f"how it stands with {about.en}")
    if len(heads) > 1:
        n, where = counted(len(heads), "việc", "task"), _sections(heads)
        what = Text(f"tình hình {n.vi} nêu tại {where.vi}", f"how it stands with {n.en} under {where.en}")
    return AskText(
        Text(f"Đề nghị {name.vi}", f"{name.en} is asked to"),
        Text(f" phối hợp, cho biết {what.vi} ", f" cooperate and say {what.en} "),
        when,
        Text("Trân trọng cảm ơn.", "Thank you."),
    )


def _up(digest: Digest, name: Text, heads: Sequence[Entry], when: Text) -> AskText:
    rest = NOTHING
    if len(digest.entries) > len(heads):
        rest = Text("Các mục còn lại để quý cơ quan nắm tình hình.", "The other sections are for information.")
    if digest.direction is Direction.UP_PARTY:
        return AskText(
            Text("Kính xin ý kiến chỉ đạo", f"{name.en} is respectfully asked"),
            Text(f" của {name.vi} ", " for guidance "),
            when,
            _urged(heads[0]) if len(heads) == 1 else rest,
        )
    return AskText(
        Text(f"Kính đề nghị {name.vi}", f"{name.en} is respectfully asked"),
        Text(f" xem xét, có ý kiến chỉ đạo{_on(digest, heads).vi} ", f" to consider{_on(digest, heads).en} "),
        when,
        rest,
    )


def _on(digest: Digest, heads: Sequence[Entry]) -> Text:
    where = _sections(heads)
    if len(heads) == 1 and grouped(heads[0], digest):
        n = len(heads[0].units)
        return Text(f" đối với {count(n)} đơn vị nêu tại {where.vi}", f" the {n} units under {where.en}")
    n = len(heads)
    return Text(f" đối với {count(n)} việc nêu tại {where.vi}", f" {n} under {where.en}")


def _urged(entry: Entry) -> Text:
    """How often the unit was written to before a superior is."""
    if not entry.earlier:
        return NOTHING
    n = len(entry.earlier)
    vi = f"Đã đôn đốc {count(n)} lần ({days(entry.earlier, ', ')}), hệ thống chưa ghi nhận kết quả."
    return Text(vi, f"Followed up {n} times ({days(entry.earlier, ', ')}); nothing is recorded yet.")
