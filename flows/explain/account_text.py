"""`explain` as text for people, in six parts."""

from __future__ import annotations

from collections.abc import Iterator

from dondoc.engine.domain.model import NO_TEXT, Case, Text
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section
from dondoc.engine.explain.ladder import DroppedReader, ElapsedDays, LadderRung, NamedOffice
from dondoc.flows.explain import coming_text, comparison_text, evidence_text
from dondoc.flows.explain.account import Account, SentLetter
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.explain.reason_text import Speaker, about, enumerated
from dondoc.flows.records.status import LETTER_WORDS
from dondoc.notifications.wording import answers
from dondoc.notifications.wording.labels import LAPSED, NONE_HERE, SECTIONS
from dondoc.notifications.wording.numbers import count, day, number, weekday

_STATUS = {
    CaseStatus.OPEN: Text("đang mở", "open"),
    CaseStatus.EXHAUSTED: Text("đã qua hết các bước", "past its last step"),
    CaseStatus.WAITING: Text("chờ xác nhận nơi kế thừa", "waiting for an heir"),
    CaseStatus.CLOSED: Text("đã đóng", "closed"),
}
_TO_COME = Text("đêm chưa đến, xem như từ nay không ai làm gì thêm", "to come: as it will be if nobody acts")
_KNOWN = Text("như đã biết lúc 02:00 đêm đó", "as known at 02:00 of that night")
_HEIRLESS = Text("chờ xác nhận nơi kế thừa", "waiting for an heir")
_WAIVED = Text("được tạm miễn", "waived")
_BEYOND = Text("ngoài lịch", "beyond the calendar")
_REACHED = Text("   ← đã tới (reached)", "   ← reached")
_RELATIONS = {
    "responsible": Text("đơn vị thực hiện", "the responsible unit"),
    "monitor": Text("cơ quan theo dõi", "the office that follows up"),
    "issuer": Text("cơ quan ban hành", "the issuer"),
    "reports_to": Text("nơi nhận báo cáo", "the office that receives the report"),
    "led_by": Text("cấp ủy lãnh đạo", "the committee that leads it"),
    "superior.government": Text("cấp trên tuyến chính quyền", "the superior in the government line"),
    "superior.party": Text("cấp trên tuyến Đảng", "the superior in the party line"),
    "superior.front": Text("cấp trên tuyến Mặt trận", "the superior in the Front's line"),
    "superior.council": Text("cấp trên tuyến HĐND", "the superior in the line of councils"),
}
_DROPPED = {
    DroppedReader.NOBODY: Text("không có ai", "nobody"),
    DroppedReader.ABOVE_CEILING: Text("ở trên cơ quan ban hành nên không báo", "above the issuer"),
    DroppedReader.NO_HEIR: Text("đã kết thúc, chưa rõ nơi kế thừa", "ended, no single heir"),
    DroppedReader.HIMSELF: Text("chính là đơn vị thực hiện", "the unit itself"),
    DroppedReader.SAME_BODY: Text("cùng một cơ quan với nơi đã nêu trước", "the same body as one before it"),
}


def lines(found: Account, view: NightView) -> Iterator[Text]:
    """The whole account, line by line: Vietnamese with English in brackets, or English alone."""
    yield from _head(found, view)
    for n, (title, part) in enumerate(_PARTS, 1):
        yield Text.format("\n{n}. {title}", n=n, title=title)
        yield from map(_indented, part(found, view))


def _indented(line: Text) -> Text:
    return Text.format("   {line}", line=line)


def _head(found: Account, view: NightView) -> Iterator[Text]:
    case, status = found.case, _STATUS[found.case.status]
    yield Text.format(
        "{code} · {names} · {status}, {step} ({en}, step {reached})",
        "{code} · {names} · {status}, step {reached}",
        code=case.code,
        names=enumerated(view.name(unit) for unit in view.recipients.bearers(case.task)),
        status=status,
        step=_step(case),
        en=status.en,
        reached=case.reached,
    )
    known = (_TO_COME if found.played else _KNOWN).beside()
    yield Text.format(
        "Xem đêm {night}: {known}", "Night of {night}: {known}", night=weekday(found.on), known=known
    )


