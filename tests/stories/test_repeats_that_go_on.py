"""What `explain` says of the letters behind the last step of a ladder: they go on, and it does not end them."""

from __future__ import annotations

from datetime import date, timedelta

from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support import printed
from tests.support.account_reader import account
from tests.support.stored_facts import Facts
from tests.support.town import Town, only, rules
from tests.support.true_accounts import Stored, broken

_DAY = timedelta(days=1)
RULE, PROVINCE = "bao-ve-tre-em-2019/sexual-abuse", "bp.ubnd_tinh"
MONITOR = "Ban Tuyên giáo Tỉnh ủy Bình Phước"


def _past_its_steps() -> Town:
    """A figure known since 10/4/2019; the service ran on 11/4, 23/5, and on Sunday 7/7, which writes to nobody."""
    town = Town.founded(only(rules(), RULE))
    town.reads(PROVINCE, "child-sexual-abuse", "2019-01-01", "2019-03-31", 32, "2019-04-10T09:00")
    _judge(town, date(2019, 4, 11), date(2019, 5, 23), date(2019, 7, 7))
    return town


def _judge(town: Town, *nights: date) -> None:
    for night in nights:
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=night - _DAY))


def test_letters_that_repeat_for_ever_are_foretold() -> None:
    """Owed on 8/7, due on 9/7; and no reader takes that for the last one: 6/8 and 4/9 come as well."""
    town, night = _past_its_steps(), date(2019, 7, 7)
    (text,) = printed.explained(town.engine, town.book, night, "BP19-0001")
    (said,) = [one for one in account(text).coming if one.kind == "again"]
    assert (said.on, said.every, said.readers) == (date(2019, 7, 9), 20, (MONITOR,))
    _judge(town, *(date(2019, month, day) for month, day in ((7, 8), (7, 9), (8, 5), (8, 6), (9, 3), (9, 4))))
    later = Stored(Facts(town.engine, town.book, date(2019, 9, 4)))
    assert broken(account(text), later, date(2019, 9, 4)) == []
    told = {row.night for row in later.notices(later.case("BP19-0001"))}
    assert {date(2019, 8, 6), date(2019, 9, 4)} <= told


def test_repeats_end_with_their_directive() -> None:
    """Within 20 working days of its end, nothing is said to come again."""
    town, night = _past_its_steps(), date(2021, 1, 25)
    _judge(town, night)
    (text,) = printed.explained(town.engine, town.book, night, "BP19-0001")
    said = [one.kind for one in account(text).coming]
    assert "lapse" in said
    assert "again" not in said
