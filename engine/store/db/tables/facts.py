"""What units handed in, did, measured and were assigned; and every attempt to pull a source."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.store.db.tables.columns import Instant, Number, metadata, words
from dondoc.engine.store.db.tables.units import unit

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
    # The task that it settled, once a night has decided that; a second report for a settled demand is a revision.
    Column("task_id", Number),
    Column("revision", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("ref", "recorded_at"),
)
Index("ix_submission_unit", submission.c.unit_no, submission.c.report)
# Every night looks for submissions that are not settled yet, and for corrected ones.
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
    # The keys of the period before and of the same period one year earlier, so that SQL can join them.
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
_read_again = reading.c.superseded_at.is_not(None)
Index("ix_reading_superseded", reading.c.superseded_at, postgresql_where=_read_again, sqlite_where=_read_again)

# An imported task, as it was assigned to a unit: a fact, of which every version is kept. A night makes a `task` of
# the version that it knows, and records its id here.
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

# One attempt to pull a source; `heard`: rows came; `said`: what went wrong and where the reject files are, as
# JSON.
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
