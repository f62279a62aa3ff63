"""What a derived row counts, as facts for its wording: parts by name, periods in words, how many are known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dondoc.engine.cases.history import History
from dondoc.engine.domain.model import Finding, MissedParts, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rollup, Rule, RuleBook
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.notifications.digest import Parts
from dondoc.notifications.gather import timing
from dondoc.notifications.wording import names
from dondoc.notifications.wording.alphabet import alphabetical
from dondoc.notifications.wording.kinds.registry import kind_of
from dondoc.notifications.wording.numbers import plain_percent

_ANY_PERIOD = Text("kỳ", "periods")
_PERIODS = (
    ("tháng ", Text("tháng", "months")),
    ("quý ", Text("quý", "quarters")),
    ("năm ", Text("năm", "years")),
)


def parts_of(
    book: RuleBook, chart: OrgChart, history: History, finding: Finding, reader: str, on: date
) -> Parts | None:
    """What the row of a derived finding counts, for this reader; None for any other finding."""
    condition, base = book.rules[finding.task.rule].condition, book.base_of(finding.task.rule)
    if finding.parts is None or base is None:
        return None
    if isinstance(condition, Rollup):
        return _units(base, book.root_of(base.id), condition, finding, finding.parts, chart, history, reader, on)
    return _periods(base, finding.parts)


def _periods(base: Rule, parts: MissedParts) -> Parts:
    said = [timing.period_text(base, Finding(task, Verdict.BREACH)) for task in parts.missed]
    periods = tuple(text for text in said if text is not None)
    return Parts(
        kind=kind_of(base.condition),
        what=base.short,
        word=_word(periods),
        missed=len(parts.missed),
        judged=parts.judged,
        units=parts.units,
        periods=periods,
    )


def _word(periods: Iterable[Text]) -> Text:
    """The noun for the periods: "months", "quarters" or "years" when all are named so, else "periods"."""
    said = [text.vi for text in periods]
    return next(
        (word for start, word in _PERIODS if said and all(one.startswith(start) for one in said)), _ANY_PERIOD
    )


def _units(
    base: Rule,
    root: Rule,
    rollup: Rollup,
    finding: Finding,
    parts: MissedParts,
    chart: OrgChart,
    history: History,
    reader: str,
    on: date,
) -> Parts:
    late = [chart.units[task.unit] for task in parts.missed]
    year = timing.year_ahead(root, finding)
    notified = sum(bool(history.letters(history.cases.get(task.id)).get(reader)) for task in parts.missed)
    return Parts(
        kind=TaskKind.READING if "@" in finding.task.subject else kind_of(base.condition),
        what=base.short if year is None else timing.named_by_year(base.short, year),
        word=names.called(late, on),
        missed=len(late),
        judged=parts.judged,
        units=parts.units,
        waived=len(parts.waived),
        names=tuple(alphabetical(unit.name(on).short for unit in late)),
        known=notified,
        at_least=_at_least(rollup),
    )


def _at_least(rollup: Rollup) -> Text:
    if rollup.percent is not None:
        return plain_percent(f"{rollup.percent.normalize():f}")
    return names.units(rollup.units or 0)
