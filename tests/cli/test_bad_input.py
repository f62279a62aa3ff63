"""Whatever is wrong is said in one sentence with its place and remedy, with the documented exit code."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dondoc.engine.domain.model import ZONE
from tests.support.cli_office import DONDOC, Office

PROBLEMS, WRONG_CALL, NOT_NOW = 1, 2, 4
NIGHT = ("nightly", "--plain", "--as-of", "2015-04-20")


def counts(database: Path) -> dict[str, int]:
    """How many rows the tables of a night hold."""
    with sqlite3.connect(database) as conn:
        return {
            table: conn.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("night", "case_file", "notice", "letter", "event")
        }


def test_broken_yaml(office: Office) -> None:
    """A missing bracket names file, line and column; nothing was read of the data."""
    office.spoil("rules/luc-nam/279-ubnd-ldtbxh.yaml", "[5 workdays, 1 workday]", "[5 workdays, 1 workday")
    ran = office.dondoc(*NIGHT)
    assert ran.code == PROBLEMS
    assert "rules/luc-nam/279-ubnd-ldtbxh.yaml:" in ran.err
    assert counts(office.database) == {"night": 0, "case_file": 0, "notice": 0, "letter": 1, "event": 2}
    # The one letter is the operator's, with the same place.
    assert "vanhanh@example.vn" in office.dondoc("outbox", "list").out


def test_every_problem_at_once(office: Office) -> None:
    """Two mistakes in two files are both named, with what was probably meant."""
    office.spoil("rules/luc-nam/279-ubnd-ldtbxh.yaml", "overdue:", "overdu:")
    office.spoil("rules/tu-mo-rong/1179-cv-hu.yaml", "at_least:", "atleast:")
    ran = office.dondoc("check")
    assert ran.code == PROBLEMS
    assert "«overdue»" in ran.err
    assert "«at_least»" in ran.err


def test_unknown_unit(office: Office) -> None:
    """A rule about a unit that is not in the data names the line and a likely unit, before anything is judged."""
    office.holds_the_examples()
    office.spoil("rules/binh-phuoc/bao-ve-tre-em-2019.yaml", "units: [bp.so_ldtbxh]", "units: [bp.so_ldtbx]")
    ran = office.dondoc(*NIGHT)
    assert ran.code == PROBLEMS
    assert "rules/binh-phuoc/bao-ve-tre-em-2019.yaml:" in ran.err
    assert "bp.so_ldtbxh" in ran.err
    assert counts(office.database) == {"night": 0, "case_file": 0, "notice": 0, "letter": 1, "event": 16}


def test_cycle_in_the_chart(office: Office) -> None:
    """Rows that would run in a circle are refused and given back; the chart without them stands."""
    with (office.folder / "examples/relations.csv").open("a", encoding="utf-8") as file:
        file.write("bg.ubnd_tinh,ln.ubnd_huyen,parent,government,2010-01-01,2012-12-31,\n")
        file.write("tw.chinh_phu,bg.ubnd_tinh,parent,government,2011-01-01,2012-12-31,\n")
    ran = office.dondoc("import", "examples")
    assert ran.code == PROBLEMS
    assert "vòng lặp" in ran.err or "cùng lúc" in ran.err
    given_back = (office.folder / "examples/relations.tu-choi.csv").read_text("utf-8-sig")
    assert "bg.ubnd_tinh,ln.ubnd_huyen,parent" in given_back
    assert "tw.chinh_phu,bg.ubnd_tinh,parent" in given_back
    with sqlite3.connect(office.database) as conn:
        early = conn.execute("select count(*) from relation where valid_to = '2013-01-01'").fetchone()[0]
        assert (conn.execute("select count(*) from unit").fetchone()[0], early) == (201, 0)


def test_mailbox_missing(office: Office) -> None:
    """An office without a mailbox is a line for the operator and no error; its letter goes to the body above."""
    office.holds_the_examples()
    ran = office.dondoc(*NIGHT)
    assert "ln.ubnd_xa.luc_son" in ran.out
    assert ran.code == 0


def test_smtp_down(office: Office) -> None:
    """Nobody answers at the mail server: said so, and the letters wait."""
    office.holds_the_examples()
    night = office.dondoc("nightly", "--plain", "--as-of", "2026-11-20")
    assert night.code == 0
    office.owes_a_letter()
    ran = office.dondoc("deliver", "--plain", smtp_tls="plain", smtp_port="9")
    assert ran.code == NOT_NOW
    assert "Không kết nối được máy chủ thư" in ran.out
    with sqlite3.connect(office.database) as conn:
        # The others are the operator's: of that night's morning, too old to be sent, and that today's has not run.
        states = [state for (state,) in conn.execute("select state from letter")]
        assert sorted(states) == ["expired", "ready", "ready"]


def test_a_delivery_before_the_first_night_has_nothing_to_send(office: Office) -> None:
    """It writes, so it makes the database as a night would."""
    ran = office.dondoc("deliver", "--plain", smtp_tls="plain")
    assert (ran.code, ran.err) == (0, "")
    assert counts(office.database)["letter"] == 0


def test_database_locked(office: Office) -> None:
    """Another process holds the database: said so after the wait, nothing half-written."""
    office.holds_the_examples()
    conn = sqlite3.connect(office.database, isolation_level=None)
    conn.execute("BEGIN IMMEDIATE")
    try:
        ran = office.dondoc(*NIGHT, database_wait="1")
    finally:
        conn.execute("ROLLBACK")
        conn.close()
    assert ran.code == NOT_NOW
    assert "đang bị tiến trình khác khóa" in ran.err
    assert counts(office.database)["night"] == 0


def test_database_not_writable(office: Office) -> None:
    """A database that may only be read is named with the remedy, and nothing is lost."""
    office.holds_the_examples()
    with (office.folder / "examples/activities.csv").open("a", encoding="utf-8") as file:
        file.write("X-1,ln.ubnd_xa.bao_dai,action-month-event,2015-05-20,1,2015-05-20T10:00\n")
    ran = office.dondoc("import", "examples", database=f"sqlite:///file:{office.database}?mode=ro&uri=true")
    assert ran.code == NOT_NOW
    assert "quyền ghi" in ran.err


def test_database_without_a_folder(office: Office) -> None:
    """A database that cannot be made is said to be out of reach."""
    (office.folder / "file").write_text("")
    ran = office.dondoc(*NIGHT, database=f"sqlite:///{office.folder}/file/dondoc.db")
    assert ran.code == NOT_NOW
    assert "file/dondoc.db" in ran.err


def test_uncovered_year(office: Office) -> None:
    """A night outside the calendar is an error, not a guess."""
    office.holds_the_examples()
    ran = office.dondoc("nightly", "--plain", "--as-of", "2029-01-02", "--yes-future")
    assert ran.code == PROBLEMS
    assert "rules/calendar.yaml" in ran.err
    assert "31/12/2027" in ran.err
    assert counts(office.database)["night"] == 0


def test_bad_row(office: Office) -> None:
    """One bad row is named with its place; all the others are taken, and again they change nothing."""
    with (office.folder / "examples/submissions.csv").open("a", encoding="utf-8") as file:
        file.write("X-1,ln.ubnd_xa.bao_dai,child-protection,2015-13-01,12/BC,2015-04-20T10:00,\n")
        file.write("X-2,ln.khong_co,child-protection,2015-04-01,12/BC,2015-04-20T10:00,\n")
    ran = office.dondoc("import", "examples")
    assert ran.code == PROBLEMS
    assert "submissions.csv:" in ran.err
    assert "submitted_on «2015-13-01»" in ran.err
    assert "unit «ln.khong_co»" in ran.err
    again = office.dondoc("import", "examples")
    assert "thêm 0, sửa 0" in again.out
    assert "thêm 1" not in again.out


def test_wrong_setting(office: Office) -> None:
    """A setting nobody knows is a wrong call, and the known ones are listed."""
    ran = office.dondoc("status", databse="sqlite:///x.db")
    assert ran.code == WRONG_CALL
    assert "DONDOC_DATABSE" in ran.err
    assert "database" in ran.err


def test_a_night_in_the_past(office: Office) -> None:
    """A night before the latest is refused; the same night again is found and changes nothing."""
    office.holds_the_examples()
    office.dondoc(*NIGHT)
    before = counts(office.database)
    again = office.dondoc(*NIGHT)
    assert again.code == 0
    assert "đã chạy trước đó" in again.out
    past = office.dondoc("nightly", "--plain", "--as-of", "2015-04-19")
    assert past.code == WRONG_CALL
    assert counts(office.database) == before


def test_a_night_before_its_hour_is_remarked_on(office: Office) -> None:
    """It is judged as asked, with a word about what will not be in it; of a night whose 02:00 has come no word."""
    office.holds_the_examples()
    assert "trước 02:00" not in office.dondoc(*NIGHT).err
    tomorrow = datetime.now(ZONE).date() + timedelta(days=1)
    ran = office.dondoc("nightly", "--plain", "--no-catch-up", "--as-of", tomorrow.isoformat())
    assert ran.code in {0, 3}
    assert "trước 02:00 của nó" in ran.err
    assert "không được xét" in ran.err


def loaded(office: Office, words: str, of: str) -> list[str]:
    """Which of these modules a command has loaded when it ends."""
    script = (
        f"import sys; from dondoc.flows.cli.program import main; sys.argv = ['dondoc', {words!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print(*(name for name in {of!r}.split() if name in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=office.folder, capture_output=True, text=True, check=True
    )
    return ran.stdout.splitlines()[-1].split()


@pytest.mark.parametrize(
    ("with_data", "heavy"),
    [
        pytest.param(
            False,
            "prefect numpy distributed sqlalchemy jinja2 openpyxl durable_rules_engine rich ssl asyncio "
            "prometheus_client opentelemetry holidays.countries dondoc.flows.data.importer",
            id="rules",
        ),
        pytest.param(
            True,
            "prefect numpy distributed jinja2 openpyxl durable_rules_engine prometheus_client opentelemetry",
            id="rules and a database",
        ),
    ],
)
def test_a_check_loads_only_what_it_needs(office: Office, heavy: str, with_data: bool) -> None:  # noqa: FBT001
    """An author checks after every change: without data neither database nor letters are loaded, Prefect never."""
    if with_data:
        office.holds_the_examples()
    assert not loaded(office, "check", heavy)


def test_help_answers_at_once(office: Office) -> None:
    """Asking for help starts neither Prefect nor the database."""
    assert not loaded(office, "--help", "prefect sqlalchemy numpy pydantic prometheus_client opentelemetry")
    assert DONDOC.exists()
