"""The rule book that the YAML files become: directives, rules, ladders, waivers, mail policy, as values.

Days counted in a rule are working days unless a field says calendar days. Numbers are exact decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import Ladder, Text, scaled
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.terms import Level, Scope
from dondoc.engine.domain.workdays import WorkCalendar


class Basis(StrEnum):
    """Where a rule's day or number comes from: the directive's text, an assumption, an example, or an office."""

    TEXT = "text"
    ASSUMED = "assumed"
    EXAMPLE = "example"
    SET = "set"


class Against(StrEnum):
    """What a rise is measured against."""

    PREVIOUS_PERIOD = "previous-period"
    SAME_PERIOD_LAST_YEAR = "same-period-last-year"


@dataclass(frozen=True, slots=True)
class Selector:
    """Which units a rule applies to: the named ones, or all of a kind and level within a body."""

    units: tuple[str, ...] = ()
    kind: str | None = None
    level: Level | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class OnDate:
    """Due once. `day` is the printed date; the limit excludes it (`before`) if `exclusive`, else not (`by`)."""

    day: date
    exclusive: bool


@dataclass(frozen=True, slots=True)
class EveryYear:
    """Due every year on `month` and `day`; `first` is the first year judged, where the pack names one."""

    month: int
    day: int
    exclusive: bool
    first: int | None = None


@dataclass(frozen=True, slots=True)
class EveryPeriod:
    """Due on day `by` (inclusive) of the month in which the period ends (Nghị định 09/2019, điều 13)."""

    per: PeriodKind
    by: int


@dataclass(frozen=True, slots=True)
class AfterEvent:
    """Due within `days` calendar days after an activity; the only limit that rolls forward (decision 6)."""

    days: int
    event: str


Due = OnDate | EveryYear | EveryPeriod | AfterEvent


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something is due and not recorded: a `report` that the rule generates, or an imported `task`.

    `remind` holds the reminders, as k-th working days strictly before the last day. `set_by` and `set_on` say
    which office set a limit that the text does not give, and when. The first period judged is the first that
    begins on or after `judge_from` (None: `set_on`, if any); what has no period must fall due then or later.
    """

    report: str | None
    task: str | None
    due: Due | None
    remind: tuple[int, ...] = ()
    set_by: str | None = None
    set_on: date | None = None
    judge_from: date | None = None

    @property
    def judged_since(self) -> date | None:
        """The day on or after which a period must begin to be judged; None: the directive alone decides."""
        return self.judge_from or self.set_on


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `first` to `last`, both inclusive; once, or in every year if `yearly`."""

    first: date
    last: date
    yearly: bool


@dataclass(frozen=True, slots=True)
class OccasionWindow:
    """The `days` calendar days that end with the day of the occasion; the calendar file holds its dates."""

    occasion: str
    days: int


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `at_least` activities in each period; judged when the period and `grace` working days are over.

    `set_by`, `set_on` and `judge_from` as in `Overdue`.
    """

    activity: str
    at_least: int
    per: PeriodKind | Window | OccasionWindow
    scope: Scope = Scope.EACH
    grace: int = 0
    warn_before: tuple[int, ...] = ()
    set_by: str | None = None
    set_on: date | None = None
    judge_from: date | None = None

    @property
    def judged_since(self) -> date | None:
        """The day on or after which a period must begin to be judged; None: the directive alone decides."""
        return self.judge_from or self.set_on


@dataclass(frozen=True, slots=True)
class Rise:
    """More than `percent` above the base, and at least `at_least`; the latter alone when the base is 0."""

    percent: Decimal
    against: Against
    at_least: Decimal


# A rise is compared as value * denominator > base * numerator, in 64-bit integers; values stay below 10^16.
LARGEST_FACTOR = 900


def growth(percent: Decimal) -> Fraction:
    """The factor of a rise of `percent`, in lowest terms: 20 % is 6/5.

    Raises `ValueError` where the fraction is too fine to be compared exactly.
    """
    times = 1 + Fraction(percent) / 100
    if max(times.numerator, times.denominator) > LARGEST_FACTOR:
        raise ValueError(f"a rise of {percent} % is too fine to be compared exactly")
    return times


