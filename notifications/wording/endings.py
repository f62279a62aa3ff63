"""How a row ended, for the rows that bring good news."""

from __future__ import annotations

import re
from typing import LiteralString, assert_never

from dondoc.engine.domain.model import NO_TEXT, Asked, Text
from dondoc.engine.domain.terms import Outcome, TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.wording import waiving
from dondoc.notifications.wording.kinds.derived import root
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.limits import seen_until
from dondoc.notifications.wording.names import clause, document, who
from dondoc.notifications.wording.numbers import capital, counted, day, days, listed

# Of a submitted document, a letter names only the kind, number and symbol (Nghị định 30/2020/NĐ-CP): the rest of
# the line may contain a person's name.
_KINDS = "Báo cáo|Công văn|Kế hoạch|Tờ trình|Thông báo|Quyết định|Chương trình|Biên bản|Nghị quyết|Đề án"
# A symbol is of capitals, but for TTr, CTr and TTg; a name typed behind the number is none of it.
_PART = r"(?:[A-ZĐÔƠƯ]{1,8}[rg]?|\d{1,4})\b"
_NUMBER = rf"(?:số\s+)?\b\d{{1,6}}(?:[/-]{_PART})+"
_CITED = re.compile(rf"(?i:{_KINDS})(?:\s+{_NUMBER})?|{_NUMBER}")


_Phrase = tuple[LiteralString, LiteralString]
_IS_VOID: _Phrase = (
    " Nội dung này trong {letters} không còn giá trị; mong {reader} thông cảm.",
    " What {letters} said of it is void; we ask for your understanding.",
)
# The same behind a clause.
_IS_VOID_TOO: _Phrase = (
    "; {letters} về việc này không còn giá trị, mong {reader} thông cảm",
    "; what {letters} said of it is void, we ask for your understanding",
)


def ended(entry: Entry, digest: Digest) -> Text:
    """Clause and document, how it ended, and the letter in which this reader had it open."""
    place, paper = clause(entry), document(entry.directive)
    if entry.outcome is Outcome.WITHDRAWN:
        return Text.format("{place}{paper}", place=place, paper=paper)
    said, tail = _recorded(entry, digest), Text.join("", (_counted_for(entry), _notified(entry, digest)))
    return Text.format("{place}{paper}. {said}{tail}", place=place, paper=paper, said=said, tail=tail)


def taken_back(entry: Entry, digest: Digest) -> Text | None:
    """Why what was written of a row is void, and in which letters; None for a row that ended otherwise."""
    if entry.outcome is not Outcome.WITHDRAWN:
        return None
    return Text.format("{why}{void}", why=why_taken_back(entry), void=_void(entry, digest, _IS_VOID))


def why_taken_back(entry: Entry) -> Text:
    """When what was done was entered, below a headline that names the letters that are void."""
    return Text.join("", (_withdrawn(entry), _counted_for(entry)))


def _counted_for(entry: Entry) -> Text:
    """For which period a report without one was counted, and how to correct that (decision 12)."""
    if not entry.unnamed or entry.period is None:
        return NO_TEXT
    return Text.format(
        " Báo cáo không ghi kỳ nên được tính cho {period}; nếu chưa đúng, chỉ cần trả lời thư này và ghi rõ kỳ.",
        " The report names no period and counts for {period}; if that is wrong, a reply naming it is enough.",
        period=entry.period,
    )


def withdrawal(entry: Entry, digest: Digest) -> Text:
    """The same as the first sentence of a letter, with the unit and the document."""
    whose = NO_TEXT
    if digest.direction is not Direction.OWN:
        whose = Text.format(" liên quan {whose}", ", about {whose}", whose=entry.unit)
    return Text.format(
        "Xin rút nội dung đã gửi{whose}: {said}{proof}{void}.",
        "Taken back{whose}: {said}{proof}{void}.",
        whose=whose,
        said=_in_time(entry),
        proof=_proof(entry),
        void=_void(entry, digest, _IS_VOID_TOO),
    )


def _proof(entry: Entry) -> Text:
    """` (Báo cáo số 30/BC-UBND)`, where the record names a document."""
    cited = _CITED.search(entry.evidence)
    return Text(f" ({cited.group()})", f" ({cited.group()})") if cited else NO_TEXT


