"""A preview shows the letter that would be written, and says beside it that nothing of it is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    Against,
    Condition,
    Overdue,
    Rise,
    Rollup,
    RuleBook,
    Selector,
    Streak,
    Threshold,
    Waiver,
)
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.data.importer import bring_in
from dondoc.flows.lookup import CallRefused
from dondoc.flows.night import steps
from dondoc.flows.whatif import preview
from dondoc.flows.whatif.inputs import sheets
from dondoc.flows.whatif.preview import Preview
from tests.support.cli_office import Office
from tests.support.town import EXAMPLES, Town, only, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
DROWNING = "bao-ve-tre-em-2019/drowning-deaths"
BAO_DAI = "ln.ubnd_xa.bao_dai"
TODAY = date(2026, 11, 24)
MONTHLY, WHOLE = "1179-cv-hu/monthly-broadcast", "279-ubnd-ldtbxh/of-others"


@pytest.fixture(scope="module")
def examples() -> Iterator[Connection]:
    """The example units in a store of their own."""
    with sheets(EXAMPLES, rules(), datetime.now(UTC), pytest.fail) as conn:
        yield conn


def flat(found: Preview, number: int = 0) -> str:
    """A letter's plain text on one line."""
    return " ".join(found.samples[number].letter.text.split())


def offices(found: Preview) -> set[str]:
    """Who would be written to."""
    return {sample.office for sample in found.samples}


@pytest.mark.parametrize("rule", sorted(rules().rules))
def test_every_rule_has_a_letter_to_look_at(examples: Connection, rule: str) -> None:
    """Of its first step, to the unit that is late, with one case; nothing in it says that it is a preview."""
    found = preview.of_rule(examples, rules(), rule, TODAY)
    (sample,) = found.samples
    assert f"{rules().directive_of(rule).code}-0001" in sample.letter.text
    assert "-0002" not in sample.letter.text
    assert found.invented
    for text in (sample.letter.subject, sample.letter.text, sample.letter.html):
        assert "xem trước" not in text.casefold()
        assert "bịa" not in text.casefold()


def test_one_unit_is_late_and_the_others_are_done(examples: Connection) -> None:
    """The district reads 01/24, and the letter looks back on those before it."""
    found = preview.of_rule(examples, rules(), REPORT, TODAY, step=3, unit=BAO_DAI)
    assert found.night == date(2015, 5, 7)
    assert offices(found) == {BAO_DAI, "ln.phong_ldtbxh", "ln.ubnd_huyen"}
    texts = {sample.office: " ".join(sample.letter.text.split()) for sample in found.samples}
    assert "01/24" in texts["ln.ubnd_huyen"]
    assert "20/04" in texts[BAO_DAI]
    assert "25/04" in texts[BAO_DAI]
    # Only on those before it: the letter itself is none of them.
    assert "Đã gửi quý cơ quan thư ngày 25/04/2015." in texts["ln.phong_ldtbxh"]


def test_a_reading_is_invented_beyond_the_limit(examples: Connection) -> None:
    """21 is the threshold; the figure in the letter is the one that is said to be made up."""
    found = preview.of_rule(examples, rules(), DROWNING, TODAY)
    assert "23 em, vượt ngưỡng theo dõi 21 em" in flat(found)
    assert ": 23 (" in found.invented[0]


def changed(condition: Condition) -> RuleBook:
    """The drowning rule with another condition, for communes of Lục Nam."""
    rule = replace(rules().rules[DROWNING], condition=condition, applies_to=Selector(units=(BAO_DAI,)))
    return replace(rules(), rules={DROWNING: rule})


