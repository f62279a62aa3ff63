"""Before a delivery: the receipts of what was said by links, each to the office for which it was said.

The pages know no letter and no mailbox (decision 0070), so that whoever sends letters plans them.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

from dondoc.engine.cases.act_gate import link_ends
from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.answers import ACT_RECEIPTS_FROM
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Connection, Engine, reading
from dondoc.engine.store.night import acts, orgchart
from dondoc.engine.store.night.acts import LinkAct
from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.acts import seen
from dondoc.notifications.delivery import outbox
from dondoc.notifications.gather.addresses import address_of
from dondoc.notifications.letter.link_receipt import SaidByLink, link_receipt
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.lifecycle import PlannedLetter, letter_id
from dondoc.notifications.wording import answers

# What was said longer ago stands in letters by now.
_LATELY = timedelta(days=3)
# Of one office and day: whoever holds a link can say more than anybody reads.
RECEIPTS_A_DAY = 20


def plan_receipts(engine: Engine, book: RuleBook, links: LinkSettings | None, now: datetime) -> None:
    """Plans the receipts that are missing; without `links` they name no page.

    An office that no mailbox reaches, or whose mailbox is outside the allowed domains, gets none.
    """
    with reading(engine) as conn:
        waiting = _waiting(conn, now)
        if not waiting:
            return
        chart = orgchart.chart(conn, now)
        letters = [_letter(conn, chart, book, links, one, now) for one in waiting]
    with audited(engine) as tx:
        outbox.enqueue(tx, [letter for letter in letters if letter is not None])


def _waiting(conn: Connection, now: datetime) -> list[LinkAct]:
    """What was said by links lately and has no receipt, of each office and day the first twenty."""
    # That a case was opened again follows from what was taken back, and is said there.
    said = [one for one in acts.by_link_since(conn, now - _LATELY) if one.act.kind is not ActKind.REOPENED]
    ids = {one.act.number: _id(one) for one in said}
    there = outbox.statuses(conn, ids.values())
    counted: Counter[tuple[object, ...]] = Counter()
    found = []
    for one in said:
        mine = one.act.office, one.act.recorded_on
        counted[mine] += 1
        if ids[one.act.number] not in there and counted[mine] <= RECEIPTS_A_DAY:
            found.append(one)
    return found


def _id(one: LinkAct) -> str:
    return letter_id(one.act.recorded_on, one.act.office, ACT_RECEIPTS_FROM + one.act.number)


def _letter(
    conn: Connection, chart: OrgChart, book: RuleBook, links: LinkSettings | None, one: LinkAct, now: datetime
) -> PlannedLetter | None:
    act = one.act
    address = address_of(chart, act.office, act.recorded_on)
    if address is None:
        return None
    with suppress(CallRefused, LetterRefused):
        case = seen(conn, book, one.case, act.office, now)
        said = SaidByLink(
            act,
            one.case,
            one.at,
            answers.said(act, case.office, act.recorded_on),
            links.of(act.recorded_on).to(one.case, act.office) if links else "",
            link_ends(act, case.calendar) if act.kind is not ActKind.TAKEN_BACK else None,
        )
        return link_receipt(said, case.office, address.box, address.languages, book.mail, now)
    return None
