"""From a draft to final bytes: rendered once, verified once, and sent unchanged on every attempt.

A process that only makes letters loads this module: it imports neither the database nor `gather`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dondoc.engine.domain.mail_policy import USUAL_HOURS, MailPolicy, SendingHours
from dondoc.engine.domain.model import ZONE
from dondoc.notifications.digest import Entry, LetterDraft
from dondoc.notifications.letter import mime, threads, verify
from dondoc.notifications.letter.mime import LetterRefused, Message
from dondoc.notifications.letter.part import RowLimits
from dondoc.notifications.letter.render import LetterTooLarge, Rendered, finish
from dondoc.notifications.lifecycle import PlannedLetter, bounce_address, letter_id, message_id
from dondoc.notifications.unwritten import UnbuiltLetter, UnwrittenRow, described

# Letters leave from 06:30, so that they have arrived when the offices open.
_WORKING_DAYS = 3


Built = PlannedLetter | UnbuiltLetter | UnwrittenRow


def due_from(night: date, hours: SendingHours = USUAL_HOURS) -> datetime:
    """When the letters of a night may leave: the opening of that day's sending hours, 06:30 unless set."""
    return datetime.combine(night, hours.opens, ZONE)


def expiry(night: date, mail: MailPolicy) -> datetime:
    """From when on the letters of a night are too old to be sent: some hours after they may leave, if so set.

    Else the close of sending hours on the third working day, that of the night included (decision 46, amended).
    Monday to Friday count: over a holiday a letter may end early, and the next night then notifies again.
    """
    if mail.expires_hours:
        return due_from(night, mail.hours) + timedelta(hours=mail.expires_hours)
    day, worked = night, 0
    while True:
        worked += day.weekday() < 5  # noqa: PLR2004 - Saturday is 5
        if worked == _WORKING_DAYS:
            return datetime.combine(day, mail.hours.closes, ZONE)
        day += timedelta(days=1)


def admitted(mail: MailPolicy, address: str) -> bool:
    """Whether letters may go to the address: its domain or a parent of it is allowed."""
    domain = address.rpartition("@")[2].casefold()
    return any(domain == allowed or domain.endswith(f".{allowed}") for allowed in mail.allowed_domains)


@dataclass(frozen=True, slots=True)
class LetterBuilder:
    """Makes letters of one night; it is pickled to a process together with a slice of the drafts."""

    mail: MailPolicy
    night: date
    planned_at: datetime

    def __call__(self, drafts: Sequence[LetterDraft]) -> list[Built]:
        """The letter of each draft, or why it could not be built, in order; after a letter the rows it lacks."""
        return [one for draft in drafts for one in self._one(draft)]

    def _one(self, draft: LetterDraft) -> list[Built]:
        try:
            return [self._letter(draft), *draft.unwritten]
        except (LetterRefused, LetterTooLarge) as reason:
            return [UnbuiltLetter(draft.office, str(reason))]
        except Exception as fault:  # noqa: BLE001 - any fault, and the night goes on without this letter or row
            return self._without_faulty_rows(draft, described(fault))

    def _letter(self, draft: LetterDraft) -> PlannedLetter:
        mail = self.mail
        rendered = finish(draft.digest, RowLimits(mail.full_rows, mail.compact_rows), mail.max_bytes)
        if rendered.calendar:
            from dondoc.notifications.letter.calendar_file import calendar_file

            dates = calendar_file(rendered.calendar, self.night, mail)
            rendered = replace(rendered, attachments=(*rendered.attachments, dates))
        reply_to = mail.answers or draft.digest.desk.mailbox
        return finished(
            rendered, mail, self.night, self.planned_at, draft.office, draft.address, reply_to=reply_to
        )

    def _without_faulty_rows(self, draft: LetterDraft, reason: str) -> list[Built]:
        """The letter without the rows that cannot be written even alone; unbuilt when that does not help."""
        written: list[Entry] = []
        faulty: list[UnwrittenRow] = []
        for entry in draft.digest.entries:
            try:
                self._letter(replace(draft, digest=replace(draft.digest, entries=(entry,))))
                written.append(entry)
            except Exception as fault:  # noqa: BLE001 - as above
                name = ", ".join(entry.codes) or f"{entry.short.vi} ({', '.join(entry.units)})"
                faulty.append(UnwrittenRow(draft.office, entry.tasks, name, described(fault)))
        if faulty and draft.leaves_with(written):
            rest = replace(draft, digest=replace(draft.digest, entries=tuple(written)))
            with suppress(Exception):
                return [self._letter(rest), *draft.unwritten, *faulty]
        named = f"; {'; '.join(row.name for row in faulty)}" if faulty else ""
        return [UnbuiltLetter(draft.office, f"{reason}{named}")]


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
    due_at: datetime | None = None,
) -> PlannedLetter:
    """One letter for the outbox, dated `sent_at` and due at `due_at`, or else when its night's letters may leave.

    Raises `LetterRefused`: a domain that is not allowed, or unsafe bytes.
    """
    identity = letter_id(night, office, part)
    if not admitted(mail, address):
        raise LetterRefused(identity, f"{address}: not in the allowed domains of mail.yaml")
    message = Message(
        id=identity,
        night=night,
        sender=mail.sender,
        sender_name=mail.sender_name.vi,
        recipient=address,
        reply_to=reply_to,
        subject=rendered.subject,
        sent_at=sent_at or due_from(night, mail.hours),
        message_id=message_id(identity, mail.message_domain),
        thread=threads.root(rendered.thread or threads.monthly(office, night), mail.message_domain),
        list_id=f"<thu-theo-doi.{mail.message_domain}>",
        text=rendered.text,
        html=rendered.html,
        attachments=rendered.attachments,
    )
    raw = mime.build(message)
    verify.check(raw, message)
    return PlannedLetter(
        night=night,
        office=office,
        part=part,
        message_id=message.message_id,
        envelope_from=bounce_address(identity, mail.message_domain),
        recipient=address,
        mime=raw,
        planned_at=planned_at,
        next_at=due_at or due_from(night, mail.hours),
        expires_at=expiry(night, mail),
        fallback_of=fallback_of,
    )
