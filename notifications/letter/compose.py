"""From digest to letter: which rows lead, which languages, whether a file is attached. Pure; no markup."""

from __future__ import annotations

from dataclasses import replace

from dondoc.engine.domain.terms import Outcome
from dondoc.engine.domain.terms import Section as Kind
from dondoc.notifications.digest import OPEN, Digest, Direction, Entry
from dondoc.notifications.letter import threads
from dondoc.notifications.letter.attached_files import attached_files
from dondoc.notifications.letter.part import COUNTS_ONLY, USUAL, RowLimits, Writer
from dondoc.notifications.letter.view import Ask, LabelledText, LetterView
from dondoc.notifications.wording import heads, labels, names

# As long as a subject may be: a title of one or two lines.
_LONGEST = 150
_ORDER = {kind: order for order, kind in enumerate(Kind)}


def compose(digest: Digest, room: RowLimits = USUAL, second: RowLimits | None = None) -> LetterView:
    """The letter a digest makes, in Vietnamese and, for a mailbox with "en", in short in English after it.

    `second` is the room of the English, when it is not that of the Vietnamese. The digest must have at least one
    entry: without one there is no letter.
    """
    leading = leads(digest)
    second = second or room
    leading_to = digest.of(leading[0])
    rooms = {"vi": room, **{language: second for language in digest.languages if language != "vi"}}
    sheeted = any(_overflows(digest, one) for one in rooms.values())
    files = attached_files(digest, listed=sheeted)
    parts = tuple(
        Writer(digest, leading, one, language, files, again=language != "vi").part()
        for language, one in rooms.items()
    )
    return LetterView(
        subject=heads.subject(leading_to, leading),
        preheader=f"{parts[0].ask.who}{parts[0].ask.what}{parts[0].ask.when}.",
        parts=parts,
        listed=files.listed,
        calendar=files.calendar,
        draft=files.draft,
        thread=threads.key(digest),
    )


def shortest(digest: Digest) -> LetterView:
    """The counts, what is asked and the attached list, in Vietnamese alone, each text cut to one line or two.

    For the rare letter whose names or titles alone are too long; it says that its English is left out.
    """
    view = compose(replace(digest, languages=("vi",)), COUNTS_ONLY)
    (part,) = view.parts
    footer = tuple(replace(line, text=_cut(line.text)) for line in part.footer)
    left_out = (LabelledText("", labels.ENGLISH_LEFT_OUT.vi),) if len(digest.languages) > 1 else ()
    part = replace(
        part,
        addressee=_cut(part.addressee),
        forwarded=_cut(part.forwarded),
        headline=_cut(part.headline),
        ask=Ask(_cut(part.ask.who), _cut(part.ask.what), _cut(part.ask.when), _cut(part.ask.then)),
        more_asks=(),
        tally=replace(part.tally, caption=_cut(part.tally.caption)) if part.tally else None,
        sections=tuple(replace(section, note=_cut(section.note)) for section in part.sections),
        by_unit=None,
        tracked=_cut(part.tracked),
        footer=(*footer, *left_out),
    )
    return replace(view, subject=_cut(view.subject), preheader=_cut(view.preheader), parts=(part,))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def leads(digest: Digest) -> tuple[Entry, ...]:
    """The rows the letter is mainly about: the one of most weight, or several of equal weight.

    Only what made the letter leave leads it, and of that what is nearest to the reader. For the unit itself new
    and worsened rows weigh the same and a higher step more; for any other reader new rows weigh most. Good news
    leads only news without open rows, a reminder only news without either; what is taken back leads good news.
    """
    news = [entry for entry in digest.entries if entry.news]
    near = [entry for entry in news if digest.of(entry).direction is digest.direction]
    for entries in (near, news, digest.entries):
        for kinds in (OPEN, (Kind.RESOLVED,), (Kind.ENDING,)):
            found = [entry for entry in entries if entry.section in kinds and not _only_waived(entry)]
            if found:
                weights = [_weight(entry, digest.of(entry).direction) for entry in found]
                first = min(weights)
                return tuple(entry for entry, weight in zip(found, weights, strict=True) if weight == first)
    return ()


def _only_waived(entry: Entry) -> bool:
    """Whether a row is waived and not in the letter because of news of its waiver."""
    return entry.waived is not None and entry.waived.holds and not entry.waived.notified


def _weight(entry: Entry, direction: Direction) -> tuple[int, bool, bool, int]:
    """The sort key, most weight first: section, news of a waiver, what is taken back, the higher step."""
    own_worse = direction is Direction.OWN and entry.section is Kind.WORSE
    section = _ORDER[Kind.NEW if own_worse else entry.section]
    return section, not entry.stands_still, entry.outcome is not Outcome.WITHDRAWN, -entry.step


def _overflows(digest: Digest, room: RowLimits) -> bool:
    """Whether something of the letter is only in the file: rows, or the names of many units."""
    long = any(
        len(entry.units) > names.NAMES_SHOWN or (entry.parts and len(entry.parts.names) > names.NAMES_SHOWN)
        for entry in digest.entries
    )
    return long or len(digest.entries) > room.full + room.compact
