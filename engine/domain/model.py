"""The values that all rooms share: units and their relations, tasks, findings, cases, notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import LiteralString
from zoneinfo import ZoneInfo

from dondoc.engine.domain.terms import (
    CaseStatus,
    Level,
    Line,
    MailboxRole,
    Outcome,
    RelationKind,
    Section,
    TaskKind,
    Tone,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text for users in Vietnamese and English."""

    vi: str
    en: str

    @classmethod
    def format(
        cls, vi: LiteralString, en: LiteralString | None = None, /, **values: Text | str | int | date
    ) -> Text:
        """Fills `{name}` in two patterns: a `Text` by its half of that language, any other value alike in both.

        A pattern without words is given once. Patterns are literals in the code, never data: braces in a value are
        printed as they are.
        """
        values_en = values.copy()
        for name, value in values.items():
            if isinstance(value, Text):
                values[name], values_en[name] = value.vi, value.en
        return cls(vi.format_map(values), (vi if en is None else en).format_map(values_en))

    @classmethod
    def join(cls, separator: str, texts: Iterable[Text]) -> Text:
        """The texts one after the other, in both languages."""
        texts = tuple(texts)
        return cls(separator.join([text.vi for text in texts]), separator.join([text.en for text in texts]))

    def in_(self, language: str) -> str:
        """The text in "vi" or "en"."""
        return self.vi if language == "vi" else self.en

    def both(self) -> str:
        """Vietnamese with the English in brackets, as a terminal prints it."""
        return f"{self.vi} ({self.en})"

    def beside(self) -> Text:
        """For a terminal of either language: Vietnamese with the English in brackets, or English alone."""
        return Text(self.both(), self.en)


NO_TEXT = Text("", "")


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a unit, valid from `valid_from` (inclusive) to `valid_to` (exclusive; None: no end)."""

    vi: str
    en: str
    short: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation. Its identity never changes; it exists in [valid_from, valid_to) (None: no end)."""

    id: str
    kind: str
    level: Level
    names: tuple[Name, ...]
    valid_from: date
    valid_to: date | None = None

    def alive(self, on: date) -> bool:
        """Whether the unit exists on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def name(self, on: date) -> Name:
        """Its name on that day; outside the days of all names, the last one before, else the first."""
        known = [name for name in self.names if name.valid_from <= on]
        return known[-1] if known else self.names[0]

    def named(self, on: date) -> bool:
        """Whether a name of its own, not its id, is valid on that day."""
        return any(
            name.vi != self.id and name.valid_from <= on and (name.valid_to is None or on < name.valid_to)
            for name in self.names
        )


@dataclass(frozen=True, slots=True)
class Relation:
    """A dated edge from `unit` up (or across) to `other`, valid in [valid_from, valid_to)."""

    unit: str
    other: str
    kind: RelationKind
    line: Line | None
    valid_from: date
    valid_to: date | None = None

    def valid(self, on: date) -> bool:
        """Whether the edge holds on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An office's address; `languages` is "vi" or "vi,en"."""

    unit: str
    role: MailboxRole
    address: str
    languages: str
    valid_from: date
    valid_to: date | None = None

    def valid(self, on: date) -> bool:
        """Whether the mailbox receives on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Succession:
    """`new` succeeds `old` from the day `effective` on, in `scope`; many-to-many."""

    old: str
    new: str
    scope: str
    effective: date


@dataclass(frozen=True, slots=True)
class Task:
    """A dated demand of a rule on a unit, about one subject; the engine gives a `Verdict` on each task.

    `first_day` and `final_day` bound the period (inclusive; None for a plain report); `last_day` is the last
    day in time; a `level` task has none. `bearers` are the units that carry it together (empty: `unit` alone). An
    imported task has `title` to `monitor`, and `reports_to`, which follows it up where it names no monitor;
    `exclusive`: its limit was a "before". `void`: its rule no longer demands it. `former` are the units that owed
    it, have ended and have handed it on. `delegate` is the unit below them that does it for them, who stay
    responsible (None: none does).

    `unnamed`: the report that settled it names no demand, and was counted for this one (decision 12).

    `first_limit` is the last day that was set first, and `moved_on` the night that moved it last (None: it never
    moved). `known_on` is the first night that could know of the task as it stands (None: one before its breach).
    """

    id: int
    rule: str
    unit: str
    subject: str
    kind: TaskKind
    last_day: date | None
    first_day: date | None = None
    final_day: date | None = None
    bearers: tuple[str, ...] = ()
    done_on: date | None = None
    done_recorded_on: date | None = None
    evidence: str = ""
    title: str = ""
    title_en: str = ""
    exclusive: bool = False
    issuer: str | None = None
    monitor: str | None = None
    void: bool = False
    former: tuple[str, ...] = ()
    first_limit: date | None = None
    moved_on: date | None = None
    known_on: date | None = None
    reports_to: str | None = None
    unnamed: bool = False
    delegate: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks for, as numbers that an edit of it changes.

    `level` as its kind counts it: a number of times, of parts or of periods, a limit or a percentage. Of a figure
    also for how many consecutive periods (`times`), at what value it clears and, of a rise, from how much on
    (`least`); limits, values and percentages are scaled. None: its kind has none, or an earlier version kept none.
    """

    level: int
    times: int | None = None
    clear: int | None = None
    least: int | None = None

    def __str__(self) -> str:
        """`200000000 times=3 clear=180000000`: the level, then by name what else was kept."""
        more = {"times": self.times, "clear": self.clear, "least": self.least}
        return " ".join([str(self.level), *(f"{name}={n}" for name, n in more.items() if n is not None)])

    def completed(self, now: Asked) -> Asked:
        """With what was not kept taken from `now`: nothing shows that it was edited."""
        return Asked(
            self.level,
            now.times if self.times is None else self.times,
            now.clear if self.clear is None else self.clear,
            now.least if self.least is None else self.least,
        )


