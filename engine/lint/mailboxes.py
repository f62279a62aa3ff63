"""Offices that would hear and have no mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rule
from dondoc.engine.errors import Problem
from dondoc.engine.lint.lists import listed
from dondoc.engine.lint.subject import LintSubject, note


def check(material: LintSubject) -> Iterator[Problem]:
    """Per directive, at its first rule: the offices whose letters go elsewhere, and those nobody can reach."""
    chart = material.chart
    if chart is None:
        return
    for _, rules in material.by_directive():
        on = material.day(rules[0])
        without = [office for office in _hearers(material, rules, chart, on) if chart.mailbox(office, on) is None]
        astray = [office for office in without if chart.forwarding(office, on) is None]
        passed_on = sorted(set(without).difference(astray))
        if passed_on:
            yield _passed_on(rules[0], passed_on)
        if astray:
            yield _astray(rules[0], astray)


def _hearers(material: LintSubject, rules: tuple[Rule, ...], chart: OrgChart, on: date) -> list[str]:
    """Every office that some step of some rule tells, in order of id; rules that tell the same are asked once.

    How several units carry a quota decides who hears of it together, not who hears.
    """
    recipients = material.recipients(chart, on)
    heard: set[str] = set()
    alike = {(rule.applies_to, rule.ladder, rule.monitor, rule.reports_to): rule for rule in rules}
    for rule in alike.values():
        steps = material.book.ladders[rule.ladder].steps
        for task in material.tasks(rule):
            heard.update(recipients.bearers(task))
            heard.update(reader.office for step in steps for reader in recipients.readers(task, step))
    return sorted(heard)


def _passed_on(rule: Rule, offices: list[str]) -> Problem:
    names = listed(offices)
    return note(
        rule.place,
        "mailbox-missing",
        f"cơ quan sẽ được báo mà chưa có hộp thư ({len(offices)}): {names.vi}; thư gửi tạm tới cấp trên gần nhất, "
        "hãy bổ sung mailboxes.csv",
        f"offices that would hear and have no mailbox ({len(offices)}): {names.en}; their letters go to the "
        "nearest body above, add them to mailboxes.csv",
    )


def _astray(rule: Rule, offices: list[str]) -> Problem:
    names = listed(offices)
    return note(
        rule.place,
        "mailbox-nowhere",
        f"cơ quan sẽ được báo mà cả cơ quan lẫn mọi cấp trên đều chưa có hộp thư ({len(offices)}): {names.vi}; "
        "thư không tới đâu cả, hãy bổ sung mailboxes.csv",
        f"offices that would hear while neither they nor anybody above has a mailbox ({len(offices)}): "
        f"{names.en}; their letters reach nobody, add them to mailboxes.csv",
    )
