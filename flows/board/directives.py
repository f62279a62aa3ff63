"""A directive as its page shows it: what it asks and of whom, which of that is judged, and how the tasks stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dondoc.engine.demands.register import Obligation, tally
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Basis, Rule
from dondoc.engine.domain.terms import ObligationStatus
from dondoc.flows.board.view import BoardView, CaseLine
from dondoc.flows.records.register import RegisterFilter, list_of
from dondoc.flows.records.task_statistics import TaskCount
from dondoc.flows.web.case_facts import basis
from dondoc.notifications.wording import board_pages

_TONES = {
    ObligationStatus.JUDGED: "o",
    ObligationStatus.SET: "o",
    ObligationStatus.ASSUMED: "w",
    ObligationStatus.WAITING: "w",
    ObligationStatus.EVIDENCE: "w",
}
_EXAMPLE = Text("ví dụ: mức được đặt ra để minh họa", "an example: its limit is invented")


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """An obligation: its clause, what it asks of whom, and its status; `tone` is how that is coloured."""

    clause: str
    what: tuple[Text, ...]
    who: Text
    status: Text
    waits_for: Text | None
    tone: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule: the key under which it stands, its title, what it assumes, its counts, its open cases."""

    key: str
    title: Text
    assumes: Text | None
    counts: TaskCount
    open: int


@dataclass(frozen=True, slots=True)
class DirectivePage:
    """A directive with everything of its page; `tally` counts its obligations by status, without empty ones."""

    id: str
    cited: Text
    title: Text
    issuer: Text
    in_force: Text
    counts: TaskCount
    tally: tuple[tuple[Text, int], ...]
    obligations: tuple[ObligationLine, ...]
    rules: tuple[RuleLine, ...]
    cases: tuple[CaseLine, ...]


def pages(view: BoardView) -> Iterator[DirectivePage]:
    """Every directive of the rules, those with something overdue first, then the others in the book's order."""
    listed = list_of(view.book, view.chart, view.night, {}, RegisterFilter())
    rows = {directive.id: found for directive, found in listed.rows}
    counts: dict[str, TaskCount] = defaultdict(TaskCount)
    for (judged, _), found in view.counts.items():
        counts[judged] += found
    cases: dict[str, list[CaseLine]] = defaultdict(list)
    for line in view.lines:
        cases[line.case.task.rule].append(line)
    rules: dict[str, list[Rule]] = defaultdict(list)
    for one in view.book.rules.values():
        rules[one.directive].append(one)
    made = []
    for directive in view.book.directives.values():
        mine = rules[directive.id]
        asked = rows.get(directive.id, ())
        made.append(
            DirectivePage(
                directive.id,
                basis(directive, listed.issuers[directive.id]),
                directive.title,
                listed.issuers[directive.id],
                board_pages.in_force(directive.in_force_from, directive.in_force_until),
                sum((counts[rule.id] for rule in mine), TaskCount()),
                _tally([row.obligation for row in asked]),
                tuple(_line(row.obligation, row.who) for row in asked),
                tuple(_rule(rule, counts[rule.id], cases[rule.id]) for rule in mine),
                tuple(line for rule in mine for line in cases[rule.id]),
            )
        )
    yield from sorted(made, key=lambda one: (-one.counts.overdue, one.counts == TaskCount()))


def _tally(obligations: Sequence[Obligation]) -> tuple[tuple[Text, int], ...]:
    return tuple((board_pages.OBLIGATIONS[status], n) for status, n in tally(obligations).items() if n)


def _line(one: Obligation, who: Text) -> ObligationLine:
    status = board_pages.OBLIGATIONS[one.status]
    return ObligationLine(one.clause, one.what, who, status, one.waits_for, _TONES[one.status])


def _rule(rule: Rule, counts: TaskCount, cases: Sequence[CaseLine]) -> RuleLine:
    assumes = _EXAMPLE if rule.basis is Basis.EXAMPLE else rule.assumes
    key = rule.id.removeprefix(f"{rule.directive}/")
    return RuleLine(key, rule.title, assumes, counts, sum(line.is_open for line in cases))
