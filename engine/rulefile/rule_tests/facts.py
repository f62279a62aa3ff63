"""`facts:` of a test: what units handed in, did and measured, in a shorter form than import sheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from dondoc.engine.domain.model import SCALE, ZONE, Text
from dondoc.engine.domain.periods import parse
from dondoc.engine.domain.rule_tests import RuleTestFact
from dondoc.engine.rulefile.kinds.dues import ON_DATE
from dondoc.engine.rulefile.problems import IdKind
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Alternative, Many, OneOf
from dondoc.engine.rulefile.readers.quantities import Day, Number, Whole
from dondoc.engine.rulefile.readers.scalars import SLUG, UNIT, Paragraph, Pattern, Ref
from dondoc.engine.rulefile.readers.spans import COVERS, span

# The local time at which a fact is recorded: after that day's night, which is judged at 02:00.
_ENTERED = time(10, 0, tzinfo=ZONE)
PERIOD = Pattern(
    r"R?[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?",
    Text('kỳ như «2019-07», «2019-Q1» hoặc "2019"', "a period like '2019-07', '2019-Q1' or \"2019\""),
    "period-malformed",
)

_UNIT = Field("unit", UNIT, "đơn vị nào", "which unit", required=True)
_DATE = Field("date", Day(), "ngày nào", "on which day", required=True)
_RECORDED = Field(
    "recorded",
    Day(),
    "ngày nhập vào hệ thống; bỏ trống là đúng ngày đó",
    "the day it was recorded; the same day by default",
)
_REF = Field(
    "ref",
    Paragraph(longest=120),
    "mã dòng; dòng sau cùng mã là bản sửa của dòng trước",
    "the id of the row; a later row with the same id corrects it",
)


def _fact(got: Parsed, sheet: str, word: str, recorded: date, values: dict[str, Any]) -> RuleTestFact:
    at = got.node
    row = {
        "ref": got["ref"] or f"{at.line}:{at.column}",
        "unit": got["unit"],
        "recorded_at": datetime.combine(recorded, _ENTERED),
        **values,
    }
    place = f"{got.sheet.file}:{at.line}:{at.column}"
    return RuleTestFact(sheet, word, row["recorded_at"], tuple(row.items()), place)


def _recorded(got: Parsed, happened: date) -> date:
    """The day a fact was recorded. Raises `Unread` if that is before it happened, as an import would reject it."""
    recorded: date = got["recorded"] or happened
    if recorded < happened:
        raise got.sheet.say(
            got.at("recorded"),
            "recorded-before-date",
            "ngày nhập («recorded») sớm hơn ngày việc xảy ra",
            "'recorded' is before the day it happened",
        )
    return recorded


def _submission(got: Parsed) -> RuleTestFact:
    on: date = got["date"]
    values = {"report": got["report"], "submitted_on": on, "document": "", "task": got["task"]}
    return _fact(got, "submissions", got["report"], _recorded(got, on), values)


def _activity(got: Parsed) -> RuleTestFact:
    on: date = got["date"]
    values = {"activity": got["activity"], "done_on": on, "quantity": got["times"]}
    return _fact(got, "activities", got["activity"], _recorded(got, on), values)


def _reading(days: Callable[[Parsed], tuple[date, date]]) -> Callable[[Parsed], RuleTestFact]:
    def build(got: Parsed) -> RuleTestFact:
        first, last = days(got)
        values = {
            "indicator": got["indicator"],
            "first_day": first,
            "last_day": last,
            "value": int(got["value"] * SCALE),
            "source": "",
        }
        return _fact(got, "readings", got["indicator"], got["recorded"], values)

    return build


def _named(got: Parsed) -> tuple[date, date]:
    period = parse(got["period"])
    return period.first, period.last


def _task(got: Parsed) -> RuleTestFact:
    due = got["due"]
    values = {
        "task": got["task"],
        "title": "Nhiệm vụ được giao",
        "title_en": "Assigned task",
        "assigned_on": got["assigned"],
        "due": due.day,
        "due_kind": "before" if due.exclusive else "by",
        **{name: got[name] for name in ("issuer", "monitor", "reports_to")},
    }
    return _fact(got, "tasks", got["task"], got["assigned"], values)


SUBMISSION = MappingReader(
    Text("báo cáo đã gửi", "the submission"),
    (
        _UNIT,
        Field("report", SLUG, "báo cáo nào, như trong quy tắc", "which report, as in the rule", required=True),
        _DATE,
        _RECORDED,
        Field(
            "task",
            Paragraph(longest=200),
            "nộp cho việc nào (kỳ, ngày cuối hoặc mã việc), nếu nói rõ",
            "which demand it names (period, last day or task id), if it does",
            default="",
        ),
        _REF,
    ),
    _submission,
)
ACTIVITY = MappingReader(
    Text("việc đã làm", "the activity"),
    (
        _UNIT,
        Field(
            "activity", SLUG, "hoạt động nào, như trong quy tắc", "which activity, as in the rule", required=True
        ),
        _DATE,
        Field("times", Whole(1, 1_000_000), "mấy lần", "how many times", default=1),
        _RECORDED,
        _REF,
    ),
    _activity,
)

_READING_LABEL = Text("số liệu", "the reading")
_INDICATOR = Field("indicator", Ref(IdKind.INDICATOR, SLUG), "chỉ tiêu nào", "which indicator", required=True)
_MEASURED = (
    Field("value", Number(), "giá trị", "the value", required=True),
    Field("recorded", Day(), "ngày nhập vào hệ thống", "the day it was recorded", required=True),
    _REF,
)
READING = OneOf(
    (
        Alternative(
            ("from",),
            MappingReader(_READING_LABEL, (_UNIT, _INDICATOR, *COVERS.fields, *_MEASURED), _reading(span)),
        ),
        Alternative(
            (),
            MappingReader(
                _READING_LABEL,
                (
                    _UNIT,
                    _INDICATOR,
                    Field("period", PERIOD, "kỳ nào", "of which period", required=True),
                    *_MEASURED,
                ),
                _reading(_named),
            ),
        ),
    )
)
TASK = MappingReader(
    Text("việc được giao", "the task"),
    (
        Field("ref", Paragraph(longest=120), "mã việc", "the task's id", required=True),
        _UNIT,
        Field("task", SLUG, "loại việc, như trong quy tắc", "the kind of task, as in the rule", required=True),
        Field("assigned", Day(), "ngày giao", "the day it was assigned", required=True),
        Field("due", ON_DATE, "hạn", "when it is due", required=True),
        Field("issuer", UNIT, "ai giao", "the body that assigned it"),
        Field("monitor", UNIT, "ai theo dõi", "the office that follows up"),
        Field("reports_to", UNIT, "báo cáo cho ai", "the body it is reported to"),
    ),
    _task,
)


def _facts(got: Parsed) -> tuple[RuleTestFact, ...]:
    facts: list[RuleTestFact] = []
    for name in ("submissions", "activities", "readings", "tasks"):
        facts += got[name]
    return tuple(facts)


FACTS = MappingReader(
    Text("phần dữ kiện", "the facts"),
    (
        Field(
            "submissions",
            Many(SUBMISSION, Text("báo cáo đã gửi", "submissions")),
            "báo cáo đã gửi",
            "reports handed in",
            default=(),
        ),
        Field(
            "activities",
            Many(ACTIVITY, Text("việc đã làm", "activities")),
            "việc đã làm",
            "what was done",
            default=(),
        ),
        Field("readings", Many(READING, Text("số liệu", "readings")), "số liệu", "figures reported", default=()),
        Field(
            "tasks", Many(TASK, Text("việc được giao", "tasks")), "việc được giao", "assigned tasks", default=()
        ),
    ),
    _facts,
)
