"""The wording of acts: what an office has said of a case, in letters and on the terminal alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.notifications.wording.numbers import day


def said(act: Act, office: Text, tonight: date) -> Text:
    """An act of a named office as a sentence without its full stop, as of a day on which its case is open."""
    on, words = day(act.said_on), Text.format(": «{words}»", words=act.words) if act.words else NO_TEXT
    paper = NO_TEXT
    if act.document:
        paper = Text.format(" (văn bản {number})", " (document {number})", number=act.document)
    match act.kind:
        case ActKind.ACKNOWLEDGED:
            return Text.format(
                "ngày {on}, {who} trả lời đã biết và sẽ xử lý{paper}{words}",
                "on {on}, {who} acknowledged the matter{paper}{words}",
                on=on,
                who=office,
                paper=paper,
                words=words,
            )
        case ActKind.EXPLAINED:
            assert act.until is not None
            # A case that is still open after it was not done by then.
            passed = Text(" (đã qua)", " (which has passed)") if act.until < tonight else NO_TEXT
            return Text.format(
                "ngày {on}, {who} giải trình và hẹn xong ngày {until}{passed}{paper}{words}",
                "on {on}, {who} explained and promised {until}{passed}{paper}{words}",
                passed=passed,
                on=on,
                who=office,
                until=day(act.until),
                paper=paper,
                words=words,
            )
        case ActKind.EXTENSION_ASKED:
            assert act.until is not None
            return Text.format(
                "ngày {on}, {who} xin lùi hạn đến hết ngày {until}{paper}{words}",
                "on {on}, {who} asked to extend the limit to {until}{paper}{words}",
                on=on,
                who=office,
                until=day(act.until),
                paper=paper,
                words=words,
            )
        case ActKind.EXTENSION_GRANTED:
            assert act.until is not None
            return Text.format(
                "ngày {on}, {who} cho lùi hạn đến hết ngày {until}{paper}{words}",
                "on {on}, {who} extended the limit to {until}{paper}{words}",
                on=on,
                who=office,
                until=day(act.until),
                paper=paper,
                words=words,
            )
        case ActKind.EXTENSION_REFUSED:
            return Text.format(
                "ngày {on}, {who} không cho lùi hạn{paper}{words}",
                "on {on}, {who} did not extend the limit{paper}{words}",
                on=on,
                who=office,
                paper=paper,
                words=words,
            )
        case ActKind.TAKEN_BACK:
            return Text.format(
                "ngày {on}, {who} rút lại trả lời số {about}{paper}{words}",
                "on {on}, {who} took back answer {about}{paper}{words}",
                on=on,
                who=office,
                about=str(act.about),
                paper=paper,
                words=words,
            )
        case _:
            assert_never(act.kind)


def line(answers: Sequence[tuple[Act, Text]], tonight: date) -> Text | None:
    """What offices have said of a row's case, each with its office; None: nothing."""
    if not answers:
        return None
    return Text.join("; ", [said(act, office, tonight) for act, office in answers])
