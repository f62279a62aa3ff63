"""`dondoc inherit`: the open tasks of ended units, and the decisions of offices on their heirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from dondoc.engine.cases.succession import OpenSuccession, open_successions
from dondoc.engine.domain.demand import Bearers
from dondoc.engine.domain.inheritance import Inheritance, Inheritances
from dondoc.engine.domain.model import ZONE, Case, Event, Task, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, Scope
from dondoc.engine.kinds import kind_of_task
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.night import cases as stored
from dondoc.engine.store.night import inheritances, nights, orgchart, tasks
from dondoc.engine.store.night.findings import Names
from dondoc.flows.config import settings
from dondoc.flows.lookup import CallRefused, refuse_unknown_office, rule_named, unknown
from dondoc.flows.night.action_items import followed_by

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A recorded decision in words; `again`: the same decision had been recorded before."""

    text: Text
    again: bool


@dataclass(frozen=True, slots=True)
class _Registry:
    """Everything that a decision is checked against, as of today."""

    conn: Connection
    book: RuleBook
    chart: OrgChart
    names: Names
    rules: Mapping[str, int]
    inherited: Inheritances
    today: date

    def cases(self) -> list[Case]:
        """Every open case, with the units that carry its task today."""
        return [
            replace(case, task=self.inherited.carried(case.task, self.chart, self.today))
            for case in stored.live(self.conn, self.names)
            if case.status is not CaseStatus.CLOSED
        ]

    def name(self, unit: str) -> str:
        """A unit's name and its id."""
        return f"{self.chart.units[unit].name(self.today).vi} ({unit})"

    def ended(self, unit: str) -> bool:
        """Whether the unit has ended by today."""
        known = self.chart.units[unit]
        return known.valid_to is not None and known.valid_to <= self.today


def _registry(conn: Connection, book: RuleBook, rules: Mapping[str, int], now: datetime) -> _Registry:
    names = nights.names_of(conn, rules)
    inherited = inheritances.known(conn, names.units, rules, now)
    today = now.astimezone(ZONE).date()
    return _Registry(conn, book, orgchart.chart(conn, now), names, rules, inherited, today)


@contextmanager
def _to_read(environment: Mapping[str, str], now: datetime) -> Iterator[_Registry]:
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.read_only(given) as conn:
        yield _registry(conn, book, tasks.stored_rules(conn), now)


@contextmanager
def _to_change(environment: Mapping[str, str], now: datetime) -> Iterator[tuple[AuditedTransaction, _Registry]]:
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.opened(given) as engine:
        upgrade(engine)
        with audited(engine) as tx:
            yield tx, _registry(tx.conn, book, tasks.rule_numbers(tx.conn, book), now)


def questions(environment: Mapping[str, str], now: datetime) -> tuple[dict[str, Any], ...]:
    """Every undecided question, as values for JSON: its name, the ended unit, the heirs, the day it is next asked.

    Raises `RulesRefused` when the rules have problems.
    """
    with _to_read(environment, now) as known:
        found = open_successions(known.book, known.chart, known.cases(), known.inherited, known.today)
        return tuple(_plain(known, one) for one in found)


def decisions(environment: Mapping[str, str], now: datetime) -> tuple[dict[str, Any], ...]:
    """Every decision in force, as values for JSON, the latest last."""
    with _to_read(environment, now) as known:
        return tuple(
            {
                "rule": one.rule,
                "subject": one.subject,
                "unit": one.unit,
                "unit_name": known.name(one.unit),
                "heirs": [{"unit": heir, "name": known.name(heir)} for heir in one.heirs],
                "scope": one.scope if one.rule and not one.subject and one.heirs else None,
                "basis": one.basis,
                "decided_by": one.decided_by,
                "recorded_on": one.recorded_on,
            }
            for one in known.inherited.decided
        )


def _plain(known: _Registry, one: OpenSuccession) -> dict[str, Any]:
    kind = "case" if one.case is not None else "demand" if one.rule else "reader"
    return {
        "name": one.name,
        "kind": kind,
        "title": known.book.rules[one.rule].title.vi if one.rule else "",
        "rule": one.rule,
        "unit": one.unit,
        "unit_name": known.name(one.unit),
        "last_day": one.ended - _DAY,
        "heirs": [{"unit": heir, "name": known.name(heir), "scope": scope} for heir, scope in one.heirs],
        "ask_on": one.ask_on,
        "sentence": followed_by(known.chart, one, known.today),
    }


@dataclass(frozen=True, slots=True)
class HeirDecision:
    """One decision as typed: its subject, the heirs (none: nobody), the office that decided, the legal basis."""

    what: str
    heirs: tuple[str, ...]
    office: str
    basis: str
    scope: Scope | None = None


def decide(environment: Mapping[str, str], taking: HeirDecision, now: datetime) -> RecordedDecision:
    """Records a decision, which the next night applies.

    Raises `CallRefused` for an unknown case, rule or unit, a unit that has not ended, an heir that does not exist
    today, a missing basis, or a figure, which nobody can inherit.
    """
    with _to_change(environment, now) as (tx, known):
        about = _about(known, taking.what)
        _refuse_unfit(known, about, taking)
        decided = Inheritance(
            about.unit,
            tuple(sorted(set(taking.heirs))),
            taking.basis.strip(),
            taking.office,
            known.today,
            about.rule,
            about.subject,
            taking.scope or Scope.EACH,
        )
        fresh = inheritances.decide(tx, decided, known.names.units, known.rules, now)
        if fresh:
            tx.log(None, [_event(about, decided)])
        return RecordedDecision(_said(known, taking.what, decided), again=not fresh)


