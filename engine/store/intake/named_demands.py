"""The column `task` of a report: which demand it names. A text that can name none is refused by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from dondoc.engine.domain.period_texts import NoSuchPeriod, kinds_named, period_key
from dondoc.engine.domain.periods import PeriodKind, label
from dondoc.engine.domain.rulebook import EveryPeriod, EveryYear, Overdue, RuleBook
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.intake.kinds import Values
from dondoc.engine.store.matching.known_rows import visible

_AS_IN_VI = "ghi kỳ như 02/2026, quý II/2026, năm 2026, hoặc ngày cuối như 25/02/2026"
_AS_IN_EN = "write 02/2026, 2026-Q2 or 2026, or its last day such as 25/02/2026"
# A refusal: the column, its value and the reason (vi, en).
_Refusal = tuple[str, str, str, str]


@dataclass(slots=True)
class NamedDemands:
    """Which demands the reports of one import name; remembers by which periods each report is asked for."""

    conn: Connection
    _asked: dict[str, tuple[frozenset[PeriodKind], str]] = field(default_factory=dict)

    def unnameable(self, rows: Iterable[Values]) -> dict[tuple[str, str], _Refusal]:
        """By report and the text that names its demand: why it can name none; a text that can is left out.

        A period need not be demanded yet, and the report waits for it, if it is of a kind by which the report is
        asked for; a task must be assigned before it is named.
        """
        pairs = {(row["report"], row["task"]) for row in rows if row["task"]}
        wrong = {}
        for report, names in pairs:
            reason = _why_no_period(names.rpartition("@")[2]) or self._why_never(report, names)
            if reason is not None:
                wrong[report, names] = ("task", names, *reason)
        if not wrong:
            return {}
        texts = {text for _, names in wrong for text in (names, names.rpartition("@")[2])}
        known = set(self.conn.scalars(select(t.assignment.c.ref).where(t.assignment.c.ref.in_(texts))))
        known |= set(self.conn.scalars(select(t.task.c.subject).where(t.task.c.subject.in_(texts))))
        return {
            (report, names): why
            for (report, names), why in wrong.items()
            # A period that is known is one of another report where this one is asked for by other kinds.
            if self._is_never(report, names) or not known & {names, names.rpartition("@")[2]}
        }

    def _is_never(self, report: str, names: str) -> bool:
        """Whether a text names a period of a kind by which no demand for the report was ever made."""
        kinds = kinds_named(names)
        asked, example = self._asked_by(report) if kinds else (frozenset(), "")
        return bool(example) and not kinds & asked

    def _why_never(self, report: str, names: str) -> tuple[str, str] | None:
        if not self._is_never(report, names):
            return None
        _, example = self._asked_by(report)
        return (
            f"báo cáo «{report}» không tính theo kỳ này mà như {_said(example)}; ghi kỳ như vậy",
            f"report {report!r} is not asked for by such periods, but as {example}: name one of those",
        )

    def _asked_by(self, report: str) -> tuple[frozenset[PeriodKind], str]:
        """The kinds of period of the demands for a report, and the last of their subjects; "" for none."""
        if report not in self._asked:
            mine = t.task.c.counts == report, t.task.c.kind == TaskKind.REPORT
            subjects = sorted(self.conn.scalars(select(t.task.c.subject).where(*mine).distinct()))
            kinds = frozenset[PeriodKind]().union(*map(kinds_named, subjects))
            self._asked[report] = kinds, subjects[-1] if subjects else ""
        return self._asked[report]


def kinds_asked(book: RuleBook) -> Mapping[str, tuple[frozenset[PeriodKind], str]]:
    """By report, the kinds of period by which rules ask for it, and the place of the last such rule."""
    found: dict[str, tuple[frozenset[PeriodKind], str]] = {}
    for rule in book.rules.values():
        condition = rule.condition
        if not isinstance(condition, Overdue) or condition.report is None:
            continue
        kinds, _ = found.get(condition.report, (frozenset[PeriodKind](), ""))
        if isinstance(condition.due, EveryPeriod):
            kinds |= {condition.due.per}
        elif isinstance(condition.due, EveryYear):
            kinds |= {PeriodKind.CALENDAR_YEAR}
        found[condition.report] = kinds, rule.place
    return found


def waiting_for_other_periods(
    conn: Connection, asked: Mapping[str, frozenset[PeriodKind]], now: datetime
) -> Mapping[str, list[str]]:
    """By report, the periods that reports name which settle nothing, of kinds by which none is asked for."""
    report = t.submission
    waiting = report.c.task_id.is_(None), report.c.task_ref != "", report.c.report.in_(asked), visible(report, now)
    found: dict[str, list[str]] = defaultdict(list)
    for name, names in conn.execute(select(report.c.report, report.c.task_ref).where(*waiting)):
        kinds = kinds_named(names)
        if kinds and not kinds & asked[name]:
            found[name].append(names)
    return found


def _said(subject: str) -> str:
    try:
        return f"«{label(subject)}»"
    except ValueError:
        return f"ngày «{subject}»"


def _why_no_period(text: str) -> tuple[str, str] | None:
    try:
        if period_key(text) is not None:
            return None
    except NoSuchPeriod:
        return f"không có kỳ nào như vậy; {_AS_IN_VI}", f"there is no such period: {_AS_IN_EN}"
    return (
        f"không phải kỳ, và chưa có nhiệm vụ nào mang mã này; {_AS_IN_VI}, hoặc nạp nhiệm vụ (tasks) trước",
        f"it is no period, and no task has this ref: {_AS_IN_EN}, or import the task first",
    )
