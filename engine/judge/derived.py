"""The second pass: derived rules, decided on the findings of the rules they are derived from.

Forward chaining, driven from here: the findings of one round are the facts of the next, until the last derived
rule is decided (docs/en/decisions/0015-derived-rules.md). Each kind only counts; durable_rules decides whether a
count is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dondoc.engine.cases.waivers import holding, of_task
from dondoc.engine.demands.derived import in_order, is_shared
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rule, RuleBook
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.judge.durable_rules import Chunk, Ruleset
from dondoc.engine.judge.excused import Excused
from dondoc.engine.kinds import derived_kind, kind_of
from dondoc.engine.kinds.second_pass import Derivation, DerivedCount, PartTask, part_of

_CHUNK = 1_000


@dataclass(slots=True)
class DerivedPass:
    """The second pass of one night.

    `tasks` are the open tasks of derived rules, by rule; `parts` what is known of the tasks of their base rules,
    by rule and task id. `since` is the night before it (None: there was none).
    """

    book: RuleBook
    chart: OrgChart
    as_of: date
    tasks: Mapping[str, Sequence[Task]]
    parts: dict[str, dict[int, PartTask]]
    since: date | None = None
    _excused: Excused = field(init=False)

    def __post_init__(self) -> None:
        self._excused = Excused(self.book)

    def findings(self) -> Iterator[Finding]:
        """One finding for each derived task that has parts; `unjudged` where too little is known.

        Raises `EngineFault` when durable_rules did not read all counts.
        """
        for rule, condition in in_order(self.book, self.as_of, self.since):
            kind = derived_kind(condition)
            counts = list(kind.counts(condition, self.tasks.get(rule.id, ()), self))
            mine = self.parts.setdefault(rule.id, {})
            for finding in _decided(rule, kind.derivation(condition), counts):
                mine[finding.task.id] = part_of(finding)
                yield from self._excused.marked([finding])

    def parts_of(self, rule: str) -> Iterable[PartTask]:
        """What is known of the tasks of a base rule."""
        return self.parts.get(rule, {}).values()

    def is_shared(self, rule: str) -> bool:
        """Whether the units of a rule carry each of its periods together."""
        return is_shared(self.book.rules[rule])

    def numbering(self, rule: str) -> Callable[[Task], int]:
        """Numbers the periods of a rule; two of them are consecutive when their numbers are."""
        condition = self.book.rules[rule].condition
        kind = kind_of(condition)
        return lambda task: kind.number_of(condition, task, self.book.occasions)

    def is_waived(self, task: Task, *days: date) -> bool:
        """Whether a task is waived on any of these days, or its whole period is."""
        waivers = of_task(self._excused.waivers, task)
        return any(holding(waivers, day) is not None for day in days) or self._excused.by(task) is not None


def _decided(rule: Rule, how: Derivation, counts: Sequence[DerivedCount]) -> Iterator[Finding]:
    """The findings of one derived rule, with the verdicts that durable_rules gives on the counts."""
    if not counts:
        return
    with Ruleset(rule.id, how.definition) as ruleset:
        for start in range(0, len(counts), _CHUNK):
            yield from _judged(ruleset, how, counts[start : start + _CHUNK])


def _judged(ruleset: Ruleset, how: Derivation, counts: Sequence[DerivedCount]) -> Iterator[Finding]:
    said = {number: how.meanings[name] for name, number in ruleset.judge(_chunk(counts))}
    for number, count in enumerate(counts):
        verdict, never = said.get(number, (Verdict.UNJUDGED, False))
        # What a stale source hides may be missed too: enough is enough, but few may not stay few (decision 24).
        if verdict is Verdict.MET and count.unheard:
            verdict = Verdict.UNHEARD
        breach = count.finding.breach if verdict is Verdict.BREACH else None
        yield replace(count.finding, verdict=verdict, breach=breach, corrected=never)


def _chunk(counts: Sequence[DerivedCount]) -> Chunk:
    facts = (
        "".join((f'{{"id":{number}', *(f',"{name}":{value}' for name, value in count.facts.items()), "}"))
        for number, count in enumerate(counts)
    )
    return Chunk(",".join(facts), len(counts))
