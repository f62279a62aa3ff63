"""The register of all directives: every obligation once, and its status: judged, waiting, or evidence only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Basis, Directive, RegisterEntry, Rule, RuleBook, Selector
from dondoc.engine.domain.terms import ObligationStatus


@dataclass(frozen=True, slots=True)
class Obligation:
    """One obligation of a directive: its clause in the text, what must be done, by whom, and its status.

    `what` holds the titles of its rules, or the text of the register. `applies_to` says whose obligation it is if
    it is judged, `who` if it stands in the register. `examples` are rules with an invented parameter; they do not
    make it judged. `blanks` are the places where its parameter can be filled in, so that it becomes judged.
    """

    id: str
    directive: str
    clause: str
    status: ObligationStatus
    what: tuple[Text, ...]
    who: str = ""
    applies_to: tuple[Selector, ...] = ()
    waits_for: Text | None = None
    rules: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()


def register(book: RuleBook) -> tuple[Obligation, ...]:
    """Every obligation of the book: by directive in the book's order, then by id, `1.2` before `1.10`."""
    rules: dict[str, list[Rule]] = defaultdict(list)
    for rule in book.rules.values():
        rules[rule.directive].append(rule)
    return tuple(
        obligation
        for directive in book.directives.values()
        for obligation in sorted(_of(directive, rules[directive.id]), key=lambda one: _in_order(one.id))
    )


def tally(obligations: Iterable[Obligation]) -> Mapping[ObligationStatus, int]:
    """The number of obligations of each status, 0 included."""
    counts = dict.fromkeys(ObligationStatus, 0)
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
    for entry in directive.register:
        found = judging.pop(entry.obligation, [])
        yield _listed(entry, directive, found, tuple(examples[entry.obligation]))
    for name, found in judging.items():
        yield _judged(name, directive, found)


def _judged(name: str, directive: Directive, rules: list[Rule]) -> Obligation:
    on_text = all(rule.basis is Basis.TEXT for rule in rules)
    return Obligation(
        name,
        directive.id,
        rules[0].clause,
        ObligationStatus.JUDGED if on_text else ObligationStatus.ASSUMED,
        tuple(rule.title for rule in rules),
        applies_to=tuple(dict.fromkeys(rule.applies_to for rule in rules)),
        rules=tuple(rule.id for rule in rules),
    )


def _listed(
    entry: RegisterEntry, directive: Directive, rules: list[Rule], examples: tuple[str, ...]
) -> Obligation:
    """An entry of the register; one of its prepared rules, once filled in, makes it judged."""
    tracked = ObligationStatus.WAITING if entry.waits_for else ObligationStatus.EVIDENCE
    return Obligation(
        entry.obligation,
        directive.id,
        entry.clause,
        ObligationStatus.SET if rules else tracked,
        (entry.what,),
        entry.who,
        tuple(dict.fromkeys(rule.applies_to for rule in rules)),
        entry.waits_for,
        tuple(rule.id for rule in rules),
        examples,
        entry.blanks,
    )


def _in_order(name: str) -> tuple[str | int, ...]:
    """A key that puts `1.2` before `1.10`: texts and numbers by turns, a text first, so that like meets like."""
    return tuple(int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name))
