"""From digest to letter: which rows lead, which languages, whether a file is attached. Pure; no markup."""

from __future__ import annotations

from dondoc.engine.domain.terms import Section as Kind
from dondoc.notifications.digest import OPEN, Digest, Direction, Entry
from dondoc.notifications.letter import attachment
from dondoc.notifications.letter.part import USUAL, RowLimits, Writer
from dondoc.notifications.letter.view import LetterView
from dondoc.notifications.wording import heads, names

_ORDER = {kind: order for order, kind in enumerate(Kind)}


def compose(digest: Digest, room: RowLimits = USUAL) -> LetterView:
    """The letter a digest makes, in Vietnamese and, for a mailbox with "en", again in English after it.

    The digest must have at least one entry: without one there is no letter.
    """
    leading = leads(digest)
    sheeted = _overflows(digest, room)
    rows = attachment.table(digest) if sheeted else ()
    languages = ("vi", *(language for language in digest.languages if language != "vi"))
    parts = tuple(Writer(digest, leading, room, language, len(rows)).part() for language in languages)
    return LetterView(
        subject=heads.subject(digest, leading),
        preheader=f"{parts[0].ask.who}{parts[0].ask.what}{parts[0].ask.when}.",
        parts=parts,
        sheet=rows,
        sheet_name=attachment.name(digest) if sheeted else "",
    )


def leads(digest: Digest) -> tuple[Entry, ...]:
    """The rows the letter is mainly about: the one of most weight, or several of equal weight.

    For the unit itself new and worsened rows weigh the same and a higher step more; for any other reader new
    rows weigh most. Good news leads only a letter without open rows, a reminder only a letter without either.
    """
    for kinds in (OPEN, (Kind.RESOLVED,), (Kind.ENDING,)):
        found = [entry for entry in digest.entries if entry.section in kinds and not _only_waived(entry)]
        if found:
            weights = [_weight(entry, digest.direction) for entry in found]
            first = min(weights)
            return tuple(entry for entry, weight in zip(found, weights, strict=True) if weight == first)
    return ()


def _only_waived(entry: Entry) -> bool:
    """Whether a row is waived and not in the letter because of news of its waiver."""
    return entry.waived is not None and entry.waived.holds and not entry.waived.notified


def _weight(entry: Entry, direction: Direction) -> tuple[int, bool, int]:
    """The sort key, most weight first: section, rows followed up before waived ones, the higher step."""
    own_worse = direction is Direction.OWN and entry.section is Kind.WORSE
    return _ORDER[Kind.NEW if own_worse else entry.section], not entry.stands_still, -entry.step


def _overflows(digest: Digest, room: RowLimits) -> bool:
    """Whether something of the letter is only in the file: rows, or the names of many units."""
    long = any(len(entry.units) > names.NAMES_SHOWN for entry in digest.entries)
    return long or len(digest.entries) > room.full + room.compact
