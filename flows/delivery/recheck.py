"""Before a letter leaves: whether what it says was answered since its night was judged (decision 45, amended)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import orgchart
from dondoc.engine.store.night.answered import matters
from dondoc.notifications.delivery import outbox
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.overtaken_letter import FIRST_PART, Answered
from dondoc.notifications.letter.overtaken_letter import overtaken as again
from dondoc.notifications.lifecycle import Claimed, PlannedLetter


def overtaken(
    conn: Connection, letter: Claimed, mail: MailPolicy, now: datetime
) -> Sequence[PlannedLetter] | None:
    """What leaves in the place of a letter: None, itself; nothing, when all that it tells of was answered.

    Else the same letter with a note of what came in. Once a server has seen bytes of a letter they never change
    (decision 0010), and a letter is made again only once: what comes later is for the next night.
    """
    if outbox.ever_sent(conn, letter.id):
        return None
    told = matters(conn, outbox.original(conn, letter.id), now)
    answered = [matter for matter in told if matter.answered]
    if not answered:
        return None
    if len(answered) == len(told):
        return ()
    if letter.part >= FIRST_PART:
        return None
    chart = orgchart.chart(conn, now)
    names = [Answered(_name(chart, one.unit, letter.night), one.code, one.last_day) for one in answered]
    try:
        return (again(letter, names, mail, now),)
    except LetterRefused:
        # Better the letter as its night wrote it than a delivery that ends here.
        return None


def _name(chart: OrgChart, unit: str, on: date) -> Text:
    name = chart.units[unit].name(on)
    return Text(name.vi, name.en)
