"""The names of documents, units and what a row is about, and counts of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from dondoc.engine.domain.model import NO_TEXT, Text, Unit
from dondoc.engine.domain.terms import Level
from dondoc.notifications.digest import Digest, Direction, DirectiveLine, Entry, Parts
from dondoc.notifications.wording.numbers import counted, day, listed, part_of, repeated

NAMES_SHOWN = 12
# Periods that fit into a sentence without brackets: "phát sóng chuyên mục trẻ em tháng 7/2019".
_FLOWING = ("tháng ", "quý ", "năm ", "6 tháng ")
ANY_UNIT = Text("đơn vị", "units")
# Since this day communes, wards and special zones are the only level below the provinces.
_TWO_LEVELS_FROM = date(2025, 7, 1)
_COMMUNES_NOW = Text("xã, phường, đặc khu", "communes")
_LEVELS = {
    Level.COMMUNE: Text("xã, thị trấn", "communes"),
    Level.DISTRICT: Text("đơn vị cấp huyện", "district bodies"),
    Level.PROVINCE: Text("đơn vị cấp tỉnh", "provincial bodies"),
}


@repeated
def document(directive: DirectiveLine) -> Text:
    """The document in short: `Công văn số 279/UBND-LĐTBXH`; its issuer where no number is known."""
    if directive.number is None:
        return Text.format(
            "{kind} của {issuer}", "{kind} of {issuer}", kind=directive.kind, issuer=directive.issuer
        )
    return Text.format("{kind} số {number}", "{kind} {number}", kind=directive.kind, number=directive.number)


@repeated
def cited(directive: DirectiveLine) -> Text:
    """The document in full, with its day and issuer; for an unknown part it says that it is unknown."""
    said, number, issued, missing = directive.kind, directive.number, directive.issued, NO_TEXT
    if number:
        said = Text.format("{said} số {number}", "{said} {number}", said=said, number=number)
    if issued:
        said = Text.format("{said} ngày {day}", "{said} of {day}", said=said, day=day(issued))
    if number is None:
        missing = Text(" (chưa rõ số)", " (number not known)")
        if issued is None:
            missing = Text(" (chưa rõ số, ngày)", " (number and day not known)")
    issuer = directive.issuer
    if directive.competent is not None:
        vi, en = "{issuer} (nay thuộc thẩm quyền của {now})", "{issuer} (now in the charge of {now})"
        issuer = Text.format(vi, en, issuer=issuer, now=directive.competent)
    return Text.format(
        "{said} của {issuer}{missing}", "{said}, {issuer}{missing}", said=said, issuer=issuer, missing=missing
    )


_NTH = {
    "nhất": "first",
    "hai": "second",
    "ba": "third",
    "tư": "fourth",
    "năm": "fifth",
    "sáu": "sixth",
    "bảy": "seventh",
    "tám": "eighth",
    "chín": "ninth",
    "mười": "tenth",
    "cuối": "last",
}
# Places in a document as papers name them, the inner one first, and how they are called in English.
_PLACES = (
    (re.compile(r"chưa rõ (?:điều|mục|khoản)"), "clause not known"),
    (re.compile(rf"gạch đầu dòng thứ ({'|'.join(_NTH)})"), "{} dash"),
    (re.compile(r"mở đầu"), "opening"),
    (re.compile(r"cuối"), "closing paragraph"),
    (re.compile(r"đoạn (\S+)"), "paragraph {}"),
    (re.compile(r"điểm (\S+)"), "point {}"),
    (re.compile(r"khoản (\S+)"), "paragraph {}"),
    (re.compile(r"mục (\S+)"), "clause {}"),
    (re.compile(r"[Đđ]iều (\S+)"), "article {}"),
)


def clause(entry: Entry) -> Text:
    """Where in the document, with a comma after it: `mục 7, `, `đoạn 2, `; empty when no clause is known."""
    place = entry.clause
    if not place:
        return NO_TEXT
    vi = f"mục {place}" if place[0].isdigit() else place
    return Text(f"{vi}, ", f"{_in_english(vi)}, ")


@repeated
def _in_english(place: str) -> str:
    """`khoản 1 Điều 5` as `paragraph 1, article 5`; what is not known stays as it is."""
    said, left = [], place
    while left:
        found = next(((en, match) for vi, en in _PLACES if (match := vi.match(left))), None)
        if found is None:
            return place
        en, match = found
        said.append(en.format(*(_NTH.get(one, one.rstrip(",")) for one in match.groups())))
        left = left[match.end() :].lstrip(", ")
    return ", ".join(said)


def object_of(entry: Entry) -> Text:
    """What the row is about, with its period: `phát sóng chuyên mục trẻ em tháng 7/2019`."""
    period = entry.period
    if period is None:
        return entry.short
    if period.vi.startswith(_FLOWING):
        return Text.format("{short} {period}", "{short}, {period}", short=entry.short, period=period)
    return Text.format("{short} ({period})", short=entry.short, period=period)


def called(units: Iterable[Unit], on: date) -> Text:
    """The noun for units together: that of their level on that day when they are all of one kind."""
    found = {(unit.level, unit.kind) for unit in units}
    if len(found) != 1:
        return ANY_UNIT
    level = found.pop()[0]
    if level is Level.COMMUNE and on >= _TWO_LEVELS_FROM:
        return _COMMUNES_NOW
    return _LEVELS.get(level, ANY_UNIT)


_IN_FULL = (
    ("UBND", "Ủy ban nhân dân"),
    ("HĐND", "Hội đồng nhân dân"),
    ("MTTQ", "Mặt trận Tổ quốc"),
    ("LĐTBXH", "Lao động - Thương binh và Xã hội"),
)


@repeated
def in_full(office: Text) -> Text:
    """The name as an address line has it, without the abbreviations that the rest of the letter uses."""
    vi = office.vi
    for short, full in _IN_FULL:
        vi = re.sub(rf"\b{short}\b", full, vi)
    return Text(vi, office.en)


def units(n: int) -> Text:
    """`05 đơn vị`."""
    return counted(n, "đơn vị", "unit")


def documents(directives: Sequence[DirectiveLine]) -> Text:
    """One document by its number, several by their number of documents."""
    return document(directives[0]) if len(directives) == 1 else counted(len(directives), "văn bản", "document")


def word_for(entry: Entry, digest: Digest) -> Text:
    """The noun for the units of a row: the digest's own when the row is about all of them."""
    return digest.unit_word if entry.of_units == digest.units_counted else ANY_UNIT


