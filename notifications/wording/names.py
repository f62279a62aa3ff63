"""The names of documents, units and what a row is about, and counts of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dondoc.engine.domain.model import NO_TEXT, Text, Unit
from dondoc.engine.domain.terms import Level
from dondoc.notifications.digest import Digest, Direction, DirectiveLine, Entry, Parts
from dondoc.notifications.wording.numbers import counted, day, part_of, repeated

NAMES_SHOWN = 12
# Periods that fit into a sentence without brackets: "phát sóng chuyên mục trẻ em tháng 7/2019".
_FLOWING = ("tháng ", "quý ", "năm ", "6 tháng ")
ANY_UNIT = Text("đơn vị", "units")
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
    return Text.format(
        "{said} của {issuer}{missing}", "{said}, {issuer}{missing}", said=said, issuer=issuer, missing=missing
    )


# A document without numbered clauses is cited by its paragraphs.
_PLACES = (("đoạn", "paragraph"), ("mở đầu", "opening"), ("cuối", "closing paragraph"))


def clause(entry: Entry) -> Text:
    """Where in the document, with a comma after it: `mục 7, `, `đoạn 2, `; empty when no clause is known."""
    place = entry.clause
    if not place:
        return NO_TEXT
    if place[0].isdigit():
        return Text(f"mục {place}, ", f"clause {place}, ")
    known = ((en, place.removeprefix(vi)) for vi, en in _PLACES if place.startswith(vi))
    word, rest = next(known, (place, ""))
    return Text(f"{place}, ", f"{word}{rest}, ")


def object_of(entry: Entry) -> Text:
    """What the row is about, with its period: `phát sóng chuyên mục trẻ em tháng 7/2019`."""
    period = entry.period
    if period is None:
        return entry.short
    if period.vi.startswith(_FLOWING):
        return Text.format("{short} {period}", "{short}, {period}", short=entry.short, period=period)
    return Text.format("{short} ({period})", short=entry.short, period=period)


def called(units: Iterable[Unit]) -> Text:
    """The noun for units together: that of their level when they are all of one kind."""
    found = {(unit.level, unit.kind) for unit in units}
    return _LEVELS.get(found.pop()[0], ANY_UNIT) if len(found) == 1 else ANY_UNIT


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
    one_of_many = entry.of_units > 1 and digest.units_counted > 1 and digest.direction is not Direction.OWN
    return len(entry.units) > 1 or one_of_many


def who(entry: Entry, digest: Digest) -> Text:
    """Who a row is about: `UBND xã Bảo Đài`, or `05/24 xã, thị trấn`."""
    if not grouped(entry, digest):
        return entry.unit
    return Text.join(" ", (part_of(len(entry.units), entry.of_units), word_for(entry, digest)))


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


def parts_by_name(parts: Parts) -> Text:
    """The late parts of a rollup by name, up to twelve, and how many more."""
    names, more = ", ".join(parts.names[:NAMES_SHOWN]), len(parts.names) - NAMES_SHOWN
    if more <= 0:
        return Text(names, names)
    others = counted(more, "đơn vị khác", "other")
    return Text.format("{names} và {others}", "{names} and {others}", names=names, others=others)
