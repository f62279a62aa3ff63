"""What the rules demand of units, and who inherits the demands of ended units."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from dondoc.engine.domain.terms import Scope, TaskKind
from dondoc.engine.store.db.tables.columns import Instant, Number, WhatIsAsked, metadata, words
from dondoc.engine.store.db.tables.units import unit

rule = Table(
    "rule",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("id", String(160), nullable=False, unique=True),
    # What it asked for on its latest night; empty where it asks for no number.
    Column("asked", WhatIsAsked),
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
    # The last day that was set first, and the night that moved it last.
    Column("first_limit", Date),
    Column("moved_on", Date),
    # The first night that could know of the task as it stands; empty if one before its breach could.
    Column("known_on", Date),
    Column("issued_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    # Copied from the submission that settles it, so that the night's facts need no join.
    Column("submission_id", Number),
    Column("done_on", Date),
    Column("done_recorded_at", Instant),
    # Set when it needs no further judging; a night reads only tasks where this is empty.
    Column("finished_on", Date),
    # How it ended, for counting: `on-time`, `late`, `missed` for good, or void.
    Column("ended", String(10), nullable=False, server_default=""),
    # Only for imported tasks.
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
# Nights look up assigned tasks by their ref.
_assigned = task.c.kind == TaskKind.ASSIGNED
Index("ix_task_assigned", task.c.subject, postgresql_where=_assigned, sqlite_where=_assigned)

# What a night replaced in a task, so that any night can be judged again from what it knew: before a night, a task
# was as the first row of that night or a later one says; without one, as it is.
task_before = Table(
    "task_before",
    metadata,
    Column("task_id", ForeignKey(task.c.id), nullable=False),
    Column("night", Date, nullable=False),
    *(
        Column(name, task.c[name].type, nullable=task.c[name].nullable)
        for name in ("last_day", "exclusive", "first_limit", "moved_on", "known_on")
    ),
    PrimaryKeyConstraint("task_id", "night"),
)

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
    # Null: about the unit as a reader of letters, not about its demands.
    Column("rule_no", ForeignKey(rule.c.no)),
    # Empty: the rule's later demands; else the one demand that the unit left behind.
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
