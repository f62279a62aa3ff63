"""`dondoc register`: what it lists, by what it can be narrowed, and that it says openly what nobody judges."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dondoc.engine.domain.model import Name, Text, Unit
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import Level, ObligationStatus
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.cli.program import program
from dondoc.flows.cli.register import show
from dondoc.flows.records.register import Listing, RegisterFilter, list_of, list_stored
from tests.support.cli_office import Office
from tests.support.explain_helpers import nights_of
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town, cutoff, rules

BAO_DAI = "ln.ubnd_xa.bao_dai"


def ran(*words: str, database: str = "sqlite:///nowhere.db") -> tuple[int, str]:
    """The command's exit code and all it printed, over the project's rules."""
    environment = {"DONDOC_RULES": str(ROOT / "rules"), "DONDOC_DATABASE": database}
    done = CliRunner().invoke(program(), ["register", *words], env=environment)
    return done.exit_code, done.output


def ids(found: Listing) -> list[str]:
    """The obligations listed."""
    return [row.obligation.id for _, rows in found.rows for row in rows]


def test_it_lists_by_directive_and_says_openly_what_nobody_judges() -> None:
    """Number, day and issuer above; clause, id, what, who and status in a line; the sums below."""
    code, out = ran("--directive", "279/UBND-LĐTBXH")
    assert code == 0
    lines = out.splitlines()
    assert (
        lines[1] == "Công văn 279/UBND-LĐTBXH, 26/03/2015 · ln.ubnd_huyen · hiệu lực từ 26/03/2015 đến 31/12/2015"
    )
    (round_1,) = [line for line in lines if "LN2015-7a" in line]
    assert round_1.split()[:2] == ["7", "LN2015-7a"]
    assert "UBND cấp xã thuộc ln.ubnd_huyen" in round_1
    assert round_1.rstrip().endswith("xét theo văn bản")
    assert "chờ thông số: thời hạn" in out
    assert "Đang xem 19 nội dung." in out
    assert "tracked and not judged" in out.splitlines()[-1]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            RegisterFilter("LN15", ObligationStatus.JUDGED), ["LN2015-7a", "LN2015-7b"], id="a directive's code"
        ),
        pytest.param(
            RegisterFilter("1179-cv-hu", ObligationStatus.JUDGED),
            ["TMR2019-3b"],
            id="a file's name, small letters",
        ),
        pytest.param(
            RegisterFilter("46-CT/HU", unit="ban dân vận"), ["DL2023-4a", "DL2023-4b"], id="words of a name"
        ),
        pytest.param(
            RegisterFilter("1179-CV/HU", unit="tmr.trang_ttdt"), ["TMR2019-3b"], id="the id of a named unit"
        ),
    ],
)
def test_it_is_narrowed_by_directive_status_and_unit(wanted: RegisterFilter, expected: list[str]) -> None:
    """All filters hold together; the sums stay those of all rules."""
    found = list_of(rules(), None, None, {}, wanted)
    assert ids(found) == expected
    assert found.shown == len(expected)
    assert sum(found.tally.values()) >= 79


def test_a_unit_that_a_rule_means_by_kind_is_found_on_the_chart() -> None:
    """Bảo Đài is one of the communes within its district; names stand for ids, and demands are counted."""
    town = Town.founded()
    town.submits(BAO_DAI, "child-protection", "2015-04-18")
    nights_of(town, "2015-04-20", "2015-04-20")
    with reading(town.engine) as conn:
        now = cutoff(date(2026, 11, 27))
        found = list_stored(conn, rules(), RegisterFilter(unit=BAO_DAI), now)
        by_name = list_stored(conn, rules(), RegisterFilter("LN15", unit="xã bảo đài"), now)
    assert by_name.rows == found.rows
    assert ids(found) == ["LN2015-2", "LN2015-7a", "LN2015-7b"]
    rows = {row.obligation.id: row for _, listed in found.rows for row in listed}
    assert rows["LN2015-7a"].who.vi == "UBND cấp xã thuộc UBND huyện Lục Nam"
    assert found.night == date(2015, 4, 20)
    standing = rows["LN2015-7a"].counts
    assert standing is not None
    assert (standing.on_time, standing.overdue, standing.total) == (1, 23, 24)


def test_programs_get_json_and_offices_a_sheet(tmp_path: Path) -> None:
    """The same obligations in both; the sheet opens in a spreadsheet as UTF-8."""
    code, out = ran("--json", "--status", "waiting")
    assert code == 0
    listed = json.loads(out)["obligations"]
    assert {one["status"] for one in listed} == {"waiting"}
    assert all(one["waits_for"]["vi"] for one in listed)
    sheet = tmp_path / "so-theo-doi.csv"
    code, out = ran("--csv", str(sheet), "--status", "waiting")
    assert (code, out.split()[:3]) == (0, ["Đã", "ghi", str(len(listed))])
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Mã"] for row in rows] == [one["obligation"] for one in listed]


def test_the_sheet_has_the_counts_of_the_screen(tmp_path: Path) -> None:
    """Once a night has run, each judged obligation stands in the file with its four numbers, others without."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    engine = connect(url)
    upgrade(engine)
    town = Town(engine).founded_here()
    town.submits(BAO_DAI, "child-protection", "2015-04-18")
    nights_of(town, "2015-04-20", "2015-04-20")
    engine.dispose()
    sheet = tmp_path / "so-theo-doi.csv"
    code, out = ran("--csv", str(sheet), "--directive", "LN15", database=url)
    assert code == 0, out
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Mã"]: row for row in csv.DictReader(file)}
    heads = ("Đúng hạn", "Muộn", "Còn hạn", "Quá hạn")
    assert [rows["LN2015-7a"][head] for head in heads] == ["1", "0", "0", "23"]
    assert [rows["LN2015-2"][head] for head in heads] == ["", "", "", ""]


