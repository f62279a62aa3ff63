"""`when:` of a rule: exactly one of overdue, quota, threshold, streak, rollup."""

from __future__ import annotations

from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Overdue, Quota
from dondoc.engine.domain.terms import Scope
from dondoc.engine.rulefile.kinds.derived import ROLLUP, STREAK
from dondoc.engine.rulefile.kinds.dues import DUE, PER
from dondoc.engine.rulefile.kinds.thresholds import THRESHOLD
from dondoc.engine.rulefile.problems import Unread
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Many
from dondoc.engine.rulefile.readers.quantities import Delay, Whole
from dondoc.engine.rulefile.readers.scalars import SLUG, Word

_REMINDERS = Many(Delay("workday", 1, 60), Text("thời gian nhắc trước", "reminder times"), alone=True)


def _overdue(got: Parsed) -> Overdue:
    if got.has("report") and not got.has("due") and "due" not in got.guessed:
        raise got.sheet.say(
            got.node, "due-missing", "báo cáo («report») phải có hạn «due»", "a 'report' needs a 'due'"
        )
    if got.has("task") and not got.has("report") and got.has("due"):
        raise got.sheet.say(
            got.at("due"),
            "due-not-allowed",
            "việc được giao («task») mang hạn của chính nó; bỏ «due»",
            "a 'task' has its own due date; delete 'due'",
        )
    return Overdue(got["report"], got["task"], got["due"], got["remind"])


OVERDUE = MappingReader(
    Text("overdue", "overdue"),
    (
        Field("report", SLUG, "loại báo cáo phải nộp", "the kind of report that is due"),
        Field(
            "task",
            SLUG,
            "loại việc được giao, có hạn riêng",
            "the kind of assigned task, which has its own due date",
        ),
        Field("due", DUE, "hạn nộp", "when it is due"),
        Field("remind", _REMINDERS, "nhắc trước hạn bao lâu", "reminders before the last day", default=()),
    ),
    _overdue,
    exactly_one=(("report", "task"),),
)

QUOTA = MappingReader(
    Text("quota", "quota"),
    (
        Field("activity", SLUG, "loại hoạt động được đếm", "the kind of activity counted", required=True),
        Field(
            "at_least", Whole(1, 1_000_000), "số lượng tối thiểu mỗi kỳ", "how many in each period", required=True
        ),
        Field("per", PER, "tính theo kỳ hoặc khoảng ngày nào", "the period or window", required=True),
        Field(
            "scope",
            Word(tuple(Scope)),
            "nhiều đơn vị cùng làm thì tính thế nào",
            "how several bearers carry it",
            default=Scope.EACH,
        ),
        Field(
            "grace",
            Delay("workday", 0, 250),
            "chờ thêm sau khi hết kỳ",
            "waiting time after the period",
            default=0,
        ),
        Field("warn_before", _REMINDERS, "báo trước khi hết kỳ", "notices before the period ends", default=()),
    ),
    lambda got: Quota(
        got["activity"], got["at_least"], got["per"], got["scope"], got["grace"], got["warn_before"]
    ),
)

_KINDS = ("overdue", "quota", "threshold", "streak", "rollup")


def _only(got: Parsed) -> Any:
    for kind in _KINDS:
        if got.has(kind):
            return got[kind]
    raise Unread


WHEN = MappingReader(
    Text("«when»", "'when'"),
    (
        Field("overdue", OVERDUE, "có việc đến hạn mà chưa ghi nhận", "something is due and not recorded"),
        Field("quota", QUOTA, "chưa đủ số hoạt động trong kỳ", "too few activities in a period"),
        Field("threshold", THRESHOLD, "chỉ tiêu vượt giới hạn", "an indicator is beyond its limit"),
        Field("streak", STREAK, "nhiều kỳ liền không đạt", "consecutive periods were missed"),
        Field("rollup", ROLLUP, "nhiều đơn vị cùng chưa đạt", "many units are late with the same thing"),
    ),
    _only,
    exactly_one=(_KINDS,),
)