def _withdrawn(entry: Entry) -> Text:
    if wording_of(entry.kind).of_figures:
        return Text("Số liệu đã được điều chỉnh.", "The figure was corrected.")
    proof = _proof(entry)
    if entry.done_on is None:
        return Text.format(
            "Thực hiện đúng hạn, được cập nhật muộn{proof}.", "Done in time, entered late{proof}.", proof=proof
        )
    late = Text("được cập nhật muộn", "and entered late")
    if entry.entered_on is not None:
        on = day(entry.entered_on)
        late = Text(f"đến ngày {on} mới được cập nhật", f"and entered only on {on}")
    return Text.format(
        "Thực hiện ngày {when}, đúng hạn, {late}{proof}.",
        "Done in time, on {when}, {late}{proof}.",
        when=day(entry.done_on),
        late=late,
        proof=proof,
    )


def _void(entry: Entry, digest: Digest, phrase: _Phrase) -> Text:
    """The phrase on every letter to this reader that had the row open; empty where none is known."""
    told = entry.told or ((entry.last_notified,) if entry.last_notified else ())
    if not told:
        return NO_TEXT
    word = Text("các thư ngày", "the letters of") if len(told) > 1 else Text("thư ngày", "the letter of")
    letters = Text.format("{word} {when}", word=word, when=listed(days(told)))
    reader = "quý đơn vị" if digest.direction is Direction.OWN else "quý cơ quan"
    return Text.format(*phrase, letters=letters, reader=reader)


def told_late(entry: Entry, digest: Digest) -> bool:
    """Whether what is told of was done before yesterday, so that only its recording is new."""
    return entry.done_on is not None and entry.done_on < seen_until(digest)


def _undone(entry: Entry) -> Text:
    """How a row stands that is no longer followed up."""
    if entry.kind is TaskKind.LEVEL:
        return Text("số liệu chưa trở lại trong ngưỡng", "the figure is not back within the limit")
    return Text("chưa ghi nhận hoàn thành", "it was not recorded as done")


def _recorded(entry: Entry, digest: Digest) -> Text:
    kind = wording_of(entry.kind)
    if entry.lapsed:
        return Text.format(
            "Văn bản đã hết hiệu lực nên hệ thống thôi theo dõi; {undone}.",
            "The directive has ended, so it is no longer followed up; {undone}.",
            undone=_undone(entry),
        )
    if entry.outcome is Outcome.RESUMED:
        return Text.format(
            "Đã thực hiện lại; {missed} vẫn tính là không đạt.",
            "Done again in a later period; {missed} stays counted as missed.",
            missed=entry.period or kind.missed,
        )
    if entry.outcome is Outcome.CHANGED:
        return _edited(entry)
    if entry.outcome is Outcome.EXCUSED:
        return _excused(entry)
    if entry.outcome is Outcome.REASSIGNED:
        return _handed_over(entry)
    own = None
    if entry.outcome is Outcome.CLEARED:
        own = kind.recovered(entry)
    elif entry.outcome is Outcome.LATE:
        own = kind.came_late(entry)
    if own is not None:
        return own
    when = Text(f" ngày {day(entry.done_on)}", f" of {day(entry.done_on)}") if entry.done_on else NO_TEXT
    cited = _CITED.search(entry.evidence)
    proof = cited.group() if cited else Text("kết quả", "a result")
    found = Text("Mới ghi nhận", "Newly recorded") if told_late(entry, digest) else Text("Ghi nhận", "Recorded")
    said = Text.format("{found} {proof}{when}", "{found}: {proof}{when}", found=found, proof=proof, when=when)
    if entry.outcome is Outcome.EXTENDED:
        said = Text.format("{said}, trong hạn đã gia hạn", "{said}, within the extended limit", said=said)
    return Text.format("{said}.", said=said)


