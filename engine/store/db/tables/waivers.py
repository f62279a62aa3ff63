"""Waivers as the nights have read them: a row for what was first seen or had changed, never changed itself."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text

from dondoc.engine.store.db.tables.columns import Instant, Number, metadata
from dondoc.engine.store.db.tables.demands import rule
from dondoc.engine.store.db.tables.units import unit

waiver = Table(
    "waiver",
    metadata,
    Column("no", Number, primary_key=True),
    Column("rule_no", ForeignKey(rule.c.no), nullable=False),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("granted_by_no", ForeignKey(unit.c.no), nullable=False),
    Column("reason", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("legal_basis_en", Text, nullable=False),
    # Both inclusive.
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    # The cut-off of the night that read it so, and of the one that read something else in its place, or nothing.
    Column("recorded_at", Instant, nullable=False),
    Column("superseded_at", Instant),
)
Index("ix_waiver_recorded", waiver.c.recorded_at)
