"""`acts:` of a test: what offices answer, in the words of the log, with what does not matter left out."""

from __future__ import annotations

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rule_tests import ActInTest
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.quantities import Day
from dondoc.engine.rulefile.readers.scalars import SLUG, UNIT, Paragraph, Word

# Whether what is done has to be confirmed is for the rule to say, and not for the office.
_SAYS = tuple(kind for kind in ActKind if kind is not ActKind.DECLARED)
_SENT = (ActKind.DONE, ActKind.CLOSED)


def _act(got: Parsed) -> ActInTest:
    return ActInTest(
        got["on"],
        got["rule"],
        got["unit"],
        got["subject"],
        got["says"],
        got["by"],
        got["until"],
        (got["sent"] or got["on"]) if got["says"] in _SENT else None,
        got["words"],
        got["document"],
        f"{got.sheet.file}:{got.node.line}:{got.node.column}",
    )


ACT = MappingReader(
    Text("câu trả lời", "the answer"),
    (
        Field(
            "on",
            Day(),
            "ngày trả lời; đêm sau đó mới biết",
            "the day it is said; later nights know",
            required=True,
        ),
        Field("rule", SLUG, "hồ sơ của quy tắc nào", "of which rule's case", required=True),
        Field("unit", UNIT, "hồ sơ của đơn vị nào", "of which unit's case", required=True),
        Field(
            "subject",
            Paragraph(longest=200),
            "kỳ hoặc việc nào, khi đơn vị có nhiều hồ sơ",
            "which period or task, where the unit has several cases",
        ),
        Field("says", Word(_SAYS), "trả lời điều gì", "what is said", required=True),
        Field("by", UNIT, "cơ quan nào; bỏ trống là đơn vị thực hiện", "by which office; by default the unit"),
        Field("until", Day(), "ngày hẹn, hạn xin hoặc hạn được cho", "the day promised, asked for or granted"),
        Field("sent", Day(), "ngày gửi báo cáo; bỏ trống là ngày trả lời", "when it was handed in; that day"),
        Field(
            "words",
            Paragraph(longest=300),
            "nguyên văn; bỏ trống thì có một câu thay",
            "the words; left out, some stand for them",
            default="Lời của bài thử",
        ),
        Field(
            "document",
            Paragraph(longest=300),
            "số văn bản; bỏ trống thì có một số thay",
            "the document's number; left out, one stands for it",
            default="1/BT",
        ),
    ),
    _act,
)
