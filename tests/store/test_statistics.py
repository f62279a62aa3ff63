"""What is counted of cases, for offices and programs; `test_retention` holds that removals change nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from sqlalchemy import Engine
from typer.testing import CliRunner

from dondoc.engine.store.db.database import connect
from dondoc.flows.cli.program import program
from tests.support.explain_helpers import nights_of
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town

COMMUNES = ("bao_dai", "binh_son", "luc_son", "truong_son")
RULE = "279-ubnd-ldtbxh/report-round-1"


def late_reports(engine: Engine) -> None:
    """Four communes reported 1, 3, 8 and 10 days late; the others have not."""
    town = Town(engine).founded_here()
    nights_of(town, "2015-04-20", "2015-04-20")
    for commune, day in zip(COMMUNES, (20, 22, 27, 29), strict=True):
        town.submits(f"ln.ubnd_xa.{commune}", "child-protection", f"2015-04-{day}")
    nights_of(town, "2015-04-30", "2015-04-30")


def test_they_are_written_for_offices_and_for_programs(tmp_path: Path) -> None:
    """As typed: a sheet, and JSON, with the same rows."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    engine = connect(url)
    upgrade(engine)
    late_reports(engine)
    engine.dispose()
    environment = {"DONDOC_RULES": str(ROOT / "rules"), "DONDOC_DATABASE": url}
    sheet = tmp_path / "thong-ke.csv"
    done = CliRunner().invoke(program(), ["statistics", "--csv", str(sheet)], env=environment)
    assert done.exit_code == 0, done.output
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = {f"{row['Văn bản']}/{row['Quy tắc']}": row for row in csv.DictReader(file)}
    heads = (
        "Loại đơn vị",
        "Năm mở",
        "Đã mở",
        "Còn mở",
        "Đã báo gửi, chưa xác nhận",
        "Đóng, muộn",
        "Đóng, đã chuyển đơn vị khác",
        "Đóng, cách khác",
        "Trung vị số ngày muộn",
    )
    assert [rows[RULE][head] for head in heads] == ["ubnd", "2015", "24", "20", "0", "4", "0", "0", "5.5"]
    listed = json.loads(CliRunner().invoke(program(), ["statistics", "--json"], env=environment).output)
    assert [f"{row['directive']}/{row['rule']}" for row in listed] == list(rows)
