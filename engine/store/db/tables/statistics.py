"""What is left of closed cases once their rows are removed."""

from __future__ import annotations

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, String, Table

from dondoc.engine.store.db.tables.columns import metadata

# Counts and not medians, so that what is removed later can be added: a median can be taken of counts at any time.
case_statistic = Table(
    "case_statistic",
    metadata,
    # Empty for imported tasks, which have no rule.
    Column("rule", String(160), nullable=False),
    Column("unit_kind", String(40), nullable=False),
    # The year in which the cases were opened.
    Column("year", Integer, nullable=False),
    Column("outcome", String(30), nullable=False),
    # Days from the last day to the report, for cases that closed late; 0 for others.
    Column("days_late", Integer, nullable=False),
    Column("cases", Integer, nullable=False),
    PrimaryKeyConstraint("rule", "unit_kind", "year", "outcome", "days_late"),
)
