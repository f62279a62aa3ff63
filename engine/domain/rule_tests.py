"""The tests of a rule pack, as values, and how a night is compared with what a test expects.

A test is exact both ways: what it lists must happen on its nights, and what it does not list must not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Reason, Section

# The reasons that change a case; any other leaves it as it was.
CHANGES = (
    Reason.OPENED,
    Reason.CLIMBED,
    Reason.WORSENED,
    Reason.REPEATED,
    Reason.EXHAUSTED,
    Reason.CLOSED,
    Reason.AWAITING_HEIR,
)


@dataclass(frozen=True, slots=True)
class RuleTestFact:
    """One imported row: its import sheet, its columns, and what it counts as.

    `word` is the report, activity, indicator or kind of task that a rule demands. `place` is `file:line:column`.
    """

    sheet: str
    word: str
    recorded_at: datetime
    values: tuple[tuple[str, Any], ...]
    place: str


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case that a night changed. `rule` is the rule's key without its directive.

    `step` is where the case stands after the night (repeats numbered on), None if it closed; only then it has an
    `outcome`. `subject` None: any.
    """

    rule: str
    unit: str
    change: Reason
    step: int | None = None
    outcome: Outcome | None = None
    subject: str | None = None
    place: str = field(default="", compare=False)

    @property
    def kind(self) -> str:
        """Its key in a test file."""
        return "cases"

    def text(self) -> str:
        """The change as a test file writes it."""
        said = {"rule": self.rule, "unit": self.unit, "change": self.change, "subject": self.subject}
        return _flow(said | {"step": self.step, "outcome": self.outcome})


@dataclass(frozen=True, slots=True)
class ExpectedNotice:
    """One notice for one office: about which rule and unit, by which relations. `subject` None: any."""

    to: str
    section: Section
    rule: str
    unit: str
    relations: tuple[str, ...]
    subject: str | None = None
    place: str = field(default="", compare=False)

    @property
    def kind(self) -> str:
        """Its key in a test file."""
        return "letters"

    def text(self) -> str:
        """The notice as a test file writes it; about the office itself it repeats neither id nor relation."""
        said = {"to": self.to, "section": self.section, "rule": self.rule, "subject": self.subject}
        if (self.to, ("responsible",)) == (self.unit, self.relations):
            return _flow(said)
        several = f"[{', '.join(self.relations)}]" if len(self.relations) != 1 else self.relations[0]
        return _flow(said | {"unit": self.unit, "as": several})


Happening = CaseChange | ExpectedNotice


def _flow(said: Mapping[str, object]) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in said.items() if value is not None)}}}"


@dataclass(frozen=True, slots=True)
class ExpectedNight:
    """What one night must bring; nothing at all when `cases` and `letters` are empty."""

    on: date
    cases: tuple[CaseChange, ...]
    letters: tuple[ExpectedNotice, ...]
    place: str

    @property
    def listed(self) -> tuple[Happening, ...]:
        """Everything that must happen."""
        return (*self.cases, *self.letters)


@dataclass(frozen=True, slots=True)
class WaivedInTest:
    """A waiver of a test: a rule's key, the units, and the days, both inclusive."""

    rule: str
    units: tuple[str, ...]
    first: date
    until: date
    place: str


@dataclass(frozen=True, slots=True)
class ActInTest:
    """What an office says in a test of the case of a rule's key and a unit, on a day; a later night knows it.

    `by` is the office (None: whoever is responsible), `subject` the period or task (None: the unit's only case);
    `until` and `done_on` as of an act (None: none). `place` is `file:line:column`.
    """

    on: date
    rule: str
    unit: str
    subject: str | None
    says: ActKind
    by: str | None
    until: date | None
    done_on: date | None
    words: str
    document: str
    place: str


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One test: facts, and what its nights make of them.

    `rules` are the keys that take part (empty: all of the pack); `only` limits the rules to some units (empty: all
    that they apply to); `waivers` are those of the test alone, `acts` what offices say, by day. Only the nights
    listed are judged, in order; with `every` all nights from its first to its last day (inclusive), and those not
    listed must bring nothing.
    """

    name: str
    about: Text
    rules: tuple[str, ...]
    only: tuple[str, ...]
    facts: tuple[RuleTestFact, ...]
    nights: tuple[ExpectedNight, ...]
    every: tuple[date, date] | None
    place: str
    waivers: tuple[WaivedInTest, ...] = ()
    acts: tuple[ActInTest, ...] = ()

    def takes(self, rule: str) -> bool:
        """Whether a rule of the pack takes part."""
        return not self.rules or rule in self.rules

    def played(self) -> Iterator[ExpectedNight]:
        """Every night to judge, in order, with what it must bring."""
        listed = {night.on: night for night in self.nights}
        if self.every is None:
            yield from (listed[on] for on in sorted(listed))
            return
        first, last = self.every
        for ahead in range((last - first).days + 1):
            on = first + timedelta(days=ahead)
            yield listed.get(on) or ExpectedNight(on, (), (), self.place)


@dataclass(frozen=True, slots=True)
class RuleTestFile:
    """One test file: the directive it tests, its tests, and where its units come from.

    `data` is a folder of CSV files, relative to the file; None where the file names none. `units_named` holds the
    place of the first mention of each unit, by id.
    """

    file: str
    directive: str
    data: str | None
    tests: tuple[RuleTest, ...]
    units_named: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """How a night differs from what was expected: what is missing, and what is unexpected."""

    night: date
    place: str
    missing: tuple[Happening, ...]
    unexpected: tuple[Happening, ...]


def difference(expected: ExpectedNight, seen: Sequence[Happening]) -> Difference | None:
    """How a night differs from what was expected; None when it does not.

    `seen` always has subjects; an expectation without a subject takes any one, once.
    """
    left = list(seen)
    missing = []
    for wanted in sorted(expected.listed, key=lambda one: one.subject is None):
        found = next((one for one in left if _matches(wanted, one)), None)
        if found is None:
            missing.append(wanted)
        else:
            left.remove(found)
    if not missing and not left:
        return None
    short = _shortened(left, seen)
    return Difference(expected.on, expected.place, _ordered(missing), _ordered(short))


def _matches(wanted: Happening, seen: Happening) -> bool:
    return wanted == (seen if wanted.subject is not None else replace(seen, subject=None))


def _shortened(left: Iterable[Happening], seen: Iterable[Happening]) -> list[Happening]:
    """The unexpected, without its subject where nothing else seen is about the same rule, unit and office."""
    alike = Counter(_about(one) for one in seen)
    return [replace(one, subject=None) if alike[_about(one)] == 1 else one for one in left]


def _about(one: Happening) -> tuple[str, ...]:
    return one.kind, one.rule, one.unit, one.to if isinstance(one, ExpectedNotice) else ""


def _ordered(happened: Iterable[Happening]) -> tuple[Happening, ...]:
    return tuple(sorted(happened, key=lambda one: (one.kind, one.rule, one.unit, one.text())))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether the tests of a pack have a night on which a rule `fires`, and one on which it must stay `silent`.

    On a silent night a unit's demand is judged met and the rule brings nothing.
    """

    rule: str
    fires: bool
    silent: bool


def fired(tests: Iterable[RuleTest]) -> frozenset[str]:
    """The keys of the rules of which some test expects a case or a letter."""
    return frozenset(one.rule for test in tests for night in test.nights for one in night.listed)
