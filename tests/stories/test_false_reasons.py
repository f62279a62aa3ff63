"""What holds the reasons of `why-not` against the facts sees what is false, of figures and of days in force."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support import printed, true_reasons
from tests.support.account_reader import why_not
from tests.support.stored_facts import Facts
from tests.support.town import Town, only, rules
from tests.support.true_accounts import Stored

PACK, PROVINCE = "bao-ve-tre-em-2019", "bp.ubnd_tinh"
ABUSE, DROWNED, HURT = (f"{PACK}/{rule}" for rule in ("sexual-abuse", "drowning-deaths", "injuries"))
BEFORE, NIGHT, AFTER = date(2019, 3, 29), date(2019, 5, 3), date(2021, 3, 1)


@pytest.fixture(scope="module")
def town() -> Town:
    """Abuse below its limit, drowning at it, injuries not known; in force from 1/4/2019 to 31/12/2020."""
    town = Town.founded(only(rules(), ABUSE, DROWNED, HURT))
    town.reads(PROVINCE, "child-sexual-abuse", "2019-01-01", "2019-03-31", 19, "2019-04-10T09:00")
    town.reads(PROVINCE, "child-drowning-deaths", "2019-01-01", "2019-03-31", 21, "2019-04-10T09:00")
    for night in (BEFORE, NIGHT, AFTER):
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=night - _DAY))
    return town


_DAY = timedelta(days=1)
# On which night, what it says, and what is said instead.
FALSE = {
    "a figure that is not stored": (NIGHT, "19 em", "18 em"),
    "on which side of the limit": (NIGHT, "không vượt ngưỡng", "không dưới ngưỡng"),
    "that it equals the limit": (NIGHT, r"21 em, bằng đúng ngưỡng; [^.]*", "21 em, không vượt ngưỡng 21 em"),
    "that there is none": (NIGHT, r"19 em, không vượt ngưỡng[^.]*", "chưa có số liệu nào được ghi nhận"),
    "from when it is in force": (BEFORE, "01/04/2019", "01/05/2019"),
    "that it is not in force yet": (
        NIGHT,
        r"19 em, [^.]*",
        "văn bản có hiệu lực từ 01/04/2019, trước ngày đó hệ thống im lặng",
    ),
    "until when it was": (AFTER, "31/12/2020", "30/12/2020"),
    "until when it was followed up": (AFTER, "19/02/2021", "20/02/2021"),
}


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_is_seen(town: Town, what: str) -> None:
    """One thing in the true answer to the province is changed."""
    night, true, false = FALSE[what]
    stored = Stored(Facts(town.engine, town.book, night))
    (text,) = printed.reasons(town.engine, town.book, night, PROVINCE)
    changed = re.sub(true, false, text, count=1)
    assert changed != text, text
    assert true_reasons.untrue_lines(why_not(text, stored.every_name), stored) == []
    assert true_reasons.untrue_lines(why_not(changed, stored.every_name), stored), changed
