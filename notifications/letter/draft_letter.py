"""Which draft goes with a letter: a reminder to its units that the reader may complete and sign. Values, no bytes.

Only for whoever stands above the units, only where the directive asks for it (`attach: [draft-letter]`), and only
about what the letter says is overdue. It is about one document: that of the first such row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dondoc.engine.domain.rulebook import RequestedFile
from dondoc.notifications.digest import OPEN, UPWARD, Digest, Direction, Entry
from dondoc.notifications.wording import draft
from dondoc.notifications.wording.limits import seen_until
from dondoc.notifications.wording.names import in_full, object_of

# A longer table is none that somebody reads in a paper; the letter's list has all.
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class DraftLetter:
    """A letter of an office, in the order of its page; number, day, new limit and signature are left empty.

    `party`: laid out as papers of party bodies are, else as those of offices of the state. `rows` have a cell for
    each of the `heads`; `mark` stands above every page.
    """

    night: date
    party: bool
    mark: str
    issuer: str
    about: str
    to: str
    before: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    after: tuple[str, ...]


def draft_letter(digest: Digest) -> DraftLetter | None:
    """The draft for the reader of a letter; None: its pack asks for none, or nothing of its units is overdue."""
    rows = [entry for entry in digest.entries if _is_urged(entry, digest)]
    if not any(entry.news for entry in rows):
        return None
    directive = rows[0].directive
    rows = [entry for entry in rows if entry.directive == directive]
    own = digest.of(rows[0])
    lines = [
        (unit, draft.matter(entry, object_of(entry).vi), draft.limit(entry), str(entry.workdays))
        for entry in rows
        for unit in (entry.units if len(entry.units) > 1 else (entry.unit.vi,))
    ]
    units = dict.fromkeys(unit for unit, *_ in lines)
    earlier = sorted({night for entry in rows for night in entry.earlier})
    to = {(entry.reports_to, entry.via) for entry in rows}
    reports_to, via = to.pop() if len(to) == 1 else (None, None)
    shown = tuple((str(number), *line) for number, line in enumerate(lines[:MOST_ROWS], 1))
    left = (("", draft.more(len(lines) - MOST_ROWS), "", "", ""),) if len(lines) > MOST_ROWS else ()
    return DraftLetter(
        night=digest.night,
        party=own.direction is Direction.UP_PARTY,
        mark=draft.mark(digest),
        issuer=draft.issuer(own.reader),
        about=draft.about(directive),
        to=draft.ALL_BELOW if len(units) > 1 else in_full(rows[0].unit).vi,
        before=(draft.fact(directive, len(units), seen_until(digest)),),
        heads=draft.HEADS,
        rows=(*shown, *left),
        after=(
            *([draft.urged(earlier)] if earlier else []),
            draft.request(own.reader, min(len(entry.earlier) for entry in rows), reports_to, via),
            draft.HARDSHIP,
            draft.contact(digest.desk.office),
        ),
    )


def _is_urged(entry: Entry, digest: Digest) -> bool:
    """Whether a row is overdue, of a unit below its reader, and waits for no decision on what was said of it."""
    asked = RequestedFile.DRAFT_LETTER in entry.attach and digest.of(entry).direction in UPWARD
    late = entry.section in OPEN and entry.limit is not None and entry.parts is None
    return asked and late and not (entry.stands_still or entry.extended or entry.decisions)
