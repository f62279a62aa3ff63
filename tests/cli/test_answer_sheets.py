"""`dondoc case import` and `dondoc inherit import`: many answers at once, each through the gate of its own."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.sources.reading.answer_sheets import ACT_WORDS, ANSWERS, HEIRS
from dondoc.engine.sources.reading.headings import HEADINGS
from dondoc.engine.sources.reading.kinds import Sheet
from dondoc.flows.cli.program import program
from dondoc.flows.records.acts import shown
from dondoc.flows.records.inherit import decisions
from tests.cli.test_case import COMMUNE, ROUND_1, opened
from tests.cli.test_inherit import BASIS, CASE, HEIR
from tests.cli.test_inherit import settings as reorganised
from tests.support.town import ROOT, Town, at

__all__ = ["reorganised"]
# Said by a command, which knows no day but today's; or never typed by anybody.
_NOT_IN_A_SHEET = {ActKind.TAKEN_BACK, ActKind.DECLARED}
LATER = "2099-01-01T00:00"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Lục Nam on the morning on which 24 communes have not reported."""
    return opened(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Mapping[str, str]:
    """The settings of the command for it."""
    return {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}


def typed(settings: Mapping[str, str], *words: str | Path) -> Result:
    """What a command answers."""
    return CliRunner().invoke(program(), list(map(str, words)), env=dict(settings))


@pytest.mark.parametrize("sheet", [ANSWERS, HEIRS], ids=lambda sheet: sheet.name)
def test_every_column_has_a_heading(sheet: Sheet) -> None:
    """In order, as files are written."""
    assert [heading.name for heading in HEADINGS[sheet.name]] == list(sheet.columns)


def test_every_answer_has_a_word() -> None:
    """A new kind of answer can be recorded by a sheet as well."""
    assert set(ACT_WORDS.values()) == set(ActKind) - _NOT_IN_A_SHEET


def test_rows_are_recorded_and_what_is_refused_comes_back_to_be_mended(
    town: Town, settings: Mapping[str, str], tmp_path: Path
) -> None:
    """With Vietnamese headings; the mended file records what lacked, and the first one again changes nothing."""
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    sheet = tmp_path / "tra-loi.csv"
    sheet.write_text(
        "Mã hồ sơ,Trả lời,Mã đơn vị trả lời,Ngày trả lời,Đến hết ngày,Ngày gửi,Số văn bản,Nội dung\n"
        f"{case.code},Đã biết,,21/04/2015,,,,\n"
        f"{case.code},DA GUI,,21/04/2015,,20/04/2015,5/BC-UBND,\n"
        "LN15-9999,đã biết,,21/04/2015,,,,\n"
        f"{case.code},hứa,,21/04/2015,,,,\n"
        f"{case.code},đã biết,,22/04/2015,,,,Gọi 0912345678\n",
        "utf-8",
    )
    ran = typed(settings, "case", "import", sheet)
    assert ran.exit_code == 1
    assert "tra-loi.csv: ghi mới 2, đã có từ trước 0, từ chối 3." in ran.stdout
    assert "tra-loi.csv:4: case «LN15-9999»: Không có hồ sơ nào đang mở mang mã «LN15-9999»" in ran.stderr
    assert "tra-loi.csv:5: act «hứa»: phải là một trong: đã biết, giải trình, xin lùi hạn" in ran.stderr
    assert "0912345678" not in ran.stderr
    values, _ = shown(settings, case.code, at(LATER))
    assert [act["kind"] for act in values["acts"]] == ["acknowledged", "done"]
    back = tmp_path / "tra-loi.tu-choi.csv"
    rows = list(csv.DictReader(back.read_text("utf-8-sig").splitlines()))
    assert [row["Dòng bị từ chối"] for row in rows] == ["4", "5", "6"]
    mended = back.read_text("utf-8-sig").replace("hứa", "đã biết").replace("LN15-9999", case.code)
    assert "0912345678" not in mended
    back.write_text(mended.replace("…", "Lũ làm hỏng đường"), "utf-8")
    ran = typed(settings, "case", "import", back, "--rejects", tmp_path / "back")
    assert (ran.exit_code, ran.stdout) == (0, "tra-loi.tu-choi.csv: ghi mới 1, đã có từ trước 2, từ chối 0.\n")
    assert "ghi mới 0, đã có từ trước 2, từ chối 3" in typed(settings, "case", "import", sheet).stdout


def test_decisions_on_heirs_are_recorded_by_a_sheet(reorganised: Mapping[str, str], tmp_path: Path) -> None:
    """One with an heir, one that nobody takes over, one whose basis is missing."""
    sheet = tmp_path / "ke-thua.csv"
    sheet.write_text(
        "what,to,by,basis,scope\n"
        f"{CASE},{HEIR},vn.48.ubnd,{BASIS},\n"
        f"DL25-0001,,vn.48.ubnd,{BASIS},\n"
        f"DL25-0003,{HEIR},vn.48.ubnd,,\n",
        "utf-8",
    )
    ran = typed(reorganised, "inherit", "import", sheet, "--lang", "en")
    assert ran.exit_code == 1
    assert "ke-thua.csv: 2 recorded, 0 were on record, 1 rejected." in ran.stdout
    assert "ke-thua.csv:4: basis" in ran.stderr
    assert {tuple(heir["unit"] for heir in one["heirs"]) for one in decisions(reorganised, at(LATER))} == {
        (HEIR,),
        (),
    }


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "unit,name\nx,y\n", "a.csv"),
        ("missing.csv", None, "không phải một tệp"),
        ("a.txt", "case\nLN15-0001\n", "a.txt"),
    ],
)
def test_what_is_no_such_sheet_is_refused_in_a_sentence(
    town: Town, settings: Mapping[str, str], tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    """Nothing is recorded, and no traceback is shown."""
    assert town.engine is not None
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    ran = typed(settings, "case", "import", tmp_path / name)
    assert ran.exit_code == 1
    assert said in ran.stderr
    assert "Traceback" not in ran.output
