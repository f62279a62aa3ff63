"""Sources: what is pulled from databases and folders, what is left, what is refused, and what is said of it."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from typer.testing import CliRunner, Result

from dondoc.engine.domain.data_sources import Address, DataSource, DropFolder, Patience, Queries, news_of
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.intake import pulls
from dondoc.flows.cli.program import program
from dondoc.flows.data.pull import Pulled, pull
from dondoc.flows.night import steps
from tests.support.cli_office import Office
from tests.support.town import EXAMPLES, Town, rules

NOW = datetime(2015, 4, 20, 2, tzinfo=UTC)
HEADING = "ref,unit,report,submitted_on,document,recorded_at,task"
GOOD = "B{},ln.ubnd_xa.bao_dai,child-protection,2015-04-18,12/BC,2015-04-18T10:00,"
SELECT = "select ref, unit, report, submitted_on, document, recorded_at from reports"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def town(database: Engine) -> Engine:
    """The example units, on either database."""
    Town(database).founded_here()
    return database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty drop folder."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def dropped(folder: Path, name: str, *lines: str, age: timedelta = timedelta(hours=1)) -> Path:
    """A file that somebody put there so long ago."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    written = (NOW - age).timestamp()
    os.utime(path, (written, written))
    return path


def drop(name: str = "drop", path: str = "in", **more: object) -> DataSource:
    """A folder as a source."""
    origin = replace(DropFolder(path, None, None), **more)
    return DataSource(
        name, Text("Thư mục", "Folder"), origin, Patience(3, True), "vn", None, {}, "sources.yaml:3:3"
    )


def query(**selects: str) -> DataSource:
    """The other system as a source; its address stands in SOURCE."""
    statements = {SheetKind(kind): select for kind, select in selects.items()}
    origin = Queries(Address("SOURCE", None), statements, 60)
    news = dict.fromkeys(news_of(origin))
    return DataSource("province", Text("Tỉnh", "Province"), origin, Patience(36, False), None, None, news, "s:3:3")


def other_system(*rows: Sequence[object]) -> dict[str, str]:
    """A database of somebody else's, and the environment that says where it is."""
    with closing(sqlite3.connect("source.db")) as conn:
        conn.execute("create table if not exists reports (ref, unit, report, submitted_on, document, recorded_at)")
        conn.execute("delete from reports")
        conn.executemany("insert into reports values (?, ?, ?, ?, ?, ?)", rows)
        conn.commit()
    return {"SOURCE": "sqlite:///source.db"}


def row(ref: str, unit: str = "ln.ubnd_xa.bao_dai", on: str = "2015-04-18") -> tuple[str, ...]:
    """One report there."""
    return ref, unit, "child-protection", on, "12/BC", "2015-04-18T10:00"


def with_feeds(*feeds: DataSource) -> RuleBook:
    """The rules of the project with these sources."""
    return replace(rules(), sources=feeds)


def pulled(town: Engine, *feeds: DataSource, at: datetime = NOW, **environment: str) -> list[Pulled]:
    """One pull."""
    return list(pull(town, with_feeds(*feeds), environment, lambda: at))


def submissions(town: Engine) -> list[str]:
    """The refs that are stored."""
    with reading(town) as conn:
        return list(conn.scalars(select(t.submission.c.ref).order_by(t.submission.c.ref)))


