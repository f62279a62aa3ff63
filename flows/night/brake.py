"""The brake: an implausible night is stored, but its letters wait for the operator.

A source that came in wrong looks like three hundred offices that stopped working overnight. Better one question to
the operator than three hundred letters to take back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dondoc.engine.cases.history import TaskCounts
from dondoc.engine.domain.model import Finding, Text
from dondoc.engine.domain.rulebook import Brake
from dondoc.engine.domain.terms import Reason, Verdict
from dondoc.flows.night.assessment import Assessment
from dondoc.notifications.wording.numbers import counted, plain_percent

FEWEST_UNITS = 20


def reasons(
    brake: Brake,
    made: Assessment,
    standing: Mapping[tuple[str, str], TaskCounts],
    binding: Iterable[str],
    letters: int,
    stale: int = 0,
) -> tuple[Text, ...]:
    """Why the night is held; empty for one that is plausible, or has no letter to hold.

    `standing` has the counts by rule and unit, `binding` are the rules in force, so that the share is of units
    that owe something now. Of fewer than 20 units a share says nothing: one office of one is no outage. `stale` is
    how many sources are silent for too long.
    """
    if not letters:
        return ()
    opened = made.judged.reasons.get(Reason.OPENED, 0)
    ruled = set(binding)
    units = {unit for rule, unit in standing if rule in ruled}
    late = units & _in_breach(made.findings.values())
    found = [
        _more(opened, brake.new_cases, Text("hồ sơ mở mới", "new case")),
        _more(letters, brake.letters, Text("thư", "letter")),
        _more(stale, brake.stale_sources, Text("nguồn dữ liệu im lặng quá lâu", "stale source")),
    ]
    if brake.units is not None and len(units) >= FEWEST_UNITS and len(late) * 100 > brake.units * len(units):
        limit = plain_percent(f"{brake.units.normalize():f}")
        found.append(
            Text(
                f"{len(late)}/{len(units)} đơn vị chưa đạt, mức phanh {limit.vi}",
                f"{len(late)} of {len(units)} units in breach, limit {limit.en}",
            )
        )
    return tuple(text for text in found if text is not None)


def _in_breach(findings: Iterable[Finding]) -> set[str]:
    return {
        unit
        for finding in findings
        if finding.verdict is Verdict.BREACH
        for unit in finding.task.bearers or (finding.task.unit,)
    }


def _more(n: int, most: int | None, what: Text) -> Text | None:
    if most is None or n <= most:
        return None
    said = counted(n, what.vi, what.en)
    return Text(f"{said.vi}, mức phanh {most}", f"{said.en}, limit {most}")
