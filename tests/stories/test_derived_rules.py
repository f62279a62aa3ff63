"""Derived rules in whole nights: three missed months, a district of late communes, and a province of districts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Rollup, RuleBook, Selector, Streak, Waiver
from dondoc.engine.domain.terms import CaseStatus, Level, Outcome, Reason, Section, TaskKind, Verdict
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import orgchart
from dondoc.flows.whatif.sandbox import Sandbox
from tests.support.town import Town, at, cutoff, finding, only, rules

MONTHLY = "1179-cv-hu/monthly-broadcast"
THREE = "1179-cv-hu/three-months"
CENTRE, PORTAL, COMMITTEE = "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt", "tmr.ban_tuyen_giao"
ROUND_1 = "279-ubnd-ldtbxh/report-round-1"
LATE = "279-ubnd-ldtbxh/whole-round-1"
HUYEN, LABOUR, PARTY = "ln.ubnd_huyen", "ln.phong_ldtbxh", "ln.huyen_uy"
WORDS = Text("Quy tắc bịa để thử", "A rule invented for a test")


def derived(book: RuleBook, name: str, base: str, condition: Streak | Rollup, **more: object) -> RuleBook:
    """The book with one more rule, which stands on `base` and is otherwise like it."""
    rule = replace(book.rules[base], id=name, title=WORDS, short=WORDS, condition=condition, **more)
    return replace(book, rules={**book.rules, name: rule})


def months() -> RuleBook:
    """The monthly broadcast, and three of them missed running."""
    return derived(only(rules(), MONTHLY), THREE, MONTHLY, Streak(MONTHLY, 3))


def communes(*, covers: bool = False) -> RuleBook:
    """The round-1 report, and 30 % of the communes late with it."""
    limit = Rollup(ROUND_1, percent=Decimal(30), covers=covers)
    return derived(only(rules(), ROUND_1), LATE, ROUND_1, limit, applies_to=Selector(units=(HUYEN,)))


def test_three_missed_months_open_a_case_of_their_own() -> None:
    """July and August missed make none; September does, on 1/10; the portal, which broadcast, has none."""
    town = Town.founded(months())
    for month in (7, 8, 9):
        town.does(PORTAL, "broadcast", f"2019-{month:02d}-10")
    for night in (date(2019, 8, 1), date(2019, 9, 3)):
        town.night(night)
        assert town.case(THREE, CENTRE) is None
    made = town.night(date(2019, 10, 1))
    found = finding(made, THREE, CENTRE)
    assert found is not None
    assert found.parts is not None
    assert [task.subject for task in found.parts.missed] == ["2019-07", "2019-08", "2019-09"]
    case = town.case(THREE, CENTRE)
    assert case is not None
    assert (case.breach, case.task.kind) == (date(2019, 10, 1), TaskKind.STREAK)
    assert (CENTRE, "responsible", Section.NEW) in town.notices_of(THREE, CENTRE, date(2019, 10, 1))
    assert town.case(THREE, PORTAL) is None


def test_a_fourth_missed_month_is_worse_and_a_met_one_ends_the_streak() -> None:
    """Whoever heard of three hears of four; the broadcast of November closes the case with good news."""
    town = Town.founded(months())
    for night in (date(2019, 8, 1), date(2019, 9, 3), date(2019, 10, 1)):
        town.night(night)
    # The step of that time is told the night before, so that only the number is new.
    town.night(date(2019, 10, 31))
    town.night(date(2019, 11, 1))
    assert (CENTRE, "responsible", Section.WORSE) in town.notices_of(THREE, CENTRE, date(2019, 11, 1))
    town.does(CENTRE, "broadcast", "2019-11-12")
    town.night(date(2019, 12, 2))
    assert (CENTRE, "responsible", Section.RESOLVED) in town.notices_of(THREE, CENTRE, date(2019, 12, 2))
    assert town.case(THREE, CENTRE) is None
    assert town.last is not None
    (closed,) = [case for case in town.last.after if (case.task.rule, case.task.unit) == (THREE, CENTRE)]
    assert (closed.status, closed.outcome) == (CaseStatus.CLOSED, Outcome.RESUMED)


def test_late_data_takes_a_streak_back() -> None:
    """A broadcast of August that is entered in October was in time: there never were three running."""
    town = Town.founded(months())
    for night in (date(2019, 8, 1), date(2019, 9, 3), date(2019, 10, 1)):
        town.night(night)
    town.does(CENTRE, "broadcast", "2019-08-20", "2019-10-02T10:00")
    town.night(date(2019, 10, 3))
    assert town.last is not None
    (closed,) = [case for case in town.last.after if (case.task.rule, case.task.unit) == (THREE, CENTRE)]
    assert closed.outcome is Outcome.WITHDRAWN
    assert (CENTRE, "responsible", Section.RESOLVED) in town.notices_of(THREE, CENTRE, date(2019, 10, 3))


def test_a_waived_month_breaks_the_building_and_does_not_end_what_stands() -> None:
    """August is waived: July and September are not two of three; waived in October, three months stay three."""
    waived = Waiver(
        MONTHLY, CENTRE, COMMITTEE, WORDS, WORDS, date(2019, 8, 20), date(2019, 9, 10), "waivers.yaml:1:1"
    )
    town = Town.founded(replace(months(), waivers=(waived,)))
    for night in (date(2019, 8, 1), date(2019, 9, 3), date(2019, 10, 1)):
        town.night(night)
    assert town.case(THREE, CENTRE) is None

    town = Town.founded(months())
    for night in (date(2019, 8, 1), date(2019, 9, 3), date(2019, 10, 1)):
        town.night(night)
    later = replace(waived, first=date(2019, 10, 2), until=date(2019, 10, 20))
    town.book = replace(months(), waivers=(later,))
    made = town.night(date(2019, 10, 3))
    found = finding(made, THREE, CENTRE)
    assert found is not None
    assert found.verdict is Verdict.UNJUDGED
    assert town.case(THREE, CENTRE) is not None


def reported(town: Town, book: RuleBook, n: int, on: str = "2015-04-17") -> tuple[str, ...]:
    """So many communes hand in their report; the others, in order of their ids."""
    town.night(date(2015, 3, 27))
    assert town.chart is not None
    selector = book.rules[ROUND_1].applies_to
    units = town.chart.select(
        kind=selector.kind, level=selector.level, within=selector.within, on=date(2015, 4, 1)
    )
    for unit in units[:n]:
        town.submits(unit, "child-protection", on)
    return units[n:]


@pytest.mark.parametrize(("done", "opens"), [(17, False), (16, True)])
def test_a_district_of_24_has_a_case_from_eight_late_communes_on(done: int, *, opens: bool) -> None:
    """7 of 24 are 29,2 %, 8 are 33,3 %."""
    book = communes()
    town = Town.founded(book)
    late = reported(town, book, done)
    made = town.night(date(2015, 4, 20))
    found = finding(made, LATE, HUYEN)
    assert found is not None
    assert found.parts is not None
    assert sorted(task.unit for task in found.parts.missed) == sorted(late)
    assert (found.parts.judged, found.parts.units) == (24, 24)
    assert (town.case(LATE, HUYEN) is not None) is opens


def test_a_whole_closes_when_enough_parts_have_reported() -> None:
    """One report more leaves seven late; the good news goes to those who had the bad."""
    book = communes()
    town = Town.founded(book)
    late = reported(town, book, 16)
    town.night(date(2015, 4, 20))
    town.submits(late[0], "child-protection", "2015-04-21")
    town.night(date(2015, 4, 22))
    assert (HUYEN, "responsible", Section.RESOLVED) in town.notices_of(LATE, HUYEN, date(2015, 4, 22))
    assert town.last is not None
    (closed,) = [case for case in town.last.after if case.task.rule == LATE]
    assert closed.outcome is Outcome.CLEARED


NIGHTS = [date(2015, 4, 20), date(2015, 4, 25), date(2015, 5, 7)]


def offices(town: Town, unit: str) -> dict[date, set[str]]:
    """By night, who was told of a commune's report, besides the commune itself."""
    return {
        night: {
            office for office, _, section in town.notices_of(ROUND_1, unit, night) if section is not Section.ENDING
        }
        - {unit}
        for night in NIGHTS
    }


