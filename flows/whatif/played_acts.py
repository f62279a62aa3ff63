"""What offices say in a test, recorded in its sandbox by the one gate, between two nights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from dondoc.engine.domain.acts import ActKind, Door, standing
from dondoc.engine.domain.model import ZONE, Case
from dondoc.engine.domain.rule_tests import ActInTest
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import DonDocError
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import Engine
from dondoc.engine.store.night import acts, nights, tasks
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.acts import NotAccepted, Said, attempted

# When an answer is recorded on its day, as facts are: after that day's night.
_SAID = time(10, 0, tzinfo=ZONE)


class ActInTestRefused(DonDocError):
    """An act of a test that the gate does not accept, or that no case or no night is for. Says where and why."""


@dataclass
class PlayedActs:
    """The acts of a test, in the order of their days, and the cases that its nights have made so far."""

    book: RuleBook
    directive: str
    left: Sequence[ActInTest]
    _cases: dict[tuple[str, str], dict[str, Case]] = field(default_factory=dict)

    def seen(self, after: Iterable[Case]) -> None:
        """Takes the cases as a night has left them."""
        for case in after:
            self._cases.setdefault((case.task.rule, case.task.unit), {})[case.task.subject] = case

    def record(self, engine: Engine, cutoff: datetime) -> None:
        """Records every act that a night with this cut-off knows. Raises `ActInTestRefused`."""
        while self.left and (now := datetime.combine(self.left[0].on, _SAID)) <= cutoff:
            first, *self.left = self.left
            with audited(engine) as tx:
                self._record(tx, first, now)

    def refuse_unheard(self) -> None:
        """Raises `ActInTestRefused` if no night was left to know of an act."""
        for act in self.left:
            raise ActInTestRefused(
                f"{act.place}: không đêm nào của bài thử biết câu trả lời ngày {act.on:%d/%m/%Y}; thêm một đêm "
                "sau ngày ấy. (No night of the test knows of it: add one after that day.)"
            )

    def _record(self, tx: AuditedTransaction, act: ActInTest, now: datetime) -> None:
        case = self._case(act)
        about = _latest(tx, case, act, now) if act.says is ActKind.TAKEN_BACK else None
        said = Said(
            case.code, act.says, act.by, act.on, act.until, act.words, act.document, about, done_on=act.done_on
        )
        try:
            made = attempted(tx, self.book, said, Door.COMMAND, now)
        except CallRefused as refused:
            raise ActInTestRefused(f"{act.place}: {refused}") from refused
        if isinstance(made, NotAccepted):
            raise ActInTestRefused(f"{act.place}: {made.text.both()}")

    def _case(self, act: ActInTest) -> Case:
        cases = self._cases.get((f"{self.directive}/{act.rule}", act.unit), {})
        found = [case for subject, case in cases.items() if act.subject in (None, subject)]
        if len(found) != 1:
            known = ", ".join(sorted(cases)) or "–"
            raise ActInTestRefused(
                f"{act.place}: đến ngày {act.on:%d/%m/%Y} {act.unit} có {len(found)} hồ sơ của «{act.rule}» hợp "
                f"với câu trả lời; cần đúng một, «subject» nói rõ: {known}. (It has that many cases by then, and "
                "needs exactly one: name it by 'subject'.)"
            )
        return found[0]


def _latest(tx: AuditedTransaction, case: Case, act: ActInTest, now: datetime) -> int | None:
    """The number of what an office said last of a case."""
    names = nights.names_of(tx.conn, tasks.stored_rules(tx.conn))
    mine = [one for one in standing(acts.of_case(tx.conn, names, case.id or 0, now)) if one.office == _by(act)]
    return mine[-1].number if mine else None


def _by(act: ActInTest) -> str:
    return act.by or act.unit
