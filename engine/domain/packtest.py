"""The tests that stand beside a rule pack, as values, and what a night must match to pass one.

A trial is exact both ways: what it lists must happen on its nights, and what it does not list must not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Reason, Section

# What a night may make of a case; any other reason leaves it as it was.
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
class PackFact:
    """One row that somebody brought in: the import sheet it belongs to, its columns, and what it counts as.

    `word` is the report, activity, indicator or kind of task that a rule asks for. `place` is `file:line:column`.
    """

    sheet: str
    word: str
    recorded_at: datetime
    values: tuple[tuple[str, Any], ...]
    place: str


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case that is not as it was the night before. `rule` is the rule's own key, without its directive.

    `step` is where it stands after the night (repeats counted on), None of one that closed; `outcome` is of that
    one alone. `subject` None stands for any.
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
        """The key it stands under in a test file."""
        return "cases"

    def text(self) -> str:
        """As a test file writes it."""
        said = {"rule": self.rule, "unit": self.unit, "change": self.change, "subject": self.subject}
        return _flow(said | {"step": self.step, "outcome": self.outcome})


@dataclass(frozen=True, slots=True)
class ExpectedNotice:
    """One piece of news for one office: about which rule and unit, by which relations. `subject` None: any."""

    to: str
    section: Section
    rule: str
    unit: str
    relations: tuple[str, ...]
    subject: str | None = None
    place: str = field(default="", compare=False)

    @property
    def kind(self) -> str:
        """The key it stands under in a test file."""
        return "letters"

    def text(self) -> str:
        """As a test file writes it; what an office hears of itself needs neither its id again nor a relation."""
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
    """What one night must bring; nothing at all when both are empty."""

    on: date
    cases: tuple[CaseChange, ...]
    letters: tuple[ExpectedNotice, ...]
    place: str

    @property
    def listed(self) -> tuple[Happening, ...]:
        """Everything that must happen."""
        return (*self.cases, *self.letters)


@dataclass(frozen=True, slots=True)
class PackTest:
    """One test: facts, and what its nights make of them.

    `rules` are the keys that take part, all of the pack when empty; `only` are the units that its rules ask, all
    that they mean when empty. The nights listed pass, in order and no others; with `every` all nights from its
    first to its last day do, and those not listed must be silent.
    """

    name: str
    about: Text
    rules: tuple[str, ...]
    only: tuple[str, ...]
    facts: tuple[PackFact, ...]
    nights: tuple[ExpectedNight, ...]
    every: tuple[date, date] | None
    place: str

    def takes(self, rule: str) -> bool:
        """Whether a rule of the pack takes part."""
        return not self.rules or rule in self.rules

    def played(self) -> Iterator[ExpectedNight]:
        """Every night that passes, in order, with what it must bring."""
        listed = {night.on: night for night in self.nights}
        if self.every is None:
            yield from (listed[on] for on in sorted(listed))
            return
        first, last = self.every
        for ahead in range((last - first).days + 1):
            on = first + timedelta(days=ahead)
            yield listed.get(on) or ExpectedNight(on, (), (), self.place)


@dataclass(frozen=True, slots=True)
class PackTestFile:
    """One test file: the directive it stands beside, its trials, and where it takes its units from.

    `data` is a folder of CSV files, relative to the file; None where the file leaves that open. `units_named` has
    each unit's id and the place of its first mention.
    """

    file: str
    directive: str
    data: str | None
    tests: tuple[PackTest, ...]
    units_named: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a night was not as expected: what is missing, and what nobody expected."""

    night: date
    place: str
    missing: tuple[Happening, ...]
    unexpected: tuple[Happening, ...]


def difference(expected: ExpectedNight, seen: Sequence[Happening]) -> Difference | None:
    """How a night differs from what was expected of it; None when it does not.

    What was seen names its subject; an expectation without one takes any, once.
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
    """What was seen, without its subject where nothing else is about the same rule, unit and office."""
    alike = Counter(_about(one) for one in seen)
    return [replace(one, subject=None) if alike[_about(one)] == 1 else one for one in left]


def _about(one: Happening) -> tuple[str, ...]:
    return one.kind, one.rule, one.unit, one.to if isinstance(one, ExpectedNotice) else ""


def _ordered(happened: Iterable[Happening]) -> tuple[Happening, ...]:
    return tuple(sorted(happened, key=lambda one: (one.kind, one.rule, one.unit, one.text())))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which nights the tests of a pack have of one rule: one on which it does something, one on which it must not.

    `silent` is a night on which a unit's demand was judged met and nothing of it happened.
    """

    rule: str
    fires: bool
    silent: bool


def fired(tests: Iterable[PackTest]) -> frozenset[str]:
    """The rules, by their own keys, of which some trial expects a case or a letter."""
    return frozenset(one.rule for test in tests for night in test.nights for one in night.listed)
