"""Parsers of a single cell: a value, or `Unreadable` with the reason in Vietnamese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from dondoc.engine.domain.combining_marks import misplaced
from dondoc.engine.domain.model import SCALE, ZONE
from dondoc.engine.sources.reading.personal_data import MASK, identifier, person

_ID = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_SEPARATED = re.compile(r"([0-9]{1,2})[.-]([0-9]{1,2})[.-]([0-9]{4})")
# The number by which a spreadsheet keeps a day, for the years 1982 to 2064; the time of day is its fraction.
_SERIAL = re.compile(r"[3-5][0-9]{4}")
_EXCEL = date(1899, 12, 30)
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})"
    r"(?:[T ]([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_WHOLE = re.compile(r"([0-9]{1,7})(?:\.0+)?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,7})?")
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+")
# The length of the store's columns for ids and words; and the years in which a date is no typing mistake.
_NAME = 80
_YEARS = range(1900, 2200)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Invisible characters: spaces without width, marks that change the direction of writing.
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]")
_FORMULA = re.compile(r"'*[=@]")
# The separator between a code and its title.
TITLED = " · "
_LOST = "\N{REPLACEMENT CHARACTER}"

Parse = Callable[[str], Any]
_Day = TypeVar("_Day", bound=date)


class Unreadable(ValueError):
    """A cell has no valid value; carries what is expected in both languages. A `private` cell is never shown."""

    def __init__(self, vi: str, en: str, *, private: bool = False) -> None:
        self.vi, self.en, self.private = vi, en, private
        super().__init__(vi)


def text(cell: str) -> str:
    """Any text of one line, as NFC.

    Raises `Unreadable` for control, hidden and lost characters, and for a combining mark in the wrong place.
    """
    if cell.isascii() and cell.isprintable():
        return cell
    if _CONTROL.search(cell):
        raise Unreadable("có ký tự điều khiển", "contains a control character")
    if _HIDDEN.search(cell):
        raise Unreadable("có ký tự ẩn; gõ lại ô này", "contains a hidden character: type the cell again")
    if _LOST in cell:
        raise Unreadable("có chữ bị mất khi đổi mã", "contains a character lost in conversion")
    composed = unicodedata.normalize("NFC", cell)
    wrong = misplaced(composed)
    if wrong:
        raise Unreadable(
            f"có dấu thừa hoặc đặt sai chỗ ở «{wrong[0]}»; gõ lại chữ này",
            f"has a stray or doubled accent at {wrong[0]!r}: type it again",
        )
    return composed


def free(length: int, parse: Parse) -> Parse:
    """A parser of free text: at most `length` characters, no formula, nothing that identifies a person."""

    def parse_free(cell: str) -> Any:
        found = identifier(cell)
        if found:
            raise Unreadable(
                f"có {found.vi}: không nhận dữ liệu cá nhân",
                f"holds {found.en}: personal data is not accepted",
                private=True,
            )
        if cell == MASK:
            raise Unreadable("ô đã bị che khi trả lại; nhập lại", "was masked when given back: enter it again")
        if _FORMULA.match(cell):
            raise Unreadable("là công thức; chỉ nhận giá trị", "is a formula: only values are accepted")
        return at_most(length, parse)(cell)

    return parse_free


def printed(length: int, parse: Parse) -> Parse:
    """A parser of free text that letters print as it is: besides, it names no person."""
    parse_free = free(length, parse)

    def parse_printed(cell: str) -> Any:
        found = person(cell)
        if found:
            raise Unreadable(
                f"hình như có {found.vi}: thư in nguyên văn ô này, chỉ ghi tên việc",
                f"seems to hold {found.en}: letters print this cell, name the task only",
                private=True,
            )
        return parse_free(cell)

    return parse_printed


def filled(cell: str) -> str:
    """Text that must not be empty."""
    if not cell:
        raise Unreadable("không được để trống", "must not be empty")
    return text(cell)


def unit_id(cell: str) -> str:
    """A unit's id such as `ln.ubnd_huyen`."""
    if len(cell) > _NAME or not _ID.fullmatch(cell):
        raise Unreadable("không phải mã đơn vị, ví dụ ln.ubnd_huyen", "is not a unit id such as ln.ubnd_huyen")
    return cell


def optional(parse: Parse) -> Parse:
    """The same parser, which gives None for an empty cell."""
    return lambda cell: parse(cell) if cell else None


def at_most(length: int, parse: Parse) -> Parse:
    """The same parser, for at most `length` characters."""

    def parse_short(cell: str) -> Any:
        if len(cell) > length:
            raise Unreadable(f"dài quá {length} ký tự", f"is longer than {length} characters")
        return parse(cell)

    return parse_short


def word(cell: str) -> str:
    """A lower-case ASCII word with hyphens, such as `child-protection`."""
    if len(cell) > _NAME or not _WORD.fullmatch(cell):
        raise Unreadable("chỉ gồm chữ thường không dấu, số và gạch nối", "may only hold a-z, 0-9 and hyphens")
    return cell


def code(cell: str) -> str:
    """A word, alone or followed by its title, as the drop-downs of a form offer it."""
    return word(cell.partition(TITLED)[0])


def one_of(words: type[StrEnum]) -> Parse:
    """A parser of the words of an enum."""

    def parse(cell: str) -> StrEnum:
        try:
            return words(cell)
        except ValueError:
            expected = ", ".join(words)
            raise Unreadable(f"phải là một trong: {expected}", f"must be one of: {expected}") from None

    return parse


