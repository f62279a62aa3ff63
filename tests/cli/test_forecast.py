"""A forecast plays the coming nights on a copy: who is written to, when, of what, if nobody acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from dondoc.engine.domain.mail_policy import Budget
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import Section
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.tables import metadata
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.data.importer import bring_in
from dondoc.flows.lookup import CallRefused
from dondoc.flows.night import steps
from dondoc.flows.whatif.forecast import (
    Forecast,
    ForecastLetter,
    ForecastOffice,
    forecast,
    most_within,
    over_budget,
)
from dondoc.flows.whatif.forecast_text import show_forecast
from dondoc.flows.whatif.inputs import sheets
from dondoc.flows.whatif.page import page
from dondoc.flows.whatif.sandbox import copied
from tests.support.cli_office import Office
from tests.support.town import EXAMPLES, Town, only, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
BAO_DAI, BAO_SON, CAM_LY = (f"ln.ubnd_xa.{name}" for name in ("bao_dai", "bao_son", "cam_ly"))
EVE = date(2015, 4, 19)
LADDER = [date(2015, 4, 20), date(2015, 4, 25), date(2015, 5, 7), date(2015, 5, 21)]


@pytest.fixture
def book() -> RuleBook:
    """The first report of Lục Nam alone."""
    return only(rules(), REPORT)


@pytest.fixture
def examples() -> Iterator[Connection]:
    """The example facts in a store of their own, no night judged."""
    with sheets(EXAMPLES, rules(), datetime.now(UTC), pytest.fail) as conn:
        yield conn


def reader(found: Forecast, office: str) -> ForecastOffice:
    """The one office of that id."""
    (one,) = [reader for reader in found.readers if reader.office == office]
    return one


def nights(found: Forecast, office: str) -> list[date]:
    """When an office will be written to."""
    return [letter.night for letter in reader(found, office).letters]


def test_the_ladder_of_a_missing_report(examples: Connection, book: RuleBook) -> None:
    """From the eve of 20/4: the commune at every step, the others at theirs, the committee at the last."""
    found = forecast(examples, book, 33, EVE)
    assert (found.first, found.last) == (EVE, date(2015, 5, 21))
    assert nights(found, BAO_DAI) == LADDER
    assert nights(found, "ln.phong_ldtbxh") == LADDER[1:3]
    assert nights(found, "ln.ubnd_huyen") == LADDER[2:3]
    assert nights(found, "ln.huyen_uy") == LADDER[3:]
    letters = reader(found, BAO_DAI).letters
    assert [dict(letter.sections) for letter in letters] == [{Section.NEW: 1}, *[{Section.WORSE: 1}] * 3]
    assert {letter.subjects for letter in letters} == {(book.rules[REPORT].title,)}
    assert reader(found, "ln.ubnd_huyen").letters[0].sections == {Section.NEW: 9}


def test_the_offices_with_most_letters_come_first(examples: Connection, book: RuleBook) -> None:
    """Nine communes with four letters each, then the others."""
    found = forecast(examples, book, 33, EVE)
    counts = [len(reader.letters) for reader in found.readers]
    assert counts == sorted(counts, reverse=True)
    assert counts[:9] == [4] * 9


def test_what_was_recorded_later_is_somebody_who_acts(examples: Connection, book: RuleBook) -> None:
    """Cẩm Lý's report of 17/4 was recorded on 27/4: on 19/4 nobody knows of it, and it is urged to the end."""
    assert nights(forecast(examples, book, 33, EVE), CAM_LY) == LADDER
    later = forecast(examples, book, 33, date(2015, 4, 28))
    assert CAM_LY not in {reader.office for reader in later.readers}


