"""Runs the tests of rule packs: each in its own sandbox, night by night, with the steps of real nights."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dondoc.engine.cases.tonight import Advance
from dondoc.engine.domain.demand import Bearers
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rule_tests import (
    CHANGES,
    CaseChange,
    Coverage,
    Difference,
    ExpectedNotice,
    Happening,
    RuleTest,
    RuleTestFact,
    RuleTestFile,
    difference,
    fired,
)
from dondoc.engine.domain.rulebook import Derived, Rule, RuleBook, Selector, Waiver
from dondoc.engine.domain.terms import Reason, Verdict
from dondoc.engine.errors import DonDocError, RulesRefused
from dondoc.engine.rulefile import unknown_units
from dondoc.engine.sources.reading.sheets import SHEETS, AcceptedRow, read
from dondoc.engine.store.db.database import Engine, connect, reading
from dondoc.engine.store.night import orgchart
from dondoc.flows.night.assessment import Assessment
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.whatif.played_acts import PlayedActs
from dondoc.flows.whatif.sandbox import Sandbox, empty

_PEOPLE = ("units", "names", "relations", "mailboxes", "successions")
_WAITS = "case-waiting"


class DataRefused(DonDocError):
    """The folder that tests take their units from cannot be used; says which rows are wrong."""


class RuleTestRefused(DonDocError):
    """A test cannot be run: the store rejects a fact, or no rule applies to a unit. Says where and why."""


@dataclass(frozen=True, slots=True)
class RuleTestResult:
    """The result of one test: the nights that differ, or the text of the fault that stopped it.

    `silent` are the keys of the rules of which a unit's demand was judged met on a night without news of it.
    `seconds` is how long the test took.
    """

    file: RuleTestFile
    test: RuleTest
    differences: tuple[Difference, ...]
    fault: str | None
    silent: frozenset[str]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every night was as expected."""
        return self.fault is None and not self.differences


@dataclass(frozen=True, slots=True)
class RuleTestReport:
    """The result of every test, and how the tests cover each rule of the book."""

    played: tuple[RuleTestResult, ...]
    coverage: tuple[Coverage, ...]

    @property
    def failed(self) -> tuple[RuleTestResult, ...]:
        """The tests that failed."""
        return tuple(one for one in self.played if not one.passed)

    @property
    def untested(self) -> tuple[Coverage, ...]:
        """The rules of which no test expects anything to happen."""
        return tuple(one for one in self.coverage if not one.fires)


def run_rule_tests(
    book: RuleBook, files: Sequence[RuleTestFile], rules: Path, data: Path, wanted: str | None = None
) -> RuleTestReport:
    """Runs every test; with `wanted`, the id of a rule, only those that involve it.

    `rules` is the rule folder, `data` the folder of CSV files for test files that name none. Raises `DataRefused`
    when such a folder cannot be used, `RulesRefused` with every unit that a test names and its folder lacks.
    """
    with ExitStack() as stack:
        stage = connect("sqlite://")
        stack.callback(stage.dispose)
        towns: dict[Path, Sandbox] = {}
        where = {file.file: _folder(file, rules, data) for file in files}
        for folder in where.values():
            if folder not in towns:
                towns[folder] = stack.enter_context(_town(book, folder))
        unknown = [
            problem
            for file in files
            for problem in unknown_units(file.units_named, _chart(towns[where[file.file]]).units)
        ]
        if unknown:
            raise RulesRefused(tuple(sorted(unknown)))
        played = tuple(
            _play(book, stage, towns[where[file.file]], file, test)
            for file in files
            for test in file.tests
            if wanted is None or _takes(file, test, wanted)
        )
    return RuleTestReport(played, tuple(_coverage(book, played, [wanted] if wanted else book.rules)))


def _folder(file: RuleTestFile, rules: Path, data: Path) -> Path:
    if file.data is None:
        return data
    return Path(os.path.realpath(rules)).parent / Path(file.file).parent / file.data


def _takes(file: RuleTestFile, test: RuleTest, rule: str) -> bool:
    directive, _, key = rule.rpartition("/")
    return file.directive == directive and test.takes(key)


@contextmanager
def _town(book: RuleBook, folder: Path) -> Iterator[Sandbox]:
    """The units of a folder, their relations and mailboxes, and no facts: the start of every test."""
    with empty(book) as town:
        now = datetime.now(UTC)
        for sheet in (sheet for sheet in SHEETS if sheet.name in _PEOPLE):
            path = folder / f"{sheet.name}.csv"
            if not path.is_file():
                raise DataRefused(
                    f"{folder}: không có tệp {path.name}; bài thử lấy đơn vị từ thư mục này, hãy chỉ thư mục khác "
                    f"bằng --data. (No {path.name} here: tests take their units from this folder, name another.)"
                )
            rows = list(read(path, sheet))
            taken = town.brings(
                sheet.name, [(row.line, row.values) for row in rows if isinstance(row, AcceptedRow)], now
            )
            wrong = [row.text() for row in rows if not isinstance(row, AcceptedRow)]
            wrong += [f"{path.name}:{row.line}: {row.column}: {row.vi} ({row.en})" for row in taken.refused]
            if wrong:
                raise DataRefused("\n".join(wrong))
        with reading(town.engine) as conn:
            town.chart = orgchart.chart(conn, now)
        yield town


def _chart(town: Sandbox) -> OrgChart:
    assert town.chart is not None
    return town.chart


def _reset(stage: Engine, town: Sandbox) -> None:
    """Resets the stage to the units of the folder; all tests share one stage, so that statements compile once."""
    with closing(town.engine.raw_connection()) as source, closing(stage.raw_connection()) as target:
        from_, to = source.driver_connection, target.driver_connection
        assert from_ is not None
        from_.backup(to)


