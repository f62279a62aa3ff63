"""A finished letter beside the stored facts of its night, as each office that it is addressed to reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine, select

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.db import tables as t
from dondoc.notifications.letter import operator_letter
from tests.support.letter_reader import Letter, Part, Row, letter
from tests.support.stored_facts import Duty, Facts

OWN = {"vi": "Vì sao quý đơn vị nhận thư này"}


@dataclass(frozen=True)
class Told:
    """A letter of a night, read, beside the facts of the store after that night.

    `office` is the one by which it is kept, `offices` are all that read it, and `sent` is its number.
    """

    office: str
    letter: Letter
    facts: Facts
    offices: tuple[str, ...]
    sent: str
    addressed: tuple[str, ...]

    @property
    def part(self) -> Part:
        """The letter in its first language."""
        return self.letter.first

    @property
    def own(self) -> bool:
        """Whether the office reads of what it owes itself."""
        return OWN["vi"] in self.part.footer

    @property
    def reader(self) -> str:
        """What the letter calls its reader."""
        (name,) = self.names(self.office)
        return name

    def names(self, office: str) -> frozenset[str]:
        """An office's names on the night."""
        return self.facts.called(office, self.facts.night)

    @property
    def role(self) -> str:
        """Why the reader gets the letter, as the foot says it; empty where it is one of many."""
        return next((said for said in self.part.roles if said.startswith(f"{self.reader} là ")), "")

    @property
    def each(self) -> tuple[Told, ...]:
        """The letter as each of its offices reads it."""
        return tuple(replace(self, office=office, offices=(office,)) for office in self.offices)

    @property
    def asks(self) -> tuple[str, ...]:
        """The lines of the box that ask this office: in a letter to several, those that name it first."""
        return tuple(line for line in self.part.asks if self._first_named(line) == self.office)

    def of(self, row: Row) -> tuple[Told, ...]:
        """The letter as the office reads it whose row it is; a short row may be of any."""
        first = self._first_named(row.lines.get("reader", ""))
        return tuple(one for one in self.each if first in (one.office, None))

    def _first_named(self, text: str) -> str | None:
        """Which of the offices a text names first; the only one of a letter is meant without its name."""
        if len(self.addressed) == 1:
            return self.addressed[0]
        known = {name: office for office in self.addressed for name in self.names(office)}
        found = {name: text.find(name) for name in known if name in text}
        # "Đảng ủy" begins "Đảng ủy xã": of two in one place it is the longer.
        name = min(found, key=lambda name: (found[name], -len(name)), default=None)
        return known[name] if name else None

    def whole(self) -> tuple[Duty, ...]:
        """The demands that the letter's counts speak of: under its document, of the units that it follows."""
        found = self.facts.under([self.facts.cited(self.part.counted[3])])
        return tuple(duty for duty in found if self.follows(duty))

    def units(self) -> frozenset[str]:
        """Whose demands they are, where it is not the reader alone."""
        if self.own:
            return frozenset(unit for duty in self.whole() for unit in duty.bearers).intersection(self.offices)
        every = {unit for duty in self.whole() for one in self.each for unit in one.followed(duty)}
        return frozenset(every.difference(self.offices))

    def follows(self, duty: Duty) -> bool:
        """Whether a demand is one that the letter counts: a reader owes it, or else stands over it."""
        if self.own:
            return not duty.bearers.isdisjoint(self.offices)
        others = not duty.bearers <= set(self.offices)
        return others and any(one.stands_over(duty) for one in self.each)

    def stands_over(self, duty: Duty) -> bool:
        """Whether a demand is one that the reader commands or follows up, besides what it may owe itself."""
        return bool(self.followed(duty) - {self.office})

    def followed(self, duty: Duty) -> frozenset[str]:
        """Those who carry a demand and whom the reader commands or follows up."""
        book = self.facts.book
        rule = book.rules[duty.rule]
        directive = book.directives[rule.directive]
        issuer = directive.competent or directive.issuer
        of_all = rule.monitor or directive.monitor, issuer, self.facts.reads_for(issuer, directive.read_by)
        if self.office in of_all or (self.office == rule.reports_to and self._asked_about(duty)):
            return duty.bearers
        return duty.bearers & self.facts.below(self.office)

    def _asked_about(self, duty: Duty) -> bool:
        """Whether the letter asks about what units hand in to the reader though none of them stands below it."""
        n = t.notice.c
        told = select(n.task_id).where(n.letter == self.sent, n.task_id == duty.id)
        return duty.bearers.isdisjoint(self.facts.below(self.office)) and bool(self.facts.rows(told))


def told(engine: Engine, book: RuleBook, night: date) -> Iterator[Told]:
    """The letters of a night but the operator's."""
    facts = Facts(engine, book, night)
    n = t.notice
    readers: dict[str, set[str]] = defaultdict(set)
    for row in facts.rows(select(n.c.letter, n.c.reader_no).where(n.c.night == night)):
        readers[row.letter].add(facts.units[row.reader_no])
    for row in facts.rows(select(t.letter).where(t.letter.c.night == night)):
        if row.office != operator_letter.OFFICE:
            offices = tuple(sorted(readers[row.id]))
            yield Told(row.office, letter(row.mime), facts, offices, row.id, offices)


def wrong(one: Told, what: str, said: object, true: object) -> str:
    """A line about a number that is not so; empty where it is."""
    return "" if said == true else f"{one.facts.night} {one.office}: {what} {said}, true is {true}"


def by_row(one: Told, *checks: Callable[[Told, Row], Iterator[str]]) -> list[str]:
    """What is not so of each row to the office whose row it is; of a short row, to every office."""
    found = []
    for row in one.part.rows:
        said = [[line for check in checks for line in check(view, row) if line] for view in one.of(row)]
        found += min(said, key=len)
    return found
