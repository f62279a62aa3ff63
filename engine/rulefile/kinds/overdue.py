"""`overdue:` of a rule: a report and when it is due, or assigned tasks."""

from __future__ import annotations

from dataclasses import replace

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Overdue
from dondoc.engine.rulefile.kinds.dues import DUE
from dondoc.engine.rulefile.kinds.written import JUDGE_FROM, REMINDERS, SETTING, WrittenKind
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.scalars import SLUG
from dondoc.engine.rulefile.readers.together import has, must_have, when, without


def _overdue(got: Parsed) -> Overdue:
    if got.has("report") and not got.has("due") and "due" not in got.guessed:
        raise got.sheet.say(
            got.node, "due-missing", "báo cáo («report») phải có hạn «due»", "a 'report' needs a 'due'"
        )
    for name in ("due", "judge_from"):
        if got.has("task") and not got.has("report") and got.has(name):
            raise got.sheet.say(
                got.at(name),
                "due-not-allowed",
                f"việc được giao («task») mang hạn của chính nó; bỏ «{name}»",
                f"a 'task' has its own due date; delete '{name}'",
            )
    return Overdue(got["report"], got["task"], got["due"], got["remind"], judge_from=got["judge_from"])


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
        Field("remind", REMINDERS, "nhắc trước hạn bao lâu", "reminders before the last day", default=()),
        JUDGE_FROM,
    ),
    _overdue,
    exactly_one=(("report", "task"),),
    together=(
        when(has("report"), must_have("due", "báo cáo phải có hạn", "a report needs a due date")),
        *(
            when(has("task"), without(name, "việc được giao mang hạn của chính nó", "a task has its own due date"))
            for name in ("due", "judge_from")
        ),
    ),
)


def _set(got: Parsed) -> Overdue:
    return replace(_overdue(got), set_by=got["set_by"], set_on=got["set_on"])


SET_OVERDUE = replace(OVERDUE, fields=(*OVERDUE.fields, *SETTING), build=_set)
WRITTEN_OVERDUE = WrittenKind(
    "overdue", OVERDUE, "có việc đến hạn mà chưa ghi nhận", "something is due and not recorded", "due", SET_OVERDUE
)
