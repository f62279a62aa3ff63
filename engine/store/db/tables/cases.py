"""What the nights made: cases, notices, and the nights themselves."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    literal_column,
    or_,
)

from dondoc.engine.domain.terms import CaseStatus, NightState, Outcome, Section
from dondoc.engine.store.db.tables.columns import Instant, Number, WhatIsAsked, metadata, words
from dondoc.engine.store.db.tables.demands import task
from dondoc.engine.store.db.tables.units import unit

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
    # The last day of the waiver in force on its latest night.
    Column("waived_until", Date),
    # The limit of its round, and the first day that counts for its steps (empty: the breach).
    Column("last_day", Date),
    Column("steps_from", Date),
    # What its rule asked for when it was last in breach.
    Column("asked", WhatIsAsked),
    Column("ladder", Text, nullable=False),
)
Index("ix_case_task", case_file.c.task_id)


def is_live() -> ColumnElement[bool]:
    """Whether a case is open, or closed with good news that its readers must still get."""
    # A literal instead of a parameter, so that both databases recognise the condition of the index.
    closed = literal_column(f"'{CaseStatus.CLOSED.value}'", case_file.c.status.type)
    return or_(case_file.c.status != closed, case_file.c.closing_told.is_(False))


Index("ix_case_live", case_file.c.id, postgresql_where=is_live(), sqlite_where=is_live())

# How a case was before a night that changed it, so that any night can be judged again from what it knew: before a
# night, a case was as the first row of that night or a later one says; without one, as it is.
case_before = Table(
    "case_before",
    metadata,
    Column("case_id", ForeignKey(case_file.c.id), nullable=False),
    Column("night", Date, nullable=False),
    *(
        Column(name, case_file.c[name].type, nullable=case_file.c[name].nullable)
        for name in (
            *("round", "status", "breach", "reached", "floor", "value", "outcome"),
            *("closed_on", "closing_told", "next_on", "waived_until", "last_day", "steps_from", "asked"),
        )
    ),
    PrimaryKeyConstraint("case_id", "night"),
)

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
    # For a reminder, its offset: working days before the last day.
    Column("reminder", Integer),
    # For a notice of a waiver, the waiver's last day; such a notice says nothing about the case itself.
    Column("waived_until", Date),
    Column("value", BigInteger),
    # Set when its letter expired or was dropped: the notice is retracted.
    Column("untold_on", Date),
)
Index("ix_notice_case", notice.c.case_id, notice.c.reader_no)
Index("ix_notice_task", notice.c.task_id)
Index("ix_notice_letter", notice.c.letter)
Index("ix_notice_night", notice.c.night)
_of_waivers = notice.c.waived_until.is_not(None)
Index("ix_notice_waived", notice.c.case_id, postgresql_where=_of_waivers, sqlite_where=_of_waivers)

night = Table(
    "night",
    metadata,
    Column("as_of", Date, primary_key=True),
    Column("state", words(NightState), nullable=False),
    # The night knew only what was recorded by this instant.
    Column("cutoff", Instant, nullable=False),
    Column("rules_sha256", String(64), nullable=False),
    Column("telling", Boolean, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("summary", Text, nullable=False),
)
