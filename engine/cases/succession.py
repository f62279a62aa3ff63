"""What ended units leave behind and no office has decided on: open cases, later demands, places as reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dondoc.engine.domain.demand import Bearers
from dondoc.engine.domain.inheritance import Inheritances, ended_on, next_ask_on, proposed
from dondoc.engine.domain.model import Case
from dondoc.engine.domain.orgchart import READER_WORDS, OrgChart
from dondoc.engine.domain.rulebook import Directive, Rule, RuleBook
from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.kinds import kind_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenSuccession:
    """One open question: who takes over from `unit`? `heirs` are its successors on the chart, as (unit, scope).

    With `case` it is about that open case; with `rule` alone about the rule's later demands on `unit`; with
    neither about `unit` as a reader of letters. `ended` is the first day without the unit, `ask_on` the day on
    which the operator is asked again.
    """

    unit: str
    ended: date
    ask_on: date
    heirs: tuple[tuple[str, str], ...]
    rule: str = ""
    case: Case | None = None

    @property
    def name(self) -> str:
        """Its name in a command: the code of the case, `rule@unit`, or the unit."""
        if self.case is not None:
            return self.case.code
        return f"{self.rule}@{self.unit}" if self.rule else self.unit


def open_successions(
    book: RuleBook, chart: OrgChart, cases: Iterable[Case], inherited: Inheritances, on: date
) -> Iterator[OpenSuccession]:
    """Every open question on a day: cases in order of their codes, then demands, then readers."""
    yield from _cases(book, chart, cases, inherited, on)
    yield from _demands(book, chart, inherited, on)
    yield from _readers(book, chart, inherited, on)


def _cases(
    book: RuleBook, chart: OrgChart, cases: Iterable[Case], inherited: Inheritances, on: date
) -> Iterator[OpenSuccession]:
    for case in sorted(cases, key=lambda case: case.code):
        if case.status is CaseStatus.CLOSED or case.task.rule not in book.rules:
            continue
        gone = [unit for unit in case.task.bearers or (case.task.unit,) if _gone(chart, unit, on)]
        ended = ended_on(chart, gone)
        decided = inherited.of(case.task)
        # An heir that has ended as well opens the question again (decision 35).
        settled = decided is not None and not set(gone) & set(decided.heirs)
        if ended is None or settled:
            continue
        yield OpenSuccession(
            gone[0],
            ended,
            case.next_on
            if case.status is CaseStatus.WAITING and case.next_on
            else _asked(book, case.task.rule, ended, on),
            tuple(dict.fromkeys(heir for unit in gone for heir in proposed(chart, unit, on))),
            case.task.rule,
            case,
        )


def _demands(book: RuleBook, chart: OrgChart, inherited: Inheritances, on: date) -> Iterator[OpenSuccession]:
    bearers = Bearers(chart)
    ends = sorted(
        {unit.valid_to for unit in chart.units.values() if unit.valid_to is not None and unit.valid_to <= on}
    )
    for rule in book.rules.values():
        directive = book.directives[rule.directive]
        if not directive.in_force(on) or not goes_on(rule, book, on):
            continue
        now = set(bearers.of(rule.applies_to, on))
        for end in ends:
            if not directive.in_force(end - _DAY):
                continue
            for unit in bearers.of(rule.applies_to, end - _DAY):
                if chart.units[unit].valid_to != end or inherited.going_on(rule.id, unit) is not None:
                    continue
                heirs = proposed(chart, unit, on)
                # Successors that the rule applies to anyway carry its later demands without a decision.
                if not heirs or not {heir for heir, _ in heirs} <= now:
                    yield OpenSuccession(unit, end, _asked(book, rule.id, end, on), heirs, rule.id)


def goes_on(rule: Rule, book: RuleBook, on: date) -> bool:
    """Whether a rule demands anything after a day; False for a derived rule, which follows its base rule."""
    return kind_of(rule.condition).goes_on(rule.condition, book.occasions, on)


def _readers(book: RuleBook, chart: OrgChart, inherited: Inheritances, on: date) -> Iterator[OpenSuccession]:
    """The offices that rules in force name as readers and that have ended without one clear heir."""
    named: dict[str, str] = {}
    for rule in book.rules.values():
        directive = book.directives[rule.directive]
        if directive.followed(on):
            for office in _named(book, rule, directive):
                named.setdefault(office, rule.id)
    for office, rule_id in sorted(named.items()):
        if not _gone(chart, office, on) or chart.heir(office, on) is not None:
            continue
        ended = ended_on(chart, (office,))
        if ended is not None and office not in inherited.readers_decided:
            yield OpenSuccession(office, ended, _asked(book, rule_id, ended, on), proposed(chart, office, on))


def _named(book: RuleBook, rule: Rule, directive: Directive) -> Sequence[str]:
    steps = book.ladders[rule.ladder].steps
    words = {word for step in steps for word in (*step.to, *step.copy)}
    by_word = {
        "monitor": rule.monitor or directive.monitor,
        "issuer": directive.authority,
        "reports_to": rule.reports_to,
    }
    offices = [office for word, office in by_word.items() if word in words and office]
    return [*offices, *(word for word in words if word not in READER_WORDS and not word.startswith("superior."))]


def _asked(book: RuleBook, rule: str, ended: date, on: date) -> date:
    return next_ask_on(book.calendar_of(rule).letters, ended, on)


def _gone(chart: OrgChart, unit: str, on: date) -> bool:
    return unit in chart.units and not chart.units[unit].alive(on) and chart.units[unit].valid_from <= on