def test_without_covers_everybody_hears_of_whole_and_parts() -> None:
    """The office that follows up and the district hear of each commune at its steps."""
    book = communes()
    town = Town.founded(book)
    late = reported(town, book, 16)
    for night in NIGHTS:
        town.night(night)
    notified = offices(town, late[0])
    assert LABOUR in notified[NIGHTS[1]]
    assert HUYEN in notified[NIGHTS[2]]


def test_a_whole_that_covers_keeps_its_parts_from_whoever_hears_of_it() -> None:
    """Not from the parts themselves, nor from who hears of the parts alone; and the parts climb as before."""
    book = communes(covers=True)
    town = Town.founded(book)
    late = reported(town, book, 16)
    own_party = "ln.dang_uy_xa" + late[0].removeprefix("ln.ubnd_xa")
    for night in NIGHTS:
        town.night(night)
        assert (late[0], "responsible") in {(who, how) for who, how, _ in town.notices_of(ROUND_1, late[0], night)}
    notified = offices(town, late[0])
    assert {LABOUR, HUYEN}.isdisjoint(set[str]().union(*notified.values()))
    assert own_party in notified[NIGHTS[1]]
    assert LABOUR in {office for office, _, _ in town.notices_of(LATE, HUYEN, NIGHTS[1])}
    part = town.case(ROUND_1, late[0])
    assert part is not None
    assert part.reached == 3


