"""The full list of a letter's rows, for the file attached when the letter cannot show them all: values, no bytes.

Days are days and numbers are numbers, so that the list can be sorted, filtered and added up; a number that must
not be told is the words that the letter has for it. The cells are in Vietnamese, title and heads in every language
of the letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, Entry
from dondoc.notifications.letter.view import Cell, ListColumn, RowList
from dondoc.notifications.wording import labels, limits, listing, reasons
from dondoc.notifications.wording.kinds.kind import Measured
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.names import object_of
from dondoc.notifications.wording.next_steps import next_step

# Some hundred kB, and as many as a mail program's spreadsheet opens at once.
MOST_LINES = 5_000
# The heads with the widths of their columns, in characters: together one landscape page that can still be read.
_COLUMNS = (
    (listing.SECTION, 11),
    (listing.CASE, 12),
    (listing.MATTER, 30),
    (listing.UNIT, 24),
    (listing.BASIS, 30),
    (listing.LIMIT, 15),
    (listing.LAST_DAY, 11),
    (listing.WORKDAYS_LATE, 10),
    (listing.DAYS_LATE, 9),
    (listing.FIGURE, 9),
    (listing.LEVEL, 9),
    (listing.MEASURED_IN, 11),
    (listing.TOLD_SINCE, 11),
    (listing.NEXT_ON, 11),
    (listing.NEXT, 32),
)


def row_list(digest: Digest) -> RowList:
    """A line for every unit of every row, in the letter's order; of a longer list the first `MOST_LINES`.

    A column in which no line has anything is left out.
    """
    lines = [line for entry in digest.entries for line in _lines(entry, digest.of(entry))]
    used = [place for place in range(len(_COLUMNS)) if any(line[place] not in (None, "") for line in lines)]
    said = listing.title(digest, len(lines), MOST_LINES)
    return RowList(
        name=f"danh-sach-{digest.night.isoformat()}.xlsx",
        night=digest.night,
        sheet=listing.SHEET,
        titles=_in_each(said, digest.languages),
        columns=tuple(
            ListColumn("\n".join(_in_each(head, digest.languages)), width)
            for head, width in (_COLUMNS[place] for place in used)
        ),
        rows=tuple(tuple(line[place] for place in used) for line in lines[:MOST_LINES]),
        of=len(lines),
    )


def _in_each(text: Text, languages: Sequence[str]) -> tuple[str, ...]:
    """The text in Vietnamese, then in every other language of the letter."""
    return (text.vi, *(text.in_(language) for language in languages if language != "vi"))


def _lines(entry: Entry, digest: Digest) -> Iterator[tuple[Cell, ...]]:
    units = entry.units if len(entry.units) > 1 else (entry.unit.vi,)
    codes = entry.code_of or (", ".join(entry.codes),) * len(units)
    since = entry.told_of or (entry.told[0] if entry.told else None,) * len(units)
    kind, step = wording_of(entry.kind), next_step(entry, digest)
    late = entry.section is not Section.ENDING and kind.dated
    section, measured = labels.section(entry.section, (entry,)).vi, kind.measured(entry) or Measured()
    for unit, code, first in zip(units, codes, since, strict=True):
        yield (
            section,
            code,
            object_of(entry).vi,
            unit,
            reasons.basis(entry).vi,
            limits.until(entry.limit).vi if entry.limit else None,
            entry.limit.last_day if entry.limit else None,
            entry.workdays if late else None,
            entry.days if late else None,
            _cell(measured.value),
            _cell(measured.level),
            measured.unit.vi,
            first,
            entry.next_on if step else None,
            step.vi if step else None,
        )
    # The letter names the first of them only.
    rest = (None,) * (len(_COLUMNS) - 4)
    for part in entry.parts.names if entry.parts else ():
        yield section, codes[0] if codes else None, object_of(entry).vi, part, *rest


def _cell(said: Cell | Text) -> Cell:
    return said.vi if isinstance(said, Text) else said