def _play(book: RuleBook, stage: Engine, town: Sandbox, file: RuleTestFile, test: RuleTest) -> RuleTestResult:
    """One test on the stage, from its facts to its last night."""
    started = time.perf_counter()
    found: list[Difference] = []
    silent: set[str] = set()
    fault = None
    try:
        cast = _cast(book, _chart(town), file, test)
        _reset(stage, town)
        sandbox = Sandbox(stage, cast)
        for fact in sorted(test.facts, key=lambda fact: fact.recorded_at):
            _bring(sandbox, fact)
        sandbox.chart = town.chart
        acts = PlayedActs(cast, file.directive, test.acts)
        for expected in test.played():
            acts.record(stage, cutoff_of(expected.on))
            made = sandbox.night(expected.on)
            acts.seen(made.after)
            seen = _seen(made)
            silent |= {rule for rule, _ in _met(sandbox, made) - {(one.rule, one.unit) for one in seen}}
            found += [differs for differs in [difference(expected, seen)] if differs]
        acts.refuse_unheard()
    except DonDocError as error:
        fault = str(error)
    return RuleTestResult(file, test, tuple(found), fault, frozenset(silent), time.perf_counter() - started)


def _cast(book: RuleBook, chart: OrgChart, file: RuleTestFile, test: RuleTest) -> RuleBook:
    """The book with only the rules and waivers of the test, applied only to its units."""
    waivers = tuple(_waivers(book, file, test))
    mine = [rule for rule in book.rules.values() if rule.directive == file.directive and test.takes(_key(rule.id))]
    if not test.only:
        return replace(book, rules={rule.id: rule for rule in mine}, waivers=waivers)
    meant = {rule.id: _meant(rule, chart, test) for rule in mine}
    idle = set(test.only).difference(*meant.values())
    if idle:
        raise RuleTestRefused(
            f"{test.place}: «only» kể đơn vị mà không quy tắc nào của bài thử xét: {', '.join(sorted(idle))}. "
            f"(No rule of the test asks these units.)"
        )
    rules = {
        rule.id: replace(rule, applies_to=Selector(units=tuple(sorted(meant[rule.id]))))
        for rule in mine
        if meant[rule.id]
    }
    for rule in rules.values():
        if isinstance(rule.condition, Derived) and rule.condition.of not in rules:
            raise RuleTestRefused(
                f"{test.place}: «only» không kể đơn vị nào của «{_key(rule.condition.of)}», quy tắc gốc của "
                f"«{_key(rule.id)}». (The rule it is derived from asks none of these units.)"
            )
    return replace(book, rules=rules, waivers=waivers)


def _waivers(book: RuleBook, file: RuleTestFile, test: RuleTest) -> Iterator[Waiver]:
    """The waivers of a test, granted by the directive's issuer."""
    why = Text("Tạm miễn của bài thử", "A waiver of the test")
    issuer = book.directives[file.directive].issuer
    for one in test.waivers:
        for unit in one.units:
            rule = f"{file.directive}/{one.rule}"
            yield Waiver(rule, unit, issuer, why, why, one.first, one.until, one.place)


def _meant(rule: Rule, chart: OrgChart, test: RuleTest) -> set[str]:
    """The units of the test to which the rule applies on one of its nights."""
    bearers = Bearers(chart)
    asked = {unit for night in test.played() for unit in bearers.of(rule.applies_to, night.on)}
    return asked & set(test.only)


def _bring(sandbox: Sandbox, fact: RuleTestFact) -> None:
    taken = sandbox.brings(fact.sheet, [(1, dict(fact.values))], fact.recorded_at)
    for refused in taken.refused:
        raise RuleTestRefused(f"{fact.place}: {refused.vi} ({refused.en})")


def _seen(made: Assessment) -> list[Happening]:
    """The news of the night: changed cases, and who was notified of what."""
    seen: list[Happening] = []
    for advance in made.judged.advances:
        if advance.case is not None and _changed(advance):
            task, closed = advance.case.task, advance.reason is Reason.CLOSED
            seen.append(
                CaseChange(
                    _key(task.rule),
                    task.unit,
                    advance.reason,
                    step=None if closed else advance.case.reached,
                    outcome=advance.case.outcome,
                    subject=task.subject,
                )
            )
    for notice in made.notices:
        task = notice.finding.task
        relations = tuple(sorted(notice.relations))
        seen.append(
            ExpectedNotice(notice.reader, notice.section, _key(task.rule), task.unit, relations, task.subject)
        )
    return seen


def _changed(advance: Advance) -> bool:
    """Whether the case changed; one that waits for an heir counts on its first night only."""
    if advance.reason is Reason.AWAITING_HEIR:
        return any(event.kind == _WAITS for event in advance.events)
    return advance.reason in CHANGES


def _met(sandbox: Sandbox, made: Assessment) -> set[tuple[str, str]]:
    """The rules, by their own keys, and units of which a demand was judged met."""
    met = [found for found in made.findings.values() if found.verdict is Verdict.MET]
    return {(_key(one.task.rule), one.task.unit) for one in (*met, *sandbox.within_limits(made))}


def _key(rule: str) -> str:
    return rule.rpartition("/")[2]


def _coverage(book: RuleBook, played: Sequence[RuleTestResult], rules: Iterable[str]) -> Iterator[Coverage]:
    for rule in rules:
        mine = [one for one in played if one.file.directive == book.rules[rule].directive]
        key = _key(rule)
        yield Coverage(rule, key in fired(one.test for one in mine), any(key in one.silent for one in mine))