def _step(case: Case) -> str:
    """The step in Vietnamese; in English it is a number."""
    regular = len(case.ladder.steps)
    if case.reached > regular:
        return f"lần báo lặp lại {count(case.reached - regular)}"
    return f"bước {case.reached}"


def _calendar(found: Account, view: NightView) -> Iterator[Text]:
    case = found.case
    yield Text.format(
        "Ngày bắt đầu tính quá hạn (breach): {breach}; mở hồ sơ đêm {opened}",
        "Breach: {breach}; the case was opened on the night of {opened}",
        breach=weekday(case.breach),
        opened=day(case.opened_on),
    )
    if case.steps_from is not None:
        yield Text.format(
            "Các bước tính từ đêm {on}, đêm đầu tiên hệ thống có thể biết việc này "
            "(the steps count from the first night that could know of it)",
            "The steps count from the night of {on}, the first that could know of it",
            on=day(case.steps_from),
        )
    if found.counted is not None:
        yield from _passed(found.counted, case)
    for rung in found.rungs:
        if not rung.repeat:
            yield from _rung(rung, view, case)
    repeats = [day(rung.due) for rung in found.rungs if rung.repeat and rung.due and _comes(rung, case)]
    if repeats:
        yield Text.format("Báo lặp lại (repeats): {days}", "Repeats: {days}", days=", ".join(repeats))


def _passed(counted: ElapsedDays, case: Case) -> Iterator[Text]:
    """The working days that make the position, and those that do not count."""
    weekend = NO_TEXT
    if counted.weekend:
        vi, en = "; {n} ngày cuối tuần không tính", "; {n} days of weekends not counted"
        weekend = Text.format(vi, en, n=number(counted.weekend))
    yield Text.format(
        "Từ đó đến đêm {night}: {n} ngày làm việc đã qua{weekend} (working days passed: {position})",
        "From then to the night of {night}: {position} working days passed{weekend}",
        night=day(counted.night),
        n=count(counted.position),
        weekend=weekend,
        position=counted.position,
    )
    # The calendar names its days in Vietnamese only.
    for closed, name in counted.closed:
        vi, en = "   {day}: {name}, không tính", "   {day}: a day off, not counted"
        yield Text.format(vi, en, day=weekday(closed), name=name)
    for made_up, name in counted.made_up:
        vi, en = "   {day}: {name}, có tính", "   {day}: worked to make up, counted"
        yield Text.format(vi, en, day=weekday(made_up), name=name)
    if counted.waived:
        vi = "   {n} ngày làm việc {why}, không tính (stood still)"
        en = "   {n} working days {why}, not counted"
        yield Text.format(vi, en, n=number(counted.waived), why=_HEIRLESS if case.task.former else _WAIVED)
    if counted.paused:
        vi = "   {n} ngày làm việc tạm dừng vì có trả lời, không tính (paused)"
        en = "   {n} working days paused for an answer, not counted"
        yield Text.format(vi, en, n=number(counted.paused))


def _comes(rung: LadderRung, case: Case) -> bool:
    """Whether a step was reached or still can be: a closed case climbs no further."""
    return rung.number <= case.reached or case.status is not CaseStatus.CLOSED


def _rung(rung: LadderRung, view: NightView, case: Case) -> Iterator[Text]:
    due = NO_TEXT
    if _comes(rung, case):
        due = Text.format(", đêm {due}", ", night of {due}", due=day(rung.due) if rung.due else _BEYOND)
    after = Text("ngay khi quá hạn", "as soon as overdue")
    if rung.at:
        after = Text.format("sau {n} ngày làm việc", "after {n} working days", n=number(rung.at))
    yield Text.format(
        "Bước {n}, {after}{due}{here}",
        "Step {n}, {after}{due}{here}",
        n=rung.number,
        after=after,
        due=due,
        here=_REACHED if rung.number <= case.reached else NO_TEXT,
    )
    for one in rung.named:
        yield _indented(_named(one, view))
    if not rung.readers and any(one.word != "responsible" for one in rung.named):
        vi = "   không có ai: báo luôn bước sau (nobody: the next step's turn)"
        yield Text(vi, "   nobody: the next step's turn")