@dataclass(frozen=True, slots=True)
class MissedParts:
    """The tasks that a derived finding rests on: those missed, and among how many they were counted.

    Of a streak, `missed` are the consecutive periods, oldest first; `units` counts the unit's periods since it
    last met one, `judged` those of them with a verdict. Of a rollup, `missed` are its parts in order of their
    units, without the `waived` ones; `judged` counts the parts with a verdict, `units` all parts alive.
    """

    missed: tuple[Task, ...]
    judged: int
    units: int
    waived: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of one task on one night: the verdict and the figures that a letter prints.

    `breach` is the first day that counts as late. `value`, `limit` and `before` are scaled by 10^7
    (`model.SCALE`); `count` and `need` belong to quotas. `offset` is the reminder's working days before the limit.
    `is_floor`: the value must not fall below the limit; `corrected`: the series as known now was never beyond
    it; `in_band`: tonight's value is between the limit and the clearing value; `met_later`: a later period of the
    same demand was met. `parts` belong to a derived finding, whose `value` is the number of its missed tasks,
    scaled too.
    """

    task: Task
    verdict: Verdict
    breach: date | None = None
    count: int | None = None
    need: int | None = None
    value: int | None = None
    limit: int | None = None
    before: int | None = None
    period: str = ""
    recorded_on: date | None = None
    offset: int | None = None
    is_floor: bool = False
    corrected: bool = False
    in_band: bool = False
    met_later: bool = False
    parts: MissedParts | None = None

    @property
    def known_on(self) -> date | None:
        """The first night that could know of the task and of its parts (None: one before its breach)."""
        tasks = (self.task, *(self.parts.missed if self.parts else ()))
        return max((task.known_on for task in tasks if task.known_on), default=None)

    @property
    def severity(self) -> int | None:
        """What worse is measured by: the value, and of a rise how far it lies above its base."""
        if self.value is None or self.before is None or self.limit is not None:
            return self.value
        return self.value - self.before


# Values of indicators are stored times this factor, as integers, so that every comparison is exact.
SCALE = 10_000_000


def scaled(number: Decimal) -> int:
    """A number as facts and tables hold it: exactly, times 10^7. Raises `ValueError` beyond seven decimals."""
    whole = number * SCALE
    if whole != whole.to_integral_value():
        raise ValueError(f"{number} has more than seven decimals")
    return int(whole)


ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Marks a row without an entry time: it takes that of the form it was filled in on.
UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Notified:
    """What one reader was last notified of in a case: the highest step that named it, the value, the night."""

    level: int
    night: date
    value: int | None = None


@dataclass(frozen=True, slots=True)
class LadderStep:
    """At working-day position `at`, notify `to` and copy `copy`; `words` holds both, as (word, is a copy)."""

    at: int
    to: tuple[str, ...]
    copy: tuple[str, ...]
    tone: Tone
    words: tuple[tuple[str, bool], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = (*((word, False) for word in self.to), *((word, True) for word in self.copy))
        object.__setattr__(self, "words", words)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a ladder lets an office reach by an answer; days are working days.

    An acknowledgement holds for `hold` days, at most `times` times for each office and case; with `stops_clock` it
    holds for everybody. An explanation may promise a day at most `promise` days after it was given. One that is
    demanded is awaited for `explain` days after the unit has heard of that.
    """

    hold: int = 5
    times: int = 2
    promise: int = 20
    stops_clock: bool = False
    explain: int = 5


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who is notified when; copied onto a case when it opens. Positions are working days and strictly rise."""

    id: str
    steps: tuple[LadderStep, ...]
    repeat_every: int = 0
    repeat_times: int = 0
    answers: Answers = Answers()
    _positions: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        at = tuple(step.at for step in self.steps)
        repeats = (last + self.repeat_every * n for last in at[-1:] for n in range(1, self.repeat_times + 1))
        object.__setattr__(self, "_positions", (*at, *repeats))

    def positions(self) -> tuple[int, ...]:
        """Every position at which letters fall due: the steps, then the repeats."""
        return self._positions

    def reached(self, position: int) -> int:
        """The highest step (from 1, repeats numbered on) whose position is at or below `position`; 0: none."""
        return sum(at <= position for at in self.positions())


@dataclass(frozen=True, slots=True)
class Case:
    """The life of a finding across nights.

    A round lasts until the limit moves; `last_day` is the limit of this one (None: it has none), `breach` the
    first day after it, `steps_from` the first day that counts for its steps (None: the breach). `floor` is the
    step up to which a baseline night notified nobody. `reached` never falls within a round. `notified` is by
    reader; `earlier` are the readers of earlier rounds who have heard nothing in this one. `closing_notified` is
    false while the readers of a closed case must still get the good news. `waived_until` is the last day of the
    waiver in force on its latest night (None: none was).
    `asked` is what its rule asked for when it was last in breach (None: no number).
    """

    task: Task
    ladder: Ladder
    breach: date
    opened_on: date
    id: int | None = None
    code: str = ""
    round: int = 1
    status: CaseStatus = CaseStatus.OPEN
    reached: int = 0
    floor: int = 0
    notified: Mapping[str, Notified] = field(default_factory=dict)
    value: int | None = None
    outcome: Outcome | None = None
    closed_on: date | None = None
    closing_notified: bool = True
    next_on: date | None = None
    waived_until: date | None = None
    last_day: date | None = None
    steps_from: date | None = None
    asked: Asked | None = None
    earlier: Mapping[str, Notified] = field(default_factory=dict)

    @property
    def clock(self) -> date:
        """The first day that counts for the steps."""
        return self.steps_from or self.breach

    @property
    def knowing(self) -> Mapping[str, Notified]:
        """Every reader who was told of the case, in whichever round, with what each was last told."""
        return {**self.earlier, **self.notified} if self.earlier else self.notified


@dataclass(frozen=True, slots=True)
class Notice:
    """One fact for one reader on one night.

    `waived_until` is set when the fact is that a waiver was granted or ends: the waiver's last day.
    """

    reader: str
    relations: tuple[str, ...]
    section: Section
    finding: Finding
    case: Case | None
    step: int
    tone: Tone = Tone.URGE
    copied: bool = False
    waived_until: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A change of state, for the log: what happened to which task or its case, with details."""

    kind: str
    task: int | None
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the audit log: its number (0: none yet) and its hash, which seals everything before it."""

    number: int
    hash: str
