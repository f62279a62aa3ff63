"""Who is notified of a case: the recipients of each step of its ladder, resolved on the chart for one day.

Decisions 8, 9, 31 to 35: a ladder ends at the directive's issuer unless the pack names an office above; an organ
reads for a committee without a mailbox; of two organs of one body only the one named first is notified; no unit is
notified as its own supervisor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from dondoc.engine.domain.acts import DELEGATE
from dondoc.engine.domain.model import Ladder, LadderStep, Notified, Task
from dondoc.engine.domain.orgchart import READER_WORDS, OrgChart
from dondoc.engine.domain.rulebook import Directive, RuleBook
from dondoc.engine.domain.terms import Line

RESPONSIBLE = "responsible"
MONITOR = "monitor"
_OWN = (RESPONSIBLE,)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One office that a step names, by which relations; `copied`: only for information."""

    office: str
    relations: tuple[str, ...]
    copied: bool


@dataclass(frozen=True, slots=True)
class RecipientStep:
    """The highest step due that names an office, and the office as that step names it."""

    step: int
    reader: Recipient


def monitor_of(book: RuleBook, task: Task) -> str | None:
    """The office that follows a task up: the one that the task names, else its rule, else its directive.

    Of an imported task that names none it is the body that it is reported to (decision 12).
    """
    rule = book.rules[task.rule]
    return task.monitor or task.reports_to or rule.monitor or book.directives[rule.directive].monitor


