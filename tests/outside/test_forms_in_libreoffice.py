"""A form through LibreOffice: opened, filled in, saved there, and imported without a touch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dondoc.engine.domain.model import SCALE
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.cli.forms import conftest as offices
from tests.cli.forms.conftest import FormOffice, day

pytestmark = pytest.mark.outside

founded, office = offices.founded, offices.office
PYTHON = "/usr/bin/python3"
FILLING_IN = Path(__file__).with_name("filling_in.py")
BAO_DAI = "ln.ubnd_xa.bao_dai"


def filled(form: Path, *entries: tuple[str, str, str], zone: str = "Asia/Ho_Chi_Minh") -> list[list[str]]:
    """What the cells show after LibreOffice has filled them in and saved the file, on a machine in that zone."""
    target = form.with_suffix(".filled.xlsx")
    done = subprocess.run(
        [PYTHON, str(FILLING_IN), str(form), str(target), json.dumps(entries)],
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    shutil.move(target, form)
    shown: list[list[str]] = json.loads(done.stdout)
    return shown


def test_a_form_filled_in_with_libreoffice_is_imported_as_it_is(office: FormOffice) -> None:
    """Every kind of cell arrives as it was typed; locked cells stay; the file's time is the time of entry."""
    form = office.writes(["submissions", "activities", "readings"])
    before = datetime.now(UTC)
    shown = filled(
        form,
        ("Báo cáo", "F15", "2015-04-17"),
        ("Báo cáo", "G15", "12/BC-UBND"),
        ("Báo cáo", "B15", ""),
        ("Hoạt động", "D2", "broadcast · Phát sóng hằng tháng"),
        ("Hoạt động", "E2", "2015-04-11"),
        ("Hoạt động", "F2", "2"),
        ("Số liệu", "I4", "2.5"),
        ("Số liệu", "J4", "Trạm y tế"),
    )
    assert [cell[0] for cell in shown] == [
        "17/04/2015",
        "12/BC-UBND",
        BAO_DAI,
        "broadcast · Phát sóng hằng tháng",
        "11/04/2015",
        "2",
        "2.5",
        "Trạm y tế",
    ]
    assert [cell[1] for cell in shown] == [cell[0] != BAO_DAI for cell in shown]
    assert "Danh mục" in shown[3][2]
    report = office.brings(form, now=(before + timedelta(days=1)).isoformat())
    assert (report.rejected, report.passed_over) == (0, ())
    assert [(file.kind, file.added) for file in report.files] == [
        ("submissions", 1),
        ("activities", 1),
        ("readings", 1),
    ]
    with reading(office.town.engine) as conn:
        (notified,) = conn.execute(select(t.submission)).all()
        (done,) = conn.execute(select(t.activity)).all()
        (read,) = conn.execute(select(t.reading)).all()
    assert (notified.report, notified.submitted_on, notified.document) == (
        "month-report",
        day("2015-04-17"),
        "12/BC-UBND",
    )
    assert timedelta(minutes=-1) < notified.recorded_at - before < timedelta(minutes=5)
    assert (done.activity, done.done_on, done.quantity) == ("broadcast", day("2015-04-11"), 2)
    assert (read.period, read.value, read.source) == ("2014-Q4", 5 * SCALE // 2, "Trạm y tế")
    _again_and_corrected(office, form)


def _again_and_corrected(office: FormOffice, form: Path) -> None:
    """The same file changes nothing; corrected in LibreOffice it supersedes one row and confirms the others."""
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert {file.unchanged for file in office.brings(form, now=later).files} == {1}
    filled(form, ("Báo cáo", "F15", "2015-04-18"))
    report = office.brings(form, now=later)
    assert [(file.corrected, file.unchanged, file.rejected) for file in report.files] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 1, 0),
    ]
