"""What a reading is compared with: the earlier one of its unit, or of the units that became it, whole.

Decision 25: figures of old units may be added up for a new one only when each of them went there whole. Where one
was split, and where one has no figure, nothing can be compared, and nothing is judged. Only units of one kind and
level follow each other so: a district's figures are not its communes'.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, FromClause, and_, case, cast, distinct, exists, func, select

from dondoc.engine.domain.rulebook import Against
from dondoc.engine.store.db.tables import reading, succession, unit
from dondoc.engine.store.matching.known_rows import visible

# What `successions.csv` calls a unit that went to another as a whole.
WHOLE = ("all", "toàn bộ")


def with_base(against: Against | None, cutoff: datetime) -> tuple[FromClause, ColumnElement[int]]:
    """Readings joined to the earlier ones, and the value each is compared with; null where there is none."""
    earlier = reading.alias("earlier")
    key = reading.c.last_year if against is Against.SAME_PERIOD_LAST_YEAR else reading.c.previous
    joined = reading.outerjoin(
        earlier,
        and_(
            earlier.c.unit_no == reading.c.unit_no,
            earlier.c.indicator == reading.c.indicator,
            earlier.c.period == key,
            visible(earlier, cutoff),
        ),
    )
    return joined, case((earlier.c.value.is_not(None), earlier.c.value), else_=_added_up(key, cutoff))


def _added_up(key: ColumnElement[str], cutoff: datetime) -> ColumnElement[int]:
    """The sum over the units that a reading's unit came of; null where one was split or has no figure."""
    before, old, new = reading.alias("before"), unit.alias("old"), unit.alias("new")
    same_kind = and_(
        old.c.no == succession.c.old_no,
        new.c.no == succession.c.new_no,
        old.c.kind == new.c.kind,
        old.c.level == new.c.level,
        succession.c.recorded_at <= cutoff,
    )
    came_of = (
        select(succession.c.old_no).where(same_kind, succession.c.new_no == reading.c.unit_no).correlate(reading)
    )
    other, elsewhere = succession.alias("other"), unit.alias("elsewhere")
    split = exists(
        select(other.c.no)
        .join(elsewhere, elsewhere.c.no == other.c.new_no)
        .where(
            other.c.old_no == before.c.unit_no,
            other.c.recorded_at <= cutoff,
            (other.c.new_no != reading.c.unit_no) | other.c.scope.not_in(WHOLE),
            select(unit.c.no)
            .where(
                unit.c.no == before.c.unit_no, unit.c.kind == elsewhere.c.kind, unit.c.level == elsewhere.c.level
            )
            .correlate(before, elsewhere)
            .exists(),
        )
    ).correlate(before, reading)
    units = (
        select(func.count(distinct(succession.c.old_no)))
        .where(same_kind, succession.c.new_no == reading.c.unit_no)
        .correlate(reading)
        .scalar_subquery()
    )
    # PostgreSQL's sum of whole numbers is no whole number of Python's.
    return (
        select(cast(func.sum(before.c.value), BigInteger))
        .where(
            before.c.unit_no.in_(came_of),
            before.c.indicator == reading.c.indicator,
            before.c.period == key,
            visible(before, cutoff),
            ~split,
        )
        .having(func.count() == units)
        .correlate(reading)
        .scalar_subquery()
    )