def _edited(entry: Entry) -> Text:
    """What of the rule was edited, from what to what; nobody's data is said to have changed."""
    if entry.task_withdrawn and entry.withdrawn is not None:
        on = day(entry.withdrawn)
        return Text.format(
            "Nhiệm vụ đã được rút ngày {on}; đơn vị không phải thực hiện.",
            "The task was withdrawn on {on}; the unit need not do it.",
            on=on,
        )
    if entry.was is None:
        return Text(
            "Không còn áp dụng đối với đơn vị này, theo quy tắc đã sửa hoặc sự kiện đã đính chính.",
            "No longer asked of this unit, by an edited rule or a corrected event.",
        )
    edits = _edits(entry, entry.was)
    if not edits:
        return Text("Mức của quy tắc đã sửa.", "The level of the rule was edited.")
    by = NO_TEXT
    if entry.figure and entry.figure.set_by and entry.figure.set_on:
        when = day(entry.figure.set_on)
        by = Text.format(
            " (do {by} đặt ngày {when})", " (set by {by} on {when})", by=entry.figure.set_by, when=when
        )
    said = Text.join("; ", edits)
    return Text.format("{said}{by}.", "{said}{by}.", said=Text(capital(said.vi), capital(said.en)), by=by)


def _edits(entry: Entry, was: Asked) -> list[Text]:
    """Each part of what the rule asks for that was edited and may be printed, from what to what."""
    if entry.asked is None:
        return []
    kind = wording_of(entry.kind)
    was = was.completed(entry.asked)
    before, after = kind.level(entry, was), kind.level(entry, entry.asked)
    level = Text("mức theo dõi", "the level")
    parts = [(level, before, after)] if before and after else []
    # A figure that clears at its limit has no clearing value to tell of.
    both = zip(kind.manner(entry, was), kind.manner(entry, entry.asked), strict=False)
    parts += [(name, old, new) for (name, old), (_, new) in both if (old, new) != (before, after)]
    vi, en = "{name} đã sửa từ {old} thành {new}", "{name} was edited from {old} to {new}"
    return [Text.format(vi, en, name=name, old=old, new=new) for name, old, new in parts if old != new]


def _excused(entry: Entry) -> Text:
    waiver = waiving.line(entry)
    if waiver is None:
        return Text("Được cho phép không thực hiện cả kỳ.", "Waived for its whole period.")
    return Text.format(
        "Được cho phép không thực hiện cả kỳ: {waiver}.", "Waived for its whole period: {waiver}.", waiver=waiver
    )


def _handed_over(entry: Entry) -> Text:
    """To whom, by which office and document it went, where the night knows the act."""
    given = entry.handed_over
    if given is None or given.to is None or given.act.dated is None:
        return Text("Đã chuyển cho đơn vị khác; đơn vị này không phải thực hiện.", "Given to another unit.")
    return Text.format(
        "{office} đã chuyển việc này cho {to} theo văn bản {number} ngày {on}; đơn vị này không phải thực hiện.",
        "{office} gave the matter to {to} by document {number} of {on}; this unit need not do it.",
        office=given.office,
        to=given.to,
        number=given.act.document,
        on=day(given.act.dated),
    )


def _notified(entry: Entry, digest: Digest) -> Text:
    if entry.last_notified is None:
        return NO_TEXT
    when = day(entry.last_notified)
    subject = "Đã" if digest.direction is Direction.OWN else "Đơn vị đã được"
    return Text(f" {subject} nêu trong thư ngày {when}.", f" Named in the letter of {when}.")


_BADGES = {
    Outcome.RESUMED: (Text("Đã thực hiện", "Done"), Text("lại", "again")),
    Outcome.EXTENDED: (Text("Hoàn thành", "Done"), Text("trong hạn gia hạn", "within the new limit")),
    Outcome.CHANGED: (Text("Quy tắc", "Rule"), Text("đã sửa", "edited")),
    Outcome.EXCUSED: (Text("Được miễn", "Waived"), Text("trọn kỳ", "as a whole")),
    Outcome.REASSIGNED: (Text("Đã chuyển", "Given to"), Text("đơn vị khác", "another unit")),
    Outcome.LAPSED: (Text("Thôi", "No longer"), Text("theo dõi", "followed up")),
}


