"""The self-audit: every open case has a next date, every notice a letter, and every earlier letter an end.

The night checks this in its own transaction before it commits, so that it checks what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import cases
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import LetterStatus

# As long as the status and the morning name it: what is to be told is told again by the next night.
_REMEMBERED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class AuditFindings:
    """What the audit found; empty on a good night.

    `cases` are the codes of open cases without a next date, and `unlettered` counts tonight's notices whose letter
    is not stored: both are faults of the service. `letters` are those of earlier nights that are due and have not
    ended; a refused one ends after two weeks, or when a later letter to its office has left.
    """

    cases: tuple[str, ...]
    unlettered: int
    letters: tuple[LetterStatus, ...]

    @property
    def faulty(self) -> bool:
        """Whether it found a fault of the service itself."""
        return bool(self.cases or self.unlettered)


def audit(conn: Connection, as_of: date, now: datetime) -> AuditFindings:
    """Audits everything stored, after the night of `as_of` has written and before it commits."""
    waiting = outbox.overdue(conn, as_of, now)
    return AuditFindings(
        cases.stranded(conn, as_of),
        cases.unlettered(conn, as_of),
        tuple(one for one in waiting if not _made_good(conn, one, as_of)),
    )


def _made_good(conn: Connection, one: LetterStatus, as_of: date) -> bool:
    """Whether a refused letter needs nobody any more: a later night told again, or it is two weeks old."""
    if one.state is not LetterState.DEAD:
        return False
    return one.night < as_of - _REMEMBERED or outbox.written_since(conn, one.office, one.night)