@dataclass(frozen=True, slots=True)
class Threshold:
    """An indicator strictly beyond its limit for `periods` consecutive periods; one of the three limits is given.

    `clear` is the value at which it clears (None: the limit itself), for a rise a percentage. A period without a
    reading is a separate finding `no_data_after` working days after its end; None leaves missing data unjudged.
    The first period judged is the first that begins on or after `judge_from` (None: `set_on`). A closing is told
    once the figure has stayed within its limit for `calm` working days; beyond it again before, the case goes on.
    """

    indicator: str
    per: PeriodKind
    set_by: str
    set_on: date
    above: Decimal | None = None
    below: Decimal | None = None
    rise: Rise | None = None
    clear: Decimal | None = None
    periods: int = 1
    no_data_after: int | None = None
    judge_from: date | None = None
    calm: int = 5

    @property
    def judged_since(self) -> date:
        """The day on or after which a period must begin to be judged."""
        return self.judge_from or self.set_on

    def judges(self, first_day: date, recorded_on: date) -> bool:
        """Whether a reading counts: by the first day of its period, or by its recording where it has none."""
        return (first_day if self.per.months else recorded_on) >= self.judged_since

    @property
    def limit(self) -> int | None:
        """The number that a reading is compared with, scaled; None for a rise, which has no fixed limit."""
        bound = self.below if self.above is None else self.above
        return None if bound is None else scaled(bound)


@dataclass(frozen=True, slots=True)
class Streak:
    """One unit missed `times` consecutive periods of the rule with the id `of`."""

    of: str
    times: int


@dataclass(frozen=True, slots=True)
class Rollup:
    """Enough parts of a body are late with what the rule with the id `of` demands; one of the two limits is given.

    `percent` is of the parts judged, `units` a number of parts; an equal value reaches either. With `covers` the
    rollup's notice replaces those of its parts, for every reader but the parts themselves (decision 37).
    """

    of: str
    percent: Decimal | None = None
    units: int | None = None
    covers: bool = False


# A direct condition is judged on facts, a derived one on the findings of its base rule.
Direct = Overdue | Quota | Threshold
Derived = Streak | Rollup
Condition = Direct | Derived


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that units report: its name, its unit of measure; small counts of a `sensitive` one are masked."""

    id: str
    title: Text
    unit: Text
    sensitive: bool


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An obligation without a day or number in the text; `waits_for` None: it can only be kept as evidence.

    `blanks` are the places, as `file:line:column`, where its parameter can be filled in once an office sets it.
    """

    obligation: str
    clause: str
    who: str
    what: Text
    waits_for: Text | None
    blanks: tuple[str, ...] = ()


# How many working days a directive is followed up after its last day, unless it says until when; and how many
# calendar days these are where no calendar can count them.
FOLLOWED = 30
_FOLLOWED = timedelta(weeks=6)


class RequestedFile(StrEnum):
    """A file that a directive has its letters attach.

    The limit of a task, for the calendar of its unit; a draft to its units that an office above them may sign.
    """

    CALENDAR_ENTRY = "calendar-entry"
    DRAFT_LETTER = "draft-letter"


@dataclass(frozen=True, slots=True)
class Directive:
    """A document, in force from `in_force_from` to `in_force_until`, both inclusive (None: no end).

    What it demanded until then is followed up until `follow_until` (None: for six weeks).

    `kind` is the word before its number in a letter. `read_by` names the organ that reads for each committee.
    `competent` is the body that answers for it now, where another than its issuer does. `monitor_basis` says where
    the monitor comes from. `attach` are the files that its letters have besides their list.
    """

    id: str
    code: str
    kind: Text
    number: str | None
    issued: date | None
    issuer: str
    title: Text
    implements: tuple[str, ...]
    in_force_from: date
    in_force_until: date | None
    monitor: str | None
    basis: Basis
    read_by: Mapping[str, str]
    register: tuple[RegisterEntry, ...]
    competent: str | None = None
    monitor_basis: Basis = Basis.TEXT
    follow_until: date | None = None
    attach: tuple[RequestedFile, ...] = ()

    @property
    def authority(self) -> str:
        """The body that stands for the issuer: itself, or the one that is competent now."""
        return self.competent or self.issuer

    def in_force(self, on: date) -> bool:
        """Whether the directive binds on that day."""
        return self.in_force_from <= on and (self.in_force_until is None or on <= self.in_force_until)

    @property
    def followed_until(self) -> date | None:
        """The last day on which what it demanded is followed up; None: no end."""
        if self.in_force_until is None:
            return None
        return self.follow_until or self.in_force_until + _FOLLOWED

    @property
    def last_night(self) -> date | None:
        """The last night that judges its demands, which knows what came on the last day; None: no end."""
        until = self.followed_until
        return None if until is None else until + timedelta(days=1)

    def ended_between(self, since: date | None, on: date) -> bool:
        """Whether its last night lies after one night and before another; never where there was no first one."""
        return since is not None and self.last_night is not None and since < self.last_night < on

    def followed(self, on: date) -> bool:
        """Whether the night of that day judges its demands: it is in force, or was until lately."""
        return self.in_force_from <= on and (self.last_night is None or on <= self.last_night)


