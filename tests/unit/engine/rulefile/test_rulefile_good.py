"""A valid folder becomes exactly these values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import Ladder, LadderStep, Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    Against,
    Basis,
    Condition,
    Directive,
    EveryPeriod,
    EveryYear,
    Indicator,
    OccasionWindow,
    OnDate,
    Overdue,
    Quota,
    RegisterEntry,
    Rise,
    Rollup,
    Rule,
    RuleBook,
    Selector,
    Streak,
    Threshold,
    Window,
)
from dondoc.engine.domain.terms import Level, Scope, Tone
from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import check_units, load

HUYEN = "ln.ubnd_huyen"
SET = {"set_by": HUYEN, "set_on": date(2019, 1, 15)}

CONDITIONS: dict[str, Condition] = {
    "before-date": Overdue("child-protection", None, OnDate(date(2015, 4, 20), exclusive=True), (5, 1)),
    "by-date": Overdue("child-protection", None, OnDate(date(2015, 10, 30), exclusive=False), (3,)),
    "every-year": Overdue("action-month", None, EveryYear(7, 20, exclusive=True, first=2016)),
    "every-month": Overdue("month", None, EveryPeriod(PeriodKind.REPORTING_MONTH, 25)),
    "after-event": Overdue("child-forum", None, AfterEvent(15, "child-forum-held")),
    "task": Overdue(None, "assigned", None),
    "month-quota": Quota("broadcast", 2, PeriodKind.CALENDAR_MONTH, Scope.ANY, 2, (5,)),
    "window-quota": Quota(
        "event", 1, Window(date(2015, 5, 15), date(2015, 6, 30), yearly=False), warn_before=(10, 1)
    ),
    "yearly-quota": Quota("event", 1, Window(date(2000, 6, 1), date(2000, 6, 30), yearly=True), Scope.SUM),
    "new-year-quota": Quota("event", 1, Window(date(2000, 12, 20), date(2001, 1, 10), yearly=True)),
    "occasion-quota": Quota("mid-autumn", 1, OccasionWindow("trung-thu", 15)),
    "above": Threshold(
        "injuries",
        PeriodKind.CALENDAR_QUARTER,
        **SET,
        above=Decimal(3),
        clear=Decimal("2.5"),
        periods=2,
        no_data_after=10,
    ),
    "below": Threshold("supported", PeriodKind.READING, **SET, below=Decimal("90.1234567"), clear=Decimal(95)),
    "rise": Threshold(
        "injuries",
        PeriodKind.CALENDAR_QUARTER,
        **SET,
        rise=Rise(Decimal(20), Against.SAME_PERIOD_LAST_YEAR, Decimal(5)),
        clear=Decimal(10),
    ),
    "streak": Streak("forms/occasion-quota", 3),
    "share": Rollup("forms/before-date", percent=Decimal("12.5"), covers=True),
    "number": Rollup("forms/share", units=1),
}


@pytest.fixture
def book(rules: Path) -> RuleBook:
    """The good pack, loaded."""
    return load(rules)


@pytest.mark.parametrize("key", CONDITIONS)
def test_each_form_of_condition_becomes_its_value(book: RuleBook, key: str) -> None:
    """Every form that a `when` may take, with all of its fields."""
    assert book.rules[f"forms/{key}"].condition == CONDITIONS[key]


def test_no_rule_is_lost_or_invented(book: RuleBook) -> None:
    """The rules are those of the file, in its order."""
    assert list(book.rules) == [f"forms/{key}" for key in CONDITIONS]


def test_a_streak_that_names_no_units_has_those_of_the_rule_it_stands_on(book: RuleBook, rules: Path) -> None:
    """Not those of `defaults`; one that names units keeps them."""
    file = rules / "luc-nam" / "forms.yaml"
    written = file.read_text("utf-8")
    mine = written.replace("  occasion-quota:\n", "  occasion-quota:\n    applies_to: {units: [ln.ubnd_huyen]}\n")
    assert mine != written
    file.write_text(mine, "utf-8")
    assert book.rules["forms/streak"].applies_to == book.rules["forms/occasion-quota"].applies_to
    assert load(rules).rules["forms/streak"].applies_to == Selector(units=(HUYEN,))


def test_a_rule_takes_from_the_defaults_what_it_does_not_say(book: RuleBook) -> None:
    """Every shared field comes from `defaults`; `short` is given."""
    assert book.rules["forms/before-date"] == Rule(
        id="forms/before-date",
        directive="forms",
        title=Text("Báo cáo đợt 1", "Report of round 1"),
        short=Text("Đợt 1", "Round 1"),
        clause="7",
        obligation="LN2015-7a",
        basis=Basis.TEXT,
        assumes=None,
        applies_to=Selector(kind="ubnd", level=Level.COMMUNE, within=HUYEN),
        reports_to=HUYEN,
        via="ln.phong_ldtbxh",
        monitor="ln.van_phong",
        condition=CONDITIONS["before-date"],
        calendar="vn",
        ladder="document",
        place="rules/luc-nam/forms.yaml:25:3",
    )


def test_a_rule_beats_the_defaults(book: RuleBook) -> None:
    """Every shared field is said by the rule itself; `short` is the title when it is not given."""
    title = Text("Báo cáo đợt 2", "Report of round 2")
    assert book.rules["forms/by-date"] == Rule(
        id="forms/by-date",
        directive="forms",
        title=title,
        short=title,
        clause="7",
        obligation="LN2015-7b",
        basis=Basis.ASSUMED,
        assumes=Text("Ngày do địa phương chọn", "The day is chosen locally"),
        applies_to=Selector(units=("ln.ubnd_xa.bao_dai", "ln.ubnd_xa.cam_ly")),
        reports_to="ln.huyen_uy",
        via="ln.van_phong",
        monitor="ln.huyen_uy",
        condition=CONDITIONS["by-date"],
        calendar="plain",
        ladder="short",
        place="rules/luc-nam/forms.yaml:32:3",
    )


def test_the_directive_carries_its_document_and_register(book: RuleBook) -> None:
    """The first part and the register of the file, in full."""
    assert book.directives == {
        "forms": Directive(
            id="forms",
            code="LN15",
            kind=Text("Công văn", "Official letter"),
            number="279/UBND-LĐTBXH",
            issued=date(2015, 3, 26),
            issuer=HUYEN,
            title=Text("Bảo vệ trẻ em", "Child protection"),
            implements=("813/LĐTB&XH-BVCSTE", "20-CT/TW"),
            in_force_from=date(2015, 3, 26),
            in_force_until=date(2025, 6, 30),
            monitor="ln.phong_ldtbxh",
            basis=Basis.ASSUMED,
            read_by={"ln.huyen_uy": "ln.thuong_truc_huyen_uy"},
            register=(
                RegisterEntry(
                    "LN2015-9",
                    "9",
                    "UBND các xã, thị trấn",
                    Text("Tuyên truyền", "Inform"),
                    Text("chu kỳ", "the cycle"),
                ),
                RegisterEntry("LN2015-8", "8", "UBND huyện", Text("Phòng ngừa", "Prevent"), None),
            ),
            monitor_basis=Basis.ASSUMED,
        )
    }


def test_ladders_indicators_and_mail_are_read_in_full(book: RuleBook) -> None:
    """The top files, but for the calendar."""
    assert book.ladders == {
        "document": Ladder(
            "document",
            (
                LadderStep(0, ("responsible",), (), Tone.URGE),
                LadderStep(1, ("responsible",), ("monitor", "led_by"), Tone.URGE_AGAIN),
                LadderStep(10, ("monitor", "superior.government"), (), Tone.REPORT_UP),
                LadderStep(20, ("superior.party.2", "ln.huyen_uy"), (), Tone.REPORT_UP),
            ),
            repeat_every=5,
            repeat_times=4,
        ),
        "short": Ladder("short", (LadderStep(3, ("issuer", "reports_to"), (), Tone.URGE),)),
    }
    assert book.indicators["injuries"] == Indicator(
        "injuries", Text("Tai nạn thương tích trẻ em", "Child injuries"), Text("vụ", "cases"), sensitive=True
    )
    assert not book.indicators["supported"].sensitive
    assert book.mail == MailPolicy(
        sender="dondoc@example.vn",
        sender_name=Text("Đôn Đốc", "Don Doc"),
        message_domain="dondoc.example.vn",
        allowed_domains=("example.vn", "example.org"),
        operator="van.hanh+dondoc@example.vn",
        full_rows=10,
        compact_rows=20,
        max_bytes=90_000,
        expires_hours=12,
    )


def test_the_calendar_file_wins_over_the_public_holidays(book: RuleBook) -> None:
    """Closed and worked days, make-up days, the provisional part, and a plain week beside them."""
    vn = book.calendars["vn"]
    assert (vn.first, vn.last, vn.provisional_from) == (date(2015, 1, 1), date(2027, 12, 31), date(2027, 1, 1))
    assert vn.closed[date(2026, 1, 2)] == "Nghỉ Tết Dương lịch"
    assert vn.worked[date(2026, 1, 10)] == "Làm bù"
    assert not vn.is_workday(date(2025, 7, 1))
    assert not vn.is_workday(date(2025, 7, 2))
    assert not vn.is_workday(date(2015, 4, 30))
    assert vn.stands_for == {
        date(2026, 1, 10): date(2026, 1, 2),
        date(2015, 4, 25): date(2015, 4, 29),
    }
    assert vn.is_workday(date(2026, 3, 12))
    assert not vn.letters.is_workday(date(2026, 3, 12))
    assert vn.letters.is_workday(date(2026, 3, 16))
    assert vn.quiet[date(2026, 3, 17)] == "Ngày bịa để thử"
    assert book.calendars["plain"].is_workday(date(2019, 4, 30))
    assert book.occasions == {"trung-thu": (date(2019, 9, 13), date(2020, 10, 1))}


def test_units_are_named_where_they_stand_first(book: RuleBook) -> None:
    """The first mention, by file, line and column; a check against known units points there."""
    assert book.units_named == {
        "ln.huyen_uy": "rules/ladders.yaml:8:50",
        HUYEN: "rules/luc-nam/forms.yaml:8:11",
        "ln.phong_ldtbxh": "rules/luc-nam/forms.yaml:12:12",
        "ln.thuong_truc_huyen_uy": "rules/luc-nam/forms.yaml:14:26",
        "ln.van_phong": "rules/luc-nam/forms.yaml:22:12",
        "ln.ubnd_xa.bao_dai": "rules/luc-nam/forms.yaml:38:26",
        "ln.ubnd_xa.cam_ly": "rules/luc-nam/forms.yaml:38:46",
        "t.tinh": "rules/sources.yaml:13:85",
    }


def test_a_unit_that_nobody_knows_is_reported_with_the_nearest_one(book: RuleBook) -> None:
    """One problem for each unknown unit, at its first mention, sorted; none when all are known."""
    assert check_units(book, set(book.units_named)) == ()
    known = {*book.units_named, "ln.phong_ldtbxh_huyen", "ln.huyenuy"} - {"ln.phong_ldtbxh", "ln.huyen_uy"}
    assert [(p.text(), p.code) for p in check_units(book, known)] == [
        ("rules/ladders.yaml:8:50: không có đơn vị «ln.huyen_uy»; có phải «ln.huyenuy»?", "unit-unknown"),
        (
            "rules/luc-nam/forms.yaml:12:12: không có đơn vị «ln.phong_ldtbxh»; có phải «ln.phong_ldtbxh_huyen»?",
            "unit-unknown",
        ),
    ]


def test_the_digest_follows_the_bytes_of_every_file(rules: Path, book: RuleBook) -> None:
    """The same bytes give the same digest; one byte more, even in a comment, another."""
    assert load(rules).sha256 == book.sha256
    with (rules / "mail.yaml").open("a") as file:
        file.write("#\n")
    assert load(rules).sha256 != book.sha256


def test_a_waiver_of_a_directive_is_one_for_each_of_its_rules(rules: Path) -> None:
    """Whatever the directive asks; the place is that of the one entry."""
    (rules / "waivers.yaml").write_text(
        "version: 1\nwaivers:\n  - directive: forms\n    units: [x.a, x.b]\n    granted_by: x.c\n"
        "    reason: {vi: Bão (ví dụ), en: A storm (an example)}\n"
        "    legal_basis: {vi: Công văn (ví dụ), en: A letter (an example)}\n"
        "    from: 2015-04-20\n    until: 2015-05-15\n",
        "utf-8",
    )
    found = load(rules)
    of_it = {rule for rule in found.rules if rule.startswith("forms/")}
    assert len(of_it) > 1
    assert {(waiver.rule, waiver.unit) for waiver in found.waivers} == {
        (rule, unit) for rule in of_it for unit in ("x.a", "x.b")
    }
    assert len({waiver.place for waiver in found.waivers}) == 1


def everything(rules: Path, *entries: str) -> Path:
    """The folder with these entries of waivers, each for x.a from 20 April to 15 May 2015."""
    rest = (
        "    granted_by: x.c\n    reason: {vi: Bão (ví dụ), en: A storm (an example)}\n"
        "    legal_basis: {vi: Công văn (ví dụ), en: A letter (an example)}\n"
    )
    days = "    from: 2015-04-20\n    until: 2015-05-15\n"
    text = "".join(f"  - {one}\n    unit: x.a\n{rest}{days}" for one in entries)
    (rules / "waivers.yaml").write_text(f"version: 1\nwaivers:\n{text}", "utf-8")
    return rules


def test_a_waiver_of_all_rules_is_one_for_each(rules: Path) -> None:
    """Nothing has to be listed, and nothing is forgotten; also where no directive is in force on its days."""
    found = load(everything(rules, "rules: all"))
    assert {(waiver.rule, waiver.unit) for waiver in found.waivers} == {(rule, "x.a") for rule in found.rules}
    file = rules / "waivers.yaml"
    file.write_text(file.read_text("utf-8").replace("2015-", "1999-"), "utf-8")
    assert {waiver.rule for waiver in load(rules).waivers} == set(found.rules)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (("rules: all", "directive: forms"), "waiver-overlaps"),
        (("directive: forms", "rules: all"), "waiver-overlaps"),
        (("rules: every",), "word-unknown"),
        (("about: x",), "one-of"),
        (("directive: forms\n    rules: all",), "one-of"),
    ],
    ids=["all beside a directive", "a directive beside all", "another word", "neither", "both"],
)
def test_an_office_is_not_silenced_by_a_slip(rules: Path, entries: tuple[str, ...], code: str) -> None:
    """A rule that was forgotten waives nothing: that everything is waived has to be written."""
    with pytest.raises(RulesRefused) as refused:
        load(everything(rules, *entries))
    assert code in {problem.code for problem in refused.value.problems}
