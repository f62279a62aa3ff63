"""What is said of cases that end with their directive: they are told as such, and never as done."""

from __future__ import annotations

from datetime import date

import pytest

from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support import printed
from tests.support.account_reader import account, why_not
from tests.support.afterwards import as_known
from tests.support.list_reader import forecast
from tests.support.pasts import pack
from tests.support.stored_facts import Facts
from tests.support.town import Town, letters, rules
from tests.support.true_accounts import Stored

LATE, ABOVE = "ln.ubnd_xa.bao_dai", "ln.dang_uy_xa.bao_dai"


@pytest.fixture(scope="module")
def town() -> Town:
    """Nobody reported by the limit of 19/4/2015; the directive ends with the year and is followed up to 20/2."""
    town = Town.founded(pack(rules(), "279-ubnd-ldtbxh"))
    for night in ("2015-04-20", "2015-04-27", "2016-02-19"):
        letters(town, night)
    return town


def test_a_forecast_does_not_call_done_what_lapses(town: Town) -> None:
    """`thôi theo dõi 3`, as the letter calls it."""
    found = forecast(printed.forecasted(town.engine, town.book, 5))
    said = {name for group in found.groups for one in group.letters for name, _ in one.sections}
    assert "thôi theo dõi" in said
    assert "đã xong" not in said


def test_an_office_that_hears_of_the_end_is_not_said_to_hear_nothing(town: Town) -> None:
    """`why-not` names the letter, and `explain` its section, though the directive is in force no more."""
    night = date(2016, 2, 22)
    with as_known(town.engine, date(2016, 2, 19)) as copy:
        plan = Night(night, steps.cutoff_of(night), previous=date(2016, 2, 19))
        steps.judge_night(copy, town.book, plan)
        names = Stored(Facts(copy, town.book, night)).every_name
        answers = [why_not(text, names) for text in printed.reasons(copy, town.book, night, LATE, ABOVE)]
        (said,) = printed.explained(copy, town.book, night, "LN15-0001")
    for answer in answers:
        told = [line for line in answer.lines if line.said.startswith("ĐÃ CÓ THƯ")]
        assert told, answer.office
        assert all("THÔI THEO DÕI" in line.said for line in told)
    last = account(said).notices[-1]
    assert (last.night, last.section) == (night, "THÔI THEO DÕI")
