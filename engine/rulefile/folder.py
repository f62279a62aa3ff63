"""The rule folder: which files are read, and their bytes.

Shared files are in the folder itself, directive files one level down in a folder per locality. Folders named
`tests`, files `*.test.yaml`, `README.md` and names that begin with a dot are not rule files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.rulefile.problems import ProblemSheet, advice
from dondoc.engine.rulefile.yaml_text.guard import MAX_BYTES, START

NEEDED = ("calendar.yaml", "indicators.yaml", "ladders.yaml", "mail.yaml")
TOP_NAMES = (*NEEDED, "sources.yaml", "waivers.yaml")

# For a call with the folder of a locality instead of the whole rule folder.
_HIGHER = Text("; tệp có ở thư mục trên: hãy đưa thư mục đó", "; it is in the folder above: give that one")
_FILE = re.compile(r"[a-z0-9_-]+\.yaml")
_TEST = re.compile(r"[a-z0-9_-]+\.test\.yaml")
_LOCALITY = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file: its name below the folder, its bytes (None: not read), and the sheet of its problems."""

    name: str
    raw: bytes | None
    sheet: ProblemSheet

    @property
    def stem(self) -> str:
        """The file's name without its folder and without `.yaml` or `.test.yaml`."""
        return self.name.rpartition("/")[2].removesuffix(".yaml").removesuffix(".test")


def sources(folder: Path) -> list[RuleFile]:
    """Every file of the folder, sorted by name; a missing or unreadable file has a problem on its sheet."""
    root = Path(os.path.realpath(folder))
    found = [_source(path, root) for path in _walk(root)]
    present = {source.name for source in found}
    for name in NEEDED:
        if name not in present:
            sheet = ProblemSheet(f"{root.name}/{name}")
            hint = _HIGHER if (root.parent / name).is_file() else NO_TEXT
            sheet.say(START, "file-missing", f"thiếu tệp {name}{hint.vi}", f"file {name} is missing{hint.en}")
            found.append(RuleFile(name, None, sheet))
    return sorted(found, key=lambda source: source.name)


def test_sources(folder: Path) -> list[RuleFile]:
    """Every test file of the folder, sorted by name; one without its directive has a problem on its sheet."""
    root = Path(os.path.realpath(folder))
    below = [path for path in _entries(root) if path.is_dir() and _inside(path, root)]
    found = [path for where in (root, *below) for path in where.iterdir() if _TEST.fullmatch(path.name)]
    return [_test_source(path, root) for path in sorted(found)]


def _test_source(path: Path, root: Path) -> RuleFile:
    name = path.relative_to(root).as_posix()
    sheet = ProblemSheet(f"{root.name}/{name}")
    source = RuleFile(name, None, sheet)
    pack = f"{source.stem}.yaml"
    if not _inside(path, root) or not path.is_file():
        sheet.say(START, "file-not-regular", "đây không phải tệp bài thử", "this is not a test file")
    elif path.parent == root or not path.with_name(pack).is_file():
        sheet.say(
            START,
            "test-alone",
            f"tệp bài thử phải nằm cạnh tệp văn bản «{pack}», trong thư mục của địa phương",
            f"a test file must be beside its directive '{pack}', in its locality's folder",
        )
    else:
        return replace(source, raw=_read(path, sheet))
    return source


def _walk(root: Path) -> Iterator[Path]:
    """Every path that is a rule file or stands in the place of one."""
    for path in _entries(root):
        if path.is_dir() and _inside(path, root) and _LOCALITY.fullmatch(path.name):
            yield from _entries(path)
        elif path.name != "README.md":
            yield path


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not _skipped(path))


def _skipped(path: Path) -> bool:
    if path.name.startswith(".") or _TEST.fullmatch(path.name):
        return True
    return path.name == "tests" and path.is_dir()


def _inside(path: Path, root: Path) -> bool:
    """Whether a path, with its links resolved, is inside the folder."""
    return Path(os.path.realpath(path)).is_relative_to(root)


def _source(path: Path, root: Path) -> RuleFile:
    name = path.relative_to(root).as_posix()
    # A message must always be printable: bytes of a name that are not UTF-8 become question marks.
    sheet = ProblemSheet(f"{root.name}/{name}".encode(errors="replace").decode())
    return RuleFile(name, _read(path, sheet) if _belongs(path, root, sheet) else None, sheet)


def _belongs(path: Path, root: Path, sheet: ProblemSheet) -> bool:
    """Whether this is a file to read; if not, notes the reason on its sheet."""
    top = path.parent == root
    if not _inside(path, root):
        sheet.say(
            START,
            "file-outside",
            "liên kết trỏ ra ngoài thư mục quy tắc; hãy chép tệp vào đây",
            "the link points outside the rule folder; copy the file here",
        )
    elif not path.is_file():
        sheet.say(START, "file-not-regular", "đây không phải tệp quy tắc", "this is not a rule file")
    elif not _FILE.fullmatch(path.name):
        sheet.say(
            START,
            "file-name",
            "tên tệp phải gồm chữ thường không dấu, số, «-», «_» và kết thúc bằng .yaml",
            "a file name consists of lower-case ASCII letters, digits, '-', '_' and ends in .yaml",
        )
    elif top and path.name not in TOP_NAMES:
        hint = advice(path.name, TOP_NAMES)
        sheet.say(
            START,
            "file-unknown",
            f"không đọc tệp này ở đây; văn bản để trong thư mục của địa phương{hint.vi}",
            f"this file is not read here; a directive belongs in its locality's folder{hint.en}",
        )
    else:
        return True
    return False


def _read(path: Path, sheet: ProblemSheet) -> bytes | None:
    """The file's bytes, at most one more than allowed; None if it cannot be read, with a problem noted."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        sheet.say(
            START,
            "file-unreadable",
            f"không đọc được tệp ({error.strerror}); xem lại quyền truy cập",
            f"the file cannot be read ({error.strerror}); check its permissions",
        )
    return None