@dataclass(slots=True)
class Recipients:
    """Resolves recipients for one rule book, chart and day; caches its answers, since many cases ask the same."""

    book: RuleBook
    chart: OrgChart
    on: date
    _above: dict[tuple[str, str], bool] = field(default_factory=dict)
    _alike: dict[tuple[object, ...], int] = field(default_factory=dict)
    _own: dict[str, Recipient] = field(default_factory=dict)
    _steps: dict[tuple[object, ...], tuple[Recipient, ...]] = field(default_factory=dict)
    # The value holds the ladder too, so that its `id` in the key is not reused while the entry lives.
    _due: dict[tuple[object, ...], tuple[Ladder, Mapping[str, RecipientStep]]] = field(default_factory=dict)
    _memory: dict[tuple[tuple[tuple[str, int], ...], int | None], Mapping[str, Notified]] = field(
        default_factory=dict
    )

    def remembered(
        self, before: Mapping[str, Notified], notified: Iterable[tuple[str, int]], value: int | None
    ) -> Mapping[str, Notified]:
        """What each office knows of a case after tonight; `notified` holds those notified, as (office, step).

        Cases that nobody knew before and that notify alike share one mapping, to save memory.
        """
        notified = tuple(notified)
        if before:
            return {**before, **{office: Notified(step, self.on, value) for office, step in notified}}
        if (notified, value) not in self._memory:
            self._memory[notified, value] = {office: Notified(step, self.on, value) for office, step in notified}
        return self._memory[notified, value]

    def bearers(self, task: Task) -> tuple[str, ...]:
        """The responsible units: the task's unit, or all that carry the task together."""
        return task.bearers or (task.unit,)

    def can_notify(self, office: str) -> bool:
        """Whether an office can still be notified: it is alive, or not on the chart."""
        return office not in self.chart.units or self.chart.units[office].alive(self.on)

    def readers(self, task: Task, step: LadderStep) -> tuple[Recipient, ...]:
        """The recipients of a step besides the responsible unit, in the order named; empty means nobody."""
        return self._known(task, step.words)

    def due(self, task: Task, ladder: Ladder, floor: int, reached: int) -> Mapping[str, RecipientStep]:
        """For every office named by a step in (floor, reached]: the highest such step.

        A step with nobody passes its turn to the next step at once (decision 32). Positions after the last step
        are repeats to the readers of the last step that has any; after the last repeat, to the monitor alone
        (decision 20). Every step and repeat names the responsible unit.
        """
        key = (self._same_readers(task), id(ladder), floor, reached)
        if key not in self._due:
            self._due[key] = ladder, self._found_due(task, ladder, floor, reached)
        return self._due[key][1]

    def _found_due(self, task: Task, ladder: Ladder, floor: int, reached: int) -> dict[str, RecipientStep]:
        found: dict[str, RecipientStep] = {}
        regular = len(ladder.steps)
        repeats = len(ladder.positions())
        for index in range(floor + 1, reached + 1):
            for actual in self._with_turns(task, ladder, index):
                if actual <= regular:
                    readers = self.readers(task, ladder.steps[actual - 1])
                elif actual <= repeats:
                    readers = self._last_readers(task, ladder)
                else:
                    readers = self.monitor(task)
                # Steps come in rising order, so the last write is the highest step that names the office.
                for reader in readers:
                    found[reader.office] = RecipientStep(actual, reader)
                # After the last repeat even the unit is left alone: only the monitor follows up (decision 20).
                if actual <= repeats:
                    for unit in self.bearers(task):
                        found[unit] = RecipientStep(actual, self._itself(unit))
                    if task.delegate and task.delegate not in self.bearers(task):
                        known = found.get(task.delegate)
                        # Where a step names it for something else, too, it reads as that.
                        does = known.reader if known else Recipient(task.delegate, (DELEGATE,), copied=False)
                        found[task.delegate] = RecipientStep(actual, does)
        return found

    def _itself(self, unit: str) -> Recipient:
        """A unit as the recipient of notices about itself."""
        if unit not in self._own:
            self._own[unit] = Recipient(unit, _OWN, copied=False)
        return self._own[unit]

    def empty_steps(self, task: Task, ladder: Ladder, floor: int, reached: int) -> tuple[int, ...]:
        """The steps in (floor, reached] that name offices besides the unit and find nobody."""
        return tuple(
            index
            for index in range(floor + 1, min(reached, len(ladder.steps)) + 1)
            if self._nobody(task, ladder.steps[index - 1])
        )

    def monitor(self, task: Task) -> tuple[Recipient, ...]:
        """The office that follows the task up, as a step that names only the monitor finds it; at most one."""
        return self._known(task, ((MONITOR, False),))

    def _known(self, task: Task, words: tuple[tuple[str, bool], ...]) -> tuple[Recipient, ...]:
        """The recipients that words name; cached by everything that decides them, which many rules share."""
        key = (self._same_readers(task), words)
        if key not in self._steps:
            self._steps[key] = tuple(self._one_step(task, words))
        return self._steps[key]

    def _same_readers(self, task: Task) -> int:
        """A number that is equal for tasks with equal recipients at every step: most tasks of a unit."""
        rule = self.book.rules[task.rule]
        named = task.monitor, task.reports_to, task.issuer
        same = rule.directive, rule.reports_to, rule.monitor, *named, self.bearers(task), task.delegate
        return self._alike.setdefault(same, len(self._alike))

    def _with_turns(self, task: Task, ladder: Ladder, index: int) -> Iterator[int]:
        """A step and, while a step has nobody, the next one: its turn comes at once (decision 32)."""
        yield index
        while index < len(ladder.steps) and self._nobody(task, ladder.steps[index - 1]):
            index += 1
            yield index

    def _nobody(self, task: Task, step: LadderStep) -> bool:
        """Whether a step names offices besides the unit and finds none of them (decision 32)."""
        others = [word for word in (*step.to, *step.copy) if word != RESPONSIBLE]
        return bool(others) and not self.readers(task, step)

    def _last_readers(self, task: Task, ladder: Ladder) -> tuple[Recipient, ...]:
        for step in reversed(ladder.steps):
            readers = self.readers(task, step)
            if readers:
                return readers
        return ()

    def _one_step(self, task: Task, words: tuple[tuple[str, bool], ...]) -> Iterator[Recipient]:
        directive = self.book.directives[self.book.rules[task.rule].directive]
        relations: dict[str, list[str]] = {}
        copied: dict[str, bool] = {}
        bodies: dict[str, str] = {}
        for word, is_copy in words:
            for named, office in self._offices(task, directive, word):
                # Of two organs of one body, or a body and its organ, the first one named reads (decision 31).
                if bodies.setdefault(self.chart.body_of(named, self.on), named) != named:
                    continue
                relations.setdefault(office, []).append(word)
                # One reader by several words has one notice; addressed by any of them, it is addressed (33).
                copied[office] = copied.get(office, True) and is_copy
        for office, held in relations.items():
            yield Recipient(office, tuple(held), copied[office])

    def _offices(self, task: Task, directive: Directive, word: str) -> Iterator[tuple[str, str]]:
        """The bodies that a word means for the bearers, each as (body, office that reads for it), none twice."""
        if word == RESPONSIBLE:
            return
        bearers = self.bearers(task)
        seen: set[str] = set()
        for unit in bearers:
            named = self._office(task, directive, word, unit)
            if named is None:
                continue
            office = self.chart.reading_organ(named, directive.read_by, self.on)
            # A responsible unit never supervises itself, not even as the monitor of the directive (decision 34).
            if office not in bearers and office not in seen:
                seen.add(office)
                yield named, office

    def leads_to(self, task: Task, word: str, unit: str) -> str | None:
        """The office that a ladder's word notifies for a unit, for any task of this task's rule; None: nobody."""
        directive = self.book.directive_of(task.rule)
        named = self._office(task, directive, word, unit)
        return self.chart.reading_organ(named, directive.read_by, self.on) if named else None

    def _office(self, task: Task, directive: Directive, word: str, unit: str) -> str | None:
        named = self.meant(task, word, unit)
        if named is None or named not in self.chart.units or self.above_ceiling(task, directive, word, named):
            return None
        return self.chart.heir(named, self.on)

    def meant(self, task: Task, word: str, unit: str) -> str | None:
        """The body that a ladder's word means for one unit, before the ceiling and successions; None: nobody."""
        if word == "led_by":
            return self.chart.led_by(unit, self.on)
        if word.startswith("superior."):
            line, _, nth = word.removeprefix("superior.").partition(".")
            return self.chart.superior(unit, Line(line), int(nth or 1), self.on)
        if word in READER_WORDS:
            return self._named(task, word, unit)
        return word

    def reports_to(self, task: Task, unit: str) -> str | None:
        """The body that a unit reports to, named by the imported task, or by the rule as a unit or a relation.

        None: no such body.
        """
        if task.reports_to is not None:
            return task.reports_to
        word = self.book.rules[task.rule].reports_to
        return self.meant(task, word, unit) if word else None

    def follows(self, rule: str, office: str) -> bool:
        """Whether an office reads of every unit of a rule, wherever it stands: the rule's monitor, or the issuer.

        The issuer is that of the directive or its heir, or the organ that reads for either.
        """
        directive = self.book.directive_of(rule)
        monitor = self.book.rules[rule].monitor or directive.monitor
        issuer = directive.authority
        if issuer not in self.chart.units:
            return office == monitor
        issuer = self.chart.heir(issuer, self.on) or issuer
        return office in (monitor, issuer, self.chart.reading_organ(issuer, directive.read_by, self.on))

    def receiver(self, task: Task) -> Recipient | None:
        """The office that confirms what is declared: it is reported to, else follows up, else is the issuer.

        None: it is the responsible unit itself, or has ended without one heir.
        """
        for word in ("reports_to", MONITOR, "issuer"):
            if found := self._known(task, ((word, False),)):
                return found[0]
        return None

    def grantor(self, task: Task) -> Recipient | None:
        """The office that decides on the limit of a task: who issued its directive, or assigned it; or None."""
        return next(iter(self._known(task, (("issuer", False),))), None)

    def assigner(self, task: Task) -> Recipient | None:
        """The office that decides whose a task is: it follows up, else is the issuer; None as for `receiver`."""
        for word in (MONITOR, "issuer"):
            if found := self._known(task, ((word, False),)):
                return found[0]
        return None

    def _named(self, task: Task, word: str, unit: str) -> str | None:
        rule = self.book.rules[task.rule]
        directive = self.book.directives[rule.directive]
        if word == MONITOR:
            return monitor_of(self.book, task)
        if word == "issuer":
            return task.issuer or directive.authority
        return self.reports_to(task, unit)

    def above_ceiling(self, task: Task, directive: Directive, word: str, office: str) -> bool:
        """Whether a body stands above the issuer without being named by the pack: the ceiling of decision 9."""
        # The pack names the monitor, the issuer and the body reported to; led_by comes from the chart.
        if word in READER_WORDS and word != "led_by":
            return False
        # A unit written into the ladder, or the body reported to, is allowed by any word that finds it.
        if word == office or any(office == self.reports_to(task, unit) for unit in self.bearers(task)):
            return False
        issuer = task.issuer or directive.authority
        # An issuer that has ended still sets the ceiling, through its heir.
        if issuer in self.chart.units:
            issuer = self.chart.heir(issuer, self.on) or issuer
        key = (office, issuer)
        if key not in self._above:
            self._above[key] = issuer in self.chart.units and self.chart.is_above(office, issuer, self.on)
        return self._above[key]
