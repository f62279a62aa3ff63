"""What a night promised and what is stored: every case goes on, every teller has a letter, every letter an end.

The night asks this of its own transaction before it ends (house rule: state is never only believed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import cases
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import LetterStatus


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
    return AuditFindings(
        cases.stranded(conn, as_of), cases.unlettered(conn, as_of), outbox.overdue(conn, as_of, now)
    )
