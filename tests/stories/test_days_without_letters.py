"""Days that are worked and on which no letter leaves: limits count them, the steps of ladders wait (0083)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.flows.observe.heartbeat import Heartbeat
from dondoc.flows.records.status import stored
from dondoc.notifications.letter.build import due_from
from tests.support.explain_helpers import explained, why_not_text
from tests.support.quiet_days import quieted
from tests.support.told_letters import told
from tests.support.town import ROOT, Town, letters, only, rules
from tests.support.true_asks import untrue as untrue_ask
from tests.support.true_words import untrue as untrue_word
from tests.support.truth import untrue

RULE, COMMUNE, DISTRICT = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai", "ln.phong_ldtbxh"
OPERATOR = "dondoc.operator"
FIRST, LAST = date(2015, 4, 20), date(2015, 4, 24)


@pytest.fixture
def town() -> Town:
    """Lục Nam, where the week in which a report is first late has no letters; the Saturday after it is worked."""
    return Town.founded(quieted(only(rules(), RULE), (FIRST, LAST)))


def heard(town: Town, first: date, last: date) -> dict[str, date]:
    """By office, the first of these nights that wrote to it; each letter is held to the facts."""
    found: dict[str, date] = {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        for office in letters(town, day.isoformat()):
            found.setdefault(office, day)
        for one in told(town.engine, town.book, day):
            assert [*untrue(one), *untrue_ask(one), *untrue_word(one)] == []
    return found


@pytest.mark.long
def test_the_unit_hears_on_the_first_day_of_letters_and_nobody_above_before_it(town: Town) -> None:
    """Each step comes as many days of letters after the one before as without the quiet week."""
    usual = heard(Town.founded(only(rules(), RULE)), FIRST, date(2015, 5, 21))
    found = heard(town, FIRST, date(2015, 6, 1))
    assert usual[COMMUNE] == FIRST
    assert found[COMMUNE] == date(2015, 4, 25)
    calendar = town.book.calendars["vn"]
    for office in found.keys() & usual.keys() - {OPERATOR}:
        letter_days = calendar.letters.count(found[COMMUNE], found[office])
        assert letter_days == calendar.count(usual[COMMUNE], usual[office]), office


def test_the_days_count_for_lateness(town: Town) -> None:
    """The limit was the 19th: on Saturday six working days have passed since."""
    for day in range(20, 25):
        assert set(letters(town, f"2015-04-{day}")) <= {OPERATOR}
    said = letters(town, "2015-04-25")[COMMUNE]
    assert "quá hạn 06 ngày làm việc" in said


def test_whoever_asks_hears_that_it_is_quiet_and_until_when(town: Town) -> None:
    """In `why-not`, in `explain`, and in the log, once for each night."""
    letters(town, "2015-04-20")
    letters(town, "2015-04-21")
    why = "đêm này không gửi thư (Đợt bầu cử); báo vào ngày gửi thư kế tiếp, 25/04/2015"
    assert why in why_not_text(town, COMMUNE, "2015-04-21")
    case = town.case(RULE, COMMUNE)
    assert case is not None
    assert "Đợt bầu cử" in explained(town, case.code, "2015-04-21")
    with reading(town.engine) as conn:
        said = conn.execute(select(t.event.c.detail).where(t.event.c.kind == "letters-quiet")).scalars().all()
    assert len(said) == 2
    assert all("2015-04-24" in one for one in said)


def test_on_a_day_that_is_closed_anyway_nothing_is_said_of_it() -> None:
    """A span over a weekend: its Sunday has no letters with it or without it."""
    town = Town.founded(quieted(only(rules(), RULE), (date(2015, 5, 9), date(2015, 5, 11))))
    for night in ("2015-05-10", "2015-05-11"):
        letters(town, night)
    with reading(town.engine) as conn:
        logged = select(t.event.c.night).where(t.event.c.kind == "letters-quiet")
        assert conn.scalars(logged).all() == [date(2015, 5, 11)]


def test_status_says_why_a_night_has_no_letters_and_until_when(town: Town) -> None:
    """And says nothing of it on the night after."""
    said = []
    for night in (LAST, LAST + timedelta(days=1)):
        letters(town, night.isoformat())
        with reading(town.engine) as conn:
            state = stored(conn, ROOT / "rules", due_from(night), Heartbeat())
        said.append((state.as_json()["quiet"], "Không gửi thư" in state.text().vi))
        assert ("No letters: Đợt bầu cử, until 24/04/2015" in state.text().en) == (night == LAST)
    assert said == [([{"name": "Đợt bầu cử", "until": LAST}], True), ([], False)]


def test_a_reminder_waits_for_the_next_day_of_letters_if_the_limit_still_lies_ahead() -> None:
    """Its day is 13 April: after a quiet Monday it leaves on Tuesday, after a quiet week not at all."""
    usual = heard(Town.founded(only(rules(), RULE)), date(2015, 4, 10), date(2015, 4, 18))
    assert usual[COMMUNE] == date(2015, 4, 13)
    book = quieted(only(rules(), RULE), (date(2015, 4, 13), date(2015, 4, 13)))
    assert heard(Town.founded(book), date(2015, 4, 10), date(2015, 4, 18))[COMMUNE] == date(2015, 4, 14)
    book = quieted(only(rules(), RULE), (date(2015, 4, 13), date(2015, 4, 19)))
    assert COMMUNE not in heard(Town.founded(book), date(2015, 4, 10), date(2015, 4, 19))
