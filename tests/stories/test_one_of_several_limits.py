"""A figure that is back within one limit and beyond another: no letter says that its alert is over. Invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import RuleBook, Threshold
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.records.acts import Said, recorded
from tests.support import true_recoveries
from tests.support.letter_reader import read
from tests.support.told_letters import Told, told
from tests.support.town import Town, at, only, rules
from tests.support.truth import untrue

RULE, OTHER = "bao-ve-tre-em-2019/injuries", "bao-ve-tre-em-2019/injuries-more"
COUNT, SHARE = "child-injuries", "children-special-circumstances-share"
PROVINCE, DAY = "bp.ubnd_tinh", timedelta(days=1)
NIGHTS = (date(2020, 2, 5), date(2020, 3, 4), date(2020, 3, 5))
SHORT = Text("tỷ lệ (bịa)", "a share (invented)")


def _book(indicator: str, low: int, high: int) -> RuleBook:
    """The book with two limits on one indicator, told of as soon as the figure is back."""
    book = only(rules(), RULE)
    limit = Threshold(indicator, PeriodKind.CALENDAR_MONTH, PROVINCE, date(2019, 1, 15), calm=0)
    made = {
        name: replace(book.rules[RULE], id=name, short=SHORT, condition=replace(limit, above=Decimal(above)))
        for name, above in ((RULE, low), (OTHER, high))
    }
    return replace(book, rules=made, mail=replace(book.mail, brake=Brake()))


def _played(indicator: str, january: float, february: float, low: int = 3, high: int = 5) -> Town:
    """Two months of figures, told in both languages, and the nights until the second one has been told of."""
    town = Town.founded(_book(indicator, low, high))
    with writing(town.engine) as conn:
        conn.execute(update(t.mailbox).values(languages="vi,en"))
    town.reads(PROVINCE, indicator, "2020-01-01", "2020-01-31", january, "2020-02-04T10:00")
    town.reads(PROVINCE, indicator, "2020-02-01", "2020-02-29", february, "2020-03-04T10:00")
    for night in NIGHTS:
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=night - DAY))
    return town


def _good_news(town: Town) -> Iterator[Told]:
    """The letters to the province that tell of a limit that was left."""
    for night in NIGHTS[1:]:
        for one in told(town.engine, town.book, night):
            if one.office == PROVINCE and "cảnh báo" in one.letter.subject:
                yield one


@pytest.fixture(scope="module")
def counts() -> Town:
    """Six injuries, then four: within five, beyond three."""
    return _played(COUNT, 6, 4)


@pytest.fixture(scope="module")
def shares() -> Town:
    """Six per cent, then four."""
    return _played(SHARE, 6, 4)


@pytest.fixture(scope="module")
def over() -> Town:
    """Six injuries, then two: within both."""
    return _played(COUNT, 6, 2)


def test_a_subject_says_that_one_of_several_limits_was_left(counts: Town, shares: Town) -> None:
    """A share with its numbers, a count without; the first sentence says both limits, in both languages."""
    (one,), (share,) = list(_good_news(counts))[:1], list(_good_news(shares))[:1]
    assert one.letter.subject.startswith("Kết thúc một mức cảnh báo: ")
    assert ", vẫn vượt ngưỡng khác – thư ngày " in one.letter.subject
    assert share.letter.subject == (
        "Kết thúc một mức cảnh báo: tỷ lệ (bịa) 4%, trong ngưỡng 5%, vẫn vượt ngưỡng theo dõi 3%"
        " – thư ngày 05/03/2020"
    )
    vi, en = (part.headline for part in one.letter.parts)
    assert re.search(r"trong ngưỡng 05 \S+, nhưng vẫn vượt ngưỡng theo dõi 03 ", vi)
    assert re.search(r"within the limit of 5 \S+, but still above the watch limit of 3 ", en)
    assert [true_recoveries.untrue(each) for each in (one, share)] == [[], []]


def test_an_alert_is_over_when_both_limits_are_left(over: Town) -> None:
    """Two limits of one figure are one indicator."""
    (one, *more) = _good_news(over)
    assert more == []
    assert one.letter.subject.startswith("Hết cảnh báo: 01 chỉ tiêu ")
    assert true_recoveries.untrue(one) == []


def test_why_a_figure_is_as_it_is_is_said_once_for_all_its_limits() -> None:
    """The party committee demands the reason under one limit, and the province gives it under the other."""
    town = _played(COUNT, 6, 6)
    cases = [town.case(rule, PROVINCE) for rule in (OTHER, RULE)]
    asked, answered = [case.code for case in cases if case]
    demanded = Said(asked, ActKind.DEMANDED, "bp.tinh_uy", words="Vì sao tăng")
    explained = Said(answered, ActKind.EXPLAINED, PROVINCE, until=date(2020, 3, 20), words="Chờ số liệu")
    for when, said in (("09:00", demanded), ("10:00", explained)):
        recorded(town.engine, town.book, said, at(f"2020-03-05T{when}"), Door.COMMAND)
    night = date(2020, 3, 6)
    steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=night - DAY))
    (one,) = (one for one in told(town.engine, town.book, night) if one.office == PROVINCE)
    (row,) = one.part.rows
    assert "hẹn xong ngày 20/03/2020" in row.lines["answered"]
    assert "explanation" not in row.lines
    assert untrue(one) == []


# In which town, of which part of the letter, what is changed and to what.
FALSE = {
    "that it is over": ("counts", "subject", "Kết thúc một mức cảnh báo: ", "Hết cảnh báo: "),
    "that another is open, in the first sentence": ("counts", "text", r", nhưng vẫn vượt ngưỡng[^.]*\.", "."),
    "that another is open, in English": ("counts", "text", r", but\s+still\s+above[^.]*\.", "."),
    "that only one was left": (
        "over",
        "subject",
        "Hết cảnh báo: 01 chỉ tiêu",
        "Kết thúc một mức cảnh báo: một chỉ tiêu",
    ),
    "how many are over": ("over", "subject", "01 chỉ tiêu", "02 chỉ tiêu"),
}


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_is_seen(request: pytest.FixtureRequest, what: str) -> None:
    """One thing in the true letter is changed."""
    name, where, true, false = FALSE[what]
    one = next(_good_news(request.getfixturevalue(name)))
    with reading(one.facts.engine) as conn:
        mime = conn.scalars(select(t.letter.c.mime).where(t.letter.c.id == one.sent)).one()
    mail = message_from_bytes(mime, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    subject, text = str(mail["Subject"]), body.get_content()
    said = {"subject": subject, "text": text}[where]
    changed = re.sub(true.replace(" ", r"\s+"), false, said, count=1)
    assert changed != said, said
    letter = read(changed, text) if where == "subject" else read(subject, changed)
    assert true_recoveries.untrue(one) == []
    assert true_recoveries.untrue(replace(one, letter=letter))
