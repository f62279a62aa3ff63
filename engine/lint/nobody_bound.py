"""Rules that apply to no unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rule
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import LintContext, note


def check(subject: LintContext) -> Iterator[Problem]:
    """Rules that apply to no unit: at no time while the directive is in force, or not on the day of the check."""
    chart = subject.chart
    if chart is None:
        return
    for rule in subject.book.rules.values():
        on = subject.day(rule)
        if not subject.bearers(rule, on):
            yield _nobody(subject, rule, on, chart)


def _nobody(subject: LintContext, rule: Rule, on: date, chart: OrgChart) -> Problem:
    directive = subject.book.directives[rule.directive]
    days = (day for day in _changes(chart) if directive.in_force(day))
    found = next((day for day in (directive.in_force_from, *days) if subject.bearers(rule, day)), None)
    if found is None and _absent(rule.applies_to.kind, chart):
        return note(
            rule.place,
            "kind-absent",
            f"dữ liệu chưa có đơn vị nào loại «{rule.applies_to.kind}»; quy tắc chưa có ai phải thực hiện",
            f"the data has no unit of kind '{rule.applies_to.kind}' yet; nobody is bound by the rule",
        )
    if found is None:
        return note(
            rule.place,
            "nobody-ever",
            "không đơn vị nào phải thực hiện, suốt thời gian văn bản có hiệu lực; sửa «applies_to», hoặc bổ sung "
            "đơn vị và quan hệ cấp trên vào dữ liệu",
            "no unit is ever bound while the directive is in force; correct 'applies_to', or add the units and "
            "their parents to the data",
        )
    return note(
        rule.place,
        "nobody-now",
        f"ngày {on:%d/%m/%Y} không đơn vị nào phải thực hiện (ngày {found:%d/%m/%Y} thì có); xem đơn vị đã kết "
        "thúc, hoặc chưa thành lập",
        f"on {on} no unit is bound (on {found} there is one); see which units have ended or not begun",
    )


def _absent(kind: str | None, chart: OrgChart) -> bool:
    """Whether no unit is of that kind or of one with a similar name."""
    kinds = {unit.kind for unit in chart.units.values()}
    return kind is not None and not get_close_matches(kind, kinds, n=1)


def _changes(chart: OrgChart) -> list[date]:
    """The first and the last days of all units and relations, in order."""
    lives = [(unit.valid_from, unit.valid_to) for unit in chart.units.values()]
    lives += [(edge.valid_from, edge.valid_to) for edge in chart.relations]
    ends = {end - timedelta(days=1) for _, end in lives if end}
    return sorted({start for start, _ in lives} | ends)
