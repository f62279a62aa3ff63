"""Attachments are kept as they came, for some days, within bounds, and for this account alone."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from dondoc.flows.records.attachments import KEPT_FOR, Attachments
from dondoc.notifications.replies.mail_reader import MailFile
from tests.support.town import at

NOW = at("2026-05-05T09:00")


def file(content: bytes, name: str = "../../Danh sách.zip") -> MailFile:
    """An attachment of a stranger."""
    return MailFile(name, len(content), sha256(content).hexdigest(), content)


def test_a_file_is_kept_under_the_number_of_its_answer(tmp_path: Path) -> None:
    """Whatever its sender called it; nobody else may read it, and a second reading keeps it once."""
    kept = Attachments(tmp_path / "var" / "dinh-kem")
    assert [kept.keep(7, [file(b"a"), file(b"b")], NOW) for _ in range(2)] == [2, 2]
    names = sorted(path.name for path in kept.folder.iterdir())
    assert names == [f"7-1-{sha256(b'a').hexdigest()[:12]}", f"7-2-{sha256(b'b').hexdigest()[:12]}"]
    assert (kept.folder / names[0]).read_bytes() == b"a"
    assert (kept.folder.stat().st_mode & 0o777, (kept.folder / names[0]).stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize(
    ("limits", "sizes", "kept"),
    [
        pytest.param({"largest": 3}, [3, 4, 1], 2, id="one that is too large"),
        pytest.param({"most_bytes": 5}, [3, 3, 2], 2, id="more than there is room for"),
        pytest.param({"most_files": 2}, [1, 1, 1], 2, id="too many"),
    ],
)
def test_what_does_not_fit_is_not_kept(
    tmp_path: Path, limits: dict[str, int], sizes: list[int], kept: int
) -> None:
    """The others are."""
    files = [file(bytes([number]) * size) for number, size in enumerate(sizes)]
    assert Attachments(tmp_path / "x", **limits).keep(1, files, NOW) == kept


def test_what_was_kept_for_its_time_goes_and_nothing_else(tmp_path: Path) -> None:
    """A folder that holds something of others keeps that."""
    kept = Attachments(tmp_path / "x")
    kept.keep(1, [file(b"old")], NOW - KEPT_FOR - timedelta(minutes=1))
    kept.keep(2, [file(b"new")], NOW - KEPT_FOR)
    other = kept.folder / "dondoc.db"
    other.touch()
    assert kept.remove_old(NOW) == 1
    assert sorted(path.name.partition("-")[0] for path in kept.folder.iterdir()) == ["2", "dondoc.db"]
    assert Attachments(tmp_path / "nowhere").remove_old(NOW) == 0


def test_neither_a_shared_folder_nor_a_link_is_written_to(tmp_path: Path) -> None:
    """A link in the place of a file stays as it is."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    with pytest.raises(PermissionError):
        Attachments(shared).keep(1, [file(b"a")], NOW)
    kept = Attachments(tmp_path / "own")
    kept.folder.mkdir(0o700)
    (tmp_path / "victim").write_text("as it was")
    (kept.folder / f"1-1-{sha256(b'a').hexdigest()[:12]}").symlink_to(tmp_path / "victim")
    kept.keep(1, [file(b"a")], NOW)
    assert (tmp_path / "victim").read_text() == "as it was"