def test_when_the_whole_ends_its_parts_are_told_by_position() -> None:
    """Step 3 was reached in the shade of the whole; once it is gone, the district hears of the seven left."""
    book = communes(covers=True)
    town = Town.founded(book)
    late = reported(town, book, 16)
    for night in NIGHTS:
        town.night(night)
    town.submits(late[0], "child-protection", "2015-05-07")
    end = date(2015, 5, 8)
    made = town.night(end)
    assert (HUYEN, "responsible", Section.RESOLVED) in town.notices_of(LATE, HUYEN, end)
    for unit in late[1:]:
        assert {(who, section) for who, _, section in town.notices_of(ROUND_1, unit, end)} == {
            (LABOUR, Section.NEW),
            (HUYEN, Section.NEW),
        }
    # The one that has reported was never told to them, so that they have no good news of it either.
    assert {office for office, _, _ in town.notices_of(ROUND_1, late[0], end)} & {LABOUR, HUYEN} == set()
    assert made.judged.reasons[Reason.CLOSED] == 2


def test_only_the_newest_month_of_a_whole_of_quotas_climbs() -> None:
    """Nobody broadcast in July nor in August: in September the district's July stands still and says nothing."""
    few, district = "1179-cv-hu/few-broadcasts", "tmr.ubnd_huyen"
    book = derived(
        only(rules(), MONTHLY), few, MONTHLY, Rollup(MONTHLY, units=1), applies_to=Selector(units=(district,))
    )
    town = Town.founded(book)
    town.nights(date(2019, 8, 1), date(2019, 8, 31))
    july = town.case(few, district)
    assert july is not None
    assert july.task.subject == "2019-07"
    town.nights(date(2019, 9, 1), date(2019, 9, 30))
    stood = {case.task.subject: case for case in town.cases() if case.task.rule == few}
    assert (stood["2019-07"].reached, stood["2019-08"].reached) == (july.reached, 3)
    written = [notice for night, notice in town.notified if night > date(2019, 8, 31)]
    assert {notice.finding.task.subject for notice in written if notice.finding.task.rule == few} == {"2019-08"}


def test_a_part_told_before_stands_inside_the_whole() -> None:
    """Added when the communes were told of: the district hears first, then the office above of the whole alone."""
    book = only(rules(), ROUND_1)
    town = Town.founded(book)
    late = reported(town, book, 16)
    for night in NIGHTS[:2]:
        town.night(night)
    assert LABOUR in offices(town, late[0])[NIGHTS[1]]
    town.book = communes(covers=True)
    town.night(NIGHTS[2])
    assert {office for office, _, _ in town.notices_of(LATE, HUYEN, NIGHTS[2])} == {HUYEN}
    second = date(2015, 5, 14)
    made = town.night(second)
    assert not offices(town, late[0]).get(second)
    assert LABOUR in {office for office, _, _ in town.notices_of(LATE, HUYEN, second)}
    letters = Sandbox(town.engine, town.book, town.chart).letters(made).letters
    (mail,) = [message_from_bytes(one.mime, policy=default) for one in letters if one.office == LABOUR]
    body = mail.get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    assert "08/24 xã, thị trấn" in said
    assert "33,3%" in said
    assert "Trong đó 08 đơn vị đã nêu trong thư trước" in said
    assert "CÒN TỒN" not in said


