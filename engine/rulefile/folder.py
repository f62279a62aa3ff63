"""The rule folder: which files are read, and their bytes.

Top files stand in the folder itself, directive files one level down in a folder per locality. Folders named
`tests`, files `*.test.yaml`, `README.md` and names that begin with a dot are not rule files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.problems import ProblemSheet, advice
from dondoc.engine.rulefile.yaml_text.guard import MAX_BYTES, START

NEEDED = ("calendar.yaml", "indicators.yaml", "ladders.yaml", "mail.yaml")
TOP_NAMES = (*NEEDED, "sources.yaml", "waivers.yaml")

# Somebody named the folder of a locality where the whole rule folder is wanted.
_HIGHER = Text("; tệp có ở thư mục trên: hãy đưa thư mục đó", "; it stands in the folder above: name that one")
_FILE = re.compile(r"[a-z0-9_-]+\.yaml")
_TEST = re.compile(r"[a-z0-9_-]+\.test\.yaml")
_LOCALITY = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file: its name below the folder, its bytes (None when it is not read), and its sheet."""

    name: str
    raw: bytes | None
    sheet: ProblemSheet

    @property
    def stem(self) -> str:
        """The file's own name without `.yaml`, of a test file without `.test.yaml`."""
        return self.name.rpartition("/")[2].removesuffix(".yaml").removesuffix(".test")


def sources(folder: Path) -> list[RuleFile]:
    """Every file of the folder, sorted by name; what cannot be read or is missing says so on its sheet."""
    root = Path(os.path.realpath(folder))
    found = [_source(path, root) for path in _walk(root)]
    present = {source.name for source in found}
    for name in NEEDED:
        if name not in present:
            sheet = ProblemSheet(f"{root.name}/{name}")
            hint = _HIGHER if (root.parent / name).is_file() else Text("", "")
            sheet.say(START, "file-missing", f"thiếu tệp {name}{hint.vi}", f"file {name} is missing{hint.en}")
            found.append(RuleFile(name, None, sheet))
    return sorted(found, key=lambda source: source.name)


def test_sources(folder: Path) -> list[RuleFile]:
    """Every test file of the folder, sorted by name; one that stands beside no directive says so on its sheet."""
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
            f"a test file stands beside its directive '{pack}', in its locality's folder",
        )
    else:
        return replace(source, raw=_read(path, sheet))
    return source


def _walk(root: Path) -> Iterator[Path]:
    """Everything that is, or pretends to be, a rule file."""
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
    """Whether a path, its links followed, stays in the folder."""
    return Path(os.path.realpath(path)).is_relative_to(root)


def _source(path: Path, root: Path) -> RuleFile:
    name = path.relative_to(root).as_posix()
    # A name that is not UTF-8 is printed with marks in its place; a message must always be printable.
    sheet = ProblemSheet(f"{root.name}/{name}".encode(errors="replace").decode())
    return RuleFile(name, _read(path, sheet) if _belongs(path, root, sheet) else None, sheet)


def _belongs(path: Path, root: Path, sheet: ProblemSheet) -> bool:
    """Whether this is a file to read; says why not."""
    top = path.parent == root
    if not _inside(path, root):
        sheet.say(
            START,
            "file-outside",
            "liên kết trỏ ra ngoài thư mục quy tắc; hãy chép tệp vào đây",
            "the link leads out of the rule folder; copy the file here",
        )
    elif not path.is_file():
        sheet.say(START, "file-not-regular", "đây không phải tệp quy tắc", "this is not a rule file")
    elif not _FILE.fullmatch(path.name):
        sheet.say(
            START,
            "file-name",
            "tên tệp phải gồm chữ thường không dấu, số, «-», «_» và kết thúc bằng .yaml",
            "a file name consists of small ASCII letters, digits, '-', '_' and ends in .yaml",
        )
    elif top and path.name not in TOP_NAMES:
        hint = advice(path.name, TOP_NAMES)
        sheet.say(
            START,
            "file-unknown",
            f"không đọc tệp này ở đây; văn bản để trong thư mục của địa phương{hint.vi}",
            f"this file is not read here; a directive belongs into its locality's folder{hint.en}",
        )
    else:
        return True
    return False


def _read(path: Path, sheet: ProblemSheet) -> bytes | None:
    """The file's bytes, at most one more than is allowed."""
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
