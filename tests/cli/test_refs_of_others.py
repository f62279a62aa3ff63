"""Refs of other units: offices that number their rows from 1 never overwrite each other's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.sources.reading.rejects import RejectFiles
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.intake.kinds import KINDS
from dondoc.flows.data.import_report import ImportReport
from dondoc.flows.data.importer import bring_in
from tests.cli.test_sources import NOW, pulled, query
from tests.cli.test_sources import here as here  # noqa: PLC0414 - a fixture
from tests.cli.test_sources import town as town  # noqa: PLC0414 - a fixture

A, B = "ln.ubnd_xa.bao_dai", "ln.ubnd_xa.binh_son"
ROWS = {
    "submissions": (
        "ref,unit,report,submitted_on,recorded_at",
        "{},{},child-protection,2015-04-1{n},2015-04-1{n}T10:00",
    ),
    "activities": (
        "ref,unit,activity,done_on,quantity,recorded_at",
        "{},{},broadcast,2015-04-1{n},1,2015-04-1{n}T10:00",
    ),
    "readings": (
        "ref,unit,indicator,first_day,last_day,value,recorded_at",
        "{},{},child-injury,2014-0{n}-01,2014-0{n}-28,{n},2015-04-1{n}T10:00",
    ),
    "tasks": (
        "ref,unit,task,title,title_en,assigned_on,due,due_kind,recorded_at",
        "{},{},assigned,Việc,Work,2015-04-01,2015-05-01,by,2015-04-1{n}T10:00",
    ),
}


def brought(town: Engine, sheet: str, *rows: tuple[str, str, int], unit_changes: bool = False) -> ImportReport:
    """What an import of rows says; each is a ref, a unit, and a number that stands for its values and its time."""
    heading, row = ROWS[sheet]
    path = Path(f"{sheet}.csv")
    path.write_text("\n".join([heading, *(row.format(ref, unit, n=n) for ref, unit, n in rows)]) + "\n", "utf-8")
    return bring_in(town, path, NOW, give_back=RejectFiles(), unit_changes=unit_changes)


def current(town: Engine, sheet: str) -> list[str]:
    """The units of the current rows."""
    table = KINDS[sheet].table
    with reading(town) as conn:
        rows = select(t.unit.c.id).join(table, table.c.unit_no == t.unit.c.no)
        return list(conn.scalars(rows.where(table.c.superseded_at.is_(None)).order_by(t.unit.c.id)))


@pytest.mark.parametrize("sheet", ROWS)
def test_a_row_never_overwrites_another_units(town: Engine, sheet: str) -> None:
    """Later or not, in one file or in two: it is refused with both units named, and the first stands."""
    assert brought(town, sheet, ("1", A, 1)).taken[sheet].added == 1
    report = brought(town, sheet, ("1", B, 2), ("2", B, 3), ("2", A, 4))
    assert (report.taken[sheet].added, report.taken[sheet].corrected, report.rejected) == (1, 0, 2)
    assert [(reject.line, reject.column) for reject in report.rejects] == [(2, "ref"), (4, "ref")]
    for reject in report.rejects:
        assert all(unit in said for unit in (A, B) for said in (reject.vi, reject.en))
    assert f"«{B}-1»" in report.rejects[0].vi
    assert current(town, sheet) == [A, B]


def test_a_wrong_unit_is_corrected_when_it_is_asked_for(town: Engine) -> None:
    """Both versions are kept; without being asked for it is refused."""
    brought(town, "submissions", ("1", A, 1))
    assert brought(town, "submissions", ("1", B, 2)).rejected == 1
    report = brought(town, "submissions", ("1", B, 2), unit_changes=True)
    assert (report.taken["submissions"].corrected, report.rejected) == (1, 0)
    assert current(town, "submissions") == [B]


def test_two_databases_that_number_from_1_do_not_overwrite_each_other(town: Engine) -> None:
    """What the second brings under the first one's ids is given back."""
    selected = (
        "select 1 as ref, '{}' as unit, 'child-protection' as report, '2015-04-1{n}' as submitted_on, "
        "'2015-04-1{n}T10:00' as recorded_at"
    )
    with closing(sqlite3.connect("source.db")):
        feeds = [query(**{SheetKind.SUBMISSIONS: selected.format(unit, n=n)}) for unit, n in ((A, 1), (B, 2))]
    first, second = pulled(town, *feeds, SOURCE="sqlite:///source.db")
    assert (first.summed().added, second.summed().rejected, second.summed().corrected) == (1, 1, 0)
    assert current(town, "submissions") == [A]
