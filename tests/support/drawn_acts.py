"""Offices of random worlds that answer: what they say of their cases, through the gate that every door has."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from dondoc.engine.cases.act_gate import Concerned, refusal, repeated
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.acts import Act, ActKind, Door, decided_on, disowned, unconfirmed
from dondoc.engine.domain.model import ZONE, Case
from dondoc.engine.domain.rulebook import Overdue, RuleBook
from dondoc.engine.domain.terms import CaseStatus, Line
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night import acts, cases, nights, orgchart
from dondoc.engine.store.night.findings import Names
from dondoc.engine.store.night.reassignments import having
from dondoc.engine.store.night.tasks import stored_rules
from dondoc.flows.records.acts import withdraw_report
from tests.support.town import Town

_DAY = timedelta(days=1)
_WORDS = ("Lũ làm hỏng đường", "Chờ số liệu của thôn", "Đang tổng hợp")


def confirming(book: RuleBook, drawn: Random) -> RuleBook:
    """The book with some rules whose reports an office confirms."""
    rules = {
        name: replace(rule, confirmed=isinstance(rule.condition, Overdue) and drawn.random() < 0.5)
        for name, rule in book.rules.items()
    }
    return replace(book, rules=rules)


@dataclass
class Talking:
    """The offices of a town: whether they talk at all, of how many cases a night, and what they say.

    Through `doors` in turn.
    """

    town: Town
    drawn: Random
    at_all: float
    often: float
    doors: Sequence[Door] = (Door.COMMAND,)
    silent: bool = field(init=False)

    def __post_init__(self) -> None:
        self.silent = self.drawn.random() >= self.at_all

    def say(self, night: date) -> None:
        """On the day of a night some offices say something of open cases, as far as the gate lets them."""
        if self.silent:
            return
        now = datetime.combine(night, time(9), ZONE)
        with audited(self.town.engine) as tx:
            names = nights.names_of(tx.conn, stored_rules(tx.conn))
            live = [one for one in cases.live(tx.conn, names) if one.status is not CaseStatus.CLOSED]
            for case in live:
                if case.task.rule not in self.town.book.rules or self.drawn.random() >= self.often:
                    continue
                known = acts.of_case(tx.conn, names, case.id or 0, now)
                readers = Recipients(self.town.book, orgchart.chart(tx.conn, now), night)
                who = self._who(tx, case, names, readers)
                said = self._act(acts.next_number(tx.conn), case, known, night, who, readers)
                calendar, door = self.town.book.calendar_of(case.task.rule), self._door(said.number)
                said = replace(said, by_link=door is Door.LINK)
                if repeated(said, known) is None and refusal(said, case, known, who, calendar) is None:
                    acts.record(tx, case, said, door, names, now)
            self._reopen(tx, names, now, night)

    def _door(self, number: int) -> Door:
        return self.doors[number % len(self.doors)]

    def _reopen(self, tx: AuditedTransaction, names: Names, now: datetime, night: date) -> None:
        """Some cases that have closed lately are opened again by whoever follows them up."""
        f = t.case_file.c
        lately = f.status == CaseStatus.CLOSED, f.closed_on >= night - 7 * _DAY
        readers = Recipients(self.town.book, orgchart.chart(tx.conn, now), night)
        for code in tx.conn.scalars(select(f.code).where(*lately).order_by(f.id)).all():
            case = cases.closed_by_code(tx.conn, names, code)
            assert case is not None
            if case.task.rule not in self.town.book.rules or self.drawn.random() >= self.often:
                continue
            who = self._who(tx, case, names, readers)
            number, kind = acts.next_number(tx.conn), ActKind.REOPENED
            said = Act(number, kind, who.monitor or "", night, night, words=self.drawn.choice(_WORDS))
            if refusal(said, case, (), who, self.town.book.calendar_of(case.task.rule)) is None:
                acts.record(tx, case, said, Door.COMMAND, names, now)
                withdraw_report(tx, case, said, now)

    def _who(self, tx: AuditedTransaction, case: Case, names: Names, readers: Recipients) -> Concerned:
        units: Container[str] = names.units.of
        directive = self.town.book.directive_of(case.task.rule)
        issuers = (directive.issuer,) if directive.issuer in units else ()
        receiver = readers.receiver(case.task)
        since = directive.issued or directive.in_force_from
        return Concerned(
            case.task.bearers or (case.task.unit,),
            issuers,
            receiver.office if receiver else None,
            next((one.office for one in readers.monitor(case.task)), None),
            since,
            directive.in_force_until,
            assigner.office if (assigner := readers.assigner(case.task)) else None,
            having(tx.conn, case, names),
            frozenset(self._below(case, readers, readers.on)),
        )

    def _act(
        self, number: int, case: Case, known: tuple[Act, ...], night: date, who: Concerned, readers: Recipients
    ) -> Act:
        kind = self.drawn.choice(list(ActKind))
        if kind in (ActKind.DONE, ActKind.DECLARED):
            kind = ActKind.DECLARED if self.town.book.rules[case.task.rule].confirmed else ActKind.DONE
        waits = unconfirmed(known)
        # Most declarations are answered, one way or the other.
        if waits is not None and self.drawn.random() < 0.5:
            kind = self.drawn.choice((ActKind.CONFIRMED, ActKind.NOT_CONFIRMED))
        # Most matters that are said to be another's are decided on, one way or the other.
        if disowned(known) is not None and self.drawn.random() < 0.5:
            kind = self.drawn.choice((ActKind.REASSIGNED, ActKind.NOT_REASSIGNED))
        offices = (
            who.issuers if kind.value.startswith("extension-") and kind is not ActKind.EXTENSION_ASKED else ()
        )
        if kind in (ActKind.CONFIRMED, ActKind.NOT_CONFIRMED):
            offices = (who.receiver,) if who.receiver else ()
        if kind in (ActKind.REASSIGNED, ActKind.NOT_REASSIGNED):
            offices = (who.assigner,) if who.assigner else ()
        office = self.drawn.choice(sorted({*offices} or {*who.bearers, *case.knowing}))
        later = max(night, case.task.last_day or night)
        until = {
            ActKind.EXPLAINED: night + self.drawn.randrange(0, 30) * _DAY,
            ActKind.EXTENSION_ASKED: later + self.drawn.randrange(1, 60) * _DAY,
            ActKind.EXTENSION_GRANTED: later + self.drawn.randrange(1, 60) * _DAY,
        }.get(kind)
        about = self.drawn.choice(known).number if known and kind is ActKind.TAKEN_BACK else None
        if (decided := decided_on(kind, known)) is not None:
            about = decided.number
        if kind is ActKind.CLOSED:
            office = who.monitor or office
        handed_in = kind in (ActKind.DONE, ActKind.DECLARED, ActKind.CLOSED)
        done_on = night - self.drawn.randrange(0, 20) * _DAY if handed_in else None
        words, paper = self.drawn.choice(_WORDS), "9/UBND-VP"
        said = Act(number, kind, office, night, night, until, words, paper, about, done_on)
        if kind is ActKind.DELEGATED:
            return replace(said, to=self.drawn.choice(sorted(who.below) or list(who.bearers)))
        return (
            replace(said, to=self._near(who, readers, night), dated=night) if kind is ActKind.REASSIGNED else said
        )

    def _below(self, case: Case, readers: Recipients, night: date) -> Iterator[str]:
        """The units that stand below one that is responsible, or are an organ of it."""
        chart, own = readers.chart, {*(case.task.bearers or (case.task.unit,))}
        for unit in chart.units.values():
            over = chart.above(unit.id, night) | {chart.body_of(unit.id, night)} - {unit.id}
            if unit.alive(night) and over & own:
                yield unit.id

    def _near(self, who: Concerned, readers: Recipients, night: date) -> str:
        """A unit below a body that the units of a case are below, or one of these units where there is none."""
        chart = readers.chart
        above = {chart.superior(unit, line, 1, night) for unit in who.bearers for line in Line}
        near = (
            unit.id
            for unit in chart.units.values()
            if unit.alive(night) and above & {chart.superior(unit.id, line, 1, night) for line in Line} - {None}
        )
        return self.drawn.choice(sorted(near) or list(who.bearers))