@dataclass(frozen=True, slots=True)
class Rule:
    """One judgeable demand of a directive. `id` is `directive/key` and never changes once used.

    `reports_to` is a unit's id, or a relation of the bound unit in the words of a ladder: `superior.government`.
    `confirmed`: what a unit declares to have handed in counts only once the office that receives it confirms it.
    """

    id: str
    directive: str
    title: Text
    short: Text
    clause: str
    obligation: str
    basis: Basis
    assumes: Text | None
    applies_to: Selector
    reports_to: str | None
    via: str | None
    monitor: str | None
    condition: Condition
    calendar: str
    ladder: str
    place: str
    confirmed: bool = False


# How many days a waiver may last, its last day included; a longer one must be granted again.
LONGEST_WAIVER = 180


@dataclass(frozen=True, slots=True)
class Waiver:
    """A demand that is not followed up for one unit from `first` to `until`, both inclusive.

    `granted_by` is the office that allows it, `legal_basis` the text it rests on. `place` is where it is defined,
    as `file:line:column`.
    """

    rule: str
    unit: str
    granted_by: str
    reason: Text
    legal_basis: Text
    first: date
    until: date
    place: str


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules and settings of one rule folder; `sha256` is of the files' bytes.

    `places` says where ladders, calendars and indicators are defined, by kind and id, as `file:line:column`.
    """

    directives: Mapping[str, Directive]
    rules: Mapping[str, Rule]
    ladders: Mapping[str, Ladder]
    calendars: Mapping[str, WorkCalendar]
    occasions: Mapping[str, tuple[date, ...]]
    indicators: Mapping[str, Indicator]
    mail: MailPolicy
    sha256: str
    units_named: Mapping[str, str] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    sources: tuple[DataSource, ...] = ()
    places: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def directive_of(self, rule: str) -> Directive:
        """The directive a rule belongs to."""
        return self.directives[self.rules[rule].directive]

    def calendar_of(self, rule: str) -> WorkCalendar:
        """The calendar by which a rule counts its working days."""
        return self.calendars[self.rules[rule].calendar]

    def base_of(self, rule: str) -> Rule | None:
        """The rule that a derived rule is derived from; None for any other rule."""
        condition = self.rules[rule].condition
        return self.rules[condition.of] if isinstance(condition, Derived) else None

    def root_of(self, rule: str) -> Rule:
        """The direct rule at the bottom of a chain of derived rules; the rule itself when it is not derived."""
        found, base = self.rules[rule], self.base_of(rule)
        while base is not None:
            found, base = base, self.base_of(base.id)
        return found

    def followed(self, rule: str, on: date) -> bool:
        """Whether a rule is judged on that day: its directive and those of the rules that it is derived from."""
        found: Rule | None = self.rules[rule]
        while found is not None and self.directives[found.directive].followed(on):
            found = self.base_of(found.id)
        return found is None

    def last_night(self, rule: str) -> date | None:
        """The last night that judges a rule and those that it is derived from; None: no end."""
        ends = []
        found: Rule | None = self.rules[rule]
        while found is not None:
            ends.append(self.directives[found.directive].last_night)
            found = self.base_of(found.id)
        return min((end for end in ends if end is not None), default=None)

    def binding(self, on: date, since: date | None = None) -> tuple[str, ...]:
        """The rules that are judged on that day: their directive is followed up. In the book's order.

        Where no night ran after the night `since`, also those whose last night lies between: no other night has
        judged what came at the very end (decision 0041).
        """
        return tuple(
            rule.id
            for rule in self.rules.values()
            if (paper := self.directives[rule.directive]).followed(on) or paper.ended_between(since, on)
        )
