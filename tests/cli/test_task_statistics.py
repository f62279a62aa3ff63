"""`dondoc statistics --tasks`: each task in one of the four counts, and what is told apart."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.rulebook import RuleBook, Waiver
from dondoc.engine.domain.terms import TaskGroup
from dondoc.engine.store.db.database import Engine, reading
from dondoc.flows.cli.program import program
from dondoc.flows.records.acts import Said, record
from dondoc.flows.records.task_statistics import COUNTS, TaskCount, task_statistics_of
from tests.cli.test_case import opened
from tests.stories.test_reorganisation import BAO_DAI, BAO_SON, BINH_SON, DUE, LUC_NAM, NEW_BAO_DAI, book, luc_nam
from tests.support.town import ROOT, Town, at, letters
from tests.support.worlds import WORDS, day

ROUND_1, PAPER = "279-ubnd-ldtbxh/report-round-1", "279-ubnd-ldtbxh"
NIGHT = "2015-04-23"

__all__ = ["book"]


def counts(town: Town, group: TaskGroup, now: str) -> dict[str, TaskCount]:
    """The rows by id."""
    with reading(town.engine) as conn:
        return {row.id: row.counts for row in task_statistics_of(conn, town.book, group, at(now))}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """24 communes owe a report: one is given more time, one hands in late, one is excused, one declares."""
    town = opened(tmp_path)
    settings = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    more = {"until": date(2015, 5, 15)}
    for unit, kind, said in (
        (BAO_DAI, ActKind.EXTENSION_ASKED, {**more, "words": "Chờ số liệu"}),
        (BAO_DAI, ActKind.EXTENSION_GRANTED, {**more, "office": "ln.ubnd_huyen", "document": "9/UBND"}),
    ):
        case = town.case(ROUND_1, unit)
        assert case is not None
        assert record(settings, Said(case.code, kind, **said), at("2015-04-21T09:00"))
    town.submits(BINH_SON, "child-protection", "2015-04-21")
    excused = Waiver(
        ROUND_1, BAO_SON, "ln.ubnd_huyen", WORDS, WORDS, day("2015-04-21"), day(NIGHT), "waivers.yaml:1"
    )
    rules = {name: replace(rule, confirmed=True) for name, rule in town.book.rules.items()}
    town.book = replace(town.book, rules=rules, waivers=(excused,))
    return town


def test_each_task_stands_in_one_count_and_more_is_told_apart(town: Town, tmp_path: Path) -> None:
    """By unit, and in sum by rule and by directive."""
    case = town.case(ROUND_1, "ln.ubnd_xa.luc_son")
    assert case is not None
    said = Said(case.code, ActKind.DONE, done_on=date(2015, 4, 20), document="12/BC-UBND")
    with_office = _confirming(tmp_path)
    assert record(with_office, said, at("2015-04-22T09:00"))
    letters(town, NIGHT)
    by_unit = counts(town, TaskGroup.UNIT, f"{NIGHT}T12:00")
    assert by_unit[BAO_DAI] == TaskCount(in_time=1, extended=1)
    assert by_unit[BINH_SON] == TaskCount(late=1)
    assert by_unit[BAO_SON] == TaskCount(waived=1)
    assert by_unit["ln.ubnd_xa.luc_son"] == TaskCount(overdue=1, declared=1)
    assert by_unit["ln.ubnd_xa.truong_son"] == TaskCount(overdue=1)
    whole = sum(by_unit.values(), TaskCount())
    assert whole == TaskCount(late=1, in_time=1, overdue=21, declared=1, extended=1, waived=1)
    assert counts(town, TaskGroup.RULE, f"{NIGHT}T12:00") == {ROUND_1: whole}
    assert counts(town, TaskGroup.DIRECTIVE, f"{NIGHT}T12:00") == {PAPER: whole}


def _confirming(folder: Path) -> Mapping[str, str]:
    """The settings of a command whose rules want declarations to be confirmed."""
    for file in (ROOT / "rules").rglob("*.yaml"):
        copy = folder / "rules" / file.relative_to(ROOT / "rules")
        copy.parent.mkdir(parents=True, exist_ok=True)
        obligation = "    obligation: LN2015-7a\n"
        text = file.read_text("utf-8").replace(obligation, f"{obligation}    confirm: office\n")
        copy.write_text(text, "utf-8")
    return {"DONDOC_DATABASE": f"sqlite:///{folder / 'x.db'}", "DONDOC_RULES": str(folder / "rules")}


def test_what_an_heir_took_over_is_told_apart(sqlite: Engine, book: RuleBook) -> None:
    """Of three late communes that have ended one has an heir; the others' tasks stand where they stood."""
    town = luc_nam(sqlite, book)
    town.is_decided(BAO_DAI, NEW_BAO_DAI, recorded="2025-07-10T10:00", rule=LUC_NAM, subject=DUE)
    letters(town, "2025-07-11")
    by_unit = counts(town, TaskGroup.UNIT, "2025-07-11T12:00")
    assert by_unit[NEW_BAO_DAI] == TaskCount(overdue=1, inherited=1)
    assert BAO_DAI not in by_unit
    assert sum(one.inherited for one in by_unit.values()) == 1


def test_it_is_written_as_typed(town: Town, tmp_path: Path) -> None:
    """A sheet for offices, with the names that people know, and JSON with the same rows."""
    letters(town, NIGHT)
    environment = {"DONDOC_RULES": str(ROOT / "rules"), "DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}"}
    run = partial(_output, environment)
    sheet = tmp_path / "viec.csv"
    assert run("--tasks", "unit", "--csv", str(sheet)) == f"Đã ghi 24 dòng vào {sheet}. (24 rows written.)\n"
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Đơn vị"]: row for row in csv.DictReader(file)}
    assert rows[BINH_SON]["Tên"] == "UBND xã Bình Sơn"
    listed = {row["id"]: row for row in json.loads(run("--tasks", "unit", "--json"))}
    assert listed[BINH_SON]["late"] == 1
    for unit, row in rows.items():
        assert [row[head.vi] for head in COUNTS.values()] == [str(listed[unit][name]) for name in COUNTS]
    assert set(COUNTS) == set(asdict(TaskCount()))
    (of_paper,) = run("--tasks", "directive").splitlines()[1:]
    assert of_paper.split("\t")[:2] == [PAPER, "Công văn số 279/UBND-LĐTBXH"]


def _output(environment: Mapping[str, str], *typed: str) -> str:
    done = CliRunner().invoke(program(), ["statistics", *typed], env=environment)
    assert done.exit_code == 0, done.output
    return done.output
