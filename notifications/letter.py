"""Digest to letter: which rows lead, what is said of each, in which order. Pure; no markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from engine.model import Section as Kind
from engine.model import Text
from notifications import sheet, unittable
from notifications.digest import Digest, Direction, Entry, FourWay
from notifications.view import Ask, Badge, Count, Fact, LetterView, Line, Part, Row, Section, Tally
from notifications.wording import asks, badges, endings, heads, labels, limits, names, reasons
from notifications.wording.numbers import count

_TONES = {Kind.NEW: "late", Kind.WORSE: "late", Kind.RESOLVED: "done", Kind.ENDING: "soon"}
_OPEN = (Kind.NEW, Kind.WORSE, Kind.STILL)
_CODES_SHOWN = 12
_ORDER = {kind: order for order, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Room:
    """How many rows a letter prints in full, and how many more compactly; the rest is counted and attached."""

    full: int = 15
    compact: int = 30


def compose(digest: Digest, room: Room = Room()) -> LetterView:
    """The letter a digest makes, in Vietnamese and, for a reader of "en", once more in English behind it.

    The digest must have at least one entry: without one there is no letter.
    """
    leading = leads(digest)
    sheeted = _overflows(digest, room)
    rows = sheet.table(digest) if sheeted else ()
    languages = ("vi", *(language for language in digest.languages if language != "vi"))
    parts = tuple(_Writer(digest, leading, room, language, len(rows)).part() for language in languages)
    return LetterView(
        subject=heads.subject(digest, leading),
        preheader=f"{parts[0].ask.who}{parts[0].ask.what}{parts[0].ask.when}".strip(),
        parts=parts,
        sheet=rows,
        sheet_name=sheet.name(digest) if sheeted else "",
    )


def leads(digest: Digest) -> tuple[Entry, ...]:
    """The rows the letter is mainly about: the one of most weight, or several of equal weight.

    For the unit itself the highest step weighs most, for anybody else what is new. Good news leads only a
    letter without bad, a reminder only a letter without either.
    """
    for kinds in (_OPEN, (Kind.RESOLVED,), (Kind.ENDING,)):
        found = [entry for entry in digest.entries if entry.section in kinds]
        if found:
            weights = [_weight(entry, digest.direction) for entry in found]
            first = min(weights)
            return tuple(entry for entry, weight in zip(found, weights, strict=True) if weight == first)
    return ()


def _weight(entry: Entry, direction: Direction) -> tuple[int, int]:
    own_worse = direction is Direction.OWN and entry.section is Kind.WORSE
    return _ORDER[Kind.NEW if own_worse else entry.section], -entry.step


def _overflows(digest: Digest, room: Room) -> bool:
    """Whether something of the letter is only in the file: rows, or the names of many units."""
    long = any(len(entry.units) > names.NAMES_SHOWN for entry in digest.entries)
    return long or len(digest.entries) > room.full + room.compact


@dataclass(frozen=True, slots=True)
class _Writer:
    """One part of one letter, in one language; `listed` counts the lines of the attached file, its head too."""

    digest: Digest
    leading: tuple[Entry, ...]
    room: Room
    language: str
    listed: int

    def say(self, text: Text | None) -> str:
        return "" if text is None else text.in_(self.language)

    def fact(self, label: Text, text: Text | None) -> Fact:
        return Fact(self.say(label), self.say(text))

    def part(self) -> Part:
        digest, say = self.digest, self.say
        sections, absent = self.sections()
        own = Text(digest.reader_name, digest.reader_name_en)
        return Part(
            language=self.language,
            brand=say(labels.BRAND),
            tagline=say(labels.TAGLINE),
            night=say(labels.night(digest.night)),
            makeup=say(labels.makeup(digest.makeup_for)),
            dear=say(labels.DEAR),
            addressee="; ".join((say(own), *digest.shared_with)),
            forwarded=say(labels.forwarded(digest.forwarded_for)) if digest.forwarded_for else "",
            headline=say(heads.headline(digest, self.leading)),
            ask=self.ask(),
            tally=self.tally(),
            sections=sections,
            absent=absent,
            none_here=say(labels.NONE_HERE),
            by_unit=unittable.build(digest, self.language),
            tracked=say(labels.tracked(digest)),
            footer=tuple(self.footer()),
        )

    def ask(self) -> Ask:
        said = asks.ask(self.digest, self.leading)
        end = "." if said.when.vi else ""
        then = f" {self.say(said.then)}" if said.then.vi else ""
        return Ask(self.say(said.who), self.say(said.what), self.say(said.when), f"{end}{then}")

    def tally(self) -> Tally | None:
        counts = self.digest.counts
        if not counts.total or not self.digest.directives:
            return None
        caption = labels.counts_caption(self.digest, reasons.seen_until(self.digest))
        values = (counts.on_time, counts.late, counts.in_time, counts.overdue)
        return Tally(
            self.say(caption),
            tuple(
                Count(self.number(value), self.say(label), width)
                for value, label, width in zip(values, labels.FOUR_WAYS, widths(counts), strict=True)
            ),
        )

    def number(self, n: int) -> str:
        return count(n) if self.language == "vi" else f"{n:,}"

    def sections(self) -> tuple[tuple[Section, ...], tuple[str, ...]]:
        """The sections that have rows, each with the titles of the empty ones before it; and those at the end."""
        full, compact = self.room.full, self.room.compact
        made: list[Section] = []
        absent: list[str] = []
        for kind in Kind:
            found = [entry for entry in self.digest.entries if entry.section is kind]
            if not found:
                absent.append(self.say(labels.SECTIONS[kind]))
                continue
            cards, lines = found[:full], found[full : full + compact]
            full, compact = full - len(cards), compact - len(lines)
            made.append(self.section(kind, tuple(absent), found, cards, lines))
            absent = []
        return tuple(made), tuple(absent)

    def section(
        self,
        kind: Kind,
        absent: tuple[str, ...],
        found: Sequence[Entry],
        cards: Sequence[Entry],
        lines: Sequence[Entry],
    ) -> Section:
        rest = len(found) - len(cards) - len(lines)
        up = self.digest.direction in (Direction.UP, Direction.UP_PARTY) and kind is Kind.NEW
        reader = Text(self.digest.reader_name, self.digest.reader_name_en)
        return Section(
            absent=absent,
            title=self.say(labels.SECTIONS[kind]),
            tone=_TONES.get(kind, "calm"),
            size=self.say(labels.items(len(found))),
            note=self.say(labels.first_time(reader)) if up else "",
            cards=tuple(self.row(entry) for entry in cards),
            lines=tuple(self.line(entry) for entry in lines),
            more=self.say(labels.more(rest)) if rest else "",
        )

    def row(self, entry: Entry) -> Row:
        settled = entry.section is Kind.RESOLVED
        return Row(
            title=self.title(entry),
            basis=self.fact(labels.BASIS, endings.ended(entry, self.digest) if settled else reasons.basis(entry)),
            facts=() if settled else tuple(self.facts(entry)),
            badge=self.badge(entry),
            notes=() if settled else tuple(self.notes(entry)),
            case=Fact(self.say(labels.CASE), self.codes(entry)) if entry.codes else Fact("", ""),
            settled=settled,
        )

    def title(self, entry: Entry) -> str:
        """The row's title, with its period where that is not in it, and the unit where no line below names it."""
        said, period = self.say(entry.title), self.say(entry.period)
        if period and period not in said:
            said = f"{said}: {period}"
        if entry.section is Kind.RESOLVED and self.digest.direction is not Direction.OWN:
            one = Text(entry.unit, entry.unit_en) if len(entry.units) == 1 and entry.unit else None
            said = f"{said}: {self.say(one or names.by_name(entry, self.digest))}"
        return said

    def facts(self, entry: Entry) -> list[Fact]:
        limit = limits.limit_line(entry, entry.limit) if entry.limit else None
        said = (
            (labels.UNIT, names.by_name(entry, self.digest)),
            (labels.LIMIT, limit),
            (labels.PERIOD, reasons.period(entry)),
        )
        return [self.fact(label, text) for label, text in said if text is not None]

    def notes(self, entry: Entry) -> list[Fact]:
        said = (
            (labels.BECAUSE, reasons.because(entry, self.digest)),
            (labels.FOLLOWED_UP, reasons.followed_up(entry, self.digest)),
            (labels.NEXT, limits.next_step(entry, self.digest)),
        )
        return [self.fact(label, text) for label, text in said if text is not None]

    def badge(self, entry: Entry) -> Badge:
        said, say = badges.badge(entry, self.digest.night), self.say
        return Badge(
            said.tone, say(said.word), say(said.number), say(said.unit), say(said.aside), say(said.line())
        )

    def line(self, entry: Entry) -> Line:
        who = self.say(names.who(entry, self.digest))
        limit = f"; {self.say(limits.until(entry.limit))}" if entry.limit else ""
        return Line(
            title=self.title(entry),
            brief=f"{self.say(names.document(entry.directive))}; {who}{limit}",
            badge=self.badge(entry),
            code=self.codes(entry),
        )

    def codes(self, entry: Entry) -> str:
        if len(entry.codes) <= _CODES_SHOWN:
            return ", ".join(entry.codes)
        rest = Text(f" và {count(len(entry.codes) - 1)} mã khác", f" and {len(entry.codes) - 1} more")
        return f"{entry.codes[0]}{self.say(rest)}"

    def footer(self) -> list[Fact]:
        digest, say = self.digest, self.say
        own = digest.direction is Direction.OWN
        relations = dict.fromkeys(chain.from_iterable(entry.relations for entry in digest.entries))
        lines = [Fact("", f"{say(labels.AUTOMATIC)} {say(labels.data_as_of(digest.cutoff))}")]
        if self.listed:
            lines.append(self.fact(labels.ATTACHED, labels.attached(self.listed - 1)))
        why = labels.WHY_UNIT if own else labels.WHY_OFFICE
        lines.append(self.fact(why, labels.role(digest, relations)))
        lines.append(Fact(say(labels.DESK), f"{digest.desk.office}, ", digest.desk.mailbox))
        if not digest.replay:
            lines.append(Fact("", say(labels.HOTLINE)))
        return lines


def widths(counts: FourWay) -> tuple[int, int, int, int]:
    """The shares of the four counts in whole percent: at least 1 for any that is not 0, 100 together."""
    values = (counts.on_time, counts.late, counts.in_time, counts.overdue)
    shares = [max(1, value * 100 // counts.total) if value else 0 for value in values]
    largest = shares.index(max(shares))
    shares[largest] += 100 - sum(shares)
    first, second, third, fourth = shares
    return first, second, third, fourth
