"""Random tables in every way in which offices write them: each cell is taken as it was written, or refused.

A reader may refuse; it may not crash, and it may not read another value than the one that was meant.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dondoc.engine.domain.model import SCALE, ZONE
from dondoc.engine.sources.formats.csv_files import DELIMITERS
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.kinds import SHEETS, AcceptedRow, Reject
from dondoc.engine.sources.reading.number_style import NumberStyle
from dondoc.engine.sources.reading.sheets import ImportOptions, read

SHEET = next(sheet for sheet in SHEETS if sheet.name == "readings")
HEADING = list(SHEET.columns)
# What only a person's wording can be refused for.
FREE = {"ref", "source"}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1258")
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@dataclass(frozen=True)
class Meant:
    """One row as it is meant; `value` is scaled."""

    ref: str
    unit: str
    indicator: str
    first_day: date
    last_day: date
    value: int
    recorded_at: datetime
    source: str


def texts(characters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Cells of a person's own wording; some of ours among them, so that not all of them are refused."""
    ours = st.sampled_from(["SL-01", "LĐTBXH", "12/BC-UBND"])
    return st.one_of(ours, st.lists(characters, max_size=12).map("".join))


# Windows-1258 writes a Vietnamese letter as a letter and its tone.
EIGHT_BIT = st.sampled_from([*" aAbdeoyĂăÂâĐđÊêÔôƠơƯưéÀ=@'\";,-+0123456789", "a\u0301", "ê\u0323", "ơ\u0309"])
UNICODE = st.characters(exclude_categories=["Cs"])
PRINTED = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_\ufffe\uffff")


@st.composite
def rows(draw: st.DrawFn, characters: st.SearchStrategy[str], digits: int) -> Meant:
    """A row whose cells are all right, but perhaps those of free text; a value of so many digits at most."""
    first = draw(DAYS)
    return Meant(
        draw(texts(characters)),
        draw(st.from_regex(r"[a-z][a-z0-9_-]{0,5}(\.[a-z0-9_-]{1,6}){1,3}", fullmatch=True)),
        draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True)),
        first,
        min(first + timedelta(days=draw(st.integers(0, 400))), date(2199, 12, 31)),
        draw(st.integers(-(10**digits) + 1, 10**digits - 1)),
        datetime.combine(draw(DAYS), draw(st.times()).replace(second=0, microsecond=0, tzinfo=None), ZONE),
        draw(texts(characters)),
    )


def plain(value: int) -> tuple[str, str, str]:
    """Sign, whole part and decimals of a scaled value."""
    whole, decimals = divmod(abs(value), SCALE)
    return "-" if value < 0 else "", str(whole), f"{decimals:07d}".rstrip("0")


@st.composite
def figure(draw: st.DrawFn, value: int, style: NumberStyle) -> str:
    """The value as one of the two ways of writing has it, with thousands or without."""
    sign, whole, decimals = plain(value)
    thousands, point = (".", ",") if style is NumberStyle.VI else (",", ".")
    if len(whole) > 3 and draw(st.booleans()):
        whole = f"{int(whole):,}".replace(",", thousands)
    return f"{sign}{whole}{point + decimals if decimals else ''}"


@st.composite
def day(draw: st.DrawFn, on: date) -> str:
    """A date in one of the forms in which people type it."""
    forms = (on.isoformat(), f"{on:%d/%m}/{on.year}", f"{on.day}/{on.month}/{on.year}")
    return draw(st.sampled_from(forms))


@st.composite
def moment(draw: st.DrawFn, at: datetime) -> str:
    """A local time in one of its forms."""
    on = draw(day(at.date()))
    return f"{on}{draw(st.sampled_from(['T', ' ']))}{at:%H:%M}"


def taken_as_meant(found: Sequence[AcceptedRow | Reject], meant: Sequence[Meant]) -> None:
    """Every row is the one that was meant, or refused for its free text with a reason in both languages."""
    assert len(found) == len(meant)
    for row, expected in zip(found, meant, strict=True):
        if isinstance(row, Reject):
            assert row.column in FREE, (row, expected)
            assert row.vi
            assert row.en
        else:
            written = {name: getattr(expected, name) for name in HEADING}
            for name in FREE:
                written[name] = unicodedata.normalize("NFC", written[name].strip())
            assert dict(row.values) == written


def read_all(
    folder: str, name: str, content: bytes, how: ImportOptions
) -> list[AcceptedRow | Reject] | SheetRefused:
    """What becomes of a file."""
    path = Path(folder) / name
    path.write_bytes(content)
    try:
        return list(read(path, SHEET, how))
    except SheetRefused as refused:
        return refused


