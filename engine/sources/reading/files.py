"""Opens a file, and decides what kind of data it holds: by a declaration, a name, or its heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path

from dondoc.engine.sources.formats.csv_files import DELIMITERS, Delimited
from dondoc.engine.sources.formats.opening import is_a_link
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.formats.table import Table
from dondoc.engine.sources.formats.workbook import Workbook
from dondoc.engine.sources.reading.furniture import DEEPEST, heading_place
from dondoc.engine.sources.reading.header_row import fits, known
from dondoc.engine.sources.reading.headings import explains, kind_named
from dondoc.engine.sources.reading.kinds import SHEETS, Sheet
from dondoc.engine.sources.reading.source import ImportOptions, SheetRows

KINDS = {sheet.name: sheet for sheet in SHEETS}
REJECTS = ".tu-choi"
_NAMED = re.compile(r"([a-z]+)(?:[-. _(].*)?")
_ALL = ", ".join(KINDS)
_OLD = {".xls": "Excel cũ", ".xlsm": "Excel có macro", ".xlsb": "Excel nhị phân", ".ods": "OpenDocument"}


def is_data(path: Path) -> bool:
    """Whether a file of a folder is to be imported: CSV or XLSX, not hidden, not a reject file, not a link."""
    return _named_as_data(path) and path.is_file() and not path.is_symlink()


def is_rejects(path: Path) -> bool:
    """Whether a file holds rows that an import rejected."""
    bare = path.with_name(path.name.replace(REJECTS, ""))
    return REJECTS in path.name and _named_as_data(bare) and path.is_file() and not path.is_symlink()


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
def opened(
    path: Path, how: ImportOptions, kind: str | None = None, refusals: list[SheetRefused] | None = None
) -> Iterator[tuple[list[SheetRows], list[str]]]:
    """The sheets of a file to read, and the titles of those ignored; `kind` is its declared kind.

    Without a declaration the name of the file or of its sheet says the kind, and the heading where no name does or
    where it contradicts the name. Raises `SheetRefused`, unless it can be added to `refusals`.
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
    with ExitStack() as stack:
        if suffix == ".xlsx":
            book = stack.enter_context(closing(Workbook(path)))
            found, others = _sheets(book, kind, kind_of(path))
        else:
            table = Delimited(path, how.encoding)
            of = kind or _kind_by_heading(table, kind_of(path))
            if of is None:
                raise _unknown(path.name)
            found, others = [(table, of)], []
        yield list(_read(found, how, refusals)), others


def _read(
    tables: Iterable[tuple[Table, str]], how: ImportOptions, refusals: list[SheetRefused] | None
) -> Iterator[SheetRows]:
    for table, of in tables:
        try:
            yield SheetRows(table, KINDS[of], how, refusals)
        except SheetRefused as refused:
            if refusals is None:
                raise
            refusals.append(refused)


def _sheets(book: Workbook, kind: str | None, by_name: str | None) -> tuple[list[tuple[Table, str]], list[str]]:
    """The sheets to read, each with its kind, and the titles of the others. Raises `SheetRefused`."""
    named = {title: of for title in book.titles if (of := kind_named(title))}
    if named or kind:
        titles = _chosen(book, kind or by_name, named)
        found: list[tuple[Table, str]] = [(book.sheet(title), of) for title, of in titles.items()]
    else:
        tables = [(title, book.sheet(title)) for title in book.titles if not explains(title)]
        guess = by_name if len(tables) == 1 else None
        titles = {title: of for title, table in tables if (of := _kind_by_heading(table, guess))}
        twice = [of for of, times in Counter(titles.values()).items() if times > 1]
        # Of two sheets with one heading the second may be an old copy.
        if twice or (by_name and not titles):
            raise _wrong_sheet(book.path.name, by_name or twice[0], book.titles)
        if not titles:
            raise _unknown(book.path.name)
        found = [(table, titles[title]) for title, table in tables if title in titles]
    return found, [title for title in book.titles if title not in titles and not explains(title)]


def _kind_by_heading(table: Table, named: str | None) -> str | None:
    """The kind whose heading a table has; `named` where that fits too, or where none can be told."""
    if isinstance(table, Delimited):
        starts = [table.first_rows(delimiter, DEEPEST) for delimiter in DELIMITERS]
    else:
        starts = [[cells for _, cells in islice(table.rows(), DEEPEST)]]
    if named is not None and any(_worth(KINDS[named], rows) for rows in starts):
        return named
    worth = {name: max(_worth(sheet, rows) for rows in starts) for name, sheet in KINDS.items()}
    best = max(worth.values())
    fitting = [name for name, found in worth.items() if found == best]
    return fitting[0] if best and len(fitting) == 1 else named


def _worth(sheet: Sheet, rows: Sequence[Sequence[str]]) -> int:
    """How many headings of that sheet the first rows of a table have; 0 if most of them are others."""
    heading = rows[heading_place(sheet, rows)] if rows else []
    return known(sheet, heading) if fits(sheet, heading) else 0


def _chosen(book: Workbook, kind: str | None, named: dict[str, str]) -> dict[str, str]:
    """The titles of the sheets to read, with their kinds. Raises `SheetRefused` if that is not clear."""
    if kind is None:
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
        f"không rõ loại dữ liệu: tiêu đề không phải của loại nào; đặt tên tệp hoặc trang tính theo loại ({_ALL}), "
        "hoặc nêu --kind",
        "is of an unknown kind, and its heading is of none: name the file or its sheet after its kind, or declare "
        "--kind",
    )


def _wrong_sheet(file: str, kind: str, titles: Sequence[str]) -> SheetRefused:
    shown = ", ".join(f"«{title}»" for title in titles[:10])
    return SheetRefused(
        file,
        f"không có trang tính «{kind}» (có: {shown}); đổi tên trang cần nạp thành {kind}",
        f"has no sheet {kind!r}: rename the sheet to import",
    )
