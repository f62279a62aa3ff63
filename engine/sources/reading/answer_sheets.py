"""The sheets by which an operator records many answers at once: what offices say of cases, and who inherits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.terms import Scope
from dondoc.engine.sources.formats.csv_files import Delimited
from dondoc.engine.sources.formats.opening import is_a_link
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.formats.table import Table
from dondoc.engine.sources.formats.workbook import Workbook
from dondoc.engine.sources.reading import cells
from dondoc.engine.sources.reading.cells import Unreadable
from dondoc.engine.sources.reading.headings import folded
from dondoc.engine.sources.reading.kinds import Sheet
from dondoc.engine.sources.reading.source import ImportOptions, SheetRows

# What stands in the column `act`, and what the office says by it.
ACT_WORDS: Mapping[str, ActKind] = {
    "đã biết": ActKind.ACKNOWLEDGED,
    "giải trình": ActKind.EXPLAINED,
    "xin lùi hạn": ActKind.EXTENSION_ASKED,
    "cho lùi hạn": ActKind.EXTENSION_GRANTED,
    "không cho lùi": ActKind.EXTENSION_REFUSED,
    "đã gửi": ActKind.DONE,
    "xác nhận": ActKind.CONFIRMED,
    "không xác nhận": ActKind.NOT_CONFIRMED,
    "đề nghị giải trình": ActKind.DEMANDED,
    "đóng": ActKind.CLOSED,
    "mở lại": ActKind.REOPENED,
    "không thuộc trách nhiệm": ActKind.NOT_OURS,
    "chuyển đơn vị khác": ActKind.REASSIGNED,
    "không chuyển": ActKind.NOT_REASSIGNED,
    "phân công": ActKind.DELEGATED,
}
_WORDS = {folded(word): kind for word, kind in ACT_WORDS.items()}


def act_word(cell: str) -> ActKind:
    """What an office says, as `ACT_WORDS` has it, in any capitals and accents; or in the words of the log."""
    if (kind := _WORDS.get(folded(cell))) is not None:
        return kind
    if cell in {kind.value for kind in ACT_WORDS.values()}:
        return ActKind(cell)
    vi, en = ", ".join(ACT_WORDS), ", ".join(ACT_WORDS.values())
    raise Unreadable(f"phải là một trong: {vi}", f"must be one of: {en}")


def unit_ids(cell: str) -> tuple[str, ...]:
    """The ids of units, parted by spaces, commas or semicolons; none where nobody takes over."""
    return tuple(cells.unit_id(one) for one in cell.replace(",", " ").replace(";", " ").split())


ANSWERS = Sheet(
    "answers",
    {
        "case": cells.at_most(40, cells.filled),
        "act": act_word,
        "by": cells.optional(cells.unit_id),
        "on": cells.optional(cells.day),
        "until": cells.optional(cells.day),
        "sent_on": cells.optional(cells.day),
        "document": cells.free(300, cells.text),
        "words": cells.free(300, cells.text),
        "to": cells.optional(cells.unit_id),
        "dated": cells.optional(cells.day),
    },
)
HEIRS = Sheet(
    "heirs",
    {
        "what": cells.at_most(200, cells.filled),
        "to": unit_ids,
        "by": cells.unit_id,
        "basis": cells.free(500, cells.filled),
        "scope": cells.optional(cells.one_of(Scope)),
    },
)


@contextmanager
def opened_as(path: Path, sheet: Sheet, encoding: str | None = None) -> Iterator[SheetRows]:
    """The rows of a CSV file, or of the one table of a workbook, as a sheet of that kind.

    Raises `SheetRefused` for a link, for what is no such file, and for a heading that is another's.
    """
    if path.is_symlink():
        raise is_a_link(path)
    if not path.is_file():
        raise SheetRefused(path.name, "không phải một tệp", "is not a file")
    how = ImportOptions(encoding, kinds=frozenset({sheet.name}))
    if path.suffix.lower() != ".xlsx":
        yield SheetRows(Delimited(path, encoding), sheet, how)
        return
    with closing(Workbook(path)) as book:
        yield SheetRows(_only(book), sheet, how)


def _only(book: Workbook) -> Table:
    if len(book.titles) > 1:
        shown = ", ".join(f"«{title}»" for title in book.titles[:10])
        raise SheetRefused(
            book.path.name,
            f"có nhiều trang tính ({shown}); để lại một trang",
            "has several sheets: leave one",
        )
    return book.sheet(book.titles[0])