def inside(folder: Path) -> list[str]:
    """Everything below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_of_a_folder_is_taken_once(town: Engine, folder: Path) -> None:
    """And lies among those taken; the next pull finds nothing."""
    dropped(folder, "submissions-t4.csv", HEADING, GOOD.format(1))
    (first,) = pulled(town, drop())
    assert (first.summed().added, first.faults) == (1, [])
    assert inside(folder) == ["da-nhan/submissions-t4.csv"]
    (second,) = pulled(town, drop())
    assert (second.summed().rows, second.faults) == (0, [])
    assert submissions(town) == ["B1"]


def test_a_name_that_was_taken_before_is_kept_beside_the_first(town: Engine, folder: Path) -> None:
    """Offices send the same name every month."""
    for number in (1, 2):
        dropped(folder, "submissions.csv", HEADING, GOOD.format(number))
        pulled(town, drop())
    assert inside(folder) == ["da-nhan/submissions-2.csv", "da-nhan/submissions.csv"]
    assert submissions(town) == ["B1", "B2"]


def test_a_file_that_is_still_being_written_is_left(town: Engine, folder: Path) -> None:
    """Until nobody has written to it for five minutes; a clock ahead of ours keeps nothing out for ever."""
    dropped(folder, "submissions.csv", HEADING, GOOD.format(1), age=timedelta(minutes=4))
    dropped(folder, "submissions-3.csv", HEADING, GOOD.format(3), age=timedelta(hours=-7))
    (made,) = pulled(town, drop())
    assert (made.left, submissions(town)) == (["submissions.csv"], ["B3"])
    pulled(town, drop(), at=NOW + timedelta(minutes=1))
    assert submissions(town) == ["B1", "B3"]


def test_a_broken_file_is_named_and_stops_nothing_else(town: Engine, folder: Path) -> None:
    """It lies among those refused, and is not named again."""
    dropped(folder, "submissions-a.csv", "rác")
    dropped(folder, "submissions-b.csv", HEADING, GOOD.format(1))
    dropped(folder, "khong-ro.csv", "a,b,c", "1,2,3")
    (made,) = pulled(town, drop(), drop("other", "no-such-folder"))[:1]
    assert [fault.vi.partition(":")[0] for fault in made.faults] == ["submissions-a.csv", "khong-ro.csv"]
    assert inside(folder) == ["da-nhan/submissions-b.csv", "tu-choi/khong-ro.csv", "tu-choi/submissions-a.csv"]
    assert submissions(town) == ["B1"]
    assert pulled(town, drop())[0].faults == []


def test_bad_rows_of_a_dropped_file_are_given_back(town: Engine, folder: Path) -> None:
    """Beside the folder's refused files, as an import does it."""
    dropped(folder, "submissions.csv", HEADING, GOOD.format(1), GOOD.format(2).replace("2015-04-18", "18/4/15", 1))
    (made,) = pulled(town, drop())
    assert made.summed().given_back == ("in/tu-choi/submissions.tu-choi.csv",)
    assert inside(folder) == ["da-nhan/submissions.csv", "tu-choi/submissions.tu-choi.csv"]


def test_files_are_taken_in_the_order_in_which_sheets_build_on_each_other(database: Engine, folder: Path) -> None:
    """Units before what units did, whatever the alphabet says."""
    for name in ("activities", "units", "submissions"):
        dropped(folder, f"{name}.csv", *(EXAMPLES / f"{name}.csv").read_text("utf-8").splitlines())
    (made,) = pulled(database, drop(kinds=frozenset(SheetKind)), at=datetime(2030, 1, 1, tzinfo=UTC))
    assert [file.kind for report in made.reports for file in report.files] == [
        "units",
        "submissions",
        "activities",
    ]
    assert (made.summed().rejected, made.faults) == (0, [])


def test_what_its_names_do_not_say_is_declared(town: Engine, folder: Path) -> None:
    """As with `dondoc import --kind`, `--encoding`, `--numbers`."""
    path = dropped(folder, "so-lieu.csv", HEADING, GOOD.format(1).replace("12/BC", "Số 12"))
    path.write_bytes(path.read_text("utf-8").encode("cp1258", "replace"))
    os.utime(path, (0, 0))
    (made,) = pulled(town, drop(kind=SheetKind.SUBMISSIONS, encoding="windows-1258"))
    assert (made.summed().added, made.faults) == (1, [])


def test_a_folder_that_is_not_there_is_a_fault(town: Engine) -> None:
    """A share that was not mounted is not an empty folder."""
    (made,) = pulled(town, drop(path="no-such-folder"))
    assert [fault.vi for fault in made.faults] == [
        "no-such-folder: không đọc được thư mục: không có tệp hoặc thư mục này; xem lại đường dẫn (và xem kết nối)"
    ]


