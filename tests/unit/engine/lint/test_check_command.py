"""`dondoc check` as it is typed: what it prints in each form, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copy

import pytest
from typer.testing import CliRunner, Result

from dondoc.engine.errors import Problem
from dondoc.engine.lint.problem_codes import CODES
from dondoc.flows.check.report import CheckReport
from dondoc.flows.cli.check import Language, _as_marks, line
from dondoc.flows.cli.console import OK, PROBLEMS, WRONG_CALL
from dondoc.flows.cli.program import program
from dondoc.flows.config.settings import load, opened
from dondoc.flows.data.importer import bring_in
from tests.unit.engine.lint.conftest import NOW, Check

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def district(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small district as the working folder."""
    monkeypatch.chdir(pack)
    return pack


def ran(*words: str) -> Result:
    """The command's answer."""
    return CliRunner().invoke(program(), ["check", *words])


def put(case: str, district: Path) -> None:
    """One more rule file."""
    copy(CASES / f"{case}.yaml", district / "rules" / "thu" / f"{case}.yaml")


def test_a_note_is_printed_and_refuses_nothing(district: Path) -> None:
    """Place, both languages, code; the sum counts it; exit 0."""
    put("masked", district)
    found = ran("--data", "data")
    assert found.exit_code == OK
    assert "lưu ý (note): rules/thu/masked.yaml:14:3: ngưỡng 1 trên chỉ tiêu nhạy cảm" in found.stdout
    assert "(limit 1 on the sensitive indicator" in found.stdout
    assert "[masked]" in found.stdout
    assert "không có lỗi" in found.stdout


def test_an_error_of_meaning_ends_like_one_of_syntax(district: Path) -> None:
    """Exit 1, on the standard error output."""
    put("nobody-ever", district)
    found = ran("--data", "data")
    assert found.exit_code == PROBLEMS
    assert found.stderr.splitlines()[0].startswith("rules/thu/nobody-ever.yaml:14:3: không đơn vị nào phải")
    assert found.stderr.splitlines()[-1] == "1 lỗi trong bộ quy tắc. (problems: 1)"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("vi", "a.yaml:1:2: sai [tab]", id="Vietnamese alone"),
        pytest.param("en", "a.yaml:1:2: wrong [tab]", id="English alone"),
        pytest.param("both", "a.yaml:1:2: sai (wrong) [tab]", id="English in brackets"),
    ],
)
def test_a_line_is_in_the_language_asked_for(language: str, said: str) -> None:
    """The code stands at the end in each."""
    assert line(Problem("a.yaml", 1, 2, "tab", "sai", "wrong"), Language(language)) == said


def test_marks_for_a_pull_request_are_escaped_and_lead_to_the_file(district: Path) -> None:
    """One command a line: errors, then notices; the path is as seen from where the command was called."""
    put("masked", district)
    put("nobody-ever", district)
    path = district / "rules" / "thu" / "nobody-ever.yaml"
    path.write_text(path.read_text("utf-8").replace("TH19", "TH18").replace("TH-1", "TH-2"), "utf-8")
    found = ran(str(district / "rules"), "--data", "data", "--format", "github", "--lang", "vi")
    assert found.exit_code == PROBLEMS
    first, *others = found.stdout.splitlines()
    place = f"file={district}/rules/thu/nobody-ever.yaml,line=14,col=3,title=nobody-ever"
    assert first.startswith(f"::error {place}::không đơn vị nào")
    assert all(other.startswith("::notice file=") for other in others)
    assert any("title=masked::ngưỡng 1 " in other for other in others)


def test_what_would_end_a_mark_early_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    """A comma in a file's name, a percent sign and a line break in a message."""
    odd = Problem("a,b.yaml", 1, 2, "tab", "20 %\nhai dòng", "two lines")
    _as_marks(CheckReport((odd,)), Path(), Language.VI)
    assert capsys.readouterr().out == "::error file=a%2Cb.yaml,line=1,col=2,title=tab::20 %25%0Ahai dòng\n"


