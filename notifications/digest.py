"""What one letter tells its reader on one night, as values: facts only, no sentence and no markup yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from operator import add, sub

from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.model import Asked, Notice, Text
from dondoc.engine.domain.rulebook import Against, Basis, RequestedFile
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.unwritten import UnwrittenRow

# The sections of what is not done yet; the others bring good news or a reminder.
OPEN = (Section.NEW, Section.WORSE, Section.STILL)


class Direction(StrEnum):
    """Where the reader stands to the unit that is late; it decides the verb (house rule 10).

    `own`: the unit itself. `sideways`: an office that follows up without commanding. `up` and `up_party`: a
    superior on the government or the party line. `copy` and, to a superior, `copy_up`: for information only.
    """

    OWN = "own"
    SIDEWAYS = "sideways"
    UP = "up"
    UP_PARTY = "up-party"
    COPY = "copy"
    COPY_UP = "copy-up"


# To a superior, on either line.
UPWARD = (Direction.UP, Direction.UP_PARTY)
# For information only.
COPIES = (Direction.COPY, Direction.COPY_UP)


class NextAct(StrEnum):
    """What happens on `Entry.next_on` if nothing changes."""

    REMIND = "remind"
    JUDGE = "judge"
    URGE = "urge"
    URGE_AGAIN = "urge-again"
    REPORT_UP = "report-up"
    REPEAT = "repeat"
    LISTED = "listed"
    WAIVER_ENDS = "waiver-ends"
    RESUME = "resume"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class DirectiveLine:
    """How a directive is cited. `number` and `issued` are None where the source names none.

    `competent` is the body that answers for it now, where that is no longer its issuer.
    """

    kind: Text
    number: str | None
    issued: date | None
    issuer: Text
    competent: Text | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit a row prints: `before printed` or `by the end of printed`; `last_day` is the last day in time.

    `last_day_closed`: the last day is not a working day; `last_workday` is the last working day in time.
    `counted` is the closed day on which a counted period ended before it rolled to `last_day` (decision 6);
    None for every other limit.
    """

    printed: date
    exclusive: bool
    last_day: date
    last_day_closed: bool
    last_workday: date
    counted: date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A quota's count or an indicator's value. Values are scaled by 10^7 (`dondoc.engine.domain.model.SCALE`).

    `below`: the limit is a floor. `rise_percent` is set when the limit is a rise over `base`, measured `against`
    an earlier period; under any other limit `base` is the figure of the period before. `clear` is the value at
    which a fixed limit clears, if it is another than the limit. `masked` values of 1 and 2 are printed "dưới 3",
    and no difference that would reveal them. `set_by` and `set_on` say which office set the limit and when,
    `recorded_on` when the figure was recorded; `indicator` is its code, one for all limits that watch it.
    """

    value: int | None
    limit: int | None
    unit: Text
    below: bool = False
    base: int | None = None
    rise_percent: str = ""
    against: Against | None = None
    clear: int | None = None
    masked: bool = False
    set_by: Text | None = None
    set_on: date | None = None
    recorded_on: date | None = None
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class MilderLimit:
    """A further limit that a row's figure is beyond, watched by a rule and a case of its own."""

    figure: Figure
    basis: Basis
    code: str


@dataclass(frozen=True, slots=True)
class Parts:
    """What a derived row counts: the late parts of a rollup, or the missed periods of a streak.

    `kind` and `what` are those of the rule they are late with, `word` is the noun for them. Of `units` parts
    `judged` could be judged and `missed` are late; `waived` ones are not among these. `names` are the short names
    of the late parts in alphabetical order, `known` counts those this reader was notified of before, and
    `at_least` is from how many on the rollup is in breach. `periods` are those of a streak, oldest first.
    """

    kind: TaskKind
    what: Text
    word: Text
    missed: int
    judged: int
    units: int
    waived: int = 0
    names: tuple[str, ...] = ()
    known: int = 0
    at_least: Text | None = None
    periods: tuple[Text, ...] = ()

    @property
    def late(self) -> bool:
        """Whether anything late could be counted; False on a night when too few parts could be judged."""
        return self.missed > 0 and self.judged > 0


