"""Every table of the engine, on the one metadata.

Facts are never changed: a correction is a new row under the same `ref`, and the row before it is marked with
the instant at which it was superseded, so that any night can be asked again as it was known then. Dates of
validity are half-open, [valid_from, valid_to). Values of indicators are integers scaled by 10^7.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Enum,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    or_,
    text,
)

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.terms import (
    CaseStatus,
    Level,
    Line,
    MailboxRole,
    Outcome,
    RelationKind,
    Scope,
    Section,
    TaskKind,
)
from dondoc.engine.store.db.database import Instant, metadata


def words(enum: type[StrEnum]) -> Enum:
    """A column of an enum's words, checked by the database and read back as the enum."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=30,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


# A counter that is a plain 64-bit integer on both databases.
Number = BigInteger().with_variant(Integer, "sqlite")

unit = Table(
    "unit",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("id", String(80), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("level", words(Level), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Instant, nullable=False),
)

unit_name = Table(
    "unit_name",
    metadata,
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("short", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Instant, nullable=False),
    PrimaryKeyConstraint("unit_no", "valid_from"),
)

relation = Table(
    "relation",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("other_no", ForeignKey(unit.c.no), nullable=False),
    Column("kind", words(RelationKind), nullable=False),
    Column("line", words(Line)),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("basis", Text, nullable=False, server_default=""),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("unit_no", "other_no", "kind", "line", "valid_from"),
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("role", words(MailboxRole), nullable=False),
    Column("address", String(254), nullable=False),
    Column("languages", String(20), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("unit_no", "role", "valid_from"),
)

succession = Table(
    "succession",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("old_no", ForeignKey(unit.c.no), nullable=False),
    Column("new_no", ForeignKey(unit.c.no), nullable=False),
    Column("scope", Text, nullable=False),
    Column("effective", Date, nullable=False),
    Column("basis", Text, nullable=False, server_default=""),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("old_no", "new_no", "scope", "effective"),
)
# What a unit came of is asked for every figure that has none before it.
Index("ix_succession_new", succession.c.new_no)

submission = Table(
    "submission",
    metadata,
    Column("id", Number, primary_key=True),
    Column("ref", String(120), nullable=False),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("report", String(80), nullable=False),
    Column("submitted_on", Date, nullable=False),
    Column("document", Text, nullable=False, server_default=""),
    Column("task_ref", String(200), nullable=False, server_default=""),
    Column("recorded_at", Instant, nullable=False),
    Column("superseded_at", Instant),
    # What it settled, once a night has looked at it; a second report for a settled demand is a revision.
    Column("task_id", Number),
    Column("revision", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("ref", "recorded_at"),
)
Index("ix_submission_unit", submission.c.unit_no, submission.c.report)
# What no night has settled yet, and what was corrected: a night looks for both among however many.
_waiting, _corrected = submission.c.task_id.is_(None), submission.c.superseded_at.is_not(None)
Index("ix_submission_waiting", submission.c.unit_no, postgresql_where=_waiting, sqlite_where=_waiting)
Index("ix_submission_superseded", submission.c.superseded_at, postgresql_where=_corrected, sqlite_where=_corrected)

activity = Table(
    "activity",
    metadata,
    Column("id", Number, primary_key=True),
    Column("ref", String(120), nullable=False),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("activity", String(80), nullable=False),
    Column("done_on", Date, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("superseded_at", Instant),
    UniqueConstraint("ref", "recorded_at"),
)
Index("ix_activity_unit", activity.c.unit_no, activity.c.activity, activity.c.done_on)
Index("ix_activity_kind", activity.c.activity, activity.c.done_on)
_put_right = activity.c.superseded_at.is_not(None)
Index("ix_activity_superseded", activity.c.superseded_at, postgresql_where=_put_right, sqlite_where=_put_right)

reading = Table(
    "reading",
    metadata,
    Column("id", Number, primary_key=True),
    Column("ref", String(120), nullable=False),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("indicator", String(80), nullable=False),
    Column("period_kind", words(PeriodKind), nullable=False),
    Column("period", String(40), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    # The keys of the period before and of the same period a year earlier, so that SQL can join them.
    Column("previous", String(40), nullable=False, server_default=""),
    Column("last_year", String(40), nullable=False, server_default=""),
    Column("value", BigInteger, nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("recorded_at", Instant, nullable=False),
    Column("superseded_at", Instant),
    UniqueConstraint("ref", "recorded_at"),
)
Index("ix_reading_unit", reading.c.unit_no, reading.c.indicator, reading.c.period)
Index("ix_reading_indicator", reading.c.indicator, reading.c.period_kind, reading.c.id)

# A task that was given to a unit, as it was told: a fact, of which every version is kept. Nights make a `task` of
# the version they know, and write down here which one it became.
assignment = Table(
    "assignment",
    metadata,
    Column("id", Number, primary_key=True),
    Column("ref", String(120), nullable=False),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("counts", String(80), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("exclusive", Boolean, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("issuer_no", ForeignKey(unit.c.no)),
    Column("monitor_no", ForeignKey(unit.c.no)),
    Column("reports_no", ForeignKey(unit.c.no)),
    Column("recorded_at", Instant, nullable=False),
    Column("superseded_at", Instant),
    Column("task_id", Number),
    UniqueConstraint("ref", "recorded_at"),
)
Index(
    "ix_assignment_new",
    assignment.c.recorded_at,
    postgresql_where=assignment.c.task_id.is_(None),
    sqlite_where=assignment.c.task_id.is_(None),
)

# How a task ended whose rule asks for it no more; it is counted nowhere, and open again when asked again.
VOID = "void"

rule = Table(
    "rule",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("id", String(160), nullable=False, unique=True),
)

task = Table(
    "task",
    metadata,
    Column("id", Number, primary_key=True),
    Column("rule_no", ForeignKey(rule.c.no)),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("kind", words(TaskKind), nullable=False),
    Column("counts", String(80), nullable=False),
    Column("need", Integer, nullable=False, server_default="0"),
    Column("scope", words(Scope), nullable=False, server_default=Scope.EACH.value),
    Column("first_day", Date),
    Column("final_day", Date),
    Column("last_day", Date),
    Column("issued_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    # Set when a submission settles it, from that submission, so that the nightly page needs no join.
    Column("submission_id", Number),
    Column("done_on", Date),
    Column("done_recorded_at", Instant),
    # Set when nothing more is to be judged of it; the night reads only tasks where this is empty.
    Column("finished_on", Date),
    # How it ended, for counting: `on-time`, `late`, `missed` for good, or void.
    Column("ended", String(10), nullable=False, server_default=""),
    # What an imported task brings along.
    Column("title", Text, nullable=False, server_default=""),
    Column("title_en", Text, nullable=False, server_default=""),
    Column("exclusive", Boolean, nullable=False, server_default=text("false")),
    Column("issuer_no", ForeignKey(unit.c.no)),
    Column("monitor_no", ForeignKey(unit.c.no)),
    Column("reports_no", ForeignKey(unit.c.no)),
    UniqueConstraint("rule_no", "unit_no", "subject"),
)
Index(
    "ix_task_open",
    task.c.rule_no,
    task.c.id,
    postgresql_where=task.c.finished_on.is_(None),
    sqlite_where=task.c.finished_on.is_(None),
)
Index("ix_task_unit", task.c.unit_no, task.c.kind, task.c.counts)
# An assigned task is found by its ref, among however many.
_assigned = task.c.kind == TaskKind.ASSIGNED
Index("ix_task_assigned", task.c.subject, postgresql_where=_assigned, sqlite_where=_assigned)

task_bearer = Table(
    "task_bearer",
    metadata,
    Column("task_id", ForeignKey(task.c.id), nullable=False),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    PrimaryKeyConstraint("task_id", "unit_no"),
)

inheritance = Table(
    "inheritance",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    # Empty: about the unit as a reader of letters, and not about what it owed.
    Column("rule_no", ForeignKey(rule.c.no)),
    # Empty: what the rule goes on to demand; else the one demand that the unit left behind.
    Column("subject", String(120), nullable=False, server_default=""),
    Column("scope", words(Scope), nullable=False),
    Column("basis", Text, nullable=False),
    Column("by_no", ForeignKey(unit.c.no), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("superseded_at", Instant),
)

inheritance_heir = Table(
    "inheritance_heir",
    metadata,
    Column("inheritance_no", ForeignKey(inheritance.c.no), nullable=False),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    PrimaryKeyConstraint("inheritance_no", "unit_no"),
)

case_file = Table(
    "case_file",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("code", String(40), nullable=False, unique=True),
    Column("task_id", ForeignKey(task.c.id), nullable=False),
    Column("round", Integer, nullable=False),
    Column("status", words(CaseStatus), nullable=False),
    Column("breach", Date, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("reached", Integer, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("value", BigInteger),
    Column("outcome", words(Outcome)),
    Column("closed_on", Date),
    Column("closing_told", Boolean, nullable=False),
    Column("next_on", Date),
    # The last day of the waiver that held it on its latest night.
    Column("waived_until", Date),
    Column("ladder", Text, nullable=False),
)
Index("ix_case_task", case_file.c.task_id)


def is_live() -> ColumnElement[bool]:
    """Whether a case is open, or closed and still owes its readers the good news."""
    # The word itself and no parameter, so that both databases see that it is the index's own condition.
    closed = literal_column(f"'{CaseStatus.CLOSED.value}'", case_file.c.status.type)
    return or_(case_file.c.status != closed, case_file.c.closing_told.is_(False))


Index("ix_case_live", case_file.c.id, postgresql_where=is_live(), sqlite_where=is_live())

notice = Table(
    "notice",
    metadata,
    Column("id", Number, primary_key=True),
    Column("night", Date, nullable=False),
    Column("letter", String(32), nullable=False),
    Column("reader_no", ForeignKey(unit.c.no), nullable=False),
    Column("task_id", ForeignKey(task.c.id), nullable=False),
    Column("case_id", ForeignKey(case_file.c.id)),
    Column("round", Integer, nullable=False),
    Column("section", words(Section), nullable=False),
    Column("step", Integer, nullable=False),
    # For a reminder, how many working days before the last day it was meant for.
    Column("reminder", Integer),
    # For what was told of a waiver, its last day; such a notice tells nothing of the case itself.
    Column("waived_until", Date),
    Column("value", BigInteger),
    # Set when its letter expired or was dropped: the reader has not heard it.
    Column("untold_on", Date),
)
Index("ix_notice_case", notice.c.case_id, notice.c.reader_no)
Index("ix_notice_task", notice.c.task_id)
Index("ix_notice_letter", notice.c.letter)
Index("ix_notice_night", notice.c.night)
_of_waivers = notice.c.waived_until.is_not(None)
Index("ix_notice_waived", notice.c.case_id, postgresql_where=_of_waivers, sqlite_where=_of_waivers)


# One attempt to bring a source in; `heard` when rows came, `said` what went wrong and where rejects lie, as JSON.
pull = Table(
    "pull",
    metadata,
    Column("id", Number, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("heard", Boolean, nullable=False),
    Column("added", Integer, nullable=False),
    Column("corrected", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("said", Text, nullable=False),
)
Index("ix_pull_source", pull.c.source, pull.c.id)


class NightState(StrEnum):
    """How a night ended. `degraded`: something was not judged, and it is listed. `held`: letters are kept back."""

    OK = "ok"
    DEGRADED = "degraded"
    HELD = "held"


night = Table(
    "night",
    metadata,
    Column("as_of", Date, primary_key=True),
    Column("state", words(NightState), nullable=False),
    # Nothing recorded after this instant counted.
    Column("cutoff", Instant, nullable=False),
    Column("rules_sha256", String(64), nullable=False),
    Column("telling", Boolean, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("summary", Text, nullable=False),
)
