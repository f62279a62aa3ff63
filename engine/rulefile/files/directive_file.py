"""`<locality>/<directive>.yaml`: its rules, its register, and the whole file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Basis, RegisterEntry, Selector
from dondoc.engine.domain.terms import Level
from dondoc.engine.rulefile.files.directives import BASIS, DIRECTIVE, itself
from dondoc.engine.rulefile.files.ladders import BODY
from dondoc.engine.rulefile.files.prepared import FILLABLE_WHEN, Blank
from dondoc.engine.rulefile.kinds.conditions import FOLLOWING, WHEN
from dondoc.engine.rulefile.problems import IdKind, Unread
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Alternative, Keyed, Many, OneOf
from dondoc.engine.rulefile.readers.scalars import SLUG, TEXTS, UNIT, Paragraph, Pattern, Ref, Word, bilingual
from dondoc.engine.rulefile.readers.together import Condition, has, has_any, must_have, says, when, without
from dondoc.engine.rulefile.readers.version import VERSION
from dondoc.engine.rulefile.yaml_text.nodes import Node, Scalar

_OBLIGATION = Pattern(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
    Text("mã nghĩa vụ như «LN2015-7a»", "an obligation id like 'LN2015-7a'"),
)
_CLAUSE = Paragraph(Text('số điều, khoản như "7"', 'a clause like "7"'), longest=40)
_SELECTOR = Text("«applies_to»", "'applies_to'")

SOME_UNITS = MappingReader(
    _SELECTOR,
    (
        Field(
            "units", Many(UNIT, Text("mã đơn vị", "unit ids")), "đúng các đơn vị này", "these units", required=True
        ),
    ),
    lambda got: Selector(units=got["units"]),
)
ALL_UNITS = MappingReader(
    _SELECTOR,
    (
        Field("kind", SLUG, "loại đơn vị", "the kind of unit", required=True),
        Field("level", Word(tuple(Level)), "cấp", "its level"),
        Field("within", UNIT, "thuộc cơ quan nào", "within which body"),
    ),
    lambda got: Selector(kind=got["kind"], level=got["level"], within=got["within"]),
)

# Fields of a rule that `defaults` may give for all rules of the file.
_BASIS = Field("basis", BASIS, "mức và hạn lấy từ đâu", "where its day or number comes from")
_BODIES = (
    Field(
        "applies_to",
        OneOf((Alternative(("units",), SOME_UNITS), Alternative((), ALL_UNITS))),
        "đơn vị nào phải làm",
        "which units must do it",
    ),
    Field("reports_to", BODY, "báo cáo cho cơ quan nào", "the body it is reported to"),
    Field("via", UNIT, "báo cáo qua cơ quan nào", "the office it is reported through"),
    Field("monitor", UNIT, "cơ quan theo dõi", "the office that follows up"),
    Field(
        "confirm",
        Word(("office",)),
        "báo đã gửi thì cơ quan nhận báo cáo xác nhận",
        "what is declared counts once the office that receives it confirms it",
    ),
)
_COUNTING = (
    Field("calendar", Ref(IdKind.CALENDAR, SLUG), "đếm ngày làm việc theo lịch nào", "the calendar it counts by"),
    Field("ladder", Ref(IdKind.LADDER, SLUG), "đôn đốc theo thang nào", "the ladder it escalates by"),
)
DEFAULTS = MappingReader(Text("«defaults»", "'defaults'"), (*_COUNTING, _BASIS, *_BODIES), itself)

# A rule on `basis: text` assumes nothing; any other says what it assumes.
_FREE = (Basis.ASSUMED, Basis.EXAMPLE)
_NO_ASSUMES = without("assumes", "đúng văn bản thì không giả định gì", "what is in the text assumes nothing")
_ASSUMES = must_have("assumes", "không đúng văn bản thì ghi giả định điều gì", "what is not in the text")

# Only a report, or a task that was assigned, is handed in as one paper that an office can confirm.
_OVERDUE = {"required": ["when"], "properties": {"when": has_any("overdue")}}
_NO_CONFIRM = without("confirm", "chỉ quy tắc «overdue» mới có báo cáo để xác nhận", "only 'overdue' has a report")

RULE = MappingReader(
    Text("quy tắc", "the rule"),
    (
        Field("title", bilingual(200), "tên quy tắc", "its name in letters", required=True),
        Field("short", bilingual(80), "tên ngắn", "its short name; the title by default"),
        Field("clause", _CLAUSE, "điều, khoản", "the clause of the document", required=True),
        Field("obligation", _OBLIGATION, "mã nghĩa vụ", "the obligation it judges", required=True),
        _BASIS,
        Field("assumes", TEXTS, "điều được giả định", "what is assumed where the text is silent"),
        *_BODIES,
        *_COUNTING,
        Field("when", WHEN, "điều kiện", "the condition", required=True),
    ),
    itself,
    together=(
        when(says("basis", Basis.TEXT), _NO_ASSUMES),
        when(says("basis", *_FREE), _ASSUMES),
        when({"not": _OVERDUE}, _NO_CONFIRM),
    ),
)


@dataclass(frozen=True, slots=True)
class DraftRule:
    """A rule before assembly: the node of its key, and its parsed fields."""

    key: Scalar
    got: Parsed


@dataclass(frozen=True, slots=True)
class ListedObligation:
    """An entry of the register, the place of its obligation's id, and its prepared rules by key."""

    entry: RegisterEntry
    at: Node
    judge: Mapping[str, DraftRule] = field(compare=False)


