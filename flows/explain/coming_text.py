"""What comes next of a case, or how it ended: the last part of `explain` in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section
from dondoc.engine.explain.reasons import Why
from dondoc.flows.explain.account import Account, NextEvent
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.explain.reason_text import OUTCOMES, about, enumerated
from dondoc.notifications.wording.numbers import day

_IN_TIME = Text("thực hiện trong hạn, ghi nhận muộn", "done in time, recorded late")
_WITHOUT_NUMBER = Text("không ghi số", "no number")
_BEYOND = Text("ngoài lịch", "beyond the calendar")


def coming(found: Account, view: NightView) -> Iterator[Text]:
    """The letters to come and what ends them; of a closed case, how it ended and who was told."""
    case = found.case
    if case.status is CaseStatus.CLOSED and case.outcome is not None and case.closed_on is not None:
        yield from _closed(found, view, case.outcome, case.closed_on)
        return
    if case.status is CaseStatus.WAITING:
        vi = "Không gửi gì cho đến khi có người xác nhận nơi kế thừa. (silent until an heir is confirmed)"
        yield Text(vi, "Nothing is sent until an heir is confirmed.")
    if any(one.why is Why.COVERED for one in (each.reason for each in found.unheard)):
        vi = "Đứng yên: kỳ mới hơn đứng thay, hồ sơ này không báo riêng nữa. (the newer period stands for it)"
        yield Text(vi, "It stands still: the newer period stands for it.")
    yield from _letters(found, view)
    if found.coming:
        vi = "Nếu trước đó ghi nhận kết quả thì hồ sơ đóng và ai đã được báo sẽ nhận tin. (unless it is done)"
        yield Text(vi, "If it is done before, the case closes and whoever was notified hears of it.")


def _closed(found: Account, view: NightView, how: Outcome, on: date) -> Iterator[Text]:
    case = found.case
    in_time = how is Outcome.WITHDRAWN and case.task.last_day is not None
    outcome = (_IN_TIME if in_time else OUTCOMES[how]).beside()
    vi, en = "Hồ sơ đóng đêm {on}: {outcome}.", "The case was closed on the night of {on}: {outcome}."
    yield Text.format(vi, en, on=day(on), outcome=outcome)
    if case.task.done_on is not None:
        paper = case.task.evidence or _WITHOUT_NUMBER
        yield Text.format(
            "Kết quả: {paper}, ngày {on}.", "Done: {paper}, on {on}.", paper=paper, on=day(case.task.done_on)
        )
    notified = [one.notice for one in found.letters if one.notice.section is Section.RESOLVED]
    names = [Text.format("{name} ({on})", name=view.name(one.reader), on=day(one.night)) for one in notified]
    if names:
        yield Text.format("Đã báo tin (told): {names}.", "Told: {names}.", names=enumerated(names))
    elif not case.closing_notified and case.next_on is not None:
        vi = "Ai đã được báo sẽ nhận tin từ đêm {on}. (whoever knew is told then)"
        yield Text.format(vi, "Whoever was notified is told from the night of {on} on.", on=day(case.next_on))
    else:
        yield Text("Không có ai cần báo tin. (nobody had to be told)", "Nobody had to be told.")


def _letters(found: Account, view: NightView) -> Iterator[Text]:
    """The letters to come, then what ends them."""
    for one in found.coming:
        if one.step is not None and not one.repeat:
            yield Text.format(
                "{when}: {telling}, báo {offices}",
                "{when}: {telling}, told to {offices}",
                when=day(one.on) if one.on else _BEYOND,
                telling=_telling(one),
                offices=enumerated(map(view.name, one.readers)),
            )
    repeats: dict[tuple[str, ...], list[str]] = {}
    for one in found.coming:
        if one.repeat and one.on:
            repeats.setdefault(one.readers, []).append(day(one.on))
    for offices, nights in repeats.items():
        yield Text.format(
            "Sau bước cuối, báo lặp lại (repeats): {nights}, tới {offices}",
            "After the last step, repeats: {nights}, to {offices}",
            nights=", ".join(nights),
            offices=enumerated(map(view.name, offices)),
        )
    for one in found.coming:
        if one.again and one.on:
            yield Text.format(
                "Từ {on}, cứ {every} ngày làm việc báo lại một lần (every {every} working days), tới {offices}",
                "From {on} on, again every {every} working days, to {offices}",
                on=day(one.on),
                every=str(one.every),
                offices=enumerated(map(view.name, one.again)),
            )
    for end in (one for one in found.coming if one.step is None and one.on):
        yield _ends(end, found, view)


def _telling(one: NextEvent) -> Text:
    """What the letters of a night tell: a step, a worse figure, a limit that has moved, an act."""
    if one.asked:
        asked = "điều đơn vị báo cần quyết định, hoặc đề nghị giải trình (an answer is awaited)"
        return Text(asked, "an answer is awaited")
    if one.worse:
        return Text("số liệu nặng thêm (worse)", "the figures are worse")
    if one.step:
        return Text.format("bước {step}", "step {step}", step=one.step)
    return Text("hạn đã đổi (the limit has moved)", "the limit has moved")


def _ends(one: NextEvent, found: Account, view: NightView) -> Text:
    """How the case ends, or stops climbing, if nothing is done before."""
    when = day(one.on or found.on)
    if one.newer:
        return Text.format(
            "{when}: xét {period}; từ đó kỳ ấy đứng thay, hoặc đạt thì hồ sơ đóng. (newer period judged)",
            "{when}: {period} is judged; from then on it stands for this one, or it is met and the case closes.",
            when=when,
            period=about(view.book, found.case.task.rule, one.newer),
        )
    return Text.format(
        "{when}: thôi theo dõi, vì văn bản đã hết hiệu lực; ai đã được báo sẽ nhận tin. (it lapses)",
        "{when}: no longer followed up, as the directive has ended; whoever was notified hears of it.",
        when=when,
    )
