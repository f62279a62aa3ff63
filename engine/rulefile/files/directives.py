"""`<locality>/<directive>.yaml`: its part about the document itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Basis, RequestedFile
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Keyed, Many
from dondoc.engine.rulefile.readers.quantities import Day
from dondoc.engine.rulefile.readers.scalars import TEXTS, UNIT, OrNull, Paragraph, Pattern, Word, bilingual
from dondoc.engine.rulefile.readers.spans import span

# A rule has the basis `set` by being prepared in the register with `set_by`; nobody writes that word.
BASIS = Word((Basis.TEXT, Basis.ASSUMED, Basis.EXAMPLE))

_CODE = Pattern(
    r"[A-Z0-9]{2,8}",
    Text("2 đến 8 chữ hoa hoặc số như «LN15»", "2 to 8 capitals or digits like 'LN15'"),
)


def _in_force(got: Parsed) -> tuple[date, date | None, date | None]:
    """The first and the last day in force (None: no end), and until when it is followed up (None: not written)."""
    first, until = span(got) if got["until"] is not None else (got["from"], None)
    follow = got["follow_until"]
    if follow is not None and (until is None or follow < until):
        raise got.sheet.say(
            got.at("follow_until"),
            "until-before-from",
            "«follow_until» phải từ ngày «until» trở đi; không có «until» thì bỏ",
            "'follow_until' must not be before 'until'; without 'until' delete it",
        )
    return first, until, follow


def itself(got: Parsed) -> Parsed:
    """The parsed fields unchanged, for a part whose value needs other parts too."""
    return got


def _organ(_committee: Any, organ: str) -> str:
    return organ


IN_FORCE = MappingReader(
    Text("«in_force»", "'in_force'"),
    (
        Field("from", Day(), "ngày có hiệu lực", "the first day in force", required=True),
        Field("until", Day(), "ngày cuối còn hiệu lực", "the last day in force, inclusive"),
        Field(
            "follow_until",
            Day(),
            "ngày cuối còn theo dõi việc chưa xong; không ghi thì 30 ngày làm việc sau «until»",
            "the last day on which what is still open is followed up; by default 30 working days after `until`",
        ),
    ),
    _in_force,
)

DIRECTIVE = MappingReader(
    Text("phần văn bản", "the directive"),
    (
        Field("code", _CODE, "mã ngắn, đứng đầu mã vụ việc", "a short code that begins case codes", required=True),
        Field("kind", bilingual(60), "loại văn bản", "the kind of document", required=True),
        Field(
            "number",
            OrNull(Paragraph(longest=60)),
            "số, ký hiệu; null nếu nguồn không ghi",
            "its number; null where the source names none",
            required=True,
        ),
        Field(
            "issued",
            OrNull(Day()),
            "ngày ban hành; null nếu nguồn không ghi",
            "its date; null where the source names none",
            required=True,
        ),
        Field("issuer", UNIT, "cơ quan ban hành", "the body that issued it", required=True),
        Field(
            "competent",
            UNIT,
            "cơ quan nay có thẩm quyền, nếu không còn là cơ quan ban hành",
            "the body competent now, where it is no longer the issuer",
        ),
        Field("title", TEXTS, "trích yếu", "what it is about", required=True),
        Field(
            "implements",
            Many(Paragraph(longest=80), Text("số văn bản", "document numbers")),
            "thực hiện các văn bản nào",
            "the documents it carries out",
            default=(),
        ),
        Field("in_force", IN_FORCE, "hiệu lực từ ngày nào đến ngày nào", "the days it is in force", required=True),
        Field("monitor", UNIT, "cơ quan theo dõi", "the office that follows up"),
        Field(
            "basis",
            BASIS,
            "hiệu lực và cơ quan theo dõi lấy từ đâu",
            "where in_force and monitor come from",
            default=Basis.TEXT,
        ),
        Field(
            "monitor_basis",
            BASIS,
            "cơ quan theo dõi lấy từ đâu, nếu khác «basis»",
            "where monitor comes from, if not from 'basis'",
        ),
        Field(
            "read_by",
            Keyed(UNIT, UNIT, Text("cấp ủy và cơ quan đọc thay", "committees and the organs that read"), _organ),
            "cơ quan nào đọc thay cấp ủy",
            "which organ reads for a committee",
            default={},
        ),
        Field(
            "attach",
            Many(Word(tuple(RequestedFile)), Text("tên loại tệp", "names of files")),
            "thư kèm thêm tệp gì: hạn để đơn vị đưa vào lịch, dự thảo công văn đôn đốc để cấp trên ký",
            "what letters attach besides: the limit for the unit's calendar, a draft for the office above to sign",
            default=(),
        ),
    ),
    itself,
)