PREPARED = MappingReader(
    Text("quy tắc chuẩn bị sẵn", "the prepared rule"),
    (
        Field("title", bilingual(200), "tên quy tắc; bỏ trống là «what»", "its name; 'what' by default"),
        Field("short", bilingual(80), "tên ngắn", "its short name; the title by default"),
        Field("assumes", TEXTS, "điều còn phải giả định", "what is still assumed"),
        *_BODIES,
        *_COUNTING,
        Field(
            "when", FILLABLE_WHEN, "điều kiện, chỗ trống là «___»", "the condition, blanks as '___'", required=True
        ),
    ),
    itself,
)


def _listed(got: Parsed) -> ListedObligation:
    judge: dict[str, DraftRule] = got["judge"]
    if judge and not got.has("waits_for"):
        got.sheet.say(
            got.node,
            "key-missing",
            "thiếu khóa «waits_for»: quy tắc chuẩn bị sẵn chờ gì",
            "key 'waits_for' is missing: what the prepared rules wait for",
        )
    blanks = []
    for draft in judge.values():
        with suppress(Unread):
            if isinstance(when := draft.got["when"], Blank):
                blanks.append(f"{got.sheet.file}:{when.at.line}:{when.at.column}")
    entry = RegisterEntry(
        got["obligation"], got["clause"], got["who"], got["what"], got["waits_for"], tuple(blanks)
    )
    return ListedObligation(entry, got.at("obligation"), judge)


REGISTER_ENTRY = MappingReader(
    Text("mục theo dõi", "the register entry"),
    (
        Field("obligation", _OBLIGATION, "mã nghĩa vụ", "the obligation's id", required=True),
        Field("clause", _CLAUSE, "điều, khoản", "the clause of the document", required=True),
        Field("who", Paragraph(longest=200), "ai phải làm", "who must do it", required=True),
        Field("what", TEXTS, "phải làm gì", "what must be done", required=True),
        Field("waits_for", TEXTS, "còn thiếu gì để xét được", "what is missing before it can be judged"),
        Field(
            "judge",
            Keyed(
                SLUG, PREPARED, Text("quy tắc chuẩn bị sẵn, mỗi quy tắc một mã", "prepared rules by id"), DraftRule
            ),
            "quy tắc chuẩn bị sẵn, điền đủ chỗ trống là xét",
            "prepared rules, judged once their blanks are filled in",
            default={},
        ),
    ),
    _listed,
    together=(
        when(
            has("judge"), must_have("waits_for", "quy tắc chuẩn bị sẵn chờ gì", "what the prepared rules wait for")
        ),
    ),
)


def _each_rule(condition: Condition) -> Condition:
    return {"properties": {"rules": {"additionalProperties": condition}}}


def _defaults(sign: Condition) -> Condition:
    return {"required": ["defaults"], "properties": {"defaults": sign}}


# Of some kinds, a rule that names no units takes those of its base rule.
_FOLLOWS = {"required": ["when"], "properties": {"when": has_any(*FOLLOWING)}}
_HERE_OR_SHARED = tuple(
    {
        "if": _defaults(has(name)),
        "else": _each_rule(
            when({"not": but}, must_have(name, "trong quy tắc hoặc trong defaults", "in the rule or in defaults"))
        ),
    }
    for name, but in (("applies_to", _FOLLOWS), ("basis", {"not": {}}))
)
_BY_SHARED_BASIS = tuple(
    when(_defaults(says("basis", *words)), _each_rule(when({"not": has("basis")}, then)))
    for words, then in (((Basis.TEXT,), _NO_ASSUMES), (_FREE, _ASSUMES))
)

DIRECTIVE_FILE = MappingReader(
    Text("tệp văn bản", "the directive file"),
    (
        VERSION,
        Field("directive", DIRECTIVE, "văn bản", "the document", required=True),
        Field("defaults", DEFAULTS, "giá trị chung cho các quy tắc", "fields for all rules of the file"),
        Field(
            "rules",
            Keyed(SLUG, RULE, Text("các quy tắc, mỗi quy tắc một mã", "rules by id"), DraftRule),
            "các quy tắc, mỗi quy tắc một mã",
            "the rules, by id",
            default={},
        ),
        Field(
            "register",
            Many(REGISTER_ENTRY, Text("các mục theo dõi", "register entries")),
            "nghĩa vụ được theo dõi mà không tự xét",
            "obligations tracked and not judged",
            default=(),
        ),
    ),
    itself,
    together=(*_HERE_OR_SHARED, *_BY_SHARED_BASIS),
)
