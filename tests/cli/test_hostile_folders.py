"""Folders and databases of others: no name, link or address in them stops a night, leads astray or gives away."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from dondoc.engine.domain.terms import SheetKind
from dondoc.flows.cli.console import NEEDS_A_PERSON
from dondoc.flows.cli.program import program
from tests.cli.test_sources import GOOD, HEADING, NOW, SELECT, drop, dropped, inside, pulled, query, submissions
from tests.cli.test_sources import folder as folder  # noqa: PLC0414 - a fixture
from tests.cli.test_sources import here as here  # noqa: PLC0414 - a fixture
from tests.cli.test_sources import town as town  # noqa: PLC0414 - a fixture
from tests.support.cli_office import Office

BAD = GOOD.format(2).replace("2015-04-18", "18/4/15", 1)
NOT_UTF_8 = os.fsdecode(b"submissions-x\xe0.csv")
PERSON = ("Nguyễn Văn Bình", "0912345678")


def test_a_name_that_is_not_utf_8_is_read_and_shown_in_what_can_be_printed(town: Engine, folder: Path) -> None:
    """Its rows are taken, its rejects come back, and all that is stored and said of it is text."""
    dropped(folder, NOT_UTF_8, HEADING, GOOD.format(1), BAD)
    dropped(folder, os.fsdecode(b"submissions-y\xe0.csv"), "rác")
    (made,) = pulled(town, drop())
    assert (made.summed().added, made.summed().rejected, submissions(town)) == (1, 1, ["B1"])
    assert made.summed().given_back == (r"in/tu-choi/submissions-x\xe0.tu-choi.csv",)
    assert [fault.vi.partition(":")[0] for fault in made.faults] == [r"submissions-y\xe0.csv"]
    assert len(inside(folder)) == 3


def test_an_address_that_cannot_be_read_is_a_fault_that_repeats_nothing(town: Engine) -> None:
    """A password with @ and : makes a port that is no number; a byte that is not UTF-8 makes no text at all."""
    asked = query(submissions=SELECT)
    for address in (
        "postgresql://reader:canary@half:canary@127.0.0.1:5432/x",
        "postgresql://reader:canary@canary.invalid/x@127.0.0.1:1/x",
        "postgresql://reader:canary@127.0.0.1:99999/x",
        "postgresql://127.0.0.1:1/canary" + os.fsdecode(b"\xe0"),
        "sqlite:///canary\0.db",
        "sqlite:///canary" + os.fsdecode(b"\xe0"),
    ):
        (made,) = pulled(town, asked, SOURCE=address)
        (fault,) = made.faults
        assert fault.vi.startswith("province: "), address
        assert "canary" not in fault.both(), address
    (made,) = pulled(town, asked, SOURCE="postgresql://reader:canary@half:canary@127.0.0.1:5432/x")
    assert "viết @ thành %40" in made.faults[0].vi


def test_what_a_database_says_of_a_value_is_not_repeated(town: Engine, postgres: Engine) -> None:
    """A cast that fails quotes the cell, on either kind of source."""
    with closing(sqlite3.connect("source.db")) as conn:
        conn.execute("create table reports (ref)")
        conn.execute("insert into reports values (?)", (" ".join(PERSON),))
        conn.commit()
    empty = ", ".join(f"'' as {column}" for column in HEADING.split(",")[1:])
    broken = f"select cast(cast(ref as blob) || x'ff' as text) as ref, {empty} from reports"
    url = postgres.url.set(drivername="postgresql").render_as_string(hide_password=False)
    for select, address in (
        (broken, "sqlite:///source.db"),
        (f"select cast('{' '.join(PERSON)}' as date) as ref", url),
        (f'select ref from "{" ".join(PERSON)}"', url),
    ):
        (made,) = pulled(town, query(submissions=select), SOURCE=address)
        (fault,) = made.faults
        assert fault.vi.startswith("submissions-province: cơ sở dữ liệu không trả lời được"), fault.vi
        assert not any(word in fault.both() for word in PERSON), fault.vi


def test_links_are_left_and_named(town: Engine, folder: Path, tmp_path: Path) -> None:
    """What they point to is neither read nor moved; the files beside them are taken."""
    elsewhere = dropped(tmp_path, "elsewhere.csv", HEADING, GOOD.format(1))
    (folder / "submissions-a.csv").symlink_to(elsewhere)
    (folder / "submissions-b.csv").symlink_to("nowhere.csv")
    dropped(folder, "submissions-c.csv", HEADING, GOOD.format(3))
    (made,) = pulled(town, drop())
    assert [fault.vi.partition(";")[0] for fault in made.faults] == [
        "submissions-a.csv: là liên kết nên bỏ qua",
        "submissions-b.csv: là liên kết nên bỏ qua",
    ]
    assert submissions(town) == ["B3"]
    assert elsewhere.is_file()


@pytest.mark.parametrize("planted", ["tu-choi", "da-nhan"])
def test_a_link_in_the_place_of_our_folder_leads_nowhere(
    town: Engine, folder: Path, tmp_path: Path, planted: str
) -> None:
    """No file of ours is made or moved behind it."""
    (tmp_path / "theirs").mkdir()
    (folder / planted).symlink_to(tmp_path / "theirs", target_is_directory=True)
    dropped(folder, "submissions.csv", HEADING, GOOD.format(1), BAD)
    (made,) = pulled(town, drop())
    assert [f"in/{planted}: là liên kết, không đi theo" in fault.vi for fault in made.faults] == [True]
    assert inside(tmp_path / "theirs") == []
    assert submissions(town) == ([] if planted == "tu-choi" else ["B1"])


def test_names_of_our_files_that_others_made_first_are_not_written_through(town: Engine, folder: Path) -> None:
    """A link under the name of a reject file, or of one that is being written, changes nothing behind it."""
    precious = dropped(folder.parent, "precious.txt", "precious")
    (folder / "tu-choi").mkdir()
    for name in ("submissions.tu-choi.csv", f".submissions.csv.tu-choi.{os.getpid()}"):
        (folder / "tu-choi" / name).symlink_to(precious)
    dropped(folder, "submissions.csv", HEADING, GOOD.format(1), BAD)
    (made,) = pulled(town, drop())
    assert made.summed().given_back == ("in/tu-choi/submissions.tu-choi-2.csv",)
    assert precious.read_text("utf-8") == "precious\n"


def test_a_night_over_a_hostile_folder_is_stored_and_says_which_source(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Degraded, with a line for each source; nothing that its database said is in any of them."""
    monkeypatch.chdir(office.folder)
    (office.folder / "in").mkdir()
    (office.folder / "rules" / "sources.yaml").write_text(
        "version: 1\nsources:\n"
        "  drop:\n    title: {vi: Thư mục, en: Folder}\n    folder: in\n    stale_after: 3 workdays\n"
        "  other:\n    title: {vi: Tỉnh, en: Province}\n    database: {env: SOURCE}\n"
        f"    select:\n      submissions: {SELECT}\n    stale_after: 3 workdays\n",
        "utf-8",
    )
    assert CliRunner().invoke(program(), ["import", "examples"]).exit_code == 0
    dropped(office.folder / "in", NOT_UTF_8, HEADING, GOOD.format(1), BAD, age=timedelta(days=1))
    (office.folder / "in" / "submissions-a.csv").symlink_to("nowhere.csv")
    ran = CliRunner().invoke(
        program(),
        ["nightly", "--plain", "--as-of", f"{NOW:%Y-%m-%d}"],
        env={"SOURCE": "postgresql://reader:canary@half:canary@127.0.0.1:5432/x"},
    )
    assert ran.exit_code == NEEDS_A_PERSON, ran.output
    assert "canary" not in ran.output
    stated = CliRunner().invoke(program(), ["sources"], env={"SOURCE": ""}).output
    assert "submissions-a.csv: là liên kết nên bỏ qua" in stated
    assert "viết @ thành %40" in stated