def test_a_waived_part_counts_among_all_and_not_among_the_late() -> None:
    """Eight of 24 late, one of them waived: seven of 24."""
    book = communes()
    town = Town.founded(book)
    late = reported(town, book, 16)
    granted = Waiver(
        ROUND_1, late[0], HUYEN, WORDS, WORDS, date(2015, 4, 16), date(2015, 4, 24), "waivers.yaml:1:1"
    )
    town.book = replace(book, waivers=(granted,))
    made = town.night(date(2015, 4, 20))
    found = finding(made, LATE, HUYEN)
    assert found is not None
    assert found.parts is not None
    assert (found.verdict, len(found.parts.missed), found.parts.judged) == (Verdict.MET, 7, 24)
    assert [task.unit for task in found.parts.waived] == [late[0]]


def test_communes_make_a_district_and_districts_a_province() -> None:
    """A whole of wholes is found on the same night as the wholes it stands on."""
    top = "279-ubnd-ldtbxh/late-districts"
    book = derived(communes(), top, ROUND_1, Rollup(LATE, units=1), applies_to=Selector(units=("bg.ubnd_tinh",)))
    town = Town.founded(book)
    reported(town, book, 16)
    made = town.night(date(2015, 4, 20))
    found = finding(made, top, "bg.ubnd_tinh")
    assert found is not None
    assert found.parts is not None
    assert found.verdict is Verdict.BREACH
    assert [task.rule for task in found.parts.missed] == [LATE]


def test_a_province_that_hears_of_its_districts_is_not_told_of_districts_or_communes() -> None:
    """What stands for a whole stands for its parts too, as far as the whole itself stands for them."""
    top = "279-ubnd-ldtbxh/late-districts"
    province = "bg.ubnd_tinh"
    book = derived(
        communes(covers=True),
        top,
        ROUND_1,
        Rollup(LATE, units=1, covers=True),
        applies_to=Selector(units=(province,)),
    )
    # Whoever follows up the communes and the district is here the province itself, so that it would hear of all.
    watched = {name: replace(rule, monitor=province) for name, rule in book.rules.items()}
    town = Town.founded(replace(book, rules=watched))
    late = reported(town, book, 16)
    for night in NIGHTS:
        town.night(night)
    notified = {
        night: {rule for rule in (ROUND_1, LATE, top) if _hears(town, province, rule, night)} for night in NIGHTS
    }
    assert notified[NIGHTS[0]] == {top}
    assert set[str]().union(*notified.values()) == {top}
    assert HUYEN in {office for office, _, _ in town.notices_of(LATE, HUYEN, NIGHTS[0])}
    assert late[0] in {office for office, _, _ in town.notices_of(ROUND_1, late[0], NIGHTS[0])}


def test_a_part_that_hears_of_the_whole_is_told_of_itself_all_the_same() -> None:
    """The district follows up the province here: it hears of the province, and of its own case as before."""
    top = "279-ubnd-ldtbxh/late-districts"
    book = derived(
        communes(covers=True),
        top,
        ROUND_1,
        Rollup(LATE, units=1, covers=True),
        applies_to=Selector(units=("bg.ubnd_tinh",)),
        monitor=HUYEN,
    )
    town = Town.founded(book)
    reported(town, book, 16)
    for night in NIGHTS[:2]:
        town.night(night)
    assert HUYEN in {office for office, _, _ in town.notices_of(top, "bg.ubnd_tinh", NIGHTS[1])}
    assert (HUYEN, "responsible", Section.WORSE) in town.notices_of(LATE, HUYEN, NIGHTS[1])


def _hears(town: Town, office: str, rule: str, night: date) -> bool:
    return any(
        notice.reader == office and notice.finding.task.rule == rule
        for day, notice in town.notified
        if day == night
    )


def test_a_whole_is_looked_at_again_when_a_part_is_corrected(database: Engine) -> None:
    """All communes held their event, and the whole is done with; then one turns out not to have been held."""
    month, few = "279-ubnd-ldtbxh/action-month", "279-ubnd-ldtbxh/few-events"
    book = derived(only(rules(), month), few, month, Rollup(month, units=1), applies_to=Selector(units=(HUYEN,)))
    town = Town(database, book).founded_here()
    town.night(date(2015, 5, 15))
    assert town.chart is not None
    units = town.chart.select(kind="ubnd", level=Level.COMMUNE, within=HUYEN, on=date(2015, 6, 1))
    for unit in units:
        town.does(unit, "action-month-event", "2015-06-01")

    def finished() -> bool:
        with reading(database) as conn:
            on = conn.scalars(select(t.task.c.finished_on).where(t.task.c.kind == TaskKind.ROLLUP)).one()
        return on is not None

    town.night(date(2015, 7, 1))
    assert finished()
    ref = f"{units[0]}-action-month-event-2015-06-01-None"
    mended = {"unit": units[0], "activity": "action-month-event", "done_on": date(2015, 6, 1), "quantity": 0}
    town._fact("activities", ref=ref, recorded_at=at("2015-07-02T10:00"), **mended)
    town.night(date(2015, 7, 3))
    assert not finished()
    case = town.case(few, HUYEN)
    assert case is not None
    assert case.status is CaseStatus.OPEN


