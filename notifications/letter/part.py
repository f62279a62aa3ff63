"""One part of a letter: all its texts in one language, in reading order. Pure; no markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section as Kind
from dondoc.notifications.digest import OPEN, UPWARD, Digest, Direction, Entry, FourWay
from dondoc.notifications.letter import unit_table
from dondoc.notifications.letter.attached_files import AttachedFiles
from dondoc.notifications.letter.view import (
    AnswerLink,
    Ask,
    Badge,
    CompactRow,
    FullRow,
    LabelledText,
    LanguagePart,
    SectionView,
    Tally,
    TallyCount,
    UnitTable,
)
from dondoc.notifications.wording import (
    answers,
    asks,
    badges,
    endings,
    figures,
    heads,
    labels,
    leading,
    limits,
    names,
    next_steps,
    reasons,
    waiving,
)
from dondoc.notifications.wording.badges import BadgeText
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.numbers import number, repeated

_TONES = {Kind.NEW: "late", Kind.WORSE: "late", Kind.RESOLVED: "done", Kind.ENDING: "soon"}
_CODES_SHOWN = 12
# Of so many offices at one mailbox the foot says why each gets the letter.
_ROLES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RowLimits:
    """How many rows a letter prints in full, and how many more compactly; the rest goes into the file.

    `units` is how many units have a line of their own in the table by unit; the others are summed up in one.
    """

    full: int = 15
    compact: int = 30
    units: int = 30


USUAL = RowLimits()
COUNTS_ONLY = RowLimits(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Writer:
    """One part of one letter, in one language; `files` are what goes with the letter.

    `again`: a part before it has told the same in full, and this one says in short what is asked of whom.
    """

    digest: Digest
    leading: tuple[Entry, ...]
    room: RowLimits
    language: str
    files: AttachedFiles
    again: bool = False

    def _say(self, text: Text | None) -> str:
        return "" if text is None else text.in_(self.language)

    def _fact(self, label: Text, text: Text | None) -> LabelledText:
        return LabelledText(self._say(label), self._say(text))

    def part(self) -> LanguagePart:
        """The letter in this language."""
        digest, say = self.digest, self._say
        shown = frozenset(map(id, digest.entries[: self.room.full + self.room.compact]))
        first, *more = map(self._ask, asks.asks(digest, self.leading, shown))
        return LanguagePart(
            language=self.language,
            brand=say(labels.BRAND),
            tagline=self._tagline(),
            night=say(labels.night(digest.night)),
            makeup="" if digest.is_brief else say(labels.makeup(digest.makeup_for)),
            dear=say(labels.DEAR),
            addressee="; ".join(say(names.in_full(office)) for office in (digest.reader, *digest.shared_with)),
            forwarded=say(labels.forwarded(digest.reader, digest.forwarder)) if digest.forwarder else "",
            headline=say(heads.headline(digest.of(self.leading[0]), self.leading)),
            ask=first,
            tally=None if self._is_short else self._tally(),
            sections=self._sections(),
            by_unit=self._by_unit(),
            tracked="" if self._is_short else say(labels.tracked(digest)),
            footer=tuple(self._footer()),
            more_asks=tuple(more),
            changes=() if self._is_short else tuple(map(say, leading.changes(digest))),
        )

    def _tagline(self) -> str:
        if self.again:
            return self._say(labels.IN_SHORT)
        return "" if self.digest.is_brief else self._say(labels.TAGLINE)

    @property
    def _is_short(self) -> bool:
        """Whether it says nothing beside its rows: it is of one matter of one unit, or told a second time."""
        return self.digest.is_brief or self.again

    def _by_unit(self) -> UnitTable | None:
        # A single row names its units itself; of units whose only tasks are waived a table would be all noughts.
        if self.again or len(self.digest.entries) == 1 or not self.digest.counts.total:
            return None
        return unit_table.build(self.digest, self.language, self.room.units)

    def _ask(self, said: asks.AskText) -> Ask:
        # The comma keeps the day of the ask apart from what is asked for; "trước ngày" needs none.
        gap = " " if self.language == "vi" and said.when.vi.startswith("trước ") else ", "
        what = f"{self._say(said.what)}{gap if said.when.vi else ''}"
        # What suffices stands beside the address for answers in a brief letter.
        then = f". {self._say(said.then)}" if said.then.vi and not self._suffices else "."
        return Ask(self._say(said.who), what, self._say(said.when), then)

    @property
    def _suffices(self) -> str:
        """What is enough of an answer to a brief letter that has no link to answer by; empty: any other letter."""
        first = self.digest.entries[0]
        if not self.digest.is_brief or first.links or self.digest.of(first).direction is not Direction.OWN:
            return ""
        return " ".join(self._say(one.then) for one in asks.asks(self.digest, self.leading, ()) if one.then.vi)

    def _tally(self) -> Tally | None:
        counts = self.digest.counts
        if not counts.total or not self.digest.counted:
            return None
        counted = labels.counts_caption(self.digest, limits.seen_until(self.digest))
        apart = waiving.besides(self.digest.waived, self.digest.unjudged, self.digest.declared)
        return Tally(
            f"{self._say(counted)}{self._say(apart)}",
            tuple(
                TallyCount(self._say(number(value)), self._say(label), width)
                for value, label, width in zip(counts.values, labels.FOUR_WAYS, widths(counts), strict=True)
            ),
        )

    def _sections(self) -> tuple[SectionView, ...]:
        """The sections with rows; readers' own rows and those of units below have sections of their own."""
        full, room = self.room.full, self.room.full + self.room.compact
        made: list[SectionView] = []
        for whose, entries in self._by_owner():
            for kind in Kind:
                found = [entry for entry in entries if entry.section is kind]
                if found:
                    printed = found[:room]
                    cards = [] if self.again else [one for one in printed if not self._is_known(one)][:full]
                    whole = set(map(id, cards))
                    lines = [entry for entry in printed if id(entry) not in whole]
                    full, room = full - len(cards), room - len(printed)
                    made.append(self._section(kind, whose, found, cards, lines))
        return tuple(made)

    def _is_known(self, entry: Entry) -> bool:
        """Whether a reader who follows a row reads in it what an earlier letter has told (decision 0086)."""
        again = leading.is_repeat(self.digest.of(entry), entry)
        if not again and (not leading.is_unchanged(entry) or entry.news):
            return False
        if self.digest.of(entry).direction is Direction.OWN:
            return False
        said = entry.answers or entry.decisions or entry.demanded or entry.waived or entry.moved
        beside = entry.also or entry.older or entry.milder or entry.parts
        leads = not again and any(entry is head for head in self.leading)
        return bool(entry.told) and not said and not beside and not leads

    def _by_owner(self) -> list[tuple[Text, list[Entry]]]:
        """The rows under the title that says whose they are; under none where all are alike."""
        if not self.digest.is_mixed:
            return [(NO_TEXT, list(self.digest.entries))]
        found: dict[Text, list[Entry]] = {}
        for entry in self.digest.entries:
            row = self.digest.of(entry)
            whose = labels.tasks_of(row.reader if row.direction is Direction.OWN else None)
            found.setdefault(whose, []).append(entry)
        return list(found.items())

    def _section(
        self,
        kind: Kind,
        whose: Text,
        found: Sequence[Entry],
        cards: Sequence[Entry],
        lines: Sequence[Entry],
    ) -> SectionView:
        rest = len(found) - len(cards) - len(lines)
        first = self.digest.of(found[0])
        up = first.direction in UPWARD and kind is Kind.NEW and not self.digest.is_brief
        title = self._say(labels.section(kind, found))
        return SectionView(
            title=f"{self._say(whose)}: {title}" if whose.vi else title,
            tone=_TONES.get(kind, "calm"),
            size="" if len(self.digest.entries) == 1 else self._say(labels.items(len(found))),
            note=self._say(labels.first_time(first.reader)) if up else "",
            cards=tuple(self._row(entry) for entry in cards),
            lines=tuple(self._line(entry) for entry in lines),
            more=self._say(labels.more(rest)) if rest else "",
        )

    def _row(self, entry: Entry) -> FullRow:
        """A row in full, or what the headline and the ask of a brief letter do not say of it."""
        settled, digest = entry.section is Kind.RESOLVED, self.digest.of(entry)
        row = self._whole_row(entry, digest, settled=settled)
        if not self.digest.is_brief:
            return row
        basis = row.basis if settled else self._fact(labels.BASIS, reasons.brief_basis(entry))
        said: tuple[tuple[Text, Text | None], ...] = (
            (labels.BECAUSE, reasons.beyond_headline(entry, digest)),
            (NO_TEXT, reasons.earlier_letters(entry, digest)),
            (labels.NEXT, next_steps.next_step(entry, digest)),
        )
        if settled:
            said = ((labels.TAKEN_BACK, endings.why_taken_back(entry) if row.notes else None),)
        notes = tuple(self._fact(label, text) for label, text in said if text is not None)
        return replace(row, title="", basis=basis, notes=notes)

    def _whole_row(self, entry: Entry, digest: Digest, *, settled: bool) -> FullRow:
        return FullRow(
            title=self._title(entry),
            basis=self._fact(labels.BASIS, endings.ended(entry, digest) if settled else reasons.basis(entry)),
            facts=() if settled else tuple(self._facts(entry)),
            badge=self._badge(entry),
            notes=tuple(self._notes(entry)),
            case=LabelledText(self._say(labels.CASE), self._codes(entry)) if entry.codes else LabelledText("", ""),
            settled=settled,
            links=self._links(entry),
        )

    def _links(self, entry: Entry) -> tuple[AnswerLink, ...]:
        """Where each reader of a row answers of each of its cases, of as many cases as it names."""
        found = []
        for row in (entry, *entry.also):
            for one in row.links[:_CODES_SHOWN]:
                word = labels.answer_of(one.code, _whose(row, one.code), row.reader)
                label, page_in = self._say(labels.ANSWER), "" if one.by_mail else labels.PAGE_IN[self.language]
                found.append(AnswerLink(label, self._say(word), f"{one.address}{page_in}"))
        if len(found) == 1:
            return (replace(found[0], word=self._say(labels.ANSWER_HERE)),)
        return tuple(found)

    def _title(self, entry: Entry) -> str:
        """The row's title with its figure or its period, and with the unit where no other line names it."""
        said, period = self._say(entry.title), self._say(entry.period)
        settled = entry.section is Kind.RESOLVED
        if entry.figure is not None and wording_of(entry.kind).indicator and not settled:
            return f"{said}: {self._say(figures.heading(entry.figure))}"
        if period and period not in said:
            said = f"{said}: {period}"
        digest = self.digest.of(entry)
        if settled and digest.direction is not Direction.OWN:
            whose = entry.unit if len(entry.units) == 1 else names.by_name(entry, digest)
            said = f"{said}: {self._say(whose)}"
        return said

    def _facts(self, entry: Entry) -> list[LabelledText]:
        digest = self.digest.of(entry)
        limit = self._limit(entry)
        said = (
            (labels.FOR, names.read_by(entry)),
            (labels.UNIT, self._unit(entry, digest)),
            (labels.PARTS, names.parts_by_name(entry.parts) if entry.parts and entry.parts.names else None),
            (labels.LIMIT, limit),
            (labels.PERIOD, None if digest.is_brief else reasons.period(entry)),
            (labels.WAIVED, waiving.line(entry)),
            (labels.ANSWERED, answers.line(entry.answers, digest.night)),
            (labels.STANDING, answers.standing(entry.decisions, digest.night)),
            (labels.EXPLANATION, answers.awaited(entry.demanded, digest.night)),
        )
        return [self._fact(label, text) for label, text in said if text is not None]

    def _limit(self, entry: Entry) -> Text | None:
        if entry.limit is None:
            return None
        plain = self.digest.is_brief and entry.moved is None and entry.limit.counted is None
        return limits.until(entry.limit) if plain else limits.limit_line(entry, entry.limit)

    def _unit(self, entry: Entry, digest: Digest) -> Text | None:
        """Whose row it is; a brief letter has said so in its first sentences."""
        said = names.by_name(entry, digest)
        own = digest.direction is Direction.OWN and said == digest.reader
        named = own or said.vi in heads.headline(digest, self.leading).vi
        return None if digest.is_brief and named else said

    def _notes(self, entry: Entry) -> list[LabelledText]:
        digest = self.digest.of(entry)
        if entry.section is Kind.RESOLVED:
            back = endings.taken_back(entry, digest)
            return [] if back is None else [self._fact(labels.TAKEN_BACK, back)]
        said = (
            (labels.BECAUSE, reasons.because(entry, digest)),
            (labels.FOLLOWED_UP, reasons.followed_up(entry, digest)),
            (labels.NEXT, next_steps.next_step(entry, digest)),
        )
        return [self._fact(label, text) for label, text in said if text is not None]

    def _badge(self, entry: Entry) -> Badge | None:
        said = badges.badge(entry, self.digest.night)
        # The headline of a brief letter has how late it is.
        late = entry.section in OPEN and wording_of(entry.kind).dated and said.tone == "late"
        return None if late and self.digest.is_brief else _printed(said, self.language)

    def _line(self, entry: Entry) -> CompactRow:
        known, digest = not self.again and self._is_known(entry), self.digest.of(entry)
        who = names.by_name(entry, digest) if known else names.who(entry, digest)
        limit = limits.until(entry.limit) if entry.limit else None
        since = labels.told_since(entry.told[0]) if known else None
        # What is assumed stays said each time: somebody may act on this line alone.
        mark = reasons.mark(entry) if known or self.again else None
        said = (names.document(entry.directive), mark, who, limit, since)
        return CompactRow(
            title=self._title(entry),
            brief="; ".join(self._say(each) for each in said if each is not None),
            badge=self._badge(entry),
            code=self._codes(entry),
            links=self._links(entry),
        )

    def _codes(self, entry: Entry) -> str:
        if len(entry.codes) <= _CODES_SHOWN:
            return ", ".join(entry.codes)
        n = number(len(entry.codes) - 1)
        return self._say(Text.format("{code} và {n} mã khác", "{code} and {n} more", code=entry.codes[0], n=n))

    def _footer(self) -> list[LabelledText]:
        """What the letter is and why it comes; a file and links for answers have lines of their own."""
        digest, say = self.digest, self._say
        lines = [LabelledText("", f"{' '.join(self._about())}, ", digest.desk.mailbox)]
        if (files := self.files.said()) is not None:
            lines.append(self._fact(labels.ATTACHED, files))
        links = [link for entry in digest.entries for row in (entry, *entry.also) for link in row.links]
        if links:
            lines.append(LabelledText("", say(labels.BY_MAIL if links[0].by_mail else labels.WHO_HAS_THE_LINK)))
        if self.again:
            return lines
        why = labels.WHY_UNIT if digest.direction is Direction.OWN else labels.WHY_OFFICE
        return [*lines, *(self._fact(why, labels.role(one)) for one in digest.by_office[:_ROLES_SHOWN])]

    def _about(self) -> Iterator[str]:
        """The sentences of the foot's first paragraph, up to the office that answers."""
        digest, say = self.digest, self._say
        yield from (say(labels.AUTOMATIC), say(labels.data_as_of(digest.cutoff)))
        if digest.is_brief:
            yield from filter(None, (say(labels.worked_for(digest.makeup_for)), self._suffices))
            yield from filter(None, [say(reasons.beside_the_document(digest.entries[0]))])
        if not digest.replay and not self.again:
            yield say(labels.HOTLINE)
        yield f"{say(labels.DESK)}: {say(digest.desk.office)}"


def _whose(row: Entry, code: str) -> str:
    """The unit of a case in a row about several; empty in a row about one."""
    return next(
        (unit for unit, codes in zip(row.units, row.code_of, strict=False) if code in codes.split(", ")), ""
    )


@repeated
def _printed(said: BadgeText, language: str) -> Badge:
    word, number, unit = said.word.in_(language), said.number.in_(language), said.unit.in_(language)
    return Badge(said.tone, word, number, unit, said.aside.in_(language), said.line().in_(language))


def widths(counts: FourWay) -> tuple[int, int, int, int]:
    """The shares of the four counts in whole percent: at least 1 for any that is not 0, 100 together."""
    shares = [max(1, value * 100 // counts.total) if value else 0 for value in counts.values]
    largest = shares.index(max(shares))
    shares[largest] += 100 - sum(shares)
    first, second, third, fourth = shares
    return first, second, third, fourth
