"""What holds the reasons of `why-not` against the facts sees what is false, of figures and of days in force."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Rise, RuleBook, Streak
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
CRASHES, MONTHLY, RATING = (
    f"{PACK}/traffic-accidents",
    "1179-cv-hu/monthly-broadcast",
    "1179-cv-hu/targets-in-rating",
)
PORTAL, UNION = "tmr.trang_ttdt", "tmr.hoi_ccb"
BEGUN, AUTUMN, YEARS_END = date(2019, 7, 5), date(2019, 9, 6), date(2020, 1, 3)


def _invented(book: RuleBook) -> RuleBook:
    """Limits for two periods, of a rise, from a day on, by other periods; a streak; a month from a day on."""
    set_on, quarter = date(2018, 12, 1), PeriodKind.CALENDAR_QUARTER
    limits = {name: book.rules[name].condition for name in (ABUSE, DROWNED, HURT, CRASHES, MONTHLY)}
    rise = Rise(Decimal(20), Against.PREVIOUS_PERIOD, Decimal(5))
    made = {
        ABUSE: {"per": quarter, "set_on": set_on, "above": Decimal(15), "periods": 2},
        DROWNED: {"per": quarter, "set_on": set_on, "above": None, "rise": rise},
        HURT: {"judge_from": date(2019, 4, 20)},
        CRASHES: {"per": PeriodKind.CALENDAR_MONTH},
    }
    rules = {
        name: replace(book.rules[name], condition=replace(limits[name], **more)) for name, more in made.items()
    }
    base = book.rules[MONTHLY]
    rules |= {name: book.rules[name] for name in (MONTHLY, RATING)}
    later = replace(limits[MONTHLY], judge_from=date(2019, 8, 15))
    rules[f"{MONTHLY}-later"] = replace(base, id=f"{MONTHLY}-later", condition=later)
    rules[f"{MONTHLY}-running"] = replace(base, id=f"{MONTHLY}-running", condition=Streak(MONTHLY, 3))
    return replace(book, rules=rules)


@pytest.fixture(scope="module")
def invented() -> Town:
    """Figures of one quarter, and a portal that has broadcast nothing."""
    town = Town.founded(_invented(rules()))
    for name in ("child-sexual-abuse", "child-drowning-deaths", "child-injuries", "child-traffic-accidents"):
        town.reads(PROVINCE, name, "2019-01-01", "2019-03-31", 19, "2019-04-10T09:00")
    for night in (BEGUN, AUTUMN, YEARS_END):
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=night - _DAY))
    return town


# To whom, on which night, what it says, and what is said instead.
INVENTED = {
    "from when a period is in force": (PORTAL, BEGUN, "từ 26/06/2019 đến", "từ 27/06/2019 đến"),
    "that a period is not whole": (PORTAL, BEGUN, "tháng 6/2019 không nằm trọn", "tháng 7/2019 không nằm trọn"),
    "from when it is judged": (PORTAL, AUTUMN, "trước ngày 15/08/2019, từ", "trước ngày 16/08/2019, từ"),
    "that it begins before": (PORTAL, AUTUMN, "tháng 8/2019 bắt đầu", "tháng 9/2019 bắt đầu"),
    "how many are missed": (PORTAL, AUTUMN, r"tính: 2 không đạt trong 2", "tính: 3 không đạt trong 3"),
    "how many are judged": (PORTAL, AUTUMN, r"tính: 2 không đạt trong 2", "tính: 2 không đạt trong 1"),
    "which period stands for it": (PORTAL, AUTUMN, "tháng 8/2019 cũng chưa đạt", "tháng 7/2019 cũng chưa đạt"),
    "the first year": (UNION, YEARS_END, "từ năm 2020", "từ năm 2021"),
    "how many are running": (PROVINCE, AUTUMN, "1 kỳ liền", "2 kỳ liền"),
    "how many are needed": (PROVINCE, AUTUMN, "cần 2 kỳ", "cần 3 kỳ"),
    "the figure of a run": (PROVINCE, AUTUMN, "19 em, đã vượt", "18 em, đã vượt"),
    "of which period there is none before": (
        PROVINCE,
        AUTUMN,
        "quý I/2019: thiếu số liệu",
        "quý II/2019: thiếu số liệu",
    ),
    "from when a figure counts": (PROVINCE, AUTUMN, "trước ngày 20/04/2019", "trước ngày 09/04/2019"),
    "when a figure was recorded": (PROVINCE, AUTUMN, "ghi nhận ngày 10/04/2019", "ghi nhận ngày 11/04/2019"),
    "by what a rule asks": (PROVINCE, AUTUMN, "hỏi theo tháng", "hỏi theo năm"),
    "by what there are figures": (PROVINCE, AUTUMN, "01 số liệu theo quý", "02 số liệu theo quý"),
    "a reason that nobody checks": (PROVINCE, AUTUMN, r"quý I/2019: thiếu số liệu [^.]*", "vì trăng tròn"),
}


@pytest.mark.parametrize("what", INVENTED)
def test_what_is_false_of_invented_rules_is_seen(invented: Town, what: str) -> None:
    """One thing in the true answer is changed."""
    office, night, true, false = INVENTED[what]
    stored = Stored(Facts(invented.engine, invented.book, night))
    (text,) = printed.reasons(invented.engine, invented.book, night, office)
    changed = re.sub(true, false, text, count=1)
    assert changed != text, text
    assert true_reasons.untrue_lines(why_not(text, stored.every_name), stored) == []
    assert true_reasons.untrue_lines(why_not(changed, stored.every_name), stored), changed


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