@dataclass(frozen=True, slots=True)
class WaivedSpan:
    """The waiver of a row: its demand is not followed up for its unit from `first` to `until`, both inclusive.

    `granted_by` is the office that granted it, on `legal_basis`. `holds`: it is in force tonight. `notified`:
    tonight's news is the waiver itself: granted, or (section ending) about to end.
    """

    granted_by: Text
    legal_basis: Text
    reason: Text
    first: date
    until: date
    holds: bool
    notified: bool


@dataclass(frozen=True, slots=True)
class MovedLimit:
    """The move of a row's limit: the last day that was set `first`, and the night `on` that knew of the new one.

    `ahead`: the new limit has not passed yet. `news`: tonight's row tells a reader who knew of the case.
    """

    first: date
    on: date
    ahead: bool
    news: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """The office that set a day or number that the document leaves open, and when it did."""

    by: Text
    on: date


@dataclass(frozen=True, slots=True)
class AwaitedDecision:
    """What a unit has said (`said`), the office that is to decide on it, and until when the row waits for that.

    `held_until` is None where it waits no more, having waited as often as its ladder allows. `asks`: the reader of
    the row is that office, and may still decide before the row is followed up.
    """

    said: ActKind
    office: Text
    held_until: date | None
    asks: bool


@dataclass(frozen=True, slots=True)
class DemandedExplanation:
    """An explanation that an office demands and that has not come, awaited up to the day `until`, inclusive."""

    by: Text
    until: date


@dataclass(frozen=True, slots=True)
class SaidBy:
    """An act, the office that said so, and the unit to which it gives the matter (None: to none)."""

    act: Act
    office: Text
    to: Text | None = None