def test_it_goes_on_from_the_latest_night(database: Engine, book: RuleBook) -> None:
    """After the night of 20/4 that day's letter is written: Bảo Đài hears at the next step, Bảo Sơn of its end."""
    bring_in(database, EXAMPLES, datetime.now(UTC))
    judged(database, book, LADDER[0])
    with reading(database) as conn:
        found = forecast(conn, book, 31)
    assert (found.judged, found.first) == (LADDER[0], date(2015, 4, 21))
    assert nights(found, BAO_DAI) == LADDER[1:]
    (good,) = reader(found, BAO_SON).letters
    assert (good.night, dict(good.sections)) == (date(2015, 4, 21), {Section.RESOLVED: 1})


def judged(engine: Engine, book: RuleBook, night: date) -> None:
    """A night of the service."""
    steps.judge_night(engine, book, Night(night, steps.cutoff_of(night)))


def test_missed_nights_before_it_tell_nobody(database: Engine, book: RuleBook) -> None:
    """Judged last on 10/4 and asked from 20/4: the reminder of 13/4 is not made up for."""
    bring_in(database, EXAMPLES, datetime.now(UTC))
    judged(database, book, date(2015, 4, 10))
    with reading(database) as conn:
        found = forecast(conn, book, 6, LADDER[0])
    assert nights(found, BAO_DAI) == LADDER[:2]


def test_a_night_that_was_judged_is_refused(sqlite: Engine, book: RuleBook) -> None:
    """So is one before it."""
    bring_in(sqlite, EXAMPLES, datetime.now(UTC))
    judged(sqlite, book, LADDER[0])
    for first in (LADDER[0], EVE):
        with reading(sqlite) as conn, pytest.raises(CallRefused, match="20/04/2015 đã chạy rồi"):
            forecast(conn, book, 5, first)


def test_a_copy_holds_the_cases_of_the_store_and_judges_as_it_would(database: Engine, book: RuleBook) -> None:
    """The same cases, and on the next night the same notices."""
    bring_in(database, EXAMPLES, datetime.now(UTC))
    town = Town(database, book)
    town.nights(date(2015, 4, 13), date(2015, 5, 6))
    with reading(database) as conn, copied(conn, book, made=True) as box:
        twin = Town(box.engine, book)
        assert twin.cases() == town.cases() != []
        copy_of_next = twin.night(LADDER[2])
    assert copy_of_next.notices == town.night(LADDER[2]).notices != ()


def test_a_copy_as_of_an_instant_undoes_later_corrections(sqlite: Engine, book: RuleBook) -> None:
    """A report whose correction was recorded later stands as it stood."""
    town = Town(sqlite, book).founded_here()
    town.submits(BAO_DAI, "child-protection", "2015-04-15", ref="bc", document="1/BC")
    town.submits(BAO_DAI, "child-protection", "2015-04-22", "2015-04-22T10:00", ref="bc", document="2/BC")
    with (
        reading(sqlite) as conn,
        copied(conn, book, made=True, known_by=steps.cutoff_of(LADDER[0])) as box,
    ):
        twin = Town(box.engine, book)
        for day in range(20, 26):
            twin.night(date(2015, 4, day))
        assert twin.case(REPORT, BAO_DAI) is None


def test_a_copy_has_every_row_but_letters(database: Engine, book: RuleBook) -> None:
    """A table that is added later is copied too, or it is one of letters, of which a sandbox keeps none."""
    bring_in(database, EXAMPLES, datetime.now(UTC))
    judged(database, book, LADDER[0])
    with reading(database) as conn, copied(conn, book, made=True) as box, reading(box.engine) as twin:
        for table in metadata.sorted_tables:
            rows = select(table).order_by(*table.primary_key.columns)
            kept = [] if table.name in {"letter", "delivery_attempt"} else list(conn.execute(rows))
            assert list(twin.execute(rows)) == kept, table.name


@pytest.mark.parametrize(
    ("days", "most"),
    [
        pytest.param([], 0, id="no letter at all"),
        pytest.param([0], 1, id="one letter"),
        pytest.param([0, 6], 2, id="the seventh day is within seven days"),
        pytest.param([0, 7], 1, id="the eighth is not"),
        pytest.param([0, 6, 7, 8, 20], 3, id="the fullest week counts, wherever it begins"),
        pytest.param([8, 0, 7], 2, id="in any order"),
    ],
)
def test_the_most_letters_within_a_week(days: list[int], most: int) -> None:
    """Days are counted from a first one."""
    assert most_within([EVE + timedelta(days=day) for day in days], 7) == most


