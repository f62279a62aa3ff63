"""The parts of every table: the one metadata, and the types of columns.

Those of instants, of words, of counters and of what a rule asks for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, Text, TypeDecorator

from dondoc.engine.domain.model import Asked

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """The type of a column of instants: takes aware datetimes, refuses naive ones, and gives them back in UTC.

    PostgreSQL stores `timestamptz`, SQLite ISO text in UTC, which sorts in order of time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - interface
        """The value to store. Raises `ValueError` for a naive datetime."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - interface
        """The value read back, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WhatIsAsked(TypeDecorator[Asked]):
    """The type of a column of what a rule asks for: its level, then by name what else was kept, as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Asked | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - interface
        """The text to store."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Asked | None:  # noqa: ARG002 - interface
        """The numbers read back."""
        if value is None:
            return None
        level, *more = value.split(" ")
        return Asked(int(level), **{name: int(n) for name, _, n in (one.partition("=") for one in more)})


def words(enum: type[StrEnum]) -> Enum:
    """The type of a column of an enum's words, checked by the database and read back as the enum."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=30,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


# The type of a counter: a 64-bit integer on both databases.
Number = BigInteger().with_variant(Integer, "sqlite")
