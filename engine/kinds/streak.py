"""`streak`: one unit missed several consecutive periods of another rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dondoc.engine.domain.demand import Demand
from dondoc.engine.domain.model import SCALE, Asked, Case, Finding, MissedParts, Task
from dondoc.engine.domain.rulebook import Condition, Rule, Streak
from dondoc.engine.domain.terms import Outcome, TaskKind, Verdict
from dondoc.engine.kinds.kind import Kind
from dondoc.engine.kinds.limits import Asking
from dondoc.engine.kinds.second_pass import (
    SILENT,
    Derivation,
    DerivedCount,
    FollowsBase,
    PartsTonight,
    PartTask,
    PartVerdict,
    ended_as,
    first_late_day,
    never_after,
)
from dondoc.engine.kinds.shapes import every, has


class StreakKind(FollowsBase):
    """Counts the periods missed since the last one met; its one task for a unit goes on for ever."""

    def asked(self, condition: Streak) -> Asked | None:
        return Asked(condition.times)

    def misses(self, finding: Finding, asked: Asked) -> bool:
        return finding.parts is not None and len(finding.parts.missed) >= asked.level

    def covers(self, condition: Streak) -> bool:
        return False

    def is_counted(self, task: TaskKind) -> bool:
        return False

    def is_measured(self, task: TaskKind) -> bool:
        return True

    def is_never_made_up(self, task: TaskKind) -> bool:
        return False

    def is_superseded(self, finding: Finding) -> bool:
        return False

    def is_finished(self, finding: Finding, case: Case | None) -> bool:
        # The next period is counted as well.
        return False

    def outcome(self, finding: Finding) -> Outcome:
        # Late data can show that the streak never was one (decision 36).
        return Outcome.WITHDRAWN if finding.corrected else Outcome.RESUMED

    def is_worse_with_time(self, task: TaskKind) -> bool:
        return True

    def is_worse(self, finding: Finding, before: int, now: int) -> bool:
        return now > before

    def fits(self, base: Kind[Any], condition: Condition) -> bool:
        return base.has_periods(condition)

    def demands(
        self, condition: Streak, parts: Iterable[Demand], asking: Asking, base: Rule, *, shared: bool
    ) -> Iterator[Demand]:
        # One streak for each unit with periods, or one for all units where they carry the periods together.
        periods = tuple(parts)
        issued = min((period.issued_on for period in periods), default=None)
        if issued is None:
            return
        rule = asking.rule
        have = {unit for period in periods for unit in period.bearers or (period.unit,)}
        bearers = tuple(unit for unit in asking.bearers.of(rule.applies_to, asking.as_of) if unit in have)
        groups = [(unit,) for unit in bearers] if not shared else [bearers] if bearers else []
        key = base.id.rpartition("/")[2]
        for group in groups:
            together = group if len(group) > 1 else ()
            need = condition.times
            yield Demand(rule.id, group[0], key, TaskKind.STREAK, key, None, issued, need=need, bearers=together)

    def by_subject(self) -> bool:
        return False

    def counts(self, condition: Streak, tasks: Iterable[Task], night: PartsTonight) -> Iterator[DerivedCount]:
        shared = night.is_shared(condition.of)
        series = _series(condition.of, night, shared=shared)
        for task in tasks:
            count = _count(task, condition, night, series.get("" if shared else task.unit, ()))
            if count is not None:
                yield count

    def counted(self, condition: Streak, parts: MissedParts) -> Mapping[str, int]:
        return {"run": len(parts.missed)}

    def derivation(self, condition: Streak) -> Derivation:
        # In breach with enough periods in `run`; over when even `reach`, every unknown one missed, is too few.
        # Between the two there is no verdict: an unknown period neither builds a streak nor ends one (36).
        over = (has("reach"), has("longest"), {"$lt": {"reach": condition.times}})
        return Derivation(
            {
                "running": every(has("run"), {"$gte": {"run": condition.times}}),
                "over": every(*over, {"$gte": {"longest": condition.times}}),
                "never": every(*over, {"$lt": {"longest": condition.times}}),
            },
            {
                "running": (Verdict.BREACH, False),
                "over": (Verdict.MET, False),
                "never": (Verdict.MET, True),
            },
        )

    def how_ended(self, finding: Finding) -> str:
        return ""

    def ended_as(self, ended: str) -> PartVerdict:
        return ended_as(ended)


def _series(base: str, night: PartsTonight, *, shared: bool) -> Mapping[str, list[PartTask]]:
    """The periods that are over or have a verdict, in order of time: by unit, or under "" where all share one."""
    series: dict[str, list[PartTask]] = defaultdict(list)
    for part in night.parts_of(base):
        # A period that still runs says nothing yet; one that is over without a verdict is a gap (decision 36).
        if part.mark not in SILENT or first_late_day(part.task) <= night.as_of:
            series["" if shared else part.task.unit].append(part)
    for parts in series.values():
        parts.sort(key=lambda part: (first_late_day(part.task), part.task.id))
    return series


def _count(task: Task, streak: Streak, night: PartsTonight, parts: Sequence[PartTask]) -> DerivedCount | None:
    """The longest run of missed periods since the last one met; None where no period was judged."""
    if all(part.mark in SILENT for part in parts):
        return None
    runs, reach = _runs(night, night.numbering(streak.of), parts)
    run = max(reversed(runs[-1]), key=len, default=[])
    longest = max((len(one) for found in runs for one in found), default=0)
    opened = first_late_day(run[streak.times - 1].task) if len(run) >= streak.times else None
    return DerivedCount(
        {"run": len(run), "reach": reach, "longest": longest},
        Finding(
            task,
            Verdict.UNJUDGED,
            breach=never_after(night.as_of, opened),
            value=len(run) * SCALE,
            limit=streak.times * SCALE,
            parts=MissedParts(tuple(part.task for part in run), sum(map(len, runs[-1])), reach),
        ),
    )


def _runs(
    night: PartsTonight, numbering: Callable[[Task], int], parts: Sequence[PartTask]
) -> tuple[list[list[list[PartTask]]], int]:
    """The runs of missed periods, grouped between the met ones; and the number of periods since the last met.

    An unjudged period, one that was not demanded, and one that is waived tonight or was on its first late day each
    end a run and count as a period (decision 36).
    """
    runs: list[list[list[PartTask]]] = [[[]]]
    reach, before = 0, None
    for part in parts:
        number = numbering(part.task)
        gap = 0 if before is None else max(number - before - 1, 0)
        before = number
        # A period without a demand, as while the unit did not exist, breaks the run like an unjudged one.
        if gap:
            reach += gap
            runs[-1].append([])
        if part.mark is PartVerdict.MET:
            runs.append([[]])
            reach = 0
            continue
        reach += 1
        if part.mark in SILENT or night.is_waived(part.task, night.as_of, first_late_day(part.task)):
            runs[-1].append([])
        else:
            runs[-1][-1].append(part)
    return runs, reach
