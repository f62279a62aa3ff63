"""What offices said of real cases, said again of the cases that a replay makes, as far as its rules accept it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import Case
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Engine
from dondoc.engine.store.recall.said_acts import SaidAct
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.acts import NotAccepted, Said, attempted

# What these handed in or withdrew is a submission, and comes with the facts.
_FACTS = (ActKind.DONE, ActKind.CLOSED, ActKind.CONFIRMED, ActKind.REOPENED)


@dataclass
class ReplayedActs:
    """The acts that no replayed night knows yet, in the order of recording; how many were said again, or not.

    An act is not said again where the replay has no such case, or its rules would not have accepted it.
    """

    book: RuleBook
    left: list[SaidAct]
    said: int = 0
    unsaid: int = 0
    _cases: dict[tuple[str, str], dict[str, Case]] = field(default_factory=dict)
    _numbers: dict[int, int] = field(default_factory=dict)

    def seen(self, after: Iterable[Case]) -> None:
        """Takes the cases as a night has left them."""
        for case in after:
            self._cases.setdefault((case.task.rule, case.task.unit), {})[case.task.subject] = case

    def record(self, engine: Engine, cutoff: datetime) -> None:
        """Says again what a night with this cut-off knows."""
        while self.left and self.left[0].recorded_at <= cutoff:
            first = self.left.pop(0)
            if first.act.kind in _FACTS:
                continue
            if self._again(engine, first):
                self.said += 1
            else:
                self.unsaid += 1

    def _again(self, engine: Engine, one: SaidAct) -> bool:
        case, act = self._case(one), one.act
        if case is None or (act.about is not None and act.about not in self._numbers):
            return False
        about = self._numbers[act.about] if act.about is not None else None
        # Whether a report waits to be confirmed is for the rules of the replay to say.
        kind = ActKind.DONE if act.kind is ActKind.DECLARED else act.kind
        said = Said(
            case.code, kind, act.office, act.said_on, act.until, act.words, act.document, about, act.done_on
        )
        try:
            with audited(engine) as tx:
                made = attempted(tx, self.book, said, one.door, one.recorded_at)
        except CallRefused:
            return False
        if isinstance(made, NotAccepted):
            return False
        self._numbers[act.number] = made.number
        return True

    def _case(self, one: SaidAct) -> Case | None:
        """The case of the same demand; by other rules its subject may be another day."""
        cases = self._cases.get((one.rule, one.unit), {})
        return cases.get(one.subject) or (next(iter(cases.values())) if len(cases) == 1 else None)
