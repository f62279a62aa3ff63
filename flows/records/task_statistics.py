"""`dondoc statistics --tasks`: the four official counts by directive, rule or unit, with what is told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import TaskGroup
from dondoc.engine.judge.excused import Excused
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import inheritances, nights, orgchart, tasks
from dondoc.engine.store.night.standing import StandingCount, key_of
from dondoc.flows.config import settings
from dondoc.flows.night.steps import cutoff_of


@dataclass(frozen=True, slots=True)
class TaskCount:
    """The four counts of tasks after the latest night, and what is told apart.

    Done `on_time` or `late`, open `in_time` or `overdue`; `declared`, `extended` and `inherited` are among these.
    In none of the four: `waived`, and `unjudged`, past their limit without a verdict.
    """

    on_time: int = 0
    late: int = 0
    in_time: int = 0
    overdue: int = 0
    declared: int = 0
    extended: int = 0
    inherited: int = 0
    waived: int = 0
    unjudged: int = 0

    def __add__(self, other: TaskCount) -> TaskCount:
        # By name: a board adds them up some hundred thousand times.
        return TaskCount(
            self.on_time + other.on_time,
            self.late + other.late,
            self.in_time + other.in_time,
            self.overdue + other.overdue,
            self.declared + other.declared,
            self.extended + other.extended,
            self.inherited + other.inherited,
            self.waived + other.waived,
            self.unjudged + other.unjudged,
        )


@dataclass(frozen=True, slots=True)
class TaskRow:
    """The counts of a directive, rule or unit; `name` is what people call it."""

    id: str
    name: Text
    counts: TaskCount


HEADS: Mapping[TaskGroup, Text] = {
    TaskGroup.DIRECTIVE: Text("Văn bản", "Directive"),
    TaskGroup.RULE: Text("Quy tắc", "Rule"),
    TaskGroup.UNIT: Text("Đơn vị", "Unit"),
}
NAME = Text("Tên", "Name")
COUNTS = {
    "on_time": Text("Hoàn thành đúng hạn", "Done on time"),
    "late": Text("Hoàn thành quá hạn", "Done late"),
    "in_time": Text("Chưa hoàn thành, trong hạn", "Open, in time"),
    "overdue": Text("Chưa hoàn thành, quá hạn", "Open, overdue"),
    "declared": Text("Trong đó: đã báo gửi, chưa xác nhận", "Of these: declared, not confirmed"),
    "extended": Text("Trong đó: được lùi hạn", "Of these: given more time"),
    "inherited": Text("Trong đó: tiếp nhận từ đơn vị cũ", "Of these: taken over from a former unit"),
    "waived": Text("Ngoài bốn số: được miễn", "Beside the four: waived"),
    "unjudged": Text("Ngoài bốn số: chưa xét được", "Beside the four: not judged"),
}

# By rule and the units that carry a task.
TaskCounts = Mapping[tuple[str, tuple[str, ...]], TaskCount]


def task_statistics(environment: Mapping[str, str], group: TaskGroup) -> list[TaskRow]:
    """The rows of the configured rules and database after its latest night, by id; empty before the first night.

    Raises `RulesRefused`, and the errors of a database.
    """
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.read_only(given) as conn:
        return task_statistics_of(conn, book, group, datetime.now(UTC))


def task_statistics_of(conn: Connection, book: RuleBook, group: TaskGroup, now: datetime) -> list[TaskRow]:
    """Like `task_statistics`, on a connection; names of units are those recorded by `now`."""
    night = nights.latest(conn)
    if night is None:
        return []
    chart = orgchart.chart(conn, now, mailboxes=False)
    return rows_of(task_counts(conn, book, chart, night), book, chart, group, night)


def rows_of(counts: TaskCounts, book: RuleBook, chart: OrgChart, group: TaskGroup, night: date) -> list[TaskRow]:
    """Counts added up by directive, rule or unit, by id; units are called what they are called on the night."""
    found: dict[str, TaskCount] = defaultdict(TaskCount)
    for (rule, units), one in counts.items():
        for name in _groups(book, group, rule, units):
            found[name] += one
    return [TaskRow(one, _named(book, chart, group, one, night), found[one]) for one in sorted(found)]


def cells(row: TaskRow, name: str) -> tuple[str, ...]:
    """A row as text, in the order of its head, with the name in the language of the caller."""
    return row.id, name, *map(str, astuple(row.counts))


def task_counts(conn: Connection, book: RuleBook, chart: OrgChart, night: date) -> TaskCounts:
    """The counts after the latest night, by rule and the units that carry a task; a shared task is there once."""
    names, cutoff = nights.names_of(conn, tasks.stored_rules(conn)), cutoff_of(night)
    numbers = {rule: no for no, rule in names.rules.items()}
    decided = inheritances.known(conn, names.units, numbers, cutoff)
    inherited = nights.inherited_by(decided, book, chart, night)
    counting = StandingCount(
        conn,
        names,
        night,
        cutoff,
        Excused(book),
        lambda task: inherited.carried(task, chart, night),
        {(one.rule, one.unit, one.subject) for one in inherited.decided},
    )
    found: dict[tuple[str, tuple[str, ...]], TaskCount] = defaultdict(TaskCount)
    for key, one in counting.stored().items():
        four = one.on_time, one.late, one.in_time, one.overdue
        found[key] += TaskCount(*four, one.declared, waived=one.waived, unjudged=one.unjudged)
    for task in counting.extended():
        found[key_of(task)] += TaskCount(extended=1)
    for task in counting.taken_over():
        found[key_of(task)] += TaskCount(inherited=1)
    return found


def _groups(book: RuleBook, group: TaskGroup, rule: str, units: Iterable[str]) -> Iterable[str]:
    if group is TaskGroup.UNIT:
        return units
    # A task whose rule is gone is counted as long as it stands.
    known = book.rules.get(rule)
    return (known.directive if group is TaskGroup.DIRECTIVE and known else rule,)


def _named(book: RuleBook, chart: OrgChart, group: TaskGroup, one: str, night: date) -> Text:
    if group is TaskGroup.UNIT and one in chart.units:
        name = chart.units[one].name(night)
        return Text(name.vi, name.en)
    if one in book.directives:
        paper = book.directives[one]
        if paper.number is None:
            return paper.title
        return Text.format("{kind} số {number}", "{kind} {number}", kind=paper.kind, number=paper.number)
    return book.rules[one].title if one in book.rules else Text(one, one)
