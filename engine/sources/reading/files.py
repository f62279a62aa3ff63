"""Opens a file, and decides what kind of data it holds: by its name, its sheets' names, or a declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from dondoc.engine.sources.formats.csv_files import Delimited
from dondoc.engine.sources.formats.opening import is_a_link
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.formats.workbook import Workbook
from dondoc.engine.sources.reading.headings import explains, kind_named
from dondoc.engine.sources.reading.kinds import SHEETS
from dondoc.engine.sources.reading.source import ImportOptions, SheetRows

KINDS = {sheet.name: sheet for sheet in SHEETS}
REJECTS = ".tu-choi"
_NAMED = re.compile(r"([a-z]+)(?:[-. _(].*)?")
_ALL = ", ".join(KINDS)
_OLD = {".xls": "Excel cũ", ".xlsm": "Excel có macro", ".xlsb": "Excel nhị phân", ".ods": "OpenDocument"}


def is_data(path: Path) -> bool:
    """Whether a file of a folder is to be imported: CSV or XLSX, not hidden, not a reject file, not a link."""
    return _named_as_data(path) and path.is_file() and not path.is_symlink()


def is_linked(path: Path) -> bool:
    """Whether a link stands where a data file would be imported."""
    return _named_as_data(path) and path.is_symlink()


def _named_as_data(path: Path) -> bool:
    if path.name.startswith((".", "~$")) or REJECTS in path.name:
        return False
    return path.suffix.lower() in {".csv", ".xlsx"}


def kind_of(path: Path) -> str | None:
    """The kind of sheet that a file's name begins with, as in units-luc-nam.xlsx; None: none."""
    match = _NAMED.fullmatch(path.stem.lower())
    return match[1] if match and match[1] in KINDS else None


@contextmanager
def opened(path: Path, how: ImportOptions, kind: str | None = None) -> Iterator[tuple[list[SheetRows], list[str]]]:
    """The sheets of a file to read, and the titles of those ignored; `kind` is its declared kind.

    Raises `SheetRefused`.
    """
    if path.is_symlink():
        raise is_a_link(path)
    if not path.is_file():
        raise SheetRefused(path.name, "không phải một tệp", "is not a file")
    suffix = path.suffix.lower()
    if suffix in _OLD:
        raise SheetRefused(
            path.name, f"là tệp {_OLD[suffix]}; lưu lại dạng .xlsx", f"is a {suffix} file: save it as .xlsx"
        )
    kind = kind or kind_of(path)
    with ExitStack() as stack:
        if suffix == ".xlsx":
            book = stack.enter_context(closing(Workbook(path)))
            titles = _chosen(book, kind)
            made = [SheetRows(book.sheet(title), KINDS[of], how) for title, of in titles.items()]
            yield made, [title for title in book.titles if title not in titles and not explains(title)]
        elif kind is None:
            raise _unknown(path.name)
        else:
            yield [SheetRows(Delimited(path, how.encoding), KINDS[kind], how)], []


def _chosen(book: Workbook, kind: str | None) -> dict[str, str]:
    """The titles of the sheets to read, with their kinds. Raises `SheetRefused` if that is not clear."""
    named = {title: of for title in book.titles if (of := kind_named(title))}
    if kind is None:
        if not named:
            raise _unknown(book.path.name)
        return named
    if len(book.titles) == 1:
        return {book.titles[0]: _agreed(book, book.titles[0], kind, named)}
    fitting = {title: of for title, of in named.items() if of == kind}
    if not fitting:
        raise _wrong_sheet(book.path.name, kind, book.titles)
    return fitting


def _agreed(book: Workbook, title: str, kind: str, named: dict[str, str]) -> str:
    if named.get(title, kind) != kind:
        raise _wrong_sheet(book.path.name, kind, book.titles)
    return kind


def _unknown(file: str) -> SheetRefused:
    return SheetRefused(
        file,
        f"không rõ loại dữ liệu; đặt tên tệp hoặc trang tính theo loại ({_ALL}), hoặc nêu --kind",
        "is of an unknown kind: name the file or its sheet after its kind, or declare --kind",
    )


def _wrong_sheet(file: str, kind: str, titles: Sequence[str]) -> SheetRefused:
    shown = ", ".join(f"«{title}»" for title in titles[:10])
    return SheetRefused(
        file,
        f"không có trang tính «{kind}» (có: {shown}); đổi tên trang cần nạp thành {kind}",
        f"has no sheet {kind!r}: rename the sheet to import",
    )
