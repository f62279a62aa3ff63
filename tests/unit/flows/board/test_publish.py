"""A folder of pages is replaced as a whole: old or new, never half, and nothing else is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dondoc.engine.file_faults import FileFault
from dondoc.flows.board.publish import BoardBusy, BoardRefused, publish

OLD = [("index.html", b"old"), ("ho-so/a.html", b"old")]
NEW = [("index.html", b"new"), ("ho-so/a.html", b"new")]


def read(folder: Path) -> dict[str, bytes]:
    """What a reader of the folder sees."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def beside(folder: Path) -> list[str]:
    """What stands beside the folder, without its lock."""
    return sorted(one.name for one in folder.parent.iterdir() if one.name not in (folder.name, ".board.lock"))


def test_the_new_pages_take_the_place_of_the_old_ones(tmp_path: Path) -> None:
    """Also of a page that is no more; one folder is left beside the link, and anybody may read it."""
    folder = tmp_path / "board"
    assert publish(folder, [*OLD, ("gone.html", b"old")]) == 9
    assert publish(folder, NEW) == 6
    assert read(folder) == dict(NEW)
    (only,) = beside(folder)
    assert folder.readlink() == Path(only)
    assert (folder / "index.html").stat().st_mode & 0o044 == 0o044 & ~_mask()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_what_fails_on_the_way_leaves_the_old_pages(tmp_path: Path) -> None:
    """Whole, and nothing of the new ones."""
    folder = tmp_path / "board"
    publish(folder, OLD)

    def failing() -> Iterator[tuple[str, bytes]]:
        yield NEW[0]
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        publish(folder, failing())
    assert read(folder) == dict(OLD)
    assert len(beside(folder)) == 1


def test_a_process_that_is_killed_leaves_the_old_pages(tmp_path: Path) -> None:
    """The next run removes what it had begun."""
    folder = tmp_path / "board"
    publish(folder, OLD)
    code = (
        "import sys, time, pathlib\nfrom dondoc.flows.board.publish import publish\n"
        "def slow():\n    yield 'index.html', b'new'\n    print('half', flush=True)\n    time.sleep(60)\n"
        "publish(pathlib.Path(sys.argv[1]), slow())\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.send_signal(signal.SIGKILL)
    assert read(folder) == dict(OLD)
    assert len(beside(folder)) == 2

    def roomy() -> Iterator[tuple[str, bytes]]:
        # What was left behind is gone before the disk has to hold new pages: the old ones and these are there.
        assert len(beside(folder)) == 2
        yield from NEW

    publish(folder, roomy())
    assert read(folder) == dict(NEW)
    assert len(beside(folder)) == 1


def test_two_at_once_write_one_after_the_other(tmp_path: Path) -> None:
    """The second one is told to come again."""
    folder = tmp_path / "board"

    def meanwhile() -> Iterator[tuple[str, bytes]]:
        yield NEW[0]
        with pytest.raises(BoardBusy, match="một lượt khác đang ghi"):
            publish(folder, OLD)
        yield NEW[1]

    publish(folder, meanwhile())
    assert read(folder) == dict(NEW)


def test_a_folder_with_anything_else_in_it_is_refused(tmp_path: Path) -> None:
    """Nothing of it is lost; an empty one gives way."""
    folder = tmp_path / "board"
    folder.mkdir()
    (folder / "bao-cao.docx").write_bytes(b"mine")
    with pytest.raises(BoardRefused, match=r"đã có thứ khác ở đây.*ví dụ .*board/board"):
        publish(folder, NEW)
    assert read(folder) == {"bao-cao.docx": b"mine"}
    (folder / "bao-cao.docx").unlink()
    publish(folder, NEW)
    assert read(folder) == dict(NEW)


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_or_a_link_of_somebody_else_is_refused(tmp_path: Path, kind: str) -> None:
    """A link is ours only if it leads to pages beside it."""
    folder, elsewhere = tmp_path / "board", tmp_path / "elsewhere"
    elsewhere.mkdir()
    if kind == "file":
        folder.write_text("mine")
    else:
        folder.symlink_to(elsewhere)
    with pytest.raises(BoardRefused):
        publish(folder, NEW)
    assert folder.is_symlink() is (kind == "link")
    assert [*elsewhere.iterdir()] == []


def test_hidden_folders_of_others_stay(tmp_path: Path) -> None:
    """Only names that a run has made are removed."""
    for name in (".board.backup", ".boards.0123456789abcdef", ".board.0123456789abcdef.old"):
        (tmp_path / name).mkdir()
    publish(tmp_path / "board", OLD)
    publish(tmp_path / "board", NEW)
    assert [name for name in beside(tmp_path / "board") if len(name) != len(".board.0123456789abcdef")] == [
        ".board.0123456789abcdef.old",
        ".board.backup",
        ".boards.0123456789abcdef",
    ]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With what to do, and without a traceback; here a file stands where a folder is needed."""
    (tmp_path / "place").write_text("a file")
    with pytest.raises(FileFault, match="place"):
        publish(tmp_path / "place" / "board", NEW)
    with pytest.raises(FileFault, match="/proc"):
        publish(Path("/proc/board"), NEW)


def test_a_folder_below_a_link_is_followed(tmp_path: Path) -> None:
    """What leads to the folder may be a link of the administrator's."""
    (tmp_path / "real").mkdir()
    (tmp_path / "www").symlink_to(tmp_path / "real")
    publish(tmp_path / "www" / "board", NEW)
    assert read(tmp_path / "real" / "board") == dict(NEW)
