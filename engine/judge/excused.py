"""Which demands are waived on a day, and which for good: those whose whole period waivers cover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from dondoc.engine.cases.waivers import Waivers, by_demand, covering, holding, last_of, of_task
from dondoc.engine.demands.subjects import period_of
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.rulebook import RuleBook, Waiver
from dondoc.engine.domain.terms import Verdict


@dataclass(slots=True)
class Excused:
    """Asks the waivers of a rule book which tasks they excuse."""

    book: RuleBook
    waivers: Waivers = field(init=False)

    def __post_init__(self) -> None:
        self.waivers = by_demand(self.book.waivers)

    def by(self, task: Task) -> Waiver | None:
        """The last of the waivers that cover the whole period of a task; None: it is not excused."""
        mine = of_task(self.waivers, task)
        return covering(mine, period_of(self.book, task)) if mine else None

    def on(self, task: Task, day: date) -> Waiver | None:
        """The waiver that holds on a day (of several without a gap the last) or excuses the task; None: none."""
        mine = of_task(self.waivers, task)
        holds = holding(mine, day)
        return last_of(mine, holds) if holds is not None else self.by(task)

    def marked(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings, those in breach `excused` whose whole period is waived."""
        return [
            replace(one, verdict=Verdict.EXCUSED)
            if one.verdict is Verdict.BREACH and self.by(one.task) is not None
            else one
            for one in findings
        ]