@dataclass(frozen=True, slots=True)
class _About:
    """The subject of a decision: one demand, all later demands of a rule, or a unit as a reader."""

    unit: str
    rule: str = ""
    subject: str = ""
    task: Task | None = None


def _about(known: _Registry, what: str) -> _About:
    """The subject that a word names: a case's code, `rule@unit`, or a unit that has ended."""
    rule_word, at, unit = what.rpartition("@")
    if at:
        named = rule_named(known.book, rule_word)
        if named is None:
            raise unknown(rule_word, known.book, ())
        last = _last_day(known, unit)
        if unit not in Bearers(known.chart).of(known.book.rules[named].applies_to, last):
            raise CallRefused(
                f"«{named}» không giao việc cho {known.name(unit)}. (The rule never bound that unit.)"
            )
        return _About(unit, named)
    case = next((case for case in known.cases() if case.code == what.upper()), None)
    if case is not None:
        for unit in case.task.former or case.task.bearers or (case.task.unit,):
            if known.ended(unit):
                return _About(case.task.unit, case.task.rule, case.task.subject, case.task)
        raise CallRefused(
            f"Hồ sơ {what}: {known.name(case.task.unit)} chưa kết thúc, không có gì để chuyển giao. "
            "(The unit of that case has not ended.)"
        )
    if what not in known.chart.units:
        raise CallRefused(
            f"«{what}» không phải hồ sơ đang mở, QUY-TẮC@ĐƠN-VỊ hay mã đơn vị; xem dondoc inherit list. "
            "(Not an open case, RULE@UNIT or unit: see dondoc inherit list.)"
        )
    _last_day(known, what)
    return _About(what)


def _last_day(known: _Registry, unit: str) -> date:
    """The last day of a unit that has ended. Raises `CallRefused` for any other."""
    refuse_unknown_office(unit, known.chart.units)
    end = known.chart.units[unit].valid_to
    if end is None or end > known.today:
        raise CallRefused(
            f"{known.name(unit)} chưa kết thúc, không có gì để chuyển giao. (The unit has not ended.)"
        )
    return end - _DAY


def _refuse_unfit(known: _Registry, about: _About, taking: HeirDecision) -> None:
    refuse_unknown_office(taking.office, known.chart.units)
    if not taking.basis.strip():
        raise CallRefused("--basis trống: phải nêu căn cứ của quyết định. (The legal basis is missing.)")
    for heir in taking.heirs:
        refuse_unknown_office(heir, known.chart.units)
        if not known.chart.units[heir].alive(known.today):
            raise CallRefused(f"{known.name(heir)} không hoạt động hôm nay. (That heir does not exist today.)")
    if taking.heirs and about.task is not None and kind_of_task(about.task.kind).is_measured(about.task.kind):
        raise CallRefused(
            f"{taking.what}: số liệu của đơn vị đã kết thúc không chuyển được; đơn vị mới được xét theo số liệu "
            "của mình. Dùng dondoc inherit close. (A figure is not inherited: the heirs have their own.)"
        )
    if taking.scope is not None and (about.subject or not about.rule):
        raise CallRefused(
            "--scope chỉ dùng cho QUY-TẮC@ĐƠN-VỊ: một hồ sơ là một việc, các đơn vị kế thừa cùng gánh, một đơn vị "
            "làm xong là xong. (A case is one demand, carried by its heirs together.)"
        )
    if not about.rule and len(set(taking.heirs)) > 1:
        raise CallRefused(
            f"{taking.what}: chỉ nêu một --to. (One office reads in place of another: give one --to.)"
        )


def _event(about: _About, decided: Inheritance) -> Event:
    detail = {
        "unit": about.unit,
        "rule": about.rule,
        "heirs": ", ".join(decided.heirs),
        "by": decided.decided_by,
        "basis": decided.basis,
    }
    return Event("inheritance-decided", about.task.id if about.task else None, detail)


def _said(known: _Registry, what: str, decided: Inheritance) -> Text:
    who, basis = known.name(decided.unit), decided.basis
    if not decided.heirs:
        return Text(
            f"{what}: {who} đã kết thúc, không đơn vị nào tiếp nhận; căn cứ {basis}",
            f"{what}: {who} has ended, and nobody takes over; basis {basis}",
        )
    heirs = ", ".join(known.name(heir) for heir in decided.heirs)
    shared, shared_en = "", ""
    if decided.rule and not decided.subject and len(decided.heirs) > 1:
        shared, shared_en = f", cách gánh: {decided.scope}", f", shared: {decided.scope}"
    return Text(
        f"{what}: {who} nay là {heirs}{shared}; căn cứ {basis}",
        f"{what}: {who} is followed by {heirs}{shared_en}; basis {basis}",
    )