def budgeted(book: RuleBook, per_office: int) -> RuleBook:
    """The book with a budget for six days: 20/4 and 25/4 lie within them, no other two steps do."""
    return replace(book, mail=replace(book.mail, budget=Budget(per_office, 6)))


def test_an_office_that_passes_the_budget_is_marked(examples: Connection, book: RuleBook) -> None:
    """Two letters within six days: beyond one, and not beyond two."""
    marked = forecast(examples, budgeted(book, 1), 33, EVE)
    assert reader(marked, BAO_DAI).over_budget
    assert reader(marked, BAO_DAI).most == 2
    assert not reader(marked, "ln.ubnd_huyen").over_budget
    assert not any(one.over_budget for one in forecast(examples, budgeted(book, 2), 33, EVE).readers)


def test_the_offices_over_budget_are_those_of_the_forecast(sqlite: Engine, book: RuleBook) -> None:
    """None without a budget, and none before the first night, when there is nothing to go on from."""
    bring_in(sqlite, EXAMPLES, datetime.now(UTC))
    with reading(sqlite) as conn:
        assert over_budget(conn, budgeted(book, 1), 10) == ()
    judged(sqlite, book, EVE)
    with reading(sqlite) as conn:
        assert over_budget(conn, book, 10) == ()
        assert BAO_DAI in {one.office for one in over_budget(conn, budgeted(book, 1), 10)}


def test_the_command_prints_groups_that_fit(office: Office) -> None:
    """Communes with the same letters stand together; lines fit 100 columns; the budget is marked."""
    office.holds_the_examples()
    office.spoil("rules/mail.yaml", "  brake:", "  budget: {per_office: 1, days: 6}\n  brake:")
    ran = office.dondoc("forecast", "--as-of", "2015-04-19", "--days", "33")
    assert ran.code == 0, ran.err
    assert "UBND xã Bảo Đài, UBND xã Bảo Sơn" in ran.out
    assert "VƯỢT MỨC (over budget): 2 thư trong 6 ngày" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_brackets_of_a_name_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """Office, matter and directive are printed whole."""
    letter = ForecastLetter(EVE, "a@example.vn", {Section.NEW: 1}, (Text("Báo cáo [đợt 1] :ok:", "Report"),), 0)
    office = ForecastOffice("x", Text("Hội [chữ thập đỏ]", "Society"), (letter,), None, over_budget=False)
    show_forecast(Forecast(EVE, EVE, None, None, (office,)), page())
    assert "Hội [chữ thập đỏ]: 1 thư\n  19/04/2015  mới 1  Báo cáo [đợt 1] :ok:" in capsys.readouterr().out


def test_a_check_notes_a_budget_that_will_be_passed(office: Office) -> None:
    """Once nights were judged; a note refuses nothing."""
    office.holds_the_examples()
    office.spoil("rules/mail.yaml", "  brake:", "  budget: {per_office: 1, days: 6}\n  brake:")
    before = office.dondoc("check")
    assert "budget-passed" not in before.out
    assert office.dondoc("nightly", "--plain", "--as-of", "2015-04-19").code == 0
    ran = office.dondoc("check")
    assert ran.code == 0, ran.err
    (line,) = [line for line in ran.out.splitlines() if line.endswith("[budget-passed]")]
    assert "rules/mail.yaml:1:1" in line
    assert "UBND xã" in line


def test_before_the_first_night_a_day_is_asked_for(office: Office) -> None:
    """The sentence names the option."""
    office.holds_the_examples()
    ran = office.dondoc("forecast")
    assert (ran.code, ran.out) == (2, "")
    assert "--as-of" in ran.err