@dataclass(frozen=True, slots=True)
class CaseLink:
    """The address at which the reader of a row answers of one of its cases: a page, or with `by_mail` a mail."""

    code: str
    address: str
    by_mail: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a letter: one rule and subject, for one unit or, in a superior's letter, for several.

    `unit` is the full name of the one unit (of several: all names), `units` are short names in Vietnamese
    alphabetical order, `code_of` the case beside each of them (empty: all have all `codes`), `told_of` the first
    letter to this reader that told of it (empty: all were told as in `told`); `of_units` counts all
    units with the same demand, for a superior those below it, 0 where that is none of the row's. `bearers` are
    the ids of the units that owe it, each once, also where it has taken over the same demand of others.
    `days` and `workdays` count the lateness (0 and 0 when not late); in an `ending` row they count the days
    left, today included.

    `earlier` and `earlier_reminders` are the earlier nights of letters to the unit, `last_notified` is the last
    night of a letter to this reader; `also_notified` are the other offices with a letter of their own about it
    tonight. `older` are the earlier periods missed by the same unit that this row stands for (decision 11), oldest
    first; `milder` the other limits that the same figure is beyond (decision 38), the severest first. `waived` is
    the waiver in force, else the latest that paused the row's case; `answers` are the latest things that offices
    have said of it, `decisions` what an office is to decide on, `demanded` the explanations that are awaited.
    `parts` belong to a derived row. `setting`
    says which office set the day or number of a task; a figure carries its own. `answer_by` is the last working
    day before `next_on`, the day of the next step towards `next_to`. `tasks` are those that the row is about, one
    for each unit. `was` is what the rule of a row that ended by an edit asked for before it (None: it no longer
    asks the unit at all). `unnamed`: the report that ended it names no period.

    `monitor_assumed`: who follows the row up stands in no document. `direction` is where the reader stands to
    this row, `reader` whose row it is in a letter to several offices (None: as the letter's). `news`: it made the
    letter leave; otherwise the reader knows it already. `entered_on`: the day on which the report that ended it
    was recorded. `told` are the nights of all letters to this reader that
    had it open. `withdrawn`: the day on which something recorded of it was withdrawn, if that is news to the
    reader. `also` are the rows of other offices of the same mailbox on the same case, for their information.
    `links` lead to the pages where the reader answers of the open cases of the row (empty: there are none).
    `handed_over` gave what the row was about to another unit (None: nothing did). `workdays_since` counts the
    working days after the last of `told`, today included. `attach` are the files that its directive has letters
    attach.
    """

    section: Section
    kind: TaskKind
    step: int
    title: Text
    short: Text
    clause: str
    directive: DirectiveLine
    basis: Basis
    assumes: Text | None
    unit: Text
    units: tuple[str, ...]
    of_units: int
    relations: tuple[str, ...]
    copied: bool
    limit: Limit | None
    period: Text | None
    older: tuple[Text, ...]
    count: int | None
    need: int | None
    figure: Figure | None
    days: int
    workdays: int
    earlier: tuple[date, ...]
    earlier_reminders: tuple[date, ...]
    last_notified: date | None
    also_notified: tuple[Text, ...]
    reports_to: Text | None
    via: Text | None
    next_on: date | None
    next_act: NextAct | None
    next_to: tuple[Text, ...]
    answer_by: date | None
    outcome: Outcome | None
    evidence: str
    done_on: date | None
    codes: tuple[str, ...]
    milder: tuple[MilderLimit, ...] = ()
    waived: WaivedSpan | None = None
    answers: tuple[SaidBy, ...] = ()
    decisions: tuple[AwaitedDecision, ...] = ()
    demanded: tuple[DemandedExplanation, ...] = ()
    parts: Parts | None = None
    setting: Setting | None = None
    tasks: tuple[int, ...] = ()
    moved: MovedLimit | None = None
    was: Asked | None = None
    asked: Asked | None = None
    unnamed: bool = False
    monitor_assumed: bool = False
    direction: Direction | None = None
    reader: Text | None = None
    news: bool = True
    entered_on: date | None = None
    told: tuple[date, ...] = ()
    withdrawn: date | None = None
    also: tuple[Entry, ...] = ()
    bearers: tuple[str, ...] = ()
    code_of: tuple[str, ...] = ()
    told_of: tuple[date | None, ...] = ()
    links: tuple[CaseLink, ...] = ()
    handed_over: SaidBy | None = None
    workdays_since: int = 0
    attach: tuple[RequestedFile, ...] = ()

    @property
    def owing(self) -> int:
        """How many units owe what the row is about."""
        return len(self.bearers or self.units)

    @property
    def task_withdrawn(self) -> bool:
        """Whether the row has ended because the task itself was withdrawn."""
        return self.outcome is Outcome.CHANGED and self.was is None and self.withdrawn is not None

    @property
    def extended(self) -> tuple[Limit, MovedLimit] | None:
        """The new limit of an open row that is about its move, or that is not late because of it; else None."""
        if self.section not in OPEN or self.moved is None or self.limit is None or self.stands_still:
            return None
        # To whom the row is new the move is none: it never read of the first limit.
        moves = self.moved.news and self.section is Section.STILL
        return (self.limit, self.moved) if self.moved.ahead or moves else None

    @property
    def lapsed(self) -> bool:
        """Whether the row is no longer followed up, though nothing was done, because its directive has ended."""
        return self.outcome is Outcome.LAPSED

    @property
    def stands_still(self) -> bool:
        """Whether the row is waived tonight."""
        return self.waived is not None and self.waived.holds


@dataclass(frozen=True, slots=True)
class FourWay:
    """The four counts every report uses: done on time, done late, open in time, open overdue."""

    on_time: int
    late: int
    in_time: int
    overdue: int

    @property
    def values(self) -> tuple[int, int, int, int]:
        """The four, in the order in which they are printed."""
        return self.on_time, self.late, self.in_time, self.overdue

    @property
    def total(self) -> int:
        """All tasks counted."""
        return sum(self.values)

    def __add__(self, other: FourWay) -> FourWay:
        """Both counted together."""
        return FourWay(*map(add, self.values, other.values))

    def __sub__(self, other: FourWay) -> FourWay:
        """Without the others, which are among these."""
        return FourWay(*map(sub, self.values, other.values))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in a superior's table, by its short name; `longest` is its longest lateness in working days.

    `longest` is None when nothing is late. `repeated` is the part of `counts` that the line of another unit, which
    carries the same tasks, has too.
    """

    name: str
    counts: FourWay
    longest: int | None
    repeated: FourWay = FourWay(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers questions about the letter."""

    office: Text
    mailbox: str


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything in one letter of one night, before any wording.

    `cutoff` is the instant of the data, ready to print. `makeup_for` is the closed day for which tonight is
    worked. `shared_with` are the other offices of the same mailbox. `forwarder` is the office whose mailbox the
    letter goes to because the reader has none. `directives` are those the rows are about; of the `obligations` of
    the first one, `tracked` are tracked but not judged. `counted` are the directives whose tasks `counts` and
    `by_unit` count: not those with rows about figures alone; `unit_counted` names the one unit whose tasks they
    are (None: several). A `replay` of nights before the hotline existed does not name it. `waived` counts the open
    tasks that are waived tonight, `declared` the overdue ones of which a report is declared and not confirmed,
    `unjudged` those past their limit that could not be judged; waived and unjudged ones are in none of
    the `counts`.
    """

    night: date
    cutoff: Text
    makeup_for: date | None
    reader: Text
    shared_with: tuple[Text, ...]
    forwarder: Text | None
    direction: Direction
    languages: tuple[str, ...]
    entries: tuple[Entry, ...]
    directives: tuple[DirectiveLine, ...]
    counts: FourWay
    units_counted: int
    unit_word: Text
    by_unit: tuple[UnitRow, ...]
    tracked: int
    obligations: int
    desk: Desk
    replay: bool
    waived: int = 0
    unjudged: int = 0
    declared: int = 0
    counted: tuple[DirectiveLine, ...] = ()
    unit_counted: Text | None = None

    def of(self, entry: Entry) -> Digest:
        """The digest as one row is to be worded: by where its own reader stands to it."""
        direction, reader = entry.direction or self.direction, entry.reader or self.reader
        if (direction, reader) == (self.direction, self.reader):
            return self
        return replace(self, direction=direction, reader=reader)

    @property
    def is_reported(self) -> bool:
        """Whether its reader stands above the unit of any of its rows, whichever row leads."""
        rows = map(self.of, self.entries)
        return any(row.direction in (*UPWARD, Direction.COPY_UP) and row.reader == self.reader for row in rows)

    @property
    def by_office(self) -> tuple[Digest, ...]:
        """The digest as each office of its mailbox would have it, with its own rows; itself for one office."""
        if not self.shared_with:
            return (self,)
        every = [one for row in self.entries for one in (row, *row.also)]
        found = []
        for office in (self.reader, *self.shared_with):
            mine = tuple(row for row in every if row.reader in (office, None))
            papers = tuple(paper for paper in self.directives if any(row.directive == paper for row in mine))
            found.append(replace(self, reader=office, shared_with=(), entries=mine, directives=papers))
        return tuple(found)

    @property
    def is_brief(self) -> bool:
        """Whether it is about one matter of one unit, for a reader who follows no other unit."""
        if len(self.entries) != 1 or self.shared_with or self.by_unit:
            return False
        (row,) = self.entries
        return not row.also and row.owing <= 1 and len(row.units) <= 1

    @property
    def is_mixed(self) -> bool:
        """Whether some rows are the reader's own and others are of units below, or the rows of several offices."""
        own = Direction.OWN
        return len({((row.direction or self.direction) is own, row.reader) for row in self.entries}) > 1


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter before it is built: its first office, its mailbox, its digest, and the notices it delivers.

    `news` are the tasks of those notices: without a row about one of them the letter has no reason to leave.
    `unwritten` are the rows that the digest lacks.
    """

    office: str
    address: str
    digest: Digest
    notices: tuple[Notice, ...]
    news: frozenset[int] = frozenset()
    unwritten: tuple[UnwrittenRow, ...] = ()

    def leaves_with(self, entries: Iterable[Entry]) -> bool:
        """Whether the letter would still bring news with these rows alone."""
        return not self.news.isdisjoint(task for entry in entries for task in entry.tasks)
