"""`dondoc country` on real databases: one chart, whatever came first, and nothing changes the second time."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import Level, Line
from dondoc.engine.sources.country import atlas as places
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import orgchart
from dondoc.flows.cli.program import program
from dondoc.flows.data.country import people_with
from dondoc.flows.data.importer import bring_in
from tests.support.town import EXAMPLES

NOW = datetime(2026, 12, 1, tzinfo=UTC)
TODAY = date(2026, 11, 1)


def chart(database: Engine) -> OrgChart:
    """What is stored, checked."""
    with reading(database) as conn:
        return orgchart.chart(conn, NOW)


def said(entries: Iterable[object]) -> set[str]:
    """What a chart holds, in no order."""
    return set(map(str, entries))


@pytest.mark.long
def test_country_and_examples_make_one_chart_in_either_order(sqlite: Engine, postgres: Engine) -> None:
    """SQLite takes the country first, PostgreSQL the examples; then the country again, which changes nothing."""
    people_with(sqlite, NOW)
    assert bring_in(sqlite, EXAMPLES, NOW).rejected == 0
    bring_in(postgres, EXAMPLES, NOW)
    people_with(postgres, NOW)
    first, second = chart(sqlite), chart(postgres)
    assert first.units == second.units
    assert said(first.relations) == said(second.relations)
    assert said(first.mailboxes) == said(second.mailboxes)
    assert said(first.successions) == said(second.successions)
    for database in (sqlite, postgres):
        again = people_with(database, NOW)
        assert not again.rejects
        assert {(taken.added, taken.corrected) for taken in again.taken.values()} == {(0, 0)}
    assert len(first.select(kind="ubnd", level=Level.COMMUNE, within="tw.chinh_phu", on=TODAY)) == 3_321
    assert first.superior("vn.07444.ubnd", Line.PARTY, 1, TODAY) == "vn.24.tinh_uy"
    assert first.heir("cu.02.ubnd", TODAY) is None, "two provinces went into the new Tuyên Quang"
    assert first.heir("cu.01.ubnd", TODAY) == "vn.01.ubnd"


def dondoc(*words: str) -> tuple[int, str, str]:
    """The command as it is typed: its exit code, and what it said on both outputs."""
    done = CliRunner().invoke(program(), ["country", *words])
    return done.exit_code, done.stdout, done.stderr


def test_folder_is_written_without_any_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of an import, and a word that no mailbox is among them."""
    monkeypatch.chdir(tmp_path)
    code, out, err = dondoc("--folder", "ca-nuoc")
    assert code == 0
    assert "ca-nuoc/units.csv: 38401 dòng (rows)" in out
    assert "Chưa có hộp thư nào" in err
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "ca-nuoc",
        "names.csv",
        "relations.csv",
        "successions.csv",
        "units.csv",
    ]


def test_invented_mailboxes_say_that_they_are_invented(tmp_path: Path) -> None:
    """In the command's words, and in every address."""
    code, _, err = dondoc("--folder", str(tmp_path), "--example-mailboxes")
    assert code == 0
    assert "bịa đặt" in err
    with (tmp_path / "mailboxes.csv").open(encoding="utf-8", newline="") as file:
        assert all(row["address"].endswith("@example.vn") for row in csv.DictReader(file))


def test_without_the_package_nothing_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with the remedy, and the exit code of a wrong call."""
    monkeypatch.setattr(places, "find_spec", lambda _name: None)
    code, _, err = dondoc("--folder", str(tmp_path / "ca-nuoc"))
    assert code == 2
    assert "pip install --no-deps vietnamadminunits==1.0.4" in err.replace("\n", " ")
    assert not (tmp_path / "ca-nuoc").exists()