def test_the_issuer_has_the_name_that_it_had_then() -> None:
    """A directive that comes into force after its issuer was renamed is cited as letters cite it."""
    renamed = date(2015, 3, 20)
    names = (
        Name("UBND huyện Lục Nam", "Lục Nam District", "UBND huyện", date(2010, 1, 1), renamed),
        Name("UBND thị xã Lục Nam", "Lục Nam Town", "UBND thị xã", renamed, None),
    )
    unit = Unit("ln.ubnd_huyen", "ubnd", Level.DISTRICT, names, date(2010, 1, 1))
    directive = replace(rules().directives["279-ubnd-ldtbxh"], issued=date(2015, 3, 1))
    book = replace(rules(), rules={}, directives={directive.id: directive})
    found = list_of(book, OrgChart({unit.id: unit}, ()), None, {}, RegisterFilter())
    assert found.issuers == {directive.id: Text("UBND huyện Lục Nam", "Lục Nam District")}


def test_brackets_and_colons_of_a_text_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """What stands in the rules or in a name is printed whole."""
    directive = rules().directives["279-ubnd-ldtbxh"]
    entry = replace(directive.register[0], who="Trường [mầm non] :star:", waits_for=Text("[số]", "a number"))
    book = replace(rules(), rules={}, directives={directive.id: replace(directive, register=(entry,))})
    show(list_of(book, None, None, {}, RegisterFilter()))
    out = capsys.readouterr().out
    assert "Trường [mầm non] :star:" in out
    assert "chờ thông số: [số]" in out


def test_a_directive_that_is_not_there_is_refused_with_the_nearest() -> None:
    """A wrong call, not an empty list."""
    code, out = ran("--directive", "279/UBND-LDTBXH")
    assert code == 2
    assert "có phải «279/UBND-LĐTBXH»?" in out


def test_the_office_sees_it_without_a_database(office: Office) -> None:
    """As typed, in a folder that holds rules and nothing else yet."""
    ran_there = office.dondoc("register", "--status", "judged")
    assert ran_there.code == 0, ran_there.err
    assert "LN2015-7a" in ran_there.out
    assert not office.database.exists()
