"""The heading of a table: which cell of a row is which column, or why the file is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dondoc.engine.domain.model import Text
from dondoc.engine.sources.formats.archive import SAVE_AGAIN
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.cells import Parse, Unreadable
from dondoc.engine.sources.reading.headings import HEADINGS, REJECTED, SHOWN, column_named, passed_over
from dondoc.engine.sources.reading.kinds import Sheet
from dondoc.engine.sources.reading.personal_data import masked, personal_heading


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of each column in a row, from 0; `passed_over` are ignored columns, `absent` missing ones."""

    width: int
    at: Mapping[str, int]
    passed_over: Mapping[str, int]
    absent: tuple[str, ...]

    @property
    def of_a_form(self) -> bool:
        """Whether the table is a form that `dondoc form` wrote: only forms have the columns `SHOWN`."""
        return any(heading.name in self.passed_over for heading in SHOWN)

    @property
    def of_rejects(self) -> frozenset[int]:
        """The places of the columns that a reject file added to the table."""
        added = {heading.name for heading in REJECTED}
        return frozenset(place for name, place in self.passed_over.items() if name in added)


def takes_empty(parse: Parse) -> bool:
    """Whether a column accepts an empty cell."""
    try:
        parse("")
    except Unreadable:
        return False
    return True


def known(sheet: Sheet, heading: Sequence[str]) -> int:
    """How many of the headings belong to the sheet; this recognises a heading line."""
    return sum(1 for title in heading if column_named(sheet.name, title))


def columns(file: str, sheet: Sheet, heading: Sequence[str], saved: datetime | None = None) -> Columns:
    """The columns of a table. Raises `SheetRefused` for a heading of another sheet or of personal data.

    A form needs no column for the entry time if its file records when it was `saved`.
    """
    titles = _trimmed(heading)
    at: dict[str, int] = {}
    extra: dict[str, int] = {}
    for place, title in enumerate(titles):
        column = column_named(sheet.name, title)
        beside = passed_over(title)
        if column is None and beside is None:
            raise _unknown(file, sheet, titles, place)
        if column in at:
            raise _refused(file, sheet, f"cột «{title}» có hai lần", f"the column {column} appears twice")
        if column is not None:
            at[column] = place
        elif beside is not None:
            extra[beside] = place
    missing = tuple(column for column in sheet.columns if column not in at)
    found = Columns(len(titles), at, extra, missing)
    needed = [column for column in missing if not takes_empty(sheet.columns[column])]
    if found.of_a_form and "recorded_at" in needed:
        if saved is None:
            raise SheetRefused(
                file,
                f"biểu không ghi lúc lưu; {SAVE_AGAIN}",
                "does not record when it was saved: save it as .xlsx",
            )
        needed.remove("recorded_at")
    if needed:
        raise _refused(file, sheet, f"thiếu cột {', '.join(needed)}", f"columns are missing: {', '.join(needed)}")
    return found


def _trimmed(heading: Sequence[str]) -> list[str]:
    """The heading without the empty cells at its end."""
    titles = [title.strip() for title in heading]
    while titles and not titles[-1]:
        titles.pop()
    return titles


def _unknown(file: str, sheet: Sheet, titles: Sequence[str], place: int) -> SheetRefused:
    """Why a heading is refused; a first line that is no heading may hold anything, so it is not shown."""
    person = _person(sheet, titles)
    if person is not None:
        return SheetRefused(
            file,
            f"có cột dữ liệu cá nhân ({person.vi}); hệ thống chỉ nhận số liệu tổng hợp theo đơn vị: "
            "xóa các cột đó rồi nạp lại, chưa có gì được lưu",
            f"has a column of personal data ({person.en}): only aggregates by unit are accepted; nothing was "
            "stored",
        )
    if 2 * known(sheet, titles) < len(titles):
        return _refused(
            file, sheet, "dòng đầu tiên không phải tiêu đề của bảng", "the first line is not the heading"
        )
    if not titles[place]:
        return _refused(
            file, sheet, f"ô tiêu đề thứ {place + 1} trống hoặc gộp ô", f"heading {place + 1} is empty or merged"
        )
    title = masked(titles[place])[:40]
    return _refused(file, sheet, f"không có cột nào tên «{title}»", f"no column is called {title!r}")


def _person(sheet: Sheet, titles: Sequence[str]) -> Text | None:
    """The personal data that an unknown column would hold; None: none. Columns of the sheet never hold any."""
    strange = (title for title in titles if not column_named(sheet.name, title) and not passed_over(title))
    return next((found for title in strange if (found := personal_heading(title))), None)


def _refused(file: str, sheet: Sheet, vi: str, en: str) -> SheetRefused:
    own = ",".join(sheet.columns)
    titled = ", ".join(heading.vi for heading in HEADINGS[sheet.name])
    return SheetRefused(
        file,
        f"{vi}; dòng tiêu đề phải là: {own} (hoặc: {titled})",
        f"{en}; the heading must be these columns",
    )