SET = {"set_by": "bp.ubnd_tinh", "set_on": date(2019, 1, 15)}
QUARTER = PeriodKind.CALENDAR_QUARTER
CONDITIONS = [
    pytest.param(Overdue(None, "assigned", None), "Nhiệm vụ ví dụ", id="an assigned task"),
    pytest.param(
        Overdue("child-forum", None, AfterEvent(15, "child-forum-held")), "child-forum-held", id="after an event"
    ),
    pytest.param(
        Threshold("child-drowning-deaths", QUARTER, above=Decimal(3), periods=2, **SET), ": 4 (", id="two quarters"
    ),
    pytest.param(
        Threshold("child-drowning-deaths", PeriodKind.CALENDAR_YEAR, below=Decimal(90), **SET),
        ": 81 (",
        id="a floor",
    ),
    pytest.param(
        Threshold("child-drowning-deaths", QUARTER, below=Decimal(1), **SET), ": 0.5 (", id="a low floor"
    ),
    pytest.param(
        Threshold(
            "child-drowning-deaths",
            QUARTER,
            rise=Rise(Decimal(20), Against.SAME_PERIOD_LAST_YEAR, Decimal(5)),
            **SET,
        ),
        ": 121 (",
        id="a rise against last year",
    ),
    pytest.param(
        Threshold(
            "child-drowning-deaths",
            QUARTER,
            rise=Rise(Decimal(20), Against.PREVIOUS_PERIOD, Decimal(5)),
            periods=2,
            **SET,
        ),
        ": 146 (",
        id="two rises running",
    ),
]


@pytest.mark.parametrize(("condition", "said"), CONDITIONS)
def test_every_condition_can_be_brought_about(examples: Connection, condition: Condition, said: str) -> None:
    """What was invented is said."""
    found = preview.of_rule(examples, changed(condition), DROWNING, date(2019, 10, 8))
    assert BAO_DAI in offices(found)
    assert said in "; ".join(found.invented)


@pytest.mark.parametrize(
    ("rule", "step", "unit", "said"),
    [
        pytest.param(REPORT, 9, None, "không có bước 9", id="a step beyond the ladder"),
        pytest.param(REPORT, 1, "ln.ubnd_xa.bao_di", "ln.ubnd_xa.bao_dai", id="a unit misspelt"),
        pytest.param(REPORT, 1, "ln.huyen_uy", "không áp dụng", id="a unit the rule does not apply to"),
    ],
)
def test_what_cannot_be_shown_is_said(
    examples: Connection, rule: str, step: int, unit: str | None, said: str
) -> None:
    """With the reason."""
    with pytest.raises(CallRefused, match=said):
        preview.of_rule(examples, rules(), rule, TODAY, step=step, unit=unit)


@pytest.mark.parametrize(
    ("base", "condition", "units", "notified", "words"),
    [
        (
            MONTHLY,
            Streak(MONTHLY, 3),
            ("tmr.tt_vh_tt_dl_tt",),
            "tmr.tt_vh_tt_dl_tt",
            "liên tiếp chưa được ghi nhận đủ",
        ),
        (REPORT, Rollup(REPORT, percent=Decimal(30)), ("ln.ubnd_huyen",), "ln.ubnd_huyen", "24/24"),
    ],
    ids=["three missed months running", "every commune of a district late"],
)
def test_a_derived_rule_is_shown_as_after_nights_on_which_nobody_did_anything(
    examples: Connection, base: str, condition: Streak | Rollup, units: tuple[str, ...], notified: str, words: str
) -> None:
    """The base rule is judged as well, on nothing, and the letter is of the whole."""
    whole = replace(rules().rules[base], id=WHOLE, condition=condition, applies_to=Selector(units=units))
    book = replace(rules(), rules={**rules().rules, WHOLE: whole})
    found = preview.of_rule(examples, book, WHOLE, TODAY)
    assert offices(found) >= {notified}
    said = [flat(found, n) for n, sample in enumerate(found.samples) if sample.office == notified]
    assert words in said[0]
    assert found.invented == ("không đơn vị nào có kết quả của quy tắc gốc",)


def test_a_directive_too_short_for_its_ladder_is_said(examples: Connection) -> None:
    """In force for three days after the limit, the rule never gets to its second step."""
    book = only(rules(), REPORT)
    name = book.rules[REPORT].directive
    ended = date(2015, 4, 22)
    short = replace(book.directives[name], in_force_until=ended, follow_until=ended)
    book = replace(book, directives={**book.directives, name: short})
    assert offices(preview.of_rule(examples, book, REPORT, TODAY, unit=BAO_DAI)) == {BAO_DAI}
    with pytest.raises(CallRefused, match="bước 2"):
        preview.of_rule(examples, book, REPORT, TODAY, step=2)


