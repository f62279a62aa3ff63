"""Before a letter leaves: what was done, waived, promised or reopened since its night (0054, 0058, 0066, 0068)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import orgchart
from dondoc.engine.store.night.answered import Matter, matters
from dondoc.engine.store.night.reopened_since import EndedMatter, ended_matters
from dondoc.engine.store.night.replied_since import replied_since
from dondoc.engine.store.night.waived_since import WaivedNow, waived_since
from dondoc.notifications.delivery import outbox
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.overtaken_letter import FIRST_PART, NamedMatter, Overtaken
from dondoc.notifications.letter.overtaken_letter import overtaken as again
from dondoc.notifications.lifecycle import Claimed, PlannedLetter


def overtaken(
    conn: Connection, letter: Claimed, mail: MailPolicy, excused: Excused | None, now: datetime
) -> Sequence[PlannedLetter] | None:
    """What leaves in the place of a letter: None, itself; nothing, when all that it urges may wait or is done.

    Else the same letter with a note of what came in, what is waived, what was promised or granted, and what it
    calls done and was opened again. Once a
    server has seen bytes of a letter they never change (decision 0010), and a letter is made again only once:
    later news is for the next night.
    """
    if outbox.ever_sent(conn, letter.id):
        return None
    first = outbox.original(conn, letter.id)
    told = matters(conn, first, now)
    waived = waived_since(conn, first, excused, now) if excused is not None else {}
    # What was done needs no waiver, so it is said to be done.
    answered = [matter for matter in told if matter.answered]
    waiting = [matter for matter in told if matter.task in waived and not matter.answered]
    replied = replied_since(conn, first, now)
    promised = [one for one in told if one.task in replied and one not in answered and one not in waiting]
    ended = ended_matters(conn, first, now)
    reopened = [one for one in ended if one.reopened]
    if not (answered or waiting or promised or reopened):
        return None
    # That something is done, and was opened again, is all that some letters tell.
    if len(answered) + len(waiting) + len(promised) == len(told) and (told or len(reopened) == len(ended)):
        return ()
    if letter.part >= FIRST_PART:
        return None
    chart = orgchart.chart(conn, now)
    named = Overtaken(
        [_named(chart, one, letter.night) for one in answered],
        [_named(chart, one, letter.night, waived[one.task]) for one in waiting],
        [replace(_named(chart, one, letter.night), promised=replied[one.task]) for one in promised],
        [_named(chart, one, letter.night) for one in reopened],
    )
    try:
        return (again(letter, named, mail, now),)
    except LetterRefused:
        # Better the letter as its night wrote it than a delivery that ends here.
        return None


def _named(
    chart: OrgChart, matter: Matter | EndedMatter, on: date, waived: WaivedNow | None = None
) -> NamedMatter:
    name = chart.units[matter.unit].name(on)
    said = NamedMatter(Text(name.vi, name.en), matter.code, matter.last_day)
    return said if waived is None else replace(said, waived=waived.until, whole=waived.whole)
