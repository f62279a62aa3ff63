"""`why-not` as text for people: the office, the night, and one line for each rule and demand."""

from __future__ import annotations

from collections.abc import Iterator

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.explain.reasons import Why
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.explain.reason_text import Speaker, about
from dondoc.flows.explain.why_not import WhyNotAnswer, WhyNotLine
from dondoc.flows.records.status import LETTER_WORDS
from dondoc.notifications.wording.numbers import count, weekday

_NAMED = 5
_STATES = {
    "run": Text("đêm này đã chạy", "judged"),
    "to-come": Text("chưa đến; xem như từ nay không ai làm gì thêm", "to come: as it will be if nobody acts"),
    "not-run": Text("đêm này hệ thống không chạy", "the service did not run that night"),
}


def lines(found: WhyNotAnswer, view: NightView) -> Iterator[str]:
    """The answer, line by line."""
    state, night = _STATES[found.state], weekday(found.on)
    yield f"{view.name(found.office)} ({found.office}), đêm {night.vi}: {state.vi}. ({state.en})"
    yield _mailbox(found, view)
    speaker = Speaker(view.name, view.book, found.on)
    rule = None
    for line in found.lines:
        if line.rule != rule and line.rule is not None:
            title = view.book.rules[line.rule].title
            yield f"\n{title.vi} [{line.rule}]"
        rule = line.rule
        yield f"  {_about(line, found, view)}{_said(line, found, speaker)}"
    if not found.lines:
        yield "\n  Không quy tắc nào giao việc cho cơ quan này hay báo tới cơ quan này. (No rule concerns it.)"
    elif found.others:
        yield f"\n{count(len(found.others))} quy tắc khác không liên quan. (other rules do not concern it)"


def _mailbox(found: WhyNotAnswer, view: NightView) -> str:
    if found.mailbox:
        return f"Hộp thư nhận (mailbox): {found.mailbox}"
    if found.forwarded_to:
        return (
            f"Chưa có hộp thư: thư được gửi qua {view.name(found.forwarded_to)}. (No mailbox: sent through "
            f"{found.forwarded_to})"
        )
    return "Chưa có hộp thư, cơ quan cấp trên cũng chưa có. (No mailbox, nor above it)"


def _about(line: WhyNotLine, found: WhyNotAnswer, view: NightView) -> str:
    """Which demand of which unit: its period or day, and the case where there is one."""
    said = [line.case] if line.case else []
    demand = about(view.book, line.rule or "", line.subject)
    if demand != line.subject:
        said.append(demand)
    if line.units not in ((), (found.office,)):
        names = ", ".join(view.name(unit) for unit in line.units[:_NAMED])
        rest = len(line.units) - _NAMED
        said.append(names + (f" và {count(rest)} đơn vị khác" if rest > 0 else ""))
    return f"{', '.join(said)}: " if said else ""


def _said(line: WhyNotLine, found: WhyNotAnswer, speaker: Speaker) -> str:
    said = speaker.said(line.reason)
    tail = ""
    if line.reason.why is Why.TOLD:
        state = found.letters.get(line.reason.values["letter"])
        tail = f", {LETTER_WORDS[LetterState(state)].vi}" if state else ""
        if found.forwarded_to:
            tail += f", qua hộp thư của {speaker.name(found.forwarded_to)}"
    return f"{said.vi}{tail}. ({said.en})"