def test_a_database_is_read_through_the_same_intake(town: Engine) -> None:
    """Good rows land, bad ones are given back in a file that imports again; the same again changes nothing."""
    where = other_system(row("P1"), row("P2", "ln.ubnd_xa.nope"), row("P3", on="18/4/15"))
    (made,) = pulled(town, query(submissions=SELECT), **where)
    assert (made.summed().added, made.summed().rejected, made.faults) == (1, 2, [])
    (back,) = made.summed().given_back
    assert back == "var/tu-choi/submissions-province.tu-choi.csv"
    said = Path(back).read_text("utf-8-sig")
    assert "không có đơn vị này; bổ sung vào units.csv trước" in said
    assert "năm phải viết đủ bốn chữ số" in said
    (again,) = pulled(town, query(submissions=SELECT), **where)
    assert (again.summed().unchanged, again.summed().given_back) == (1, (back,))


def test_rejects_that_cannot_be_written_are_a_fault_and_not_the_end(town: Engine) -> None:
    """Nothing of that source is stored, so that no row is lost; without rejects no folder is made at all."""
    pulled(town, query(submissions=SELECT), **other_system(row("P1")))
    assert not Path("var/tu-choi").exists()
    Path("var").mkdir(exist_ok=True)
    Path("var/tu-choi").write_text("in the way", "utf-8")
    where = other_system(row("P2"), row("P3", "ln.ubnd_xa.nope"))
    (made,) = pulled(town, query(submissions=SELECT), **where)
    assert [fault.vi.partition(":")[0] for fault in made.faults] == ["không đọc hoặc không ghi được tệp"]
    assert submissions(town) == ["P1"]


def test_a_corrected_row_of_a_database_supersedes(town: Engine) -> None:
    """Both versions are kept."""
    pulled(town, query(submissions=SELECT), **other_system(row("P1")))
    (made,) = pulled(
        town, query(submissions=SELECT), **other_system((*row("P1", on="2015-04-17")[:5], "2015-04-19T08:00"))
    )
    assert made.summed().corrected == 1
    with reading(town) as conn:
        assert conn.scalar(select(func.count()).select_from(t.submission)) == 2


@pytest.mark.parametrize(
    ("select_", "said"),
    [
        ("select missing from reports", "province: cơ sở dữ liệu không trả lời được: no such column: missing"),
        ("select ref from reports", "thiếu cột"),
        (f"{SELECT} union all select 1, 2, 3, 4, 5", "cơ sở dữ liệu không trả lời được"),
        (SELECT.replace("document", "document, 'Lê Văn A' as ho_ten"), "dữ liệu cá nhân"),
    ],
    ids=["a column that is not there", "a column too few", "no SQL", "a column of names"],
)
def test_a_select_that_cannot_be_used_takes_nothing(town: Engine, select_: str, said: str) -> None:
    """Said with the name of the source, and nothing of it is stored."""
    (made,) = pulled(town, query(submissions=select_), **other_system(row("P1")))
    (fault,) = made.faults
    assert said in fault.vi
    assert "province" in fault.vi
    assert submissions(town) == []


def test_an_address_that_is_nowhere_is_a_fault(town: Engine) -> None:
    """Neither in the environment nor in the file."""
    origin = Queries(Address(None, "address.txt"), {SheetKind.SUBMISSIONS: SELECT}, 60)
    by_file = replace(query(), origin=origin)
    assert [one.faults[0].vi for one in pulled(town, query(submissions=SELECT), by_file)] == [
        "province: chưa có địa chỉ trong biến môi trường SOURCE",
        "province: chưa có địa chỉ trong tệp address.txt",
    ]
    Path("address.txt").write_text(f"{other_system(row('P1'))['SOURCE']}\n", "utf-8")
    assert pulled(town, by_file)[0].summed().added == 1