def test_a_baseline_opens_streaks_and_wholes_in_silence() -> None:
    """As it does any other case (decision 39)."""
    town = Town.founded(communes(covers=True))
    made = town.night(date(2015, 5, 7), baseline=True)
    assert made.notices == ()
    case = town.case(LATE, HUYEN)
    assert case is not None
    assert (case.reached, case.floor) == (3, 3)


def test_no_reports_at_all_are_a_whole_of_all() -> None:
    """24 of 24; on the night before nothing is judged, and nothing is said of the whole."""
    town = Town.founded(communes())
    before = finding(town.night(date(2015, 4, 19)), LATE, HUYEN)
    assert before is not None
    assert before.verdict is Verdict.UNJUDGED
    after = finding(town.night(date(2015, 4, 20)), LATE, HUYEN)
    assert after is not None
    assert after.parts is not None
    assert (after.verdict, len(after.parts.missed)) == (Verdict.BREACH, 24)


def outliving(book: RuleBook, name: str) -> RuleBook:
    """The book with a derived rule in a directive that stays in force when that of its base lapses."""
    rule = book.rules[name]
    lasting = replace(book.directives[rule.directive], id="lasting", code="LAST", in_force_until=None)
    return replace(
        book,
        rules={**book.rules, name: replace(rule, directive=lasting.id)},
        directives={**book.directives, lasting.id: lasting},
    )


@pytest.mark.parametrize("rule", [LATE, THREE], ids=["a rollup", "a streak"])
def test_a_derived_case_lapses_with_the_directive_of_its_base(rule: str) -> None:
    """The directive of the reports or broadcasts ends: the rule was not removed, and nothing of it opens anew."""
    book = outliving(communes() if rule == LATE else months(), rule)
    town = Town.founded(book)
    if rule == LATE:
        until, nights, unit = date(2015, 4, 22), [date(2015, 4, 20)], HUYEN
    else:
        until, nights, unit = date(2019, 10, 31), [date(2019, month, 3) for month in (8, 9, 10)], CENTRE
    base = book.directives[book.rules[ROUND_1 if rule == LATE else MONTHLY].directive]
    town.book = replace(
        book, directives={**book.directives, base.id: replace(base, in_force_until=until, follow_until=until)}
    )
    for night in nights:
        town.night(night)
    assert town.case(rule, unit) is not None
    after = town.night(until + timedelta(days=2)).after
    assert {case.outcome for case in after if case.task.rule == rule} == {Outcome.LAPSED}
    town.night(until + timedelta(days=5))
    assert town.case(rule, unit) is None


def test_a_share_of_figures_counts_the_units_within_the_limit_too() -> None:
    """Eight of the 24 communes of Lục Nam have too many deaths, and that is a third of all that sent figures."""
    figures, whole = "bao-ve-tre-em-2019/drowning-deaths", "bao-ve-tre-em-2019/whole"
    book = only(rules(), figures)
    communes = Selector(kind="ubnd", level=Level.COMMUNE, within=HUYEN)
    book = replace(book, rules={figures: replace(book.rules[figures], applies_to=communes)})
    town = Town.founded(
        derived(book, whole, figures, Rollup(figures, percent=Decimal(30)), applies_to=Selector(units=(HUYEN,)))
    )
    with reading(town.engine) as conn:
        chart = orgchart.chart(conn, cutoff(date(2019, 5, 4)))
    for n, unit in enumerate(chart.select(kind="ubnd", level=Level.COMMUNE, within=HUYEN, on=date(2019, 5, 4))):
        value = 22 if n < 8 else 0
        town.reads(unit, "child-drowning-deaths", "2019-01-01", "2019-03-31", value, "2019-05-03T09:00")
    found = finding(town.night(date(2019, 5, 4)), whole, HUYEN)
    assert found is not None
    assert found.parts is not None
    assert (found.verdict, len(found.parts.missed), found.parts.judged) == (Verdict.BREACH, 8, 24)
