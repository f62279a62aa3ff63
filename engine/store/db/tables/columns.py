"""What every table is made with: the one metadata, and columns of instants, of words and of counters."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, TypeDecorator

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
    """A column of instants: takes aware datetimes and gives them back in UTC; a naive one is refused.

    PostgreSQL keeps `timestamptz`, SQLite ISO text in UTC, which sorts as time does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - interface
        """What is stored; raises ValueError for a naive datetime."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - interface
        """What is read back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


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
