"""Whether a letter is still the one that its night planned: its bytes and its recipient, as the log has them.

Whoever may write to the database could otherwise send any letter to anybody in our name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.store.audit_log.logged import PlannedDigest, planned_letters
from dondoc.engine.store.db.database import Connection
from dondoc.notifications.letter.build import admitted
from dondoc.notifications.lifecycle import Claimed


@dataclass(slots=True)
class Seals:
    """What the log says of the letters of the nights that were asked for, read once a night and run."""

    mail: MailPolicy
    _known: dict[str, PlannedDigest] = field(default_factory=dict)
    _read: set[date] = field(default_factory=set)

    def broken(self, conn: Connection, mine: Claimed) -> str:
        """Why a letter may not leave, for the operator; empty when it may."""
        if not admitted(self.mail, mine.recipient):
            return (
                f"{mine.recipient} nằm ngoài allowed_domains của mail.yaml (outside allowed_domains of mail.yaml)"
            )
        logged = self._logged(conn, mine)
        if logged is None:
            return "thư không có trong sổ; chạy dondoc audit verify (never logged: run dondoc audit verify)"
        if logged.mime_sha256 != hashlib.sha256(mine.mime).hexdigest():
            return "nội dung không như trong sổ; chạy dondoc audit verify (other bytes than logged: run it)"
        # Letters of an older program were logged without their recipient.
        if logged.recipient_sha256 not in ("", hashlib.sha256(mine.recipient.encode()).hexdigest()):
            return (
                "hộp thư nhận không như trong sổ; chạy dondoc audit verify (another recipient than logged: run it)"
            )
        return ""

    def _logged(self, conn: Connection, mine: Claimed) -> PlannedDigest | None:
        # A fallback planned in this run is logged after its night was read.
        if mine.night not in self._read or mine.id not in self._known:
            self._known |= planned_letters(conn, mine.night)
            self._read.add(mine.night)
        return self._known.get(mine.id)
