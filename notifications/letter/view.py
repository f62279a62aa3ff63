"""A letter as texts in reading order: all that the HTML and the plain text are made from.

Every text is ready to print in its language; templates add markup and no words. For an empty text or tuple
nothing is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dondoc.notifications.letter.calendar_entries import CalendarEntry
from dondoc.notifications.letter.draft_letter import DraftLetter

# What a cell of the attached list holds: words, a count, a value, a day, or nothing.
Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A labelled text; `mailbox` is an address to link after it."""

    label: str
    text: str
    mailbox: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """The box beside a row. `tone` is late, soon or done; `line` says the same in one line."""

    tone: str
    word: str
    number: str
    unit: str
    aside: str
    line: str


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """What a link is called, and the address of the page where a case is answered; `label` stands before it."""

    label: str
    word: str
    address: str


@dataclass(frozen=True, slots=True)
class FullRow:
    """A row in full. `facts` are beside the badge, `notes` below it, `links` at its end.

    A `settled` row has no facts, and a note only where letters are taken back. The row of a brief letter has no
    title, and no badge (None) where the headline has its number.
    """

    title: str
    basis: LabelledText
    facts: tuple[LabelledText, ...]
    badge: Badge | None
    notes: tuple[LabelledText, ...]
    case: LabelledText
    settled: bool
    links: tuple[AnswerLink, ...] = ()


@dataclass(frozen=True, slots=True)
class CompactRow:
    """A compact row: `brief` has document, unit and limit, `code` the case; `badge` as in `FullRow`."""

    title: str
    brief: str
    badge: Badge | None
    code: str
    links: tuple[AnswerLink, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with rows; `size` is how many it has, where that has to be said.

    `cards` are printed in full, `lines` compactly; `more` says how many rows are left out.
    """

    title: str
    tone: str
    size: str
    note: str
    cards: tuple[FullRow, ...]
    lines: tuple[CompactRow, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The ask in four pieces; `who` and `when` are emphasised."""

    who: str
    what: str
    when: str
    then: str


@dataclass(frozen=True, slots=True)
class TallyCount:
    """One of the four counts: its number, its words and its share of the bar in percent."""

    number: str
    label: str
    width: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The four counts, always all four and in this order, with a caption that says what they count."""

    caption: str
    counts: tuple[TallyCount, ...]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One line of the table by unit; `late` marks a line with overdue tasks."""

    name: str
    counts: tuple[str, ...]
    longest: str
    late: bool


@dataclass(frozen=True, slots=True)
class UnitTable:
    """The table by unit: `groups` are the heads of the first two and the last two of the four `columns`."""

    title: str
    caption: str
    unit: str
    groups: tuple[str, str]
    columns: tuple[str, ...]
    longest: str
    lines: tuple[UnitLine, ...]
    note: str


@dataclass(frozen=True, slots=True)
class LanguagePart:
    """The whole letter in one language; `more_asks` are further lines of the box, `changes` come below it."""

    language: str
    brand: str
    tagline: str
    night: str
    makeup: str
    dear: str
    addressee: str
    forwarded: str
    headline: str
    ask: Ask
    tally: Tally | None
    sections: tuple[SectionView, ...]
    by_unit: UnitTable | None
    tracked: str
    footer: tuple[LabelledText, ...]
    more_asks: tuple[Ask, ...] = ()
    changes: tuple[str, ...] = ()

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Every line of the box."""
        return self.ask, *self.more_asks


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of the attached list: its head, a line for each language, and its width in characters."""

    head: str
    width: int


@dataclass(frozen=True, slots=True)
class RowList:
    """The list that goes with a letter of `night`: a file `name` with one `sheet`.

    Each of the `titles` is a line above the heads; a row has a cell for each of the `columns`. `of` is how many
    rows there are in all: more than `rows` where the list is cut.
    """

    name: str
    night: date
    sheet: str
    titles: tuple[str, ...]
    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    of: int


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter: the subject and preheader, a part per language, and the full list when it is attached.

    `listed` is None when the letter shows all it has; `calendar` are the limits that go with it, `draft` is the
    draft (None: there is none). `thread` names the letters with which mail programs show it; empty: the others of
    its office and month.
    """

    subject: str
    preheader: str
    parts: tuple[LanguagePart, ...]
    listed: RowList | None = None
    calendar: tuple[CalendarEntry, ...] = ()
    draft: DraftLetter | None = None
    thread: str = ""
