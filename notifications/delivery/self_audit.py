"""What a night promised and what is stored: every case goes on, every teller has a letter, every letter an end.

The night asks this of its own transaction before it ends (house rule: state is never only believed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, exists, func, or_, select

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.tables import case_file, is_live, letter, notice
from dondoc.notifications.delivery.outbox import status_columns
from dondoc.notifications.lifecycle import LetterStatus

_NOT_ENDED = tuple(
    state for state in LetterState if state not in (LetterState.SENT, LetterState.EXPIRED, LetterState.DROPPED)
)


@dataclass(frozen=True, slots=True)
class AuditFindings:
    """What the audit found; nothing of it on a good night.

    `cases` are the codes of cases that stand without a coming date, and `unlettered` counts the readers marked as
    told tonight by a letter that is not stored: both are faults of the service. `letters` are those of earlier
    nights that fell due and have no end yet, by state.
    """

    cases: tuple[str, ...]
    unlettered: int
    letters: tuple[LetterStatus, ...]

    @property
    def faulty(self) -> bool:
        """Whether the service itself has done something wrong."""
        return bool(self.cases or self.unlettered)


def audit(conn: Connection, as_of: date, now: datetime) -> AuditFindings:
    """Looks at everything stored, after the night of `as_of` has written and before it commits."""
    return AuditFindings(_cases(conn, as_of), _unlettered(conn, as_of), _letters(conn, as_of, now))


def _cases(conn: Connection, as_of: date) -> tuple[str, ...]:
    """Every case that may still say something has a date to come on (invariant 18)."""
    stranded = or_(case_file.c.next_on.is_(None), case_file.c.next_on <= as_of)
    return tuple(conn.scalars(select(case_file.c.code).where(is_live(), stranded).order_by(case_file.c.code)))


def _unlettered(conn: Connection, as_of: date) -> int:
    stored = exists().where(letter.c.id == notice.c.letter)
    found: int = conn.scalar(select(func.count()).select_from(notice).where(notice.c.night == as_of, ~stored)) or 0
    return found


def _letters(conn: Connection, as_of: date, now: datetime) -> tuple[LetterStatus, ...]:
    """Letters of earlier nights that fell due and are neither delivered, given up, nor passed on."""
    again = letter.alias()
    passed_on = and_(
        letter.c.state == LetterState.DEAD,
        exists().where(again.c.fallback_of.is_not(None), again.c.fallback_of == letter.c.id),
    )
    rows = conn.execute(
        select(*status_columns)
        .where(letter.c.night < as_of, letter.c.next_at <= now, letter.c.state.in_(_NOT_ENDED), ~passed_on)
        .order_by(letter.c.night, letter.c.office, letter.c.part)
    )
    return tuple(LetterStatus(*row) for row in rows)
