"""How a row ended, for the rows that bring good news."""

from __future__ import annotations

import re

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Outcome, TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.wording import derived, figures
from dondoc.notifications.wording.names import clause, document
from dondoc.notifications.wording.numbers import counted, day

_OF_FIGURES = (TaskKind.LEVEL, TaskKind.READING, TaskKind.STREAK)
# Of a submitted document, a letter names only the kind, number and symbol (Nghị định 30/2020/NĐ-CP): the rest of
# the line may contain a person's name.
_KINDS = "Báo cáo|Công văn|Kế hoạch|Tờ trình|Thông báo|Quyết định|Chương trình|Biên bản|Nghị quyết|Đề án"
_NUMBER = r"(?:số\s+)?\d{1,6}(?:[/-][A-ZĐÔƠƯa-z0-9]{1,12})+"
_CITED = re.compile(rf"(?i:{_KINDS})(?:\s+{_NUMBER})?|{_NUMBER}")


def ended(entry: Entry, digest: Digest) -> Text:
    """Clause and document, how it ended, and the letter in which this reader had it open."""
    if entry.outcome is Outcome.WITHDRAWN:
        said, tail = _withdrawn(entry), _void(entry, digest)
    else:
        said, tail = _recorded(entry), _notified(entry, digest)
    place, paper = clause(entry), document(entry.directive)
    return Text.format("{place}{paper}. {said}{tail}", place=place, paper=paper, said=said, tail=tail)


def _withdrawn(entry: Entry) -> Text:
    if entry.kind in _OF_FIGURES:
        return Text("Số liệu đã được điều chỉnh.", "The figure was corrected.")
    if entry.done_on is None:
        return Text("Thực hiện đúng hạn, được cập nhật muộn.", "Done in time, entered late.")
    when = day(entry.done_on)
    return Text(
        f"Thực hiện ngày {when}, đúng hạn, được cập nhật muộn.", f"Done in time, on {when}, and entered late."
    )


def _void(entry: Entry, digest: Digest) -> Text:
    if entry.last_notified is None:
        return NO_TEXT
    when = day(entry.last_notified)
    reader = "quý đơn vị" if digest.direction is Direction.OWN else "quý cơ quan"
    return Text(
        f" Nội dung này trong thư ngày {when} không còn giá trị; mong {reader} thông cảm.",
        f" What the letter of {when} said of it is void; we ask for your understanding.",
    )


def _recorded(entry: Entry) -> Text:
    if entry.outcome is Outcome.RESUMED:
        past = Text("các kỳ đã qua", "the past periods") if entry.kind is TaskKind.STREAK else None
        missed = entry.period or past or Text("đã qua", "the past period")
        return Text.format(
            "Đã thực hiện lại; {missed} vẫn tính là không đạt.",
            "Done again in a later period; {missed} stays counted as missed.",
            missed=missed,
        )
    if entry.outcome is Outcome.CLEARED and entry.figure is not None:
        value, within = figures.value(entry.figure), figures.within(entry.figure)
        return Text.format(
            "Số liệu {value}, {within}.", "The figure is {value}, {within}.", value=value, within=within
        )
    if entry.outcome is Outcome.CLEARED and entry.parts is not None and entry.parts.at_least is not None:
        vi = "Còn {left}, dưới mức theo dõi {least}."
        en = "{left} are left, told from {least}."
        return Text.format(vi, en, left=derived.share(entry.parts), least=entry.parts.at_least)
    when = Text(f" ngày {day(entry.done_on)}", f" of {day(entry.done_on)}") if entry.done_on else NO_TEXT
    cited = _CITED.search(entry.evidence)
    proof = cited.group() if cited else Text("kết quả", "a result")
    return Text.format("Ghi nhận {proof}{when}.", "Recorded: {proof}{when}.", proof=proof, when=when)


def _notified(entry: Entry, digest: Digest) -> Text:
    if entry.last_notified is None:
        return NO_TEXT
    when = day(entry.last_notified)
    subject = "Đã" if digest.direction is Direction.OWN else "Đơn vị đã được"
    return Text(f" {subject} nêu trong thư ngày {when}.", f" Named in the letter of {when}.")


def outcome(entry: Entry) -> tuple[Text, Text]:
    """The badge of a settled row, in two lines."""
    match entry.outcome:
        case Outcome.WITHDRAWN if entry.kind in _OF_FIGURES:
            return Text("Số liệu", "Figure"), Text("đã điều chỉnh", "corrected")
        case Outcome.WITHDRAWN:
            return Text("Hoàn thành", "Done"), Text("đúng hạn", "on time")
        case Outcome.CLEARED if entry.kind is TaskKind.ROLLUP:
            return Text("Dưới mức", "Below the"), Text("theo dõi", "number told")
        case Outcome.CLEARED:
            return Text("Trở lại", "Back"), Text("trong ngưỡng", "within the limit")
        case Outcome.RESUMED:
            return Text("Đã thực hiện", "Done"), Text("lại", "again")
        case _ if entry.days:
            days = counted(entry.days, "ngày", "day")
            return Text("Hoàn thành", "Done"), Text.format("quá hạn {days}", "{days} late", days=days)
        case _:
            return Text("Đã", "Task"), Text("hoàn thành", "done")