def day(cell: str) -> date:
    """A date, `2015-04-20` or `20/4/2015`; other ISO forms, 20150420 and 2015-W17-1, are more likely mistakes."""
    with suppress(ValueError):
        return _near(_date(cell))
    raise Unreadable(*_why_no_day(cell))


def _date(cell: str) -> date:
    """The date. Raises `ValueError` if it is none."""
    if _DAY.fullmatch(cell):
        return date.fromisoformat(cell)
    slashed = _SLASHED.fullmatch(cell)
    if not slashed:
        raise ValueError(cell)
    day_, month, year = map(int, slashed.groups())
    return date(year, month, day_)


def _why_no_day(cell: str) -> tuple[str, str]:
    if _SHORT_YEAR.fullmatch(cell):
        return "năm phải viết đủ bốn chữ số", "the year needs four digits"
    meant = _meant(cell)
    if meant is not None:
        vi, en = meant
        return f"{vi}; viết dạng 2015-04-20 hoặc 20/04/2015", f"{en}: write it as 2015-04-20 or 20/04/2015"
    return (
        "không phải ngày dạng 2015-04-20 hoặc 20/04/2015, năm 1900–2199",
        "is not a date of the form 2015-04-20 or 20/04/2015 (day first), 1900 to 2199",
    )


def _meant(cell: str) -> tuple[str, str] | None:
    """The date that a cell seems to mean, in both languages: a spreadsheet's number of a day, other separators."""
    with suppress(ValueError):
        if _SERIAL.fullmatch(cell):
            found = _EXCEL + timedelta(days=int(cell))
            return f"hình như là số ngày của Excel, {found:%d/%m/%Y}", f"seems to be Excel's number of {found}"
        if _SEPARATED.fullmatch(cell):
            found = _near(_date(_SEPARATED.sub(r"\1/\2/\3", cell)))
            return f"hình như là ngày {found:%d/%m/%Y}", f"seems to be {found}"
    return None


def month_first(cell: str) -> bool:
    """Whether a cell can only be a date with the month before the day, as in 04/20/2015."""
    slashed = _SLASHED.match(cell)
    return bool(slashed and int(slashed[1]) <= 12 < int(slashed[2]) <= 31)  # noqa: PLR2004 - months, days


def _near(found: _Day) -> _Day:
    """The date itself. Raises `ValueError` outside plausible years."""
    if found.year not in _YEARS:
        raise ValueError(found)
    return found


def instant(cell: str) -> datetime:
    """A time, `2015-04-20T10:00` or `20/4/2015 10:00`, in Asia/Ho_Chi_Minh unless it has an offset.

    A day alone is its midnight.
    """
    with suppress(ValueError):
        if match := _INSTANT.fullmatch(cell):
            written, clock, zone = match.groups()
            found = _near(_date(written))
            moment = datetime.fromisoformat(f"{found}T{_padded(clock or '0:00')}{zone or ''}")
            return moment if zone else moment.replace(tzinfo=ZONE)
    written = cell.partition(" ")[0]
    meant = _meant(written.partition(".")[0] if _SERIAL.match(written) else written)
    if meant is not None:
        vi, en = meant
        raise Unreadable(
            f"{vi}; viết dạng 2015-04-20T10:00 hoặc 20/04/2015 10:00",
            f"{en}: write it as 2015-04-20T10:00 or 20/04/2015 10:00",
        )
    raise Unreadable(
        "không phải thời điểm dạng 2015-04-20T10:00 hoặc 20/04/2015 10:00, năm 1900–2199",
        "is not a time of the form 2015-04-20T10:00 or 20/04/2015 10:00 (day first), 1900 to 2199",
    )


def _padded(clock: str) -> str:
    """A time of day with two digits for its hour."""
    return clock if clock[1] != ":" else f"0{clock}"


def whole(cell: str) -> int:
    """A whole number from 1 to 1,000,000, also written 3.0."""
    match = _WHOLE.fullmatch(cell)
    if not match or not 1 <= int(match[1]) <= 1_000_000:  # noqa: PLR2004
        raise Unreadable("không phải số nguyên từ 1 đến 1000000", "is not a whole number from 1 to 1000000")
    return int(match[1])


def number(cell: str) -> int:
    """A number with a decimal point, scaled by 10^7; at most seven decimals, below one billion."""
    if not _NUMBER.fullmatch(cell):
        raise Unreadable(
            "không phải số dạng 1426 hoặc 2.61 (tối đa 7 chữ số thập phân, nhỏ hơn 1 tỷ)",
            "is not a number such as 1426 or 2.61 (at most 7 decimals, below one billion)",
        )
    return int(Decimal(cell) * SCALE)


def address(cell: str) -> str:
    """One ASCII mail address."""
    if len(cell) > 254 or not _ADDRESS.fullmatch(cell):  # noqa: PLR2004 - RFC 5321, 4.5.3.1.3
        raise Unreadable("không phải một địa chỉ thư", "is not a single mail address")
    return cell


def languages(cell: str) -> str:
    """`vi` or `vi,en`, also with a space; empty means `vi`."""
    bare = cell.replace(" ", "")
    if bare not in {"", "vi", "vi,en"}:
        raise Unreadable("phải là vi hoặc vi,en", "must be vi or vi,en")
    return bare or "vi"


def due_kind(cell: str) -> str:
    """`before` a day, or `by` its end."""
    if cell not in {"before", "by"}:
        raise Unreadable(
            "phải là before (trước ngày đó) hoặc by (hết ngày đó)", "must be before (that day) or by (its end)"
        )
    return cell