def _named(one: NamedOffice, view: NightView) -> Text:
    base, _, nth = one.word.rpartition(".") if one.word[-1].isdigit() else (one.word, "", "")
    said = Text.format(
        "{relation}{nth}{copied} [{word}]: {name}",
        relation=_RELATIONS.get(base) or Text.format("cơ quan {word}", "office {word}", word=one.word),
        nth=Text.format(" thứ {n}", " no. {n}", n=nth) if nth else NO_TEXT,
        copied=Text(", bản sao", ", a copy") if one.copied else NO_TEXT,
        word=one.word,
        name=view.name(one.meant) if one.meant else NONE_HERE,
    )
    if one.dropped is not None:
        return Text.format("{said}; {why}", said=said, why=_DROPPED[one.dropped].beside())
    return (
        said if one.reader == one.meant else Text.format("{said} → {name}", said=said, name=view.name(one.reader))
    )


def _notified(found: Account, view: NightView) -> Iterator[Text]:
    for letter in found.letters:
        yield _letter(letter, found.case, view)
    if not found.letters:
        yield Text("Chưa có thư nào. (no letter)", "No letter yet.")
    speaker = Speaker(view.name, view.book, found.on)
    by_reason: dict[Text, list[Text]] = {}
    for one in found.unheard:
        by_reason.setdefault(speaker.said(one.reason), []).append(view.name(one.office))
    for said, offices in by_reason.items():
        yield Text.format(
            "Đêm {on} không có thư tới {offices}: {said}",
            "Night of {on}, no letter to {offices}: {said}",
            on=day(found.on),
            offices=enumerated(offices),
            said=said.beside(),
        )
    for act in found.answers:
        to = view.name(act.to) if act.to else None
        answer = answers.said(act, view.name(act.office), found.on, to).beside()
        yield Text.format("Trả lời {n} (answer): {said}", "Answer {n}: {said}", n=act.number, said=answer)
    for subject in found.covers:
        older = about(view.book, found.case.task.rule, subject)
        vi, en = "Đứng thay kỳ cũ hơn (stands for an older period): {older}", "Stands for an older period: {older}"
        yield Text.format(vi, en, older=older)


def _letter(letter: SentLetter, case: Case, view: NightView) -> Text:
    notice, state = letter.notice, NO_TEXT
    ends = notice.section is Section.RESOLVED and case.outcome is Outcome.LAPSED
    if letter.to_come:
        state = Text(", chưa lập", ", not made yet")
    elif letter.state:
        state = Text.format(", {state}", state=LETTER_WORDS[letter.state.state])
    through, undone = NO_TEXT, NO_TEXT
    if letter.through:
        through = Text.format(", qua {office}", ", through {office}", office=view.name(letter.through))
    if notice.untold_on:
        vi, en = "; coi như chưa báo từ {on}", "; counts as not notified since {on}"
        undone = Text.format(vi, en, on=day(notice.untold_on))
    return Text.format(
        "Đêm {night}: {reader}{through}, {section}{step}; thư {letter}{state}{undone}",
        "Night of {night}: {reader}{through}, {section}{step}; letter {letter}{state}{undone}",
        night=day(notice.night),
        reader=view.name(notice.reader),
        through=through,
        section=(LAPSED if ends else SECTIONS[notice.section]).beside(),
        step=Text.format(", bước {n}", ", step {n}", n=notice.step) if notice.step else NO_TEXT,
        letter=notice.letter[:8],
        state=state,
        undone=undone,
    )


_PARTS = (
    (Text("VIỆC (WHAT)", "WHAT"), evidence_text.what),
    (Text("DỮ KIỆN (FACTS)", "FACTS"), evidence_text.known),
    (Text("SO SÁNH (COMPARISONS)", "COMPARISONS"), comparison_text.comparisons),
    (Text("LỊCH VÀ CÁC BƯỚC (CALENDAR AND STEPS)", "CALENDAR AND STEPS"), _calendar),
    (Text("ĐÃ BÁO, CHƯA BÁO (TOLD, NOT TOLD)", "TOLD, NOT TOLD"), _notified),
    (Text("TIẾP THEO (NEXT)", "NEXT"), coming_text.coming),
)
