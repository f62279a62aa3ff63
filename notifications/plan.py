"""From a post to finished bytes in the outbox: rendered once, read back once, sent as they are ever after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.model import ZONE
from engine.rules import MailPolicy
from notifications import gate, mime
from notifications.gather import Post
from notifications.lifecycle import PlannedLetter, bounce_address, letter_id, message_id
from notifications.mime import LetterRefused, Message
from notifications.part import Room
from notifications.render import LetterTooLarge, Rendered, finish

# Letters are due from half past six, so that they are there when the office opens.
SENDING_FROM = time(6, 30)


@dataclass(frozen=True, slots=True)
class Planned:
    """The letters that may be sent, and for each that may not, its office and the reason."""

    letters: tuple[PlannedLetter, ...]
    refused: tuple[tuple[str, str], ...]


def due_from(night: date) -> datetime:
    """When the letters of a night may leave: 06:30 in Asia/Ho_Chi_Minh."""
    return datetime.combine(night, SENDING_FROM, ZONE)


def plan(posts: Iterable[Post], mail: MailPolicy, night: date, planned_at: datetime) -> Planned:
    """Every post as final bytes; one that cannot be made is refused alone, with the reason, and others go on."""
    letters: list[PlannedLetter] = []
    refused: list[tuple[str, str]] = []
    for post in posts:
        try:
            rendered = finish(post.digest, Room(mail.full_rows, mail.compact_rows), mail.max_bytes)
            reply_to = post.digest.desk.mailbox
            letters.append(
                finished(rendered, mail, night, planned_at, post.office, post.address, reply_to=reply_to)
            )
        except (LetterRefused, LetterTooLarge) as reason:
            refused.append((post.office, str(reason)))
    return Planned(tuple(letters), tuple(refused))


def finished(
    rendered: Rendered,
    mail: MailPolicy,
    night: date,
    planned_at: datetime,
    office: str,
    address: str,
    *,
    reply_to: str,
    part: int = 1,
    fallback_of: str | None = None,
    sent_at: datetime | None = None,
) -> PlannedLetter:
    """One letter for the outbox, dated `sent_at`, or else when the letters of its night may leave.

    Raises `LetterRefused`: a domain that is not allowed, or unsafe bytes.
    """
    identity = letter_id(night, office, part)
    domain = address.rpartition("@")[2].casefold()
    if not any(domain == allowed or domain.endswith(f".{allowed}") for allowed in mail.allowed_domains):
        raise LetterRefused(identity, f"{address}: not in the allowed domains of mail.yaml")
    message = Message(
        id=identity,
        night=night,
        sender=mail.sender,
        sender_name=mail.sender_name.vi,
        recipient=address,
        reply_to=reply_to,
        subject=rendered.subject,
        sent_at=sent_at or due_from(night),
        message_id=message_id(identity, mail.message_domain),
        list_id=f"<thu-theo-doi.{mail.message_domain}>",
        text=rendered.text,
        html=rendered.html,
        attachments=rendered.attachments,
    )
    raw = mime.build(message)
    gate.check(raw, message)
    return PlannedLetter(
        night=night,
        office=office,
        part=part,
        message_id=message.message_id,
        envelope_from=bounce_address(identity, mail.message_domain),
        recipient=address,
        mime=raw,
        planned_at=planned_at,
        next_at=due_from(night),
        expires_at=due_from(night) + timedelta(hours=mail.expires_hours),
        fallback_of=fallback_of,
    )
