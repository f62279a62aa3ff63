"""`explain` as text for people: six parts, Vietnamese first, with English in brackets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dondoc.engine.domain.model import Case, Text
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section
from dondoc.engine.explain.ladder import DroppedReader, LadderRung, NamedOffice
from dondoc.engine.explain.reasons import Why
from dondoc.flows.explain import evidence_text
from dondoc.flows.explain.account import Account, NextEvent, SentLetter
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.explain.reason_text import OUTCOMES, Speaker, about
from dondoc.flows.records.status import LETTER_WORDS
from dondoc.notifications.wording import answers
from dondoc.notifications.wording.labels import LAPSED, SECTIONS
from dondoc.notifications.wording.numbers import count, day, weekday

_STATUS = {
    CaseStatus.OPEN: Text("đang mở", "open"),
    CaseStatus.EXHAUSTED: Text("đã qua hết các bước", "past its last step"),
    CaseStatus.WAITING: Text("chờ xác nhận nơi kế thừa", "waiting for an heir"),
    CaseStatus.CLOSED: Text("đã đóng", "closed"),
}
_IN_TIME = Text("thực hiện trong hạn, ghi nhận muộn", "done in time, recorded late")
_TO_COME = Text("đêm chưa đến, xem như từ nay không ai làm gì thêm", "to come: as it will be if nobody acts")
_KNOWN = Text("như đã biết lúc 02:00 đêm đó", "as known at 02:00 of that night")
_RELATIONS = {
    "responsible": "đơn vị thực hiện",
    "monitor": "cơ quan theo dõi",
    "issuer": "cơ quan ban hành",
    "reports_to": "nơi nhận báo cáo",
    "led_by": "cấp ủy lãnh đạo",
    "superior.government": "cấp trên tuyến chính quyền",
    "superior.party": "cấp trên tuyến Đảng",
    "superior.front": "cấp trên tuyến Mặt trận",
    "superior.council": "cấp trên tuyến HĐND",
}
_DROPPED = {
    DroppedReader.NOBODY: Text("không có ai", "nobody"),
    DroppedReader.ABOVE_CEILING: Text("ở trên cơ quan ban hành nên không báo", "above the issuer"),
    DroppedReader.NO_HEIR: Text("đã kết thúc, chưa rõ nơi kế thừa", "ended, no single heir"),
    DroppedReader.HIMSELF: Text("chính là đơn vị thực hiện", "the unit itself"),
    DroppedReader.SAME_BODY: Text("cùng một cơ quan với nơi đã nêu trước", "the same body as one before it"),
}


def lines(found: Account, view: NightView) -> Iterator[str]:
    """The whole account, line by line."""
    yield from _head(found, view)
    for number, (title, part) in enumerate(_PARTS, 1):
        yield f"\n{number}. {title}"
        yield from (f"   {line}" for line in part(found, view))


def _head(found: Account, view: NightView) -> Iterator[str]:
    case, status = found.case, _STATUS[found.case.status]
    yield f"{case.code} · {_names(found, view)} · {status.vi}, {_step(case)} ({status.en}, step {case.reached})"
    yield f"Xem đêm {weekday(found.on).vi}: {(_TO_COME if found.played else _KNOWN).both()}"


def _names(found: Account, view: NightView) -> str:
    return ", ".join(view.name(unit) for unit in view.recipients.bearers(found.case.task))


def _step(case: Case) -> str:
    regular = len(case.ladder.steps)
    if case.reached > regular:
        return f"lần báo lặp lại {count(case.reached - regular)}"
    return f"bước {case.reached}"


def _calendar(found: Account, view: NightView) -> Iterator[str]:
    case = found.case
    yield f"Ngày bắt đầu tính quá hạn (breach): {weekday(case.breach).vi}; mở hồ sơ đêm {day(case.opened_on)}"
    if case.steps_from is not None:
        yield (
            f"Các bước tính từ đêm {day(case.steps_from)}, đêm đầu tiên hệ thống có thể biết việc này "
            "(the steps count from the first night that could know of it)"
        )
    counted = found.counted
    if counted is not None:
        weekend = f"; {count(counted.weekend)} ngày cuối tuần không tính" if counted.weekend else ""
        yield (
            f"Từ đó đến đêm {day(counted.night)}: {count(counted.position)} ngày làm việc đã qua{weekend} "
            f"(working days passed: {counted.position})"
        )
        for closed, name in counted.closed:
            yield f"   {weekday(closed).vi}: {name}, không tính"
        for made_up, name in counted.made_up:
            yield f"   {weekday(made_up).vi}: {name}, có tính"
        if counted.waived:
            why = "chờ xác nhận nơi kế thừa" if found.case.task.former else "được tạm miễn"
            yield f"   {count(counted.waived)} ngày làm việc {why}, không tính (stood still)"
        if counted.paused:
            yield f"   {count(counted.paused)} ngày làm việc tạm dừng vì có trả lời, không tính (paused)"
    for rung in found.rungs:
        if not rung.repeat:
            yield from _rung(rung, view, case)
    repeats = [day(rung.due) for rung in found.rungs if rung.repeat and rung.due and _comes(rung, case)]
    if repeats:
        yield f"Báo lặp lại (repeats): {', '.join(repeats)}"


def _comes(rung: LadderRung, case: Case) -> bool:
    """Whether a step was reached or still can be: a closed case climbs no further."""
    return rung.number <= case.reached or case.status is not CaseStatus.CLOSED


def _rung(rung: LadderRung, view: NightView, case: Case) -> Iterator[str]:
    due = f", đêm {day(rung.due) if rung.due else 'ngoài lịch'}" if _comes(rung, case) else ""
    here = "   ← đã tới (reached)" if rung.number <= case.reached else ""
    after = f"sau {count(rung.at)} ngày làm việc" if rung.at else "ngay khi quá hạn"
    yield f"Bước {rung.number}, {after}{due}{here}"
    for one in rung.named:
        yield f"   {_named(one, view)}"
    if not rung.readers and any(one.word != "responsible" for one in rung.named):
        yield "   không có ai: báo luôn bước sau (nobody: the next step's turn)"


def _named(one: NamedOffice, view: NightView) -> str:
    base, _, nth = one.word.rpartition(".") if one.word[-1].isdigit() else (one.word, "", "")
    relation = _RELATIONS.get(base, f"cơ quan {one.word}") + (f" thứ {nth}" if nth else "")
    copied = ", bản sao" if one.copied else ""
    said = f"{relation}{copied} [{one.word}]: {view.name(one.meant) or 'không có'}"
    if one.dropped is not None:
        return f"{said}; {_DROPPED[one.dropped].both()}"
    return said if one.reader == one.meant else f"{said} → {view.name(one.reader)}"


def _notified(found: Account, view: NightView) -> Iterator[str]:
    for letter in found.letters:
        yield _letter(letter, found.case, view)
    if not found.letters:
        yield "Chưa có thư nào. (no letter)"
    speaker = Speaker(view.name, view.book, found.on)
    by_reason: dict[Text, list[str]] = {}
    for one in found.unheard:
        by_reason.setdefault(speaker.said(one.reason), []).append(view.name(one.office))
    for said, offices in by_reason.items():
        yield f"Đêm {day(found.on)} không có thư tới {', '.join(offices)}: {said.both()}"
    for act in found.answers:
        office = Text(view.name(act.office), view.name(act.office))
        yield f"Trả lời {act.number} (answer): {answers.said(act, office, found.on).both()}"
    for subject in found.covers:
        older = about(view.book, found.case.task.rule, subject)
        yield f"Đứng thay kỳ cũ hơn (stands for an older period): {older}"


def _letter(letter: SentLetter, case: Case, view: NightView) -> str:
    notice = letter.notice
    ends = notice.section is Section.RESOLVED and case.outcome is Outcome.LAPSED
    section = LAPSED if ends else SECTIONS[notice.section]
    step = f", bước {notice.step}" if notice.step else ""
    state = f", {LETTER_WORDS[letter.state.state].vi}" if letter.state else ""
    if letter.to_come:
        state = ", chưa lập"
    undone = f"; coi như chưa báo từ {day(notice.untold_on)}" if notice.untold_on else ""
    through = f", qua {view.name(letter.through)}" if letter.through else ""
    return (
        f"Đêm {day(notice.night)}: {view.name(notice.reader)}{through}, {section.both()}{step}; "
        f"thư {notice.letter[:8]}{state}{undone}"
    )


def _closed(found: Account, view: NightView, how: Outcome, on: date) -> Iterator[str]:
    case = found.case
    in_time = how is Outcome.WITHDRAWN and case.task.last_day is not None
    outcome = _IN_TIME if in_time else OUTCOMES[how]
    yield f"Hồ sơ đóng đêm {day(on)}: {outcome.both()}."
    if case.task.done_on is not None:
        yield f"Kết quả: {case.task.evidence or 'không ghi số'}, ngày {day(case.task.done_on)}."
    notified = [one for one in found.letters if one.notice.section is Section.RESOLVED]
    names = ", ".join(f"{view.name(one.notice.reader)} ({day(one.notice.night)})" for one in notified)
    if names:
        yield f"Đã báo tin (told): {names}."
    elif not case.closing_notified and case.next_on is not None:
        yield f"Ai đã được báo sẽ nhận tin từ đêm {day(case.next_on)}. (whoever knew is told then)"
    else:
        yield "Không có ai cần báo tin. (nobody had to be told)"


def _next(found: Account, view: NightView) -> Iterator[str]:
    case = found.case
    if case.status is CaseStatus.CLOSED and case.outcome is not None and case.closed_on is not None:
        yield from _closed(found, view, case.outcome, case.closed_on)
        return
    if case.status is CaseStatus.WAITING:
        yield "Không gửi gì cho đến khi có người xác nhận nơi kế thừa. (silent until an heir is confirmed)"
    if any(one.why is Why.COVERED for one in (each.reason for each in found.unheard)):
        yield "Đứng yên: kỳ mới hơn đứng thay, hồ sơ này không báo riêng nữa. (the newer period stands for it)"
    yield from _coming(found, view)
    if found.coming:
        yield "Nếu trước đó ghi nhận kết quả thì hồ sơ đóng và ai đã được báo sẽ nhận tin. (unless it is done)"


def _coming(found: Account, view: NightView) -> Iterator[str]:
    """The letters to come, then what ends them."""
    for one in found.coming:
        when = day(one.on) if one.on else "ngoài lịch"
        if one.step is not None and not one.repeat:
            yield f"{when}: {_telling(one)}, báo {', '.join(map(view.name, one.readers))}"
    repeats: dict[tuple[str, ...], list[str]] = {}
    for one in found.coming:
        if one.repeat and one.on:
            repeats.setdefault(one.readers, []).append(day(one.on))
    for offices, nights in repeats.items():
        yield (
            f"Sau bước cuối, báo lặp lại (repeats): {', '.join(nights)}, tới {', '.join(map(view.name, offices))}"
        )
    for one in (one for one in found.coming if one.again and one.on):
        names = ", ".join(map(view.name, one.again))
        rhythm = f"cứ {one.every} ngày làm việc báo lại một lần (every {one.every} working days)"
        yield f"Từ {day(one.on)}, {rhythm}, tới {names}"
    for end in (one for one in found.coming if one.step is None and one.on):
        yield _ends(end, found, view)


def _telling(one: NextEvent) -> str:
    """What the letters of a night tell: a step, that the figure is worse, or that the limit has moved."""
    if one.asked:
        return "báo gửi cần xác nhận, hoặc yêu cầu giải trình (an answer is awaited)"
    if one.worse:
        return "số liệu nặng thêm (worse)"
    return f"bước {one.step}" if one.step else "hạn đã đổi (the limit has moved)"


def _ends(one: NextEvent, found: Account, view: NightView) -> str:
    """How the case ends, or stops climbing, if nothing is done before."""
    when = day(one.on or found.on)
    if one.newer:
        period = about(view.book, found.case.task.rule, one.newer)
        return f"{when}: xét {period}; từ đó kỳ ấy đứng thay, hoặc đạt thì hồ sơ đóng. (newer period judged)"
    return f"{when}: thôi theo dõi, vì văn bản đã hết hiệu lực; ai đã được báo sẽ nhận tin. (it lapses)"


_PARTS = (
    ("VIỆC (WHAT)", evidence_text.what),
    ("DỮ KIỆN (FACTS)", evidence_text.known),
    ("SO SÁNH (COMPARISONS)", evidence_text.comparisons),
    ("LỊCH VÀ CÁC BƯỚC (CALENDAR AND STEPS)", _calendar),
    ("ĐÃ BÁO, CHƯA BÁO (TOLD, NOT TOLD)", _notified),
    ("TIẾP THEO (NEXT)", _next),
)
