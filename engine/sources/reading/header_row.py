"""The heading of a table: which cell of a row is which column, or why the file is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from dondoc.engine.domain.model import Text
from dondoc.engine.sources.formats.archive import SAVE_AGAIN
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.cells import Parse, Unreadable
from dondoc.engine.sources.reading.headings import HEADINGS, REJECTED, SHOWN, column_named, folded, passed_over
from dondoc.engine.sources.reading.kinds import Sheet
from dondoc.engine.sources.reading.personal_data import ADDRESSES, masked, personal_heading


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


def fits(sheet: Sheet, heading: Sequence[str]) -> bool:
    """Whether most of the headings belong to the sheet; those that every sheet may have do not count."""
    mine = known(sheet, heading)
    strange = [title for title in _trimmed(heading) if not passed_over(title)]
    others = sum(1 for title in strange if not column_named(sheet.name, title))
    return 0 < mine >= others


def columns(
    file: str, sheet: Sheet, heading: Sequence[str], saved: datetime | None = None
) -> tuple[Columns, SheetRefused | None]:
    """The columns of a table, and why its heading is refused, with all that is wrong in it; None: it is not.

    A form needs no column for the entry time if its file records when it was `saved`. Raises `SheetRefused` for a
    heading of another sheet or of personal data: nothing of such a table is read.
    """
    titles = _trimmed(heading)
    at: dict[str, int] = {}
    extra: dict[str, int] = {}
    strange: list[int] = []
    twice: list[str] = []
    for place, title in enumerate(titles):
        column = column_named(sheet.name, title)
        beside = passed_over(title)
        if column is not None and column in at:
            twice.append(title)
        elif column is not None:
            at[column] = place
        elif beside is not None:
            extra[beside] = place
        else:
            strange.append(place)
    if strange:
        _refuse_another(file, sheet, titles)
    meant = _meant(sheet, titles, strange, at)
    wrong = [_strange(sheet, titles, place, meant.get(place)) for place in strange] + [*map(_twice, twice)]
    # Their rows are read as what they resemble, to report what is wrong in them too.
    at |= {column: place for place, column in meant.items()}
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
        wrong.append(Text.format("{vi} {columns}", vi=_MISSING, columns=", ".join(_both(sheet, needed))))
    return found, _refused(file, sheet, Text.join("; ", wrong)) if wrong else None


_MISSING = Text("thiếu cột", "columns are missing:")


def _trimmed(heading: Sequence[str]) -> list[str]:
    """The heading without the empty cells at its end."""
    titles = [title.strip() for title in heading]
    while titles and not titles[-1]:
        titles.pop()
    return titles


def _refuse_another(file: str, sheet: Sheet, titles: Sequence[str]) -> None:
    """Raises `SheetRefused` for personal data, and for a first line that is no heading; neither is shown."""
    person = _person(sheet, titles)
    if person is not None:
        raise SheetRefused(
            file,
            f"có cột dữ liệu cá nhân ({person.vi}); hệ thống chỉ nhận số liệu tổng hợp theo đơn vị: "
            "xóa các cột đó rồi nạp lại, chưa có gì được lưu",
            f"has a column of personal data ({person.en}): only aggregates by unit are accepted; nothing was "
            "stored",
        )
    if not fits(sheet, titles):
        raise _refused(
            file, sheet, Text("dòng đầu tiên không phải tiêu đề của bảng", "the first line is not the heading")
        )


def _meant(sheet: Sheet, titles: Sequence[str], strange: Sequence[int], at: Mapping[str, int]) -> dict[int, str]:
    """By the place of a heading that is no column, the missing column that it resembles."""
    by_title = {
        folded(title): heading.name
        for heading in HEADINGS[sheet.name]
        if heading.name not in at
        for title in (heading.name, heading.vi, heading.en)
    }
    found: dict[int, str] = {}
    for place in strange:
        near = get_close_matches(folded(titles[place]), by_title, n=1)
        if near and by_title[near[0]] not in found.values():
            found[place] = by_title[near[0]]
        elif _is_the_address(sheet, titles, titles[place]):
            found[place] = "address"
    return found


def _strange(sheet: Sheet, titles: Sequence[str], place: int, meant: str | None) -> Text:
    """What is said of a heading that is no column."""
    if not titles[place]:
        return Text(f"ô tiêu đề thứ {place + 1} trống hoặc gộp ô", f"heading {place + 1} is empty or merged")
    title = masked(titles[place])[:40]
    column = _both(sheet, [meant])[0] if meant else ""
    return Text(
        f"không có cột nào tên «{title}»" + (f" (có phải {column}?)" if meant else "; xóa cột đó hoặc đổi tên"),
        f"no column is called {title!r}" + (f" (is it {column}?)" if meant else ": remove or rename it"),
    )


def _both(sheet: Sheet, names: Sequence[str]) -> list[str]:
    """Columns by their names and by what they are called in Vietnamese."""
    titles = {heading.name: heading.vi for heading in HEADINGS[sheet.name]}
    return [f"{name} («{titles[name]}»)" for name in names]


def _twice(title: str) -> Text:
    return Text(f"cột «{title}» có hai lần", f"the column {title!r} appears twice")


def _person(sheet: Sheet, titles: Sequence[str]) -> Text | None:
    """The personal data that an unknown column would hold; None: none. Columns of the sheet never hold any."""
    strange = (
        title
        for title in titles
        if not column_named(sheet.name, title)
        and not passed_over(title)
        and not _is_the_address(sheet, titles, title)
    )
    return next((found for title in strange if (found := personal_heading(title))), None)


def _is_the_address(sheet: Sheet, titles: Sequence[str], title: str) -> bool:
    """Whether a heading is another word for the address of an office's mailbox, which is nobody's own."""
    if "address" not in sheet.columns or "address" in {column_named(sheet.name, one) for one in titles}:
        return False
    return personal_heading(title) in ADDRESSES and sum(personal_heading(one) in ADDRESSES for one in titles) == 1


def _refused(file: str, sheet: Sheet, why: Text) -> SheetRefused:
    own = ",".join(sheet.columns)
    titled = ", ".join(heading.vi for heading in HEADINGS[sheet.name])
    return SheetRefused(
        file,
        f"{why.vi}; dòng tiêu đề phải là: {own} (hoặc: {titled})",
        f"{why.en}; the heading must be these columns",
    )
