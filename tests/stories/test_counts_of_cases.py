"""Cases whose letters once counted what was not so; each letter is read and held against the stored facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from dondoc.engine.domain.rulebook import Quota, RuleBook, Selector, Waiver
from dondoc.engine.domain.terms import Scope
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.records.register import RegisterFilter, list_stored
from tests.support.explain_helpers import account
from tests.support.letter_reader import Counts
from tests.support.stored_facts import Facts, counts
from tests.support.told_letters import Told, told
from tests.support.town import Town, at, cutoff, only, rules
from tests.support.truth import untrue
from tests.support.worlds import WORDS

BROADCAST = "1179-cv-hu/monthly-broadcast"
CENTRE, PORTAL, MONITOR = "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt", "tmr.ban_tuyen_giao"
SHARE = "46-ct-hu/special-circumstances"
DISTRICT, BOARD = "dl.ubnd_huyen", "dl.ban_thuong_vu_huyen_uy"
ROUND_1, BAO_DAI, BAO_SON = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai", "ln.ubnd_xa.bao_son"


def letters(town: Town, *nights: str) -> dict[str, Told]:
    """Judges these nights; the letters of the last one by office. None of any night says what is not so."""
    found: dict[str, Told] = {}
    for day in nights:
        as_of = date.fromisoformat(day)
        steps.judge_night(town.engine, town.book, Night(as_of, steps.cutoff_of(as_of)))
        found = {one.office: one for one in told(town.engine, town.book, as_of)}
        assert not [line for one in found.values() for line in untrue(one)]
    return found


def corrects(town: Town, ref: str, unit: str, on: str, recorded: str, quantity: int) -> None:
    """A broadcast as it was entered, or entered again."""
    values: dict[str, Any] = {"ref": ref, "unit": unit, "activity": "broadcast", "quantity": quantity}
    town.brings("activities", [(2, values | {"done_on": date.fromisoformat(on), "recorded_at": at(recorded)})])


def test_on_the_first_of_a_month_a_met_quota_is_done() -> None:
    """The portal broadcast on 11/10/2019: good news of 01/11 about the centre does not accuse it (T7)."""
    town = Town.founded(only(rules(), BROADCAST))
    for month in ("2019-07-10", "2019-08-10", "2019-09-10", "2019-10-11"):
        town.does(PORTAL, "broadcast", month)
    for month in ("2019-07-10", "2019-08-10", "2019-10-20"):
        town.does(CENTRE, "broadcast", month)
    found = letters(town, "2019-10-01", "2019-10-16", "2019-11-01")
    # July to October, less September of the centre; November and December lie ahead.
    assert found[MONITOR].part.counts == Counts(7, 0, 4, 1)


def shared(scope: Scope) -> RuleBook:
    """The monthly broadcast as one demand on the centre and the portal together."""
    book = only(rules(), BROADCAST)
    rule = book.rules[BROADCAST]
    assert isinstance(rule.condition, Quota)
    together = replace(
        rule, condition=replace(rule.condition, scope=scope), applies_to=Selector(units=(CENTRE, PORTAL))
    )
    return replace(book, rules={BROADCAST: together})


def test_a_quota_carried_together_counts_units_of_units() -> None:
    """Both missed July: 02/02 units, and one task in the total (L20)."""
    for scope in (Scope.ANY, Scope.SUM):
        town = Town.founded(shared(scope))
        found = letters(town, "2019-08-01", "2019-08-08")
        share = found[MONITOR].part.rows[0].share
        assert share is not None
        assert (share.late, share.of) == (2, 2)
        assert found[MONITOR].part.counts is not None
        assert found[MONITOR].part.counts.overdue == 1


def test_a_corrected_activity_changes_no_count_while_the_quota_is_met() -> None:
    """Two broadcasts of July, entered as three at first: judged once, and not again every night (L21)."""
    town = Town.founded(only(rules(), BROADCAST))
    corrects(town, "a", PORTAL, "2019-07-10", "2019-07-10T10:00", 3)
    letters(town, "2019-08-01")
    corrects(town, "a", PORTAL, "2019-07-10", "2019-08-02T10:00", 2)
    letters(town, "2019-08-05")
    asked = select(t.task.c.finished_on).where(t.task.c.subject == "2019-07", t.task.c.ended == "on-time")
    with reading(town.engine) as conn:
        assert conn.scalars(asked).all() == [date(2019, 8, 1)]
    letters(town, "2019-08-08")


def test_a_correction_that_takes_the_activity_away_is_judged() -> None:
    """Entered again with quantity 0: July of the portal is missed after all."""
    town = Town.founded(only(rules(), BROADCAST))
    corrects(town, "a", PORTAL, "2019-07-10", "2019-07-10T10:00", 1)
    letters(town, "2019-08-01")
    corrects(town, "a", PORTAL, "2019-07-10", "2019-08-02T10:00", 0)
    assert "00/01 lần" in letters(town, "2019-08-05")[PORTAL].part.headline


def test_letters_of_an_earlier_case_are_not_those_of_this_one() -> None:
    """2,61%, then 2,4%, then 2,7%: the second case was followed up twice, and the first does not count (L19)."""
    town = Town.founded(only(rules(), SHARE))
    for day, value, recorded in (
        ("2023-10-02", 2.61, "2023-10-02T08:00"),
        ("2023-11-01", 2.4, "2023-11-01T08:00"),
        ("2023-11-20", 2.7, "2023-11-20T08:00"),
    ):
        town.reads(DISTRICT, "children-special-circumstances-share", day, day, value, recorded)
    first = letters(town, "2023-10-03", "2023-10-10", "2023-10-17")
    assert {code for one in first.values() for row in one.part.rows for code in row.codes} == {"DL23-0001"}
    second = letters(town, "2023-11-02", "2023-11-09", "2023-11-21", "2023-11-28", "2023-12-05")
    (row,) = second[BOARD].part.rows
    assert row.codes == ("DL23-0002",)
    assert "Đã đôn đốc 02 lần (21/11, 28/11/2023)." in second[BOARD].part.ask
    explained = account(town, "DL23-0002", "2023-12-05")
    assert min(one.notice.night for one in explained.letters) == date(2023, 11, 21)


def test_the_register_counts_waived_tasks_apart() -> None:
    """As letters do: a waived report is not overdue (decision 50)."""
    granted = Waiver(
        ROUND_1, BAO_DAI, "ln.ubnd_huyen", WORDS, WORDS, date(2015, 4, 1), date(2015, 12, 31), "w.yaml:1:1"
    )
    book = replace(only(rules(), ROUND_1), waivers=(granted,))
    town = Town.founded(book)
    letters(town, "2015-04-20")
    true = counts(Facts(town.engine, book, date(2015, 4, 20)).duties)
    assert true.overdue == 23
    with reading(town.engine) as conn:
        listed = list_stored(conn, book, RegisterFilter("279-ubnd-ldtbxh"), cutoff(date(2015, 4, 21)))
    (said,) = [row.counts for _, rows in listed.rows for row in rows if ROUND_1 in row.obligation.rules]
    assert said is not None
    assert said.values == (true.on_time, true.late, true.in_time, true.overdue)
