"""Which rows a form has: what the rules ask of the unit around the day, with what is known already."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dondoc.engine.domain.terms import Level
from dondoc.flows.cli.program import program
from dondoc.flows.data.forms import FormSelection
from dondoc.flows.lookup import CallRefused
from tests.cli.forms.conftest import FormOffice, day
from tests.support.form_filling import cells
from tests.support.town import at

BAO_DAI, BAO_SON = "ln.ubnd_xa.bao_dai", "ln.ubnd_xa.bao_son"
TASK = {
    "ref": "VB-7",
    "unit": BAO_DAI,
    "task": "inspection",
    "title": "Kiểm tra bể bơi",
    "title_en": "Pools",
    "assigned_on": date(2015, 3, 2),
    "due": date(2015, 4, 10),
    "due_kind": "by",
    "issuer": None,
    "monitor": None,
    "reports_to": None,
}


def test_reports_are_listed_by_their_deadlines_and_a_task_under_its_own_title(office: FormOffice) -> None:
    """With code and title, unit and name; the months still open of the last 400 days, the coming ones of 62."""
    office.town.brings("tasks", [(2, TASK | {"recorded_at": at("2015-03-02T08:00")})])
    rows = cells(office.writes("submissions"), "Báo cáo")
    assert [row["STT"] for row in rows] == list(range(1, len(rows) + 1))
    assert {(row["Mã đơn vị"], row["Tên đơn vị"]) for row in rows} == {(BAO_DAI, "UBND xã Bảo Đài")}
    listed = [row for row in rows if row["Hạn chót"]]
    assert [row["Hạn chót"].date() for row in listed] == sorted(row["Hạn chót"].date() for row in listed)
    assert (listed[0]["Hạn chót"].date(), listed[-1]["Hạn chót"].date()) == (day("2014-02-25"), day("2015-05-25"))
    assert {row["Loại báo cáo"] for row in listed} == {
        "month-report · Báo cáo tháng",
        "inspection · Kiểm tra bể bơi",
    }
    # Each row names its demand, so that one filled in late is not counted for a nearer one.
    assert {row["Mã nhiệm vụ"] for row in listed} >= {"2014-02", "2015-05", "VB-7"}
    (task,) = [row for row in listed if row["Loại báo cáo"].startswith("inspection")]
    assert (task["Mã nhiệm vụ"], task["Hạn chót"].date()) == ("VB-7", day("2015-04-10"))
    assert [row["Loại báo cáo"] for row in rows[-5:]] == [None] * 5


def test_what_was_told_is_shown_for_62_days_and_open_things_for_400(office: FormOffice) -> None:
    """Under its own ref, so that a correction supersedes it; what a night settled long ago asks for nothing."""
    town = office.town
    town.does(BAO_DAI, "broadcast", "2015-03-05")
    town.does(BAO_DAI, "broadcast", "2015-01-05")
    town.reads(BAO_DAI, "child-injuries", "2015-01-01", "2015-03-31", 12.5, "2015-03-31T10:00")
    town.reads(BAO_DAI, "child-injuries", "2014-07-01", "2014-09-30", 3, "2014-10-02T10:00")
    log = cells(office.writes("activities"), "Hoạt động")
    known = [row for row in log if row["Ngày thực hiện"]]
    assert [(row["Ngày thực hiện"].date(), row["Số lượng"]) for row in known] == [(day("2015-03-05"), 1)]
    assert known[0]["Mã dòng"].startswith(f"{BAO_DAI}-broadcast-2015-03-05")
    assert len(log) == 31
    figures = cells(office.writes("readings"), "Số liệu")
    assert [(row["Kỳ số liệu"], row["Số liệu"]) for row in figures] == [
        ("quý II/2014", None),
        ("quý IV/2014", None),
        ("quý I/2015", 12.5),
    ]
    assert {(row["Mã chỉ tiêu"], row["Đơn vị tính"]) for row in figures} == {
        ("child-injuries · số trẻ em bị tai nạn thương tích", "em")
    }


def test_one_workbook_holds_everything_and_only_what_is_asked(office: FormOffice) -> None:
    """Of each unit that is asked; the sheets in their order, and at the end how to fill them in."""
    written = office.write(FormSelection(("submissions", "activities", "readings"), day("2015-04-01"), lines=3))
    assert [one.unit for one in written] == [BAO_DAI, BAO_SON]
    assert [one.file.name for one in written] == [f"bieu-{unit}-20150401.xlsx" for unit in (BAO_DAI, BAO_SON)]
    assert dict(written[0].rows) == {"submissions": 21, "activities": 3, "readings": 4}


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        pytest.param({"within": "ln.ubnd_huyen"}, 2, id="units within a body"),
        pytest.param({"within": "tmr.ubnd_huyen"}, None, id="nobody within another body"),
        pytest.param({"level": Level.COMMUNE}, 2, id="units of a level"),
        pytest.param({"level": Level.PROVINCE}, None, id="nobody on another level"),
        pytest.param({"units": (BAO_SON,)}, 1, id="a named unit"),
        pytest.param({"units": (BAO_SON, "ln.ubnd_huyen")}, None, id="a unit of which nothing is asked"),
        pytest.param({"within": "ln.nowhere"}, None, id="a body that is none"),
        pytest.param({"units": ("ln.ubnd_xa.bao_da",)}, None, id="a unit that is none"),
    ],
)
def test_units_are_chosen(office: FormOffice, wanted: dict[str, object], count: int | None) -> None:
    """By name, body or level; where nobody is asked anything the call is refused and nothing is written."""
    asked = FormSelection(("activities",), day("2015-04-01"), **wanted)  # type: ignore[arg-type]
    if count is None:
        with pytest.raises(CallRefused):
            office.write(asked, "out")
        assert not (office.folder / "out").exists()
    else:
        assert len(office.write(asked)) == count


def test_no_form_is_written_over(office: FormOffice) -> None:
    """It may have been filled in; the others are not written either."""
    office.write(FormSelection(("readings",), day("2015-04-01"), (BAO_SON,)), "out")
    with pytest.raises(CallRefused, match="có thể đã được điền"):
        office.write(FormSelection(("readings",), day("2015-04-01")), "out")
    assert len(list((office.folder / "out").iterdir())) == 1


def test_the_command_writes_and_says_where(office: FormOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """For people and for programs; without units it wants to be told that all are meant."""
    monkeypatch.chdir(office.folder)

    def ran(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(program(), ["form", *words], env=office.environment)
        return done.exit_code, done.output

    code, out = ran("readings", BAO_DAI, "--on", "2015-04-01")
    assert code == 0
    assert f"bieu-mau/so-lieu-{BAO_DAI}-20150401.xlsx: UBND xã Bảo Đài (số liệu 4 dòng)" in out
    code, out = ran("all", "--within", "ln.ubnd_huyen", "--on", "2015-04-01", "--folder", "all", "--json")
    assert [one["unit"] for one in json.loads(out)] == [BAO_DAI, BAO_SON]
    assert Path(json.loads(out)[0]["file"]).is_file()
    for words in ((), (BAO_DAI, "--all"), (BAO_DAI, "--level", "commune")):
        assert ran("all", *words)[0] == 2
    assert ran("readings", BAO_DAI, "--on", "2013-04-01")[0] == 2
