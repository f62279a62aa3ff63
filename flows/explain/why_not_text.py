"""`why-not` as text for people: the office, the night, and one line for each rule and demand."""

from __future__ import annotations

from collections.abc import Iterator

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.explain.reasons import Why
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.explain.reason_text import Speaker, about, enumerated
from dondoc.flows.explain.why_not import WhyNotAnswer, WhyNotLine
from dondoc.flows.records.status import LETTER_WORDS
from dondoc.notifications.wording.numbers import number, weekday

_NAMED = 5
_STATES = {
    "run": Text("đêm này đã chạy", "judged"),
    "to-come": Text("chưa đến; xem như từ nay không ai làm gì thêm", "to come: as it will be if nobody acts"),
    "not-run": Text("đêm này hệ thống không chạy", "the service did not run that night"),
}


def lines(found: WhyNotAnswer, view: NightView) -> Iterator[Text]:
    """The answer, line by line: Vietnamese with English in brackets, or English alone."""
    state = _STATES[found.state]
    yield Text.format(
        "{office} ({id}), đêm {night}: {state}. ({en})",
        "{office} ({id}), night of {night}: {state}.",
        office=view.name(found.office),
        id=found.office,
        night=weekday(found.on),
        state=state,
        en=state.en,
    )
    yield _mailbox(found, view)
    speaker = Speaker(view.name, view.book, found.on)
    rule = None
    for line in found.lines:
        if line.rule != rule and line.rule is not None:
            yield Text.format("\n{title} [{rule}]", title=view.book.rules[line.rule].title, rule=line.rule)
        rule = line.rule
        yield Text.format("  {about}{said}", about=_about(line, found, view), said=_said(line, found, speaker))
    if not found.lines:
        vi = "\n  Không quy tắc nào giao việc cho cơ quan này hay báo tới cơ quan này. (No rule concerns it.)"
        yield Text(vi, "\n  No rule concerns it.")
    elif found.others:
        vi = "\n{n} quy tắc khác không liên quan. (other rules do not concern it)"
        yield Text.format(vi, "\n{n} other rules do not concern it.", n=number(len(found.others)))


def _mailbox(found: WhyNotAnswer, view: NightView) -> Text:
    if found.mailbox:
        return Text.format("Hộp thư nhận (mailbox): {box}", "Mailbox: {box}", box=found.mailbox)
    if found.forwarded_to:
        return Text.format(
            "Chưa có hộp thư: thư được gửi qua {through}. (No mailbox: sent through {id})",
            "No mailbox: sent through {through} ({id}).",
            through=view.name(found.forwarded_to),
            id=found.forwarded_to,
        )
    return Text(
        "Chưa có hộp thư, cơ quan cấp trên cũng chưa có. (No mailbox, nor above it)", "No mailbox, nor above it."
    )


def _about(line: WhyNotLine, found: WhyNotAnswer, view: NightView) -> Text:
    """Which demand of which unit: its period or day, and the case where there is one."""
    said: list[Text | str] = [line.case] if line.case else []
    demand = about(view.book, line.rule or "", line.subject)
    if demand.vi != line.subject:
        said.append(demand)
    if line.units not in ((), (found.office,)):
        names = enumerated(view.name(unit) for unit in line.units[:_NAMED])
        said.append(Text.format("{names}{rest}", names=names, rest=_rest(len(line.units) - _NAMED)))
    return Text.format("{said}: ", said=enumerated(said)) if said else NO_TEXT


def _rest(n: int) -> Text:
    return Text.format(" và {n} đơn vị khác", " and {n} other units", n=number(n)) if n > 0 else NO_TEXT


def _said(line: WhyNotLine, found: WhyNotAnswer, speaker: Speaker) -> Text:
    said, tail = speaker.said(line.reason), NO_TEXT
    if line.reason.why is Why.TOLD:
        state = found.letters.get(line.reason.values["letter"])
        if state:
            tail = Text.format(", {state}", state=LETTER_WORDS[LetterState(state)])
        if found.forwarded_to:
            vi, en = "{tail}, qua hộp thư của {office}", "{tail}, through the mailbox of {office}"
            tail = Text.format(vi, en, tail=tail, office=speaker.name(found.forwarded_to))
    return Text.format("{said}{tail}. ({en})", "{said}{tail}.", said=said, tail=tail, en=said.en)