def test_a_folder_brings_facts_only_unless_it_says_more(town: Engine, folder: Path) -> None:
    """A file of mailboxes, relations or units is refused and named; the facts beside it are taken."""
    box = "ln.ubnd_huyen,working,somebody@example.vn,vi,2015-01-01,"
    dropped(folder, "mailboxes.csv", "unit,role,address,languages,from,until", box)
    dropped(folder, "relations.csv", "unit,other,kind,line,from,until,basis")
    dropped(folder, "units.csv", "id,kind,level,from,until")
    dropped(folder, "submissions.csv", HEADING, GOOD.format(1))
    (made,) = pulled(town, drop())
    assert sorted(fault.vi.partition(";")[0] for fault in made.faults) == [
        f"{kind}.csv: nguồn này không được mang loại «{kind}»" for kind in ("mailboxes", "relations", "units")
    ]
    assert submissions(town) == ["B1"]
    dropped(folder, "mailboxes.csv", "unit,role,address,languages,from,until", box)
    (made,) = pulled(town, drop(kinds=frozenset({SheetKind.MAILBOXES})))
    assert (made.summed().rows, made.faults) == (1, [])


def test_the_operator_reads_that_who_hears_was_changed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mailboxes and relations that came since the last letter, by the file; other data is not worth a line."""
    monkeypatch.chdir(office.folder)
    said = CliRunner()
    assert said.invoke(program(), ["import", "examples"]).exit_code == 0
    first = said.invoke(program(), ["nightly", "--plain", "--as-of", "2015-04-20"]).output
    assert "người nhận thư có thể đã đổi" not in first, "before the first night everything is new"
    Path("mailboxes-2.csv").write_text(
        "unit,role,address,languages,from,until\nln.ubnd_huyen,working,somebody@example.vn,vi,2015-01-01,\n",
        "utf-8",
    )
    assert said.invoke(program(), ["import", "mailboxes-2.csv"]).exit_code == 0
    second = said.invoke(program(), ["nightly", "--plain", "--as-of", "2015-04-21"]).output
    assert "người nhận thư có thể đã đổi: mailboxes-2.csv" in second
    third = said.invoke(program(), ["nightly", "--plain", "--as-of", "2015-04-22"]).output
    assert "người nhận thư có thể đã đổi" not in third
