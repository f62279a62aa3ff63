"""The fallback of a letter that a mailbox refused for good: it goes to the next office that can pass it on."""

from __future__ import annotations

from datetime import datetime

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.notifications.letter.build import admitted, finished
from dondoc.notifications.letter.noted_letter import with_note
from dondoc.notifications.letter.render import Rendered
from dondoc.notifications.lifecycle import DeadLetter, PlannedLetter

# Parts of fallback letters start here, so that their ids never collide with those of a letter's own parts.
FIRST_PART = 100


def fallback(dead: DeadLetter, chart: OrgChart, mail: MailPolicy, now: datetime) -> PlannedLetter | None:
    """The same letter with a note on top, for the nearest body above that has a mailbox, else for the operator.

    None when nobody can pass it on: the mailbox was the operator's, or letters may not go there. The outbox then
    lists it as dead.
    """
    letter = dead.letter
    if letter.recipient == mail.operator:
        return None
    above = chart.forwarding(letter.office, letter.night) if letter.office in chart.units else None
    # A fallback that was refused too goes straight to the operator, so that a letter does not climb body by body.
    again = letter.part >= FIRST_PART
    name = chart.units[letter.office].name(letter.night).vi if letter.office in chart.units else letter.office
    for address in dict.fromkeys((above[1].address if above and not again else mail.operator, mail.operator)):
        # Both offices may share the mailbox that refused the letter, and one above may lie outside our domains.
        if address != letter.recipient and admitted(mail, address):
            return finished(
                _forwarded(dead, name),
                mail,
                letter.night,
                now,
                letter.office,
                address,
                reply_to=mail.operator,
                part=letter.part + 1 if again else FIRST_PART,
                fallback_of=letter.id,
            )
    return None


def _forwarded(dead: DeadLetter, office: str) -> Rendered:
    """The letter with one paragraph on top that says why it came here."""
    note = (
        f"Thư này gửi {office}, nhưng hộp thư {dead.letter.recipient} không nhận được. "
        "Kính đề nghị quý cơ quan chuyển giúp và cho biết hộp thư đúng."
    )
    return with_note(dead.letter.mime, note, "Chuyển giúp: ")
