"""A place that cannot be written: one sentence with the path and the missing right, and nothing half done."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from dondoc.engine.file_faults import fault_of, unwritable
from dondoc.flows.cli.console import PROBLEMS
from dondoc.flows.cli.program import program
from tests.cli.test_sources import GOOD, HEADING, SELECT
from tests.support.cli_office import Office

ROWS = (HEADING, GOOD.format(1), GOOD.format(2).replace("2015-04-18", "18/4/15", 1))
NOBODY = 65_534


@pytest.fixture
def filled(office: Office, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with the example data; `taken` is a file where a folder is wanted."""
    monkeypatch.chdir(office.folder)
    assert CliRunner().invoke(program(), ["import", "examples"]).exit_code == 0
    Path("taken").write_text("in the way", "utf-8")
    Path("submissions.csv").write_text("\n".join(ROWS), "utf-8")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row.split(","))
    book.save("submissions.xlsx")
    return office.folder


@pytest.mark.parametrize(
    "words",
    [
        ("import", "submissions.csv", "--rejects", "taken/x"),
        ("import", "submissions.xlsx", "--kind", "submissions", "--rejects", "taken/x"),
        ("import", "submissions.csv", "--rejects", "taken"),
        ("form", "all", "--all", "--on", "2015-04-20", "--folder", "taken/x"),
        ("register", "--csv", "taken/x.csv"),
        ("register", "--csv", "nowhere/x.csv"),
        ("backup", "taken/x.db"),
        ("backup", "nowhere/x.db"),
    ],
    ids=" ".join,
)
def test_a_command_says_where_it_cannot_write_and_has_stored_nothing(filled: Path, words: tuple[str, ...]) -> None:
    """No traceback, and the path that is wrong; a row that is good is not in either, if the import failed."""
    ran = CliRunner().invoke(program(), list(words))
    assert (ran.exit_code, type(ran.exception)) == (PROBLEMS, SystemExit), ran.output
    assert words[-1].partition("/")[0] in ran.output
    assert "cơ sở dữ liệu" not in ran.output
    again = CliRunner().invoke(program(), ["import", "submissions.csv", "--rejects", "rejects"])
    assert "thêm 1, sửa 0, giữ nguyên 0, từ chối 1" in again.output, "nothing was stored before"
    assert [path.name for path in filled.iterdir() if path.name.startswith(".")] == []


def test_a_backup_is_for_its_owner_alone(filled: Path) -> None:
    """It holds everything; and no other file is left beside it."""
    assert CliRunner().invoke(program(), ["backup", "kept.db"]).exit_code == 0
    assert stat.S_IMODE((filled / "kept.db").stat().st_mode) == 0o600
    assert [path.name for path in filled.iterdir() if "kept.db" in path.name] == ["kept.db"]


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder of root's that others may enter and read, while this process acts as nobody."""
    if os.geteuid() != 0:
        pytest.skip("only root can act as another")
    with TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "closed").mkdir(mode=0o700)
        (folder / "secret.csv").write_text("x", "utf-8")
        (folder / "secret.csv").chmod(0o600)
        os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(0)


def test_the_missing_right_is_named(as_nobody: Path) -> None:
    """To write into the folder, to read the file, to enter the folder: each for the account that acts."""
    for path, flags, right in (
        (as_nobody / "new.csv", os.O_WRONLY | os.O_CREAT, f"không có quyền ghi vào thư mục {as_nobody}"),
        (as_nobody / "secret.csv", os.O_RDONLY, "không có quyền đọc"),
        (as_nobody / "closed" / "x.csv", os.O_RDONLY, f"không được vào thư mục {as_nobody / 'closed'}"),
    ):
        with pytest.raises(PermissionError) as caught:
            os.open(path, flags)
        assert right in fault_of(caught.value).vi
        assert "tài khoản nobody" in fault_of(caught.value).vi
    fault = unwritable(as_nobody / "a" / "b")
    assert fault is not None
    assert "không có quyền ghi" in fault.vi


def test_doctor_looks_at_the_folders_of_sources(filled: Path) -> None:
    """Links in them, folders that are not there, and a place for rejects that cannot be one."""
    (filled / "in").mkdir()
    (filled / "in" / "units.csv").symlink_to("/etc/passwd")
    (filled / "in" / "da-nhan").symlink_to("/tmp")
    (filled / "var").mkdir(exist_ok=True)
    (filled / "var" / "tu-choi").write_text("in the way", "utf-8")
    drop = "title: {{vi: Chung, en: It}}, folder: {}, stale_after: 2 hours"
    (filled / "rules" / "sources.yaml").write_text(
        f"version: 1\nsources:\n  here: {{{drop.format('in')}}}\n  gone: {{{drop.format('gone')}}}\n"
        f"  other:\n    title: {{vi: Tỉnh, en: Province}}\n    database: {{env: X}}\n    stale_after: 2 hours\n"
        f"    select:\n      submissions: {SELECT}\n",
        "utf-8",
    )
    said = CliRunner().invoke(program(), ["doctor"]).output
    assert "here: có liên kết, sẽ bị bỏ qua (links, which are skipped): units.csv, da-nhan" in said
    assert "gone: gone: không có tệp hoặc thư mục này" in said
    assert "var/tu-choi: var/tu-choi: một phần của đường dẫn là tệp" in said