def grouped(entry: Entry, digest: Digest) -> bool:
    """Whether a row counts its units as `05/24`: it has several, or one of the many that the reader follows."""
    if entry.of_units == 0:
        return False
    one_of_many = entry.of_units > 1 and digest.units_counted > 1 and digest.direction is not Direction.OWN
    return len(entry.units) > 1 or one_of_many


def who(entry: Entry, digest: Digest) -> Text:
    """Who a row is about: `UBND xã Bảo Đài`, or `05/24 xã, thị trấn`."""
    if not grouped(entry, digest):
        return entry.unit
    return Text.join(" ", (part_of(entry.owing, entry.of_units), word_for(entry, digest)))


def named_behind(entry: Entry, digest: Digest) -> str:
    """`: Bảo Đài`, the name after a sentence on one unit of many; empty for none or several."""
    return f": {entry.units[0]}" if len(entry.units) == 1 and grouped(entry, digest) else ""


def by_name(entry: Entry, digest: Digest) -> Text:
    """`who` with all names up to twelve; for more, where the list is."""
    said = who(entry, digest)
    if not grouped(entry, digest):
        return said
    if len(entry.units) > NAMES_SHOWN:
        return Text.format(
            "{said} (danh sách trong tệp kèm theo)", "{said} (listed in the attached file)", said=said
        )
    return Text.format("{said}: {names}", said=said, names=", ".join(entry.units))


def read_by(entry: Entry) -> Text | None:
    """Which offices of a shared mailbox a row is for; None in a letter to one office."""
    readers = [one.reader for one in (entry, *entry.also) if one.reader is not None]
    return listed(readers) if readers else None


def parts_by_name(parts: Parts) -> Text:
    """The late parts of a rollup by name, up to twelve, and how many more."""
    names, more = ", ".join(parts.names[:NAMES_SHOWN]), len(parts.names) - NAMES_SHOWN
    if more <= 0:
        return Text(names, names)
    others = counted(more, "đơn vị khác trong tệp kèm theo", "other")
    vi, en = "{names} và {others}", "{names} and {others} in the attached file"
    return Text.format(vi, en, names=names, others=others)