def test_sources_are_pulled_in_the_order_of_the_rules_each_by_itself(town: Engine, folder: Path) -> None:
    """One that fails is told, and the next is brought in."""
    dropped(folder, "submissions.csv", HEADING, GOOD.format(1))
    first, second = pulled(town, query(submissions=SELECT), drop())
    assert (len(first.faults), second.summed().added) == (1, 1)


def statuses(town: Engine, *feeds: DataSource) -> Iterator[tuple[datetime | None, int, int]]:
    """What is remembered of each: when it was heard, how many rows, how many faults since."""
    with reading(town) as conn:
        for one in pulls.source_statuses(conn, feeds, rules().calendars):
            yield one.at, one.rows, len(one.faults)


def test_only_rows_are_word_of_a_source(town: Engine, folder: Path) -> None:
    """An empty folder, an empty table, refused rows and a failure leave the last word standing."""
    feeds = drop(), query(submissions=SELECT)
    assert list(statuses(town, *feeds)) == [(None, 0, 0), (None, 0, 0)]
    dropped(folder, "submissions.csv", HEADING, GOOD.format(1))
    pulled(town, *feeds, **other_system(row("P1"), row("P2")))
    assert list(statuses(town, *feeds)) == [(NOW, 1, 0), (NOW, 2, 0)]
    for minutes, rows in enumerate(([], [row("P3", "ln.ubnd_xa.nope")]), 1):
        pulled(town, *feeds, at=NOW + timedelta(minutes=minutes), **other_system(*rows))
        assert list(statuses(town, *feeds)) == [(NOW, 1, 0), (NOW, 2, 0)]
    pulled(town, *feeds, at=NOW + timedelta(minutes=9))
    assert list(statuses(town, *feeds)) == [(NOW, 1, 0), (NOW, 2, 1)]


def dondoc(*words: str) -> Result:
    """A command, in this process."""
    return CliRunner().invoke(program(words), words)


def test_the_commands_list_pull_and_list_again(office: Office, folder: Path) -> None:
    """Exit 3 while a source is stale or fails, 1 for rejected rows, 0 when all is well."""
    office.holds_the_examples()
    Path("rules/sources.yaml").write_text(
        "version: 1\nsources:\n  drop:\n    title: {vi: Thư mục chung, en: The folder}\n"
        "    folder: in\n    stale_after: 3 workdays\n",
        "utf-8",
    )
    never = dondoc("sources")
    assert (never.exit_code, "chưa có dữ liệu lần nào" in never.output) == (3, True)
    dropped(folder, "submissions.csv", HEADING, GOOD.format(1))
    brought = dondoc("pull")
    assert (brought.exit_code, "thêm 1, sửa 0, giữ nguyên 0" in brought.output) == (0, True)
    fresh = dondoc("sources", "--json")
    (said,) = json.loads(fresh.output)
    assert (fresh.exit_code, said["rows"], said["stale"], said["faults"]) == (0, 1, False, [])
    dropped(folder, "submissions.csv", HEADING, GOOD.format(2).replace("bao_dai", "nope"))
    assert dondoc("pull").exit_code == 1
    dropped(folder, "submissions.csv", "rác")
    failed = dondoc("pull", "--json")
    assert (failed.exit_code, len(json.loads(failed.output)[0]["faults"])) == (3, 1)
    assert dondoc("sources").exit_code == 3


def test_a_pull_is_logged_with_what_it_brought(
    town: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One event for each source, in numbers; the log names no row."""
    caplog.set_level(logging.INFO, "dondoc")
    dropped(
        folder, "submissions.csv", HEADING, GOOD.format(1), GOOD.format(2), GOOD.format(3).replace("2015", "x")
    )
    steps.pull(town, with_feeds(query(submissions=SELECT), drop()), {}, lambda: NOW)
    assert [record.fields for record in caplog.records if record.getMessage() == "source"] == [  # type: ignore[attr-defined]
        {"source": "province", "rows": 0, "rejected": 0, "faults": 1},
        {"source": "drop", "rows": 2, "rejected": 1, "faults": 0},
    ]