def test_programs_get_every_field(district: Path) -> None:
    """Errors and notes apart, each with its code and both languages; and whether there was a chart."""
    put("masked", district)
    found = ran("--data", "data", "--format", "json")
    answer = json.loads(found.stdout)
    assert (answer["errors"], answer["charted"], answer["rules"]) == ([], True, 4)
    masked = next(note for note in answer["notes"] if note["code"] == "masked")
    assert masked.keys() == {"file", "line", "column", "code", "vi", "en"}


def test_without_units_one_line_says_what_is_not_looked_at(district: Path) -> None:
    """No database yet, and none is made by checking."""
    put("nobody-ever", district)
    found = ran()
    assert found.exit_code == OK
    assert sum("chưa có dữ liệu đơn vị" in each for each in found.stdout.splitlines()) == 1
    assert not (district / "var").exists()


def test_units_that_were_imported_are_looked_at(district: Path) -> None:
    """The configured database is the chart where no folder is named."""
    put("nobody-ever", district)
    with opened(load({})) as engine:
        from dondoc.engine.store.db.schema_version import upgrade  # noqa: PLC0415 - Alembic is only needed here

        upgrade(engine)
        assert "chưa có dữ liệu đơn vị" in ran().stdout
        bring_in(engine, district / "data", NOW)
    found = ran()
    assert found.exit_code == PROBLEMS
    assert "[nobody-ever]" in found.stderr
    assert "chưa có dữ liệu đơn vị" not in found.stdout


def test_a_row_that_is_not_taken_is_an_error_of_the_check(pack: Path, check: Check) -> None:
    """Its unit is missing from the chart, so the row is named beside what follows from that."""
    units = (
        (pack / "data" / "units.csv").read_text("utf-8").replace("th.phong,phong,district", "th.phong,phong,huyen")
    )
    (pack / "data" / "units.csv").write_text(units, "utf-8")
    found = check()
    refused = [error for error in found.errors if error.code == "row-refused"]
    assert ("data/units.csv", 6) in {(error.file, error.line) for error in refused}
    assert "unit-unknown" in {error.code for error in found.errors}
    assert found.notes == ()


def test_a_file_that_the_system_refuses_is_a_problem_of_that_file(
    pack: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights cannot be taken from an administrator, who may run the tests, so the refusal is played."""
    opening = Path.open

    def refusing(path: Path, *how: str, **more: str) -> object:
        if path.name == "good.yaml":
            raise PermissionError(13, "Permission denied")
        return opening(path, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)
    assert [(error.file, error.code) for error in check().errors] == [("rules/thu/good.yaml", "file-unreadable")]


@pytest.mark.parametrize("code", ["key-unknown", "bands"])
def test_a_code_is_explained(code: str) -> None:
    """Its paragraph in both languages and its example; nothing is checked."""
    found = ran("--explain", code)
    assert found.exit_code == OK
    for text in (CODES[code].meaning.vi, CODES[code].meaning.en, CODES[code].example):
        assert text in found.stdout


def test_a_code_that_is_none_is_a_wrong_call_with_a_guess() -> None:
    """A slip of typing is met with the nearest code."""
    found = ran("--explain", "key-unknwon")
    assert found.exit_code == WRONG_CALL
    assert "có phải «key-unknown»?" in found.stderr


def test_the_first_and_the_last_judged_period_of_each_rule_are_printed(district: Path) -> None:
    """In both languages, and for programs under `judged`; a rule of the register that waits has none."""
    put("masked", district)
    lines = [line for line in ran("--data", "data").stdout.splitlines() if ": xét " in line]
    judged = json.loads(ran("--data", "data", "--format", "json").stdout)["judged"]
    assert [line.partition(":")[0] for line in lines] == [one["rule"] for one in judged]
    assert all("thư đầu" in line and "first letter" in line for line in lines)
    assert judged
    assert judged[0]["first"].keys() == {"key", "last_day", "first_letter"}
