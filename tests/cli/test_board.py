"""`dondoc board`, and the pages after a night: what is said, and that a letter is never lost for them."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import select

from dondoc.engine.domain.terms import NightState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from tests.support.cli_office import Office
from tests.support.town import ROOT

NIGHT = ("nightly", "--plain", "--as-of", "2015-04-20")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A working folder with the example data."""
    copytree(ROOT / "rules", tmp_path / "rules")
    made = Office(tmp_path)
    made.holds_the_examples()
    return made


def stored(office: Office) -> tuple[NightState, str, int]:
    """How the night ended, its report, and the number of its letters."""
    engine = connect(f"sqlite:///{office.database}")
    with reading(engine) as conn:
        state, summary = conn.execute(select(t.night.c.state, t.night.c.summary)).one()
        letters = len(conn.execute(select(t.letter.c.id)).all())
    engine.dispose()
    return state, summary, letters


def test_the_command_names_the_first_page(office: Office) -> None:
    """Which is there, and says what is open."""
    assert office.dondoc(*NIGHT).code == 0
    ran = office.dondoc("board", "--out", "var/board")
    first = office.folder / "var" / "board" / "index.html"
    assert ran.code == 0, ran.err
    assert ran.out.strip().endswith(f"Trang đầu: {first.as_uri()}")
    assert "09 hồ sơ đang mở" in first.read_text("utf-8")
    told = json.loads(office.dondoc("board", "--out", "var/board", "--json").out)
    assert told["first"].endswith("index.html")
    assert told["files"] == sum(one.is_file() for one in first.parent.rglob("*"))


def test_without_a_database_the_pages_say_that_no_night_has_run(tmp_path: Path) -> None:
    """And no database is made."""
    copytree(ROOT / "rules", tmp_path / "rules")
    office = Office(tmp_path)
    assert office.dondoc("board", "--out", "board").code == 0
    assert "Chưa có đêm nào được xét." in (tmp_path / "board" / "index.html").read_text("utf-8")
    assert not office.database.exists()


def test_a_folder_of_somebody_else_is_refused_in_a_sentence(office: Office) -> None:
    """With exit code 2, what to do, and nothing lost."""
    mine = office.folder / "cong-van"
    mine.mkdir()
    (mine / "1.docx").write_text("mine")
    ran = office.dondoc("board", "--out", "cong-van")
    assert ran.code == 2
    assert "chọn một thư mục mới" in ran.err
    assert "Traceback" not in ran.err
    assert [one.name for one in mine.iterdir()] == ["1.docx"]


def test_every_night_writes_the_pages_where_a_setting_says_so(office: Office) -> None:
    """And nowhere otherwise; a night that has run before writes them again."""
    folder = office.folder / "var" / "board"
    assert office.dondoc(*NIGHT, board_folder="var/board").code == 0
    assert "Đêm 20/04/2015" in (folder / "index.html").read_text("utf-8")
    (folder / "index.html").write_text("spoilt")
    assert office.dondoc(*NIGHT, board_folder="var/board").code == 0
    assert "Đêm 20/04/2015" in (folder / "index.html").read_text("utf-8")


def test_without_the_setting_no_pages_are_written(office: Office) -> None:
    """The board is off by default."""
    assert office.dondoc(*NIGHT).code == 0
    assert [one.name for one in (office.folder / "var").iterdir() if "board" in one.name] == []


def test_pages_that_cannot_be_written_degrade_the_night_and_lose_no_letter(office: Office) -> None:
    """The night says why and what to do, its letters are those of any night, and its log is in order."""
    (office.folder / "var" / "board").mkdir()
    (office.folder / "var" / "board" / "mine.txt").write_text("mine")
    ran = office.dondoc(*NIGHT, board_folder="var/board")
    assert ran.code == 3
    (line,) = [one for one in ran.out.splitlines() if "các trang theo dõi không ghi được" in one]
    # Each half says it once, in its language.
    assert (line.count("chọn một thư mục mới"), line.count("choose a new one")) == (1, 1)
    state, summary, letters = stored(office)
    assert state is NightState.DEGRADED
    assert "các trang theo dõi không ghi được" in summary
    # Nine communes, and the operator.
    assert letters == 10
    assert "các trang theo dõi không ghi được" in office.dondoc("status").out
    assert office.dondoc("audit", "verify").code == 0
    # Once repaired, the same call writes the pages, and judges and sends nothing twice.
    (office.folder / "var" / "board" / "mine.txt").unlink()
    assert office.dondoc(*NIGHT, board_folder="var/board").code == 0
    assert "Đêm 20/04/2015" in (office.folder / "var" / "board" / "index.html").read_text("utf-8")
    assert stored(office)[2] == 10
