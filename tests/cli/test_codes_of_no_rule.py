"""A code that no rule reads counts for nothing: it is named wherever somebody would look, with the nearest one."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dondoc.flows.cli.program import program
from tests.support.cli_office import Office

UNIT = "ln.ubnd_xa.bao_dai"
FILES = {
    "submissions": (
        "ref,unit,report,submitted_on,recorded_at",
        f"S1,{UNIT},child-protecton,2015-04-18,2015-04-18T10:00",
    ),
    "activities": (
        "ref,unit,activity,done_on,quantity,recorded_at",
        f"A1,{UNIT},broadcasts,2015-04-18,1,2015-04-18T10:00",
    ),
    "readings": (
        "ref,unit,indicator,first_day,last_day,value,recorded_at",
        f"R1,{UNIT},child-injry,2015-03-01,2015-03-31,9,2015-04-18T10:00",
    ),
    "tasks": (
        "ref,unit,task,title,title_en,assigned_on,due,due_kind,recorded_at",
        f"T1,{UNIT},asigned,Việc,Work,2015-04-01,2015-05-01,by,2015-04-18T10:00",
    ),
}


def said(*words: str) -> str:
    """What a command prints."""
    return CliRunner().invoke(program(), list(words)).output


def test_a_code_that_no_rule_reads_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """By import with the line, by check, by doctor, and in the report of the night; a known code never is."""
    monkeypatch.chdir(office.folder)
    assert "không quy tắc nào dùng" not in said("import", "examples")
    assert "code-of-no-rule" not in said("check")
    Path("slips").mkdir()
    for sheet, lines in FILES.items():
        Path(f"slips/{sheet}.csv").write_text("\n".join(lines), "utf-8")
    told = (
        "không quy tắc nào dùng loại báo cáo «child-protecton»; có phải «child-protection»?",
        "không quy tắc nào dùng hoạt động «broadcasts»",
        "không quy tắc nào dùng chỉ tiêu «child-injry»",
        "không quy tắc nào dùng loại nhiệm vụ «asigned»",
    )
    imported = said("import", "slips")
    assert "submissions.csv:2: không quy tắc nào dùng loại báo cáo «child-protecton»" in imported
    checked, examined = said("check"), said("doctor")
    night = said("nightly", "--plain", "--as-of", "2015-04-20")
    for words in told:
        assert all(words in output for output in (imported, checked, examined, night)), words
    assert "01 dòng" in checked
    assert "rule-without-rows" in checked
    later = said("nightly", "--plain", "--as-of", "2015-04-21")
    assert "child-protecton" not in later, "from then on only check names it"
