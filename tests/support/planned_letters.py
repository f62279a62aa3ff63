"""Letters to send in tests. Every office, mailbox and text here is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from dondoc.notifications.lifecycle import Claimed, PlannedLetter, bounce_address, letter_id, message_id

NIGHT = date(2015, 4, 20)
PLANNED_AT = datetime(2015, 4, 19, 19, 0, tzinfo=UTC)  # 02:00 in Vietnam on 20/4
DUE = datetime(2015, 4, 19, 23, 30, tzinfo=UTC)  # 06:30 in Vietnam
DOMAIN = "dondoc.example"


def mime(text: str = "Hello.\r\n") -> bytes:
    """A small mail; `text` is the body, its lines ending in CRLF."""
    return f"Subject: Invented\r\nFrom: desk@{DOMAIN}\r\n\r\n{text}".encode()


def planned(
    office: str = "ln.ubnd_xa.bao_dai",
    part: int = 1,
    *,
    recipient: str = "baodai@example.org",
    content: bytes | None = None,
    held: bool = False,
    due: datetime = DUE,
    hours: float = 24,
) -> PlannedLetter:
    """A letter of the night of 20/4/2015, due at 06:30 and good for `hours` from then."""
    key = letter_id(NIGHT, office, part)
    return PlannedLetter(
        night=NIGHT,
        office=office,
        part=part,
        message_id=message_id(key, DOMAIN),
        envelope_from=bounce_address(key, DOMAIN),
        recipient=recipient,
        mime=mime() if content is None else content,
        planned_at=PLANNED_AT,
        next_at=due,
        expires_at=due + timedelta(hours=hours),
        held=held,
    )


def claimed(recipient: str = "baodai@example.org", content: bytes | None = None) -> Claimed:
    """A letter in the hands of a relay, without an outbox behind it."""
    letter = planned(recipient=recipient, content=content)
    return Claimed(
        id=letter.id,
        night=letter.night,
        office=letter.office,
        part=letter.part,
        envelope_from=letter.envelope_from,
        recipient=letter.recipient,
        mime=letter.mime,
        attempt=1,
        expires_at=letter.expires_at,
        owner="test",
        lease_token=1,
    )