def outcome(entry: Entry) -> tuple[Text, Text]:
    """The badge of a settled row, in two lines."""
    kind = wording_of(entry.kind)
    match entry.outcome:
        case Outcome.WITHDRAWN if kind.of_figures:
            return Text("Số liệu", "Figure"), Text("đã điều chỉnh", "corrected")
        case Outcome.WITHDRAWN:
            return Text("Hoàn thành", "Done"), Text("đúng hạn", "on time")
        case Outcome.CLEARED:
            return kind.cleared
        case Outcome.CHANGED if entry.task_withdrawn:
            return Text("Nhiệm vụ", "Task"), Text("đã rút", "withdrawn")
        case Outcome.RESUMED | Outcome.EXTENDED | Outcome.CHANGED | Outcome.EXCUSED | Outcome.LAPSED:
            return _BADGES[entry.outcome]
        case Outcome.REASSIGNED:
            return _BADGES[entry.outcome]
        case Outcome.LATE | Outcome.RETIRED | None if entry.days:
            days = counted(entry.days, "ngày", "day")
            return Text("Hoàn thành", "Done"), Text.format("quá hạn {days}", "{days} late", days=days)
        case Outcome.LATE | Outcome.RETIRED | None:
            return Text("Đã", "Task"), Text("hoàn thành", "done")
        case _:
            assert_never(entry.outcome)


def settled(entry: Entry, digest: Digest) -> Text:
    """The clause of a row that has ended well, by how it ended."""
    match entry.outcome:
        case Outcome.WITHDRAWN:
            return _in_time(entry)
        case Outcome.CLEARED:
            return wording_of(entry.kind).recovery(entry)
        case Outcome.RESUMED:
            whose, what = who(entry, digest), root(entry).short
            return Text.format(
                "{what} của {whose} đã được thực hiện lại", "{whose}: {what} resumed", whose=whose, what=what
            )
        case Outcome.CHANGED | Outcome.EXCUSED | Outcome.REASSIGNED:
            return _no_longer(entry, digest)
        case Outcome.LAPSED:
            whose, what = who(entry, digest), root(entry).short
            return Text.format(
                "{what} của {whose}: văn bản hết hiệu lực, {undone}",
                "{what} of {whose}: the directive has ended, {undone}",
                whose=whose,
                what=what,
                undone=_undone(entry),
            )
        case Outcome.LATE | Outcome.EXTENDED | Outcome.RETIRED | None:
            return _done(entry, digest)
        case _:
            assert_never(entry.outcome)


def _no_longer(entry: Entry, digest: Digest) -> Text:
    about = wording_of(entry.kind).say(("{about}", "{about}"), entry)
    if digest.direction is not Direction.OWN:
        whose = who(entry, digest)
        about = Text.format("{about} của {whose}", "{about} of {whose}", about=about, whose=whose)
    if entry.outcome is Outcome.EXCUSED:
        vi, en = "{about} được cho phép không thực hiện", "{about}: waived for its whole period"
        return Text.format(vi, en, about=about)
    if entry.outcome is Outcome.REASSIGNED:
        return Text.format("{about} đã chuyển cho đơn vị khác", "{about}: given to another unit", about=about)
    if entry.was is None:
        return Text.format("{about} không còn áp dụng", "{about}: no longer asked", about=about)
    if entry.asked is not None and entry.was.level == entry.asked.level:
        vi, en = "{about} không thuộc diện đôn đốc theo quy tắc đã sửa", "{about}: not amiss under the edited rule"
        return Text.format(vi, en, about=about)
    return Text.format("{about} đạt mức đã sửa", "{about}: in order at the edited level", about=about)


def _in_time(entry: Entry) -> Text:
    kind = wording_of(entry.kind)
    if kind.of_figures:
        return kind.say(("số liệu về {about} đã được đính chính", "the figure on {about} was corrected"), entry)
    said = kind.say(kind.in_time, entry)
    if entry.done_on is None:
        return said
    # Behind a comma: "đúng hạn ngày 17/04" would read as the limit.
    return Text.format("{said}, ngày {day}", "{said}, on {day}", said=said, day=day(entry.done_on))


def _done(entry: Entry, digest: Digest) -> Text:
    kind, whose, name = wording_of(entry.kind), who(entry, digest), ""
    if len(entry.units) == 1:
        whose = entry.unit
    elif entry.owing < entry.of_units:
        more = counted(entry.owing, "đơn vị", "more unit")
        whose, name = Text.format("thêm {more}", "{more}", more=more), f": {', '.join(entry.units)}"
    return kind.say(kind.done, entry, whose=whose, name=name)
