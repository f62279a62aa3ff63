"""The register of all directives: every obligation once, and how it stands: judged, waiting, or evidence only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.model import Text
from engine.rules import Basis, Directive, RegisterEntry, Rule, RuleBook, Selector


class Status(StrEnum):
    """How an obligation stands; the first two are judged every night, the last two only tracked.

    `judged`: by what the text says. `assumed`: on an assumption that its rule states. `waiting`: for a parameter
    that the text does not give. `evidence`: it has no measurable content.
    """

    JUDGED = "judged"
    ASSUMED = "assumed"
    WAITING = "waiting"
    EVIDENCE = "evidence"

    @property
    def tracked(self) -> bool:
        """Whether it is tracked and not judged."""
        return self in (Status.WAITING, Status.EVIDENCE)


@dataclass(frozen=True, slots=True)
class Obligation:
    """One obligation of a directive: where it stands in the text, what must be done, by whom, and its status.

    `what` holds the titles of its rules, or what the register says. Of a judged one `applies_to` says whose it is,
    of a tracked one `who`. `examples` are rules with an invented parameter; they do not count as judging it.
    """

    id: str
    directive: str
    clause: str
    status: Status
    what: tuple[Text, ...]
    who: str = ""
    applies_to: tuple[Selector, ...] = ()
    waits_for: Text | None = None
    rules: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


def register(book: RuleBook) -> tuple[Obligation, ...]:
    """Every obligation of the book: by directive in the book's order, then by id, numbers counted as numbers."""
    rules: dict[str, list[Rule]] = defaultdict(list)
    for rule in book.rules.values():
        rules[rule.directive].append(rule)
    return tuple(
        obligation
        for directive in book.directives.values()
        for obligation in sorted(_of(directive, rules[directive.id]), key=lambda one: _in_order(one.id))
    )


def tally(obligations: Iterable[Obligation]) -> Mapping[Status, int]:
    """How many stand how; every status has its number."""
    counts = dict.fromkeys(Status, 0)
    for obligation in obligations:
        counts[obligation.status] += 1
    return counts


def _of(directive: Directive, rules: Iterable[Rule]) -> Iterator[Obligation]:
    judging: dict[str, list[Rule]] = defaultdict(list)
    examples: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        if rule.basis is Basis.EXAMPLE:
            examples[rule.obligation].append(rule.id)
        else:
            judging[rule.obligation].append(rule)
    for name, found in judging.items():
        yield _judged(name, directive, found)
    for entry in directive.register:
        yield _tracked(entry, directive, tuple(examples[entry.obligation]))


def _judged(name: str, directive: Directive, rules: list[Rule]) -> Obligation:
    on_text = all(rule.basis is Basis.TEXT for rule in rules)
    return Obligation(
        name,
        directive.id,
        rules[0].clause,
        Status.JUDGED if on_text else Status.ASSUMED,
        tuple(rule.title for rule in rules),
        applies_to=tuple(dict.fromkeys(rule.applies_to for rule in rules)),
        rules=tuple(rule.id for rule in rules),
    )


def _tracked(entry: RegisterEntry, directive: Directive, examples: tuple[str, ...]) -> Obligation:
    return Obligation(
        entry.obligation,
        directive.id,
        entry.clause,
        Status.WAITING if entry.waits_for else Status.EVIDENCE,
        (entry.what,),
        entry.who,
        waits_for=entry.waits_for,
        examples=examples,
    )


def _in_order(name: str) -> tuple[tuple[int, str], ...]:
    """A key that puts `1.2` before `1.10`."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name))