@st.composite
def csv_files(draw: st.DrawFn) -> tuple[bytes, ImportOptions, list[Meant]]:
    """A CSV file, what is declared of it, and what it means."""
    encoding = draw(st.sampled_from(ENCODINGS))
    meant = draw(st.lists(rows(EIGHT_BIT if encoding == "cp1258" else UNICODE, 16), min_size=1, max_size=6))
    style = draw(st.sampled_from(NumberStyle))
    declared = draw(st.booleans())
    # Python's writer lets a lone carriage return stand unquoted where lines do not end with one.
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    file = io.StringIO(newline="")
    writer = csv.writer(
        file,
        delimiter=draw(st.sampled_from(list(DELIMITERS))),
        quoting=quoting,
        lineterminator="\n" if quoting == csv.QUOTE_ALL else "\r\n",
    )
    writer.writerow(HEADING)
    for one in meant:
        days = [draw(day(on)) for on in (one.first_day, one.last_day)]
        cells = [one.ref, one.unit, one.indicator, *days, draw(figure(one.value, style))]
        writer.writerow([*cells, draw(moment(one.recorded_at)), one.source])
    how = ImportOptions("windows-1258" if encoding == "cp1258" else None, style if declared else None)
    return file.getvalue().encode(encoding), how, meant


def csv_is_taken_as_meant(made: tuple[bytes, ImportOptions, list[Meant]]) -> None:
    """Or refused as a whole: nobody can tell 8.999 from 8,999 alone, and a NUL is no CSV to anybody."""
    content, how, meant = made
    with TemporaryDirectory() as folder:
        found = read_all(folder, "readings.csv", content, how)
    if isinstance(found, SheetRefused):
        undeclared = "--numbers" in found.why.vi and how.numbers is None
        assert undeclared or "không phải CSV hợp lệ" in found.why.vi, found
    else:
        taken_as_meant(found, meant)


@st.composite
def workbooks(draw: st.DrawFn) -> tuple[bytes, ImportOptions, list[Meant]]:
    """A workbook whose figures and dates are cells of their own kind or typed as text, and what it means."""
    meant = draw(st.lists(rows(PRINTED, 15), min_size=1, max_size=6))
    style = draw(st.sampled_from(NumberStyle))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Số liệu"
    sheet.append(HEADING)
    for line, one in enumerate(meant, 2):
        native = draw(st.booleans())
        days: list[Any] = [one.first_day, one.last_day]
        typed = [draw(day(on)) for on in days]
        value: Any = float("".join(plain(one.value)[:2]) + "." + (plain(one.value)[2] or "0"))
        when = one.recorded_at.replace(tzinfo=None)
        cells = [
            one.ref,
            one.unit,
            one.indicator,
            *(days if native else typed),
            value if native else draw(figure(one.value, style)),
            when if native else draw(moment(one.recorded_at)),
            one.source,
        ]
        for place, cell in enumerate(cells, 1):
            made = sheet.cell(line, place)
            made.value = cell
            if isinstance(cell, str):
                made.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), ImportOptions(numbers=style), meant


def workbook_is_taken_as_meant(made: tuple[bytes, ImportOptions, list[Meant]]) -> None:
    """Never refused as a whole."""
    content, how, meant = made
    with TemporaryDirectory() as folder:
        found = read_all(folder, "readings.xlsx", content, how)
    assert not isinstance(found, SheetRefused), found
    taken_as_meant(found, meant)


def nothing_crashes(content: bytes, suffix: str) -> None:
    """Whatever a file holds, it becomes rows, or is refused in both languages."""
    with TemporaryDirectory() as folder:
        found = read_all(folder, f"readings.{suffix}", content, ImportOptions())
    if isinstance(found, SheetRefused):
        assert found.why.vi
        assert found.why.en
    else:
        assert all(isinstance(row, AcceptedRow | Reject) for row in found)


GRIDS = st.lists(st.lists(st.text(UNICODE, max_size=20), max_size=10), max_size=6)


@st.composite
def strange_files(draw: st.DrawFn) -> bytes:
    """Bytes; or cells of anything below the right heading."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=400))
    file = io.StringIO(newline="")
    csv.writer(file).writerows([HEADING, *draw(GRIDS)])
    return file.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-16"])))


FAST = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FULL = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WAYS = {
    "CSV": (csv_files(), csv_is_taken_as_meant),
    "a workbook": (workbooks(), workbook_is_taken_as_meant),
    "a strange CSV": (strange_files(), lambda content: nothing_crashes(content, "csv")),
    "a strange workbook": (st.binary(max_size=400), lambda content: nothing_crashes(content, "xlsx")),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_no_value_changes_on_its_way(way: str) -> None:
    """In any encoding, with any delimiter, in either way of writing numbers."""
    files, check = WAYS[way]
    FAST(given(files)(check))()


@pytest.mark.long
@pytest.mark.parametrize("way", list(WAYS))
def test_no_value_of_many_changes_on_its_way(way: str) -> None:
    """The same over ten times as many tables."""
    files, check = WAYS[way]
    FULL(given(files)(check))()
