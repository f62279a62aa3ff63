"""What a closed day leaves owed, a moved limit or a worse figure: `explain` says who hears of it next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.domain.rulebook import OnDate, Overdue, RuleBook
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.records.acts import Said, recorded
from tests.support import printed, true_accounts, true_reasons
from tests.support.account_reader import Account, WhyNot, account, why_not
from tests.support.stored_facts import Facts
from tests.support.town import Town, at, letters, only, rules
from tests.support.true_accounts import Stored

_DAY = timedelta(days=1)
ROUND_1, CASE = "279-ubnd-ldtbxh/report-round-1", "LN15-0001"
UNIT, PARTY, DISTRICT = "ln.ubnd_xa.bac_lung", "ln.dang_uy_xa.bac_lung", "ln.ubnd_huyen"
ABUSE, PROVINCE = "bao-ve-tre-em-2019/sexual-abuse", "bp.ubnd_tinh"
SATURDAY, MONDAY = date(2015, 5, 16), date(2015, 5, 18)


def _moved(book: RuleBook, last_day: date, until: date | None = None) -> RuleBook:
    """The first report alone, due on another day; its directive perhaps followed up to a day."""
    rule = book.rules[ROUND_1]
    assert isinstance(rule.condition, Overdue)
    assert isinstance(rule.condition.due, OnDate)
    due = replace(rule.condition.due, day=last_day + _DAY)
    paper = book.directives[rule.directive]
    return replace(
        book,
        rules={ROUND_1: replace(rule, condition=replace(rule.condition, due=due))},
        directives=book.directives | {paper.id: replace(paper, follow_until=until or paper.follow_until)},
    )


def _judge(town: Town, *nights: date) -> None:
    for night in nights:
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=night - _DAY))


@pytest.fixture(scope="module")
def town() -> Town:
    """Nobody reported by 19/4/2015; on Saturday 16/5 the limit is moved to 10/5, which has passed as well."""
    town = Town.founded(only(rules(), ROUND_1))
    _judge(town, date(2015, 4, 20), date(2015, 4, 27), date(2015, 5, 7))
    town.book = _moved(town.book, date(2015, 5, 10))
    _judge(town, SATURDAY)
    return town


def _asked(town: Town, night: date) -> tuple[Account, dict[str, WhyNot]]:
    """What is said of the case, and to each office of the ladder."""
    stored = Stored(Facts(town.engine, town.book, night))
    (text,) = printed.explained(town.engine, town.book, night, CASE)
    answers = [
        why_not(answer, stored.every_name)
        for answer in printed.reasons(town.engine, town.book, night, UNIT, PARTY, DISTRICT)
    ]
    said = account(text)
    assert true_accounts.untrue(said, stored) == []
    assert [line for one in answers for line in true_reasons.untrue(one, stored)] == []
    return said, {one.office: one for one in answers}


def test_whoever_knew_hears_of_a_moved_limit_on_the_next_working_day(town: Town) -> None:
    """The unit of its first step under the new limit, all others of the limit: and no baseline is the reason."""
    said, answers = _asked(town, SATURDAY)
    coming = {(one.on, one.step): set(one.readers) for one in said.coming if one.on == MONDAY}
    assert coming[MONDAY, 1] == {"UBND xã Bắc Lũng"}
    assert {"Đảng ủy xã Bắc Lũng", "UBND huyện Lục Nam"} <= coming[MONDAY, 0]
    assert "đêm này là ngày nghỉ" in answers[UNIT].lines[0].said
    for office in (PARTY, DISTRICT):
        assert "được báo hạn mới đêm 18/05/2015" in answers[office].lines[0].said
    _judge(town, MONDAY)
    later = Stored(Facts(town.engine, town.book, MONDAY))
    assert true_accounts.broken(said, later, MONDAY) == []
    assert [line for one in answers.values() for line in true_reasons.broken(one, later, MONDAY)] == []


def test_an_office_that_the_end_of_the_directive_forestalls_is_told_so() -> None:
    """Open since 20/4 at step 1, followed up to 22/4: step 3 comes no more, and no baseline is why."""
    town = Town.founded(_moved(only(rules(), ROUND_1), date(2015, 4, 19), date(2015, 4, 22)))
    ends = replace(town.book.directives["279-ubnd-ldtbxh"], in_force_until=date(2015, 4, 21))
    town.book = replace(town.book, directives=town.book.directives | {ends.id: ends})
    _judge(town, date(2015, 4, 20))
    _, answers = _asked(town, date(2015, 4, 20))
    assert "chỉ theo dõi đến hết đêm 23/04/2015" in answers[DISTRICT].lines[0].said


def test_whoever_knew_hears_of_a_worse_figure_on_the_next_working_day() -> None:
    """31 children were known of, 33 come in before Sunday 7/7: all hear on Monday, the monitor by a repeat."""
    town = Town.founded(only(rules(), ABUSE))
    town.reads(PROVINCE, "child-sexual-abuse", "2019-01-01", "2019-03-31", 31, "2019-04-10T09:00")
    _judge(town, date(2019, 4, 11), date(2019, 5, 23))
    town.reads(PROVINCE, "child-sexual-abuse", "2019-04-01", "2019-06-29", 33, "2019-07-06T09:00")
    sunday, monday = date(2019, 7, 7), date(2019, 7, 8)
    _judge(town, sunday)
    (text,) = printed.explained(town.engine, town.book, sunday, "BP19-0001")
    said = account(text)
    assert "08/07/2019: số liệu nặng thêm (worse), báo " in text
    named = {name for one in said.coming if one.on == monday for name in one.readers}
    assert named >= {"UBND tỉnh Bình Phước", "Tỉnh ủy Bình Phước", "Ban Tuyên giáo Tỉnh ủy Bình Phước"}
    _judge(town, monday)
    assert true_accounts.broken(said, Stored(Facts(town.engine, town.book, monday)), monday) == []


def _says(town: Town, kind: ActKind, office: str, when: str) -> None:
    case = town.case(ROUND_1, UNIT)
    done_on = date(2015, 5, 15) if kind is ActKind.DONE else None
    code = case.code if case else CASE
    said = Said(code, kind, office, words="Gửi nhầm đợt", document="9/UBND", done_on=done_on)
    recorded(town.engine, town.book, said, at(when), Door.COMMAND)


def test_nobody_above_a_unit_hears_first_of_a_case_that_had_closed_in_silence() -> None:
    """Overdue on Saturday 16/5, said to be done that day, opened again on the 22nd: its steps begin on 23/5."""
    town = Town.founded(_moved(only(rules(), ROUND_1), date(2015, 5, 15)))
    _judge(town, SATURDAY)
    _says(town, ActKind.DONE, UNIT, "2015-05-16T09:00")
    _judge(town, date(2015, 5, 17), MONDAY)
    assert town.case(ROUND_1, UNIT) is None
    _says(town, ActKind.REOPENED, "ln.phong_ldtbxh", "2015-05-22T09:00")
    _judge(town, date(2015, 5, 23))
    sent = letters(town, "2015-05-25")
    case = town.case(ROUND_1, UNIT)
    assert case is not None
    assert (case.reached, set(case.notified)) == (1, {UNIT})
    assert case.code in sent[UNIT]
    letters(town, "2015-06-01")
    later = town.case(ROUND_1, UNIT)
    assert later is not None
    assert (later.reached, PARTY in later.notified) == (2, True)
