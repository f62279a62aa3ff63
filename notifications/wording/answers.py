"""The wording of acts: what an office has said of a case, in letters and on the terminal alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.notifications.digest import AwaitedDecision, DemandedExplanation, SaidBy
from dondoc.notifications.wording.numbers import day


def said(act: Act, office: Text, tonight: date, to: Text | None = None) -> Text:
    """An act of a named office as a sentence without its full stop, as of a day on which its case is open.

    `to` is the name of the unit to which it gives the matter (None: to none).
    """
    words = Text.format(": «{words}»", words=act.words) if act.words else NO_TEXT
    paper = NO_TEXT
    if act.document:
        of = Text.format(" ngày {on}", " of {on}", on=day(act.dated)) if act.dated else NO_TEXT
        paper = Text.format(" (văn bản {number}{of})", " (document {number}{of})", number=act.document, of=of)
    return Text.format(
        "ngày {on}, {who} {did}{paper}{words}",
        "on {on}, {who} {did}{paper}{words}",
        on=day(act.said_on),
        who=office,
        did=_gave(act.kind, to) if to else _did(act, tonight),
        paper=paper,
        words=words,
    )


def _did(act: Act, tonight: date) -> Text:
    until = day(act.until) if act.until else ""
    match act.kind:
        case ActKind.ACKNOWLEDGED:
            return Text("trả lời đã biết và sẽ xử lý", "acknowledged the matter")
        case ActKind.EXPLAINED:
            # A case that is still open after it was not done by then.
            late = act.until is not None and act.until < tonight
            passed = Text(" (đã qua)", " (which has passed)") if late else NO_TEXT
            return Text.format(
                "giải trình và hẹn xong ngày {until}{passed}",
                "explained and promised {until}{passed}",
                until=until,
                passed=passed,
            )
        case ActKind.EXTENSION_ASKED | ActKind.EXTENSION_GRANTED | ActKind.EXTENSION_REFUSED:
            return _did_about_a_limit(act.kind, until)
        case ActKind.DONE | ActKind.DECLARED | ActKind.CLOSED:
            on = day(act.done_on) if act.done_on else NO_TEXT
            if act.kind is ActKind.CLOSED:
                return Text.format(
                    "đóng hồ sơ: đã có báo cáo ngày {on}", "closed the case: reported on {on}", on=on
                )
            return Text.format("báo đã gửi ngày {on}", "said that it handed in on {on}", on=on)
        case ActKind.CONFIRMED | ActKind.NOT_CONFIRMED | ActKind.DEMANDED | ActKind.REOPENED:
            return _DID[act.kind]
        case ActKind.NOT_OURS | ActKind.REASSIGNED | ActKind.NOT_REASSIGNED | ActKind.DELEGATED:
            return _DID[act.kind]
        case ActKind.TAKEN_BACK:
            return Text.format("rút lại trả lời số {about}", "took back answer {about}", about=str(act.about))
        case _:
            assert_never(act.kind)


_DID = {
    ActKind.CONFIRMED: Text("xác nhận điều đã báo", "confirmed what was said"),
    ActKind.NOT_CONFIRMED: Text("không xác nhận điều đã báo", "did not confirm what was said"),
    ActKind.DEMANDED: Text("đề nghị giải trình", "demanded an explanation"),
    ActKind.REOPENED: Text("mở lại hồ sơ", "opened the case again"),
    ActKind.NOT_OURS: Text("báo việc này không thuộc trách nhiệm của mình", "said that the matter is not its own"),
    ActKind.REASSIGNED: Text("chuyển việc này cho đơn vị khác", "gave the matter to another unit"),
    ActKind.NOT_REASSIGNED: Text("không chuyển: việc này vẫn của đơn vị", "left the matter with the unit"),
    ActKind.DELEGATED: Text("phân công đơn vị cấp dưới thực hiện", "delegated the matter to a unit below it"),
}


def _gave(kind: ActKind, to: Text) -> Text:
    if kind is ActKind.DELEGATED:
        vi, en = (
            "phân công {to} thực hiện; việc này vẫn của đơn vị",
            "delegated the matter to {to}, and stays responsible",
        )
        return Text.format(vi, en, to=to)
    return Text.format("chuyển việc này cho {to}", "gave the matter to {to}", to=to)


def _did_about_a_limit(kind: ActKind, until: str) -> Text:
    if kind is ActKind.EXTENSION_ASKED:
        return Text.format("xin lùi hạn đến hết ngày {until}", "asked to extend the limit to {until}", until=until)
    if kind is ActKind.EXTENSION_GRANTED:
        return Text.format("cho lùi hạn đến hết ngày {until}", "extended the limit to {until}", until=until)
    return Text("không cho lùi hạn", "did not extend the limit")


def standing(decisions: Sequence[AwaitedDecision], tonight: date) -> Text | None:
    """How a row stands on which an office has to decide something, as of a night; None: nothing waits."""
    return Text.join("; ", [_standing(one, tonight) for one in decisions]) if decisions else None


def _standing(awaited: AwaitedDecision, tonight: date) -> Text:
    until, office = awaited.held_until, awaited.office
    waits = until is not None and until >= tonight
    by = day(until) if until else ""
    if awaited.said is ActKind.EXTENSION_ASKED:
        return Text.format(
            "đơn vị xin lùi hạn, chờ {office} quyết định; hạn cũ vẫn tính",
            "a later limit is asked for, and {office} may decide; the present one holds",
            office=office,
        )
    if awaited.said is ActKind.NOT_OURS:
        if waits:
            return Text.format(
                "đơn vị báo không thuộc trách nhiệm; chờ {office} quyết định đến hết ngày {until}",
                "said to be another unit's; {office} may decide until {until}",
                office=office,
                until=by,
            )
        return Text.format(
            "đơn vị báo không thuộc trách nhiệm; {office} chưa quyết định nên vẫn đôn đốc",
            "said to be another unit's; {office} has not decided, so it is followed up",
            office=office,
        )
    if waits:
        return Text.format(
            "đã báo gửi, chưa xác nhận; chờ {office} xác nhận đến hết ngày {until}",
            "declared, not confirmed; {office} may confirm it until {until}",
            office=office,
            until=by,
        )
    # It was held until then, or as often as its ladder allows.
    return Text.format(
        "đã báo gửi, chưa xác nhận; {office} chưa xác nhận nên vẫn đôn đốc",
        "declared, not confirmed; {office} has not confirmed it, so it is followed up",
        office=office,
    )


def awaited(demanded: Sequence[DemandedExplanation], tonight: date) -> Text | None:
    """Which offices await an explanation, and until when or since when in vain; None: nobody does."""
    if not demanded:
        return None
    return Text.join("; ", [_awaited(one, tonight) for one in demanded])


def _awaited(one: DemandedExplanation, tonight: date) -> Text:
    if one.until < tonight:
        return Text.format(
            "{office} đề nghị, đến hết ngày {until} đơn vị chưa giải trình",
            "demanded by {office}, and none came until {until}",
            office=one.by,
            until=day(one.until),
        )
    return Text.format(
        "{office} đề nghị, chậm nhất hết ngày {until}",
        "demanded by {office}, until {until}",
        office=one.by,
        until=day(one.until),
    )


def line(answers: Sequence[SaidBy], tonight: date) -> Text | None:
    """What offices have said of a row's case; None: nothing."""
    if not answers:
        return None
    return Text.join("; ", [said(one.act, one.office, tonight, one.to) for one in answers])
