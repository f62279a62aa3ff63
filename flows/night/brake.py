"""The brake: an implausible night is stored, but its letters are held for the operator.

A source with wrong data looks like three hundred offices that stopped working overnight. One question to the
operator is better than three hundred letters to take back.
"""

from __future__ import annotations

from collections.abc import Iterable

from dondoc.engine.cases.history import Standing
from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.model import Finding, Text
from dondoc.engine.domain.terms import Reason, Verdict
from dondoc.flows.night.assessment import Assessment
from dondoc.notifications.wording.numbers import counted, plain_percent

FEWEST_UNITS = 20


def reasons(
    brake: Brake,
    made: Assessment,
    standing: Standing,
    binding: Iterable[str],
    letters: int,
    stale: int,
) -> tuple[Text, ...]:
    """Why the letters of the night are held; empty for a plausible night, and for one without letters or gap.

    `standing` has the counts by rule and units, `binding` are the rules in force; `letters` and `stale` are the
    numbers of planned letters and of stale sources. A reason is a figure above its limit in mail.yaml, or more
    nights missed in a row than are made up: a service that was down for so long, or a clock that is ahead.
    """
    skipped = made.night.plan.skipped
    gap = (_gap(skipped),) if skipped else ()
    if not letters:
        return gap
    opened = made.judged.reasons.get(Reason.OPENED, 0)
    # Only units with a rule in force: those of past directives would dilute the share of units in breach.
    ruled = set(binding)
    units = {unit for rule, bearers in standing if rule in ruled for unit in bearers}
    late = units & _in_breach(made.findings.values())
    found = [
        _more(brake.new_cases, opened, "hồ sơ mở mới", "new case"),
        _more(brake.letters, letters, "thư", "letter"),
        _more(brake.stale_sources, stale, "nguồn dữ liệu im lặng quá lâu", "stale source"),
    ]
    # Of fewer units a share says nothing: one late office of one is no outage.
    if brake.units is not None and len(units) >= FEWEST_UNITS and len(late) * 100 > brake.units * len(units):
        vi, en = (
            "{late}/{all} đơn vị chưa đạt, mức phanh {limit}",
            "{late} of {all} units in breach, limit {limit}",
        )
        limit = plain_percent(f"{brake.units.normalize():f}")
        found.append(Text.format(vi, en, late=len(late), all=len(units), limit=limit))
    return (*gap, *(text for text in found if text is not None))


def _gap(skipped: int) -> Text:
    vi = "{nights} đã lỡ liền nhau: hoặc dịch vụ ngừng lâu như thế, hoặc đồng hồ của máy chạy trước"
    en = "{nights} missed in a row: the service was down for so long, or the clock of the machine is ahead"
    return Text.format(vi, en, nights=counted(skipped, "đêm", "night"))


def _in_breach(findings: Iterable[Finding]) -> set[str]:
    return {
        unit
        for finding in findings
        if finding.verdict is Verdict.BREACH
        for unit in finding.task.bearers or (finding.task.unit,)
    }


def _more(most: int | None, n: int, vi: str, en: str) -> Text | None:
    """The reason that `n` is above `most`, with its noun (`en` singular); None when it is not."""
    if most is None or n <= most:
        return None
    return Text.format("{said}, mức phanh {most}", "{said}, limit {most}", said=counted(n, vi, en), most=most)