def test_an_office_sees_the_letter_of_the_next_night(database: Engine) -> None:
    """What the night after the latest one will write, word for word; an office without news has no letter."""
    bring_in(database, EXAMPLES, datetime.now(UTC))
    book = only(rules(), REPORT)
    for night in (date(2015, 4, 18), date(2015, 4, 19)):
        steps.judge_night(database, book, Night(night, steps.cutoff_of(night)))
    with reading(database) as conn:
        found = preview.of_office(conn, book, BAO_DAI)
        none = preview.of_office(conn, book, "ln.huyen_uy")
    assert (found.night, offices(found), found.invented) == (date(2015, 4, 20), {BAO_DAI}, ())
    assert "quá hạn 01 ngày làm việc" in flat(found)
    assert (none.night, none.samples) == (date(2015, 4, 20), ())


def test_a_waiver_of_real_life_hides_no_preview(examples: Connection) -> None:
    """The letter is asked for, whoever is excused."""
    excused = Waiver(
        rule=REPORT,
        unit=BAO_DAI,
        granted_by="ln.ubnd_huyen",
        reason=Text("Mưa lũ", "Floods"),
        legal_basis=Text("Công văn", "A letter"),
        first=date(2015, 4, 1),
        until=date(2015, 6, 1),
        place="rules/waivers.yaml:1:1",
    )
    book = replace(rules(), waivers=(excused,))
    assert offices(preview.of_rule(examples, book, REPORT, TODAY, unit=BAO_DAI)) == {BAO_DAI}


def test_nobody_to_read_it_is_said(sqlite: Engine) -> None:
    """A chart without mailboxes has no letter to show."""
    Town(sqlite).founded_here(mailboxes=False)
    with reading(sqlite) as conn, pytest.raises(CallRefused, match="bổ sung mailboxes"):
        preview.of_rule(conn, rules(), REPORT, TODAY)


def test_a_short_title_is_printed_in_the_letter(examples: Connection) -> None:
    """What an author edits is what he sees."""
    rule = rules().rules[REPORT]
    book = replace(rules(), rules={REPORT: replace(rule, short=Text("báo cáo thử", "a trial"))})
    assert "chưa ghi nhận báo cáo thử" in flat(preview.of_rule(examples, book, REPORT, TODAY))


def test_the_command_prints_the_letter_and_warns_beside_it(office: Office) -> None:
    """The letter alone is on the standard output; the warning, the address and the subject are on the other."""
    ran = office.dondoc("preview", "drowning-deaths", "--data", "examples")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("Đôn Đốc")
    assert "XEM TRƯỚC, không gửi" in ran.err
    assert "BỊA" in ran.err
    assert "XEM TRƯỚC" not in ran.out
    assert not office.database.parent.exists()


def test_the_html_of_every_reader_is_written(office: Office) -> None:
    """The first into the file, the others beside it."""
    ran = office.dondoc("preview", REPORT, "--step", "2", "--data", "examples", "--html", "letter.html")
    assert (ran.code, ran.out) == (0, ""), ran.err
    names = sorted(path.name for path in office.folder.glob("letter*.html"))
    assert names == ["letter-2.html", "letter-3.html", "letter.html"]
    assert "<html" in (office.folder / "letter-2.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["drowing-deaths"], "bao-ve-tre-em-2019/drowning-deaths", id="a rule misspelt"),
        pytest.param(["ln.ubnd_xa.bao_di"], "ln.ubnd_xa.bao_dai", id="an office misspelt"),
        pytest.param(["action-month"], "hãy ghi đủ", id="a key that two directives use"),
        pytest.param([REPORT, "--html", "no/such/folder/x.html"], "không ghi được", id="a file that cannot be"),
    ],
)
def test_wrong_calls_are_said(office: Office, words: list[str], said: str) -> None:
    """With a sentence and the exit code of a wrong call."""
    ran = office.dondoc("preview", *words, "--data", "examples")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
