"""The plain-text body of a letter: the same facts as the HTML in the same order, in lines of 76 characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dondoc.notifications.letter.view import (
    AnswerLink,
    CompactRow,
    FullRow,
    LabelledText,
    LanguagePart,
    SectionView,
    Tally,
    UnitTable,
)

_WIDTH = 76
_RULE = 72
# The table by unit: its names, and its five columns of figures.
_NAME = 24
_COLUMNS = (9, 9, 11, 9, 11)
_NBSP = "\N{NO-BREAK SPACE}"
_HELD_TOGETHER = re.compile(
    r" (?=[\dnelvgđw])(?:(?=\d)(?:(?<=ngày )|(?<=mục )|(?<=clause )|(?<=dưới ))"
    r"|(?<=\d )(?=(?:ngày|em|lần|việc|giờ|đơn vị|working)\b))"
)


def bound(text: str) -> str:
    """The text with a no-break space between a word and its number, so that they stay on one line."""
    return _HELD_TOGETHER.sub(_NBSP, text)


def text(parts: Sequence[LanguagePart]) -> str:
    """All parts, one after the other, with ordinary spaces."""
    divider = f"\n{'=' * _RULE}\n"
    return divider.join("".join(f"{line}\n" for line in _part(part)) for part in parts).replace(_NBSP, " ")


def wrapped(said: str, first: str = "", rest: str | None = None) -> str:
    """Lines of at most 76 characters, a longer word on its own line; `first` and `rest` (None: `first`) indent."""
    hanging = first if rest is None else rest
    lines, left, margin = [], f"{first}{said}", len(first)
    if len(left) > _WIDTH:
        left = bound(left)
    while len(left) > _WIDTH:
        cut = left.rfind(" ", margin, _WIDTH + 1)
        if cut <= margin:
            cut = left.find(" ", _WIDTH)
        if cut < 0:
            break
        lines.append(left[:cut])
        left, margin = f"{hanging}{left[cut + 1 :]}", len(hanging)
    return "\n".join([*lines, left])


def _part(part: LanguagePart) -> Iterator[str]:
    yield f"{part.brand} – {part.tagline}" if part.tagline else part.brand
    yield f"{part.night} ({part.makeup})" if part.makeup else part.night
    yield wrapped(f"{part.dear}: {part.addressee}")
    if part.forwarded:
        yield wrapped(part.forwarded)
    yield from ("", wrapped(part.headline), "")
    mark, hanging = ("- ", "  ") if part.more_asks else ("", "")
    yield from (wrapped(f"{mark}{ask.who}{ask.what}{ask.when}{ask.then}", "", hanging) for ask in part.asks)
    for said in part.changes:
        yield from ("", wrapped(said))
    if part.tally:
        yield from _tally(part.tally)
    for section in part.sections:
        yield ""
        yield from _section(section)
    if part.by_unit:
        yield from _by_unit(part.by_unit)
    if part.tracked:
        yield from ("", wrapped(part.tracked))
    yield from ("", "-" * _RULE)
    yield from (wrapped(_labelled(line)) for line in part.footer)


def _tally(tally: Tally) -> Iterator[str]:
    yield from ("", wrapped(tally.caption))
    yield from (f"  {count.label:<27}{count.number:>5}" for count in tally.counts)


def _section(section: SectionView) -> Iterator[str]:
    yield f"== {section.title} ({section.size}) ==" if section.size else f"== {section.title} =="
    if section.note:
        yield wrapped(section.note)
    for number, row in enumerate(section.cards, start=1):
        if number > 1:
            yield ""
        yield from _card(number, row)
    for number, line in enumerate(section.lines, start=len(section.cards) + 1):
        yield from _line(number, line)
    if section.more:
        yield section.more


def _card(number: int, row: FullRow) -> Iterator[str]:
    # The one row of a brief letter needs no number.
    indent = "   " if row.title else ""
    if row.title:
        yield wrapped(f"{number}. {row.title}", "", indent)
    yield wrapped(_labelled(row.basis), indent)
    for fact in row.facts:
        yield wrapped(_labelled(fact), indent)
    if row.badge is not None:
        yield wrapped(row.badge.line, indent)
    for note in row.notes:
        yield wrapped(_labelled(note), indent)
    if row.case.text:
        yield wrapped(_labelled(row.case), indent)
    yield from _links(row.links, indent)


def _links(links: Sequence[AnswerLink], indent: str = "   ") -> Iterator[str]:
    """One line each; a mail program makes a link of the address."""
    named = len(links) > 1
    yield from (wrapped(f"{one.label}{f' {one.word}' if named else ''}: {one.address}", indent) for one in links)


def _line(number: int, line: CompactRow) -> Iterator[str]:
    yield wrapped(f"{number}. {line.title}", "", "   ")
    yield wrapped(line.brief, "   ")
    yield wrapped("; ".join(filter(None, (line.badge.line if line.badge else "", line.code))), "   ")
    yield from _links(line.links)


def _by_unit(table: UnitTable) -> Iterator[str]:
    yield from ("", f"== {table.title} ==", wrapped(table.caption))
    done, left = table.groups
    # Over the two columns of each.
    yield f"  {'':<{_NAME}}{done:>{sum(_COLUMNS[:2])}}{left:>{sum(_COLUMNS[2:4])}}"
    yield f"  {table.unit:<{_NAME}}{_aligned((*table.columns, table.longest.lower()))}"
    for line in table.lines:
        figures = _aligned((*line.counts, line.longest))
        if len(line.name) < _NAME:
            yield f"- {line.name:<{_NAME}}{figures}"
        else:
            yield wrapped(f"- {line.name}", "", "  ")
            yield f"  {'':<{_NAME}}{figures}"
    if table.note:
        yield wrapped(table.note)


def _aligned(cells: Sequence[str]) -> str:
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, _COLUMNS, strict=True))


def _labelled(fact: LabelledText) -> str:
    label = f"{fact.label}: " if fact.label else ""
    return f"{label}{fact.text}{fact.mailbox}{'.' if fact.mailbox else ''}"
