"""`quota:` of a rule: how many activities in each period."""

from __future__ import annotations

from dataclasses import replace

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Quota
from dondoc.engine.domain.terms import Scope
from dondoc.engine.rulefile.kinds.dues import PER
from dondoc.engine.rulefile.kinds.written import JUDGE_FROM, REMINDERS, SETTING, WrittenKind
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.quantities import Delay, Whole
from dondoc.engine.rulefile.readers.scalars import SLUG, Word


def _quota(got: Parsed) -> Quota:
    return Quota(
        got["activity"],
        got["at_least"],
        got["per"],
        got["scope"],
        got["grace"],
        got["warn_before"],
        judge_from=got["judge_from"],
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
        Field("warn_before", REMINDERS, "báo trước khi hết kỳ", "notices before the period ends", default=()),
        JUDGE_FROM,
    ),
    _quota,
)


def _set(got: Parsed) -> Quota:
    return replace(_quota(got), set_by=got["set_by"], set_on=got["set_on"])


SET_QUOTA = replace(QUOTA, fields=(*QUOTA.fields, *SETTING), build=_set)
WRITTEN_QUOTA = WrittenKind(
    "quota", QUOTA, "chưa đủ số hoạt động trong kỳ", "too few activities in a period", "per", SET_QUOTA
)
