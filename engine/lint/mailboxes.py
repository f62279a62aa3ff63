"""Offices that would be notified and have no mailbox, share one across levels, or have no name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rule
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import LintContext, note
from dondoc.engine.lint.lists import listed


def check(subject: LintContext) -> Iterator[Problem]:
    """Per directive, at its first rule: whose letters go elsewhere, reach nobody, are shared or lack a name."""
    chart = subject.chart
    if chart is None:
        return
    for _, rules in subject.by_directive():
        on = subject.day(rules[0])
        offices = _notified_offices(subject, rules, chart, on)
        without = [office for office in offices if chart.mailbox(office, on) is None]
        astray = [office for office in without if chart.forwarding(office, on) is None]
        passed_on = sorted(set(without).difference(astray))
        if passed_on:
            yield _passed_on(rules[0], passed_on)
        if astray:
            yield _astray(rules[0], astray)
        nameless = [one for one in offices if chart.units[one].alive(on) and not chart.units[one].named(on)]
        if nameless:
            yield _nameless(rules[0], nameless)
        for address, sharing in _shared_across_levels(chart, offices, on):
            yield _shared(rules[0], address, sharing)


def _shared_across_levels(chart: OrgChart, offices: list[str], on: date) -> Iterator[tuple[str, list[str]]]:
    """The mailboxes at which offices of different levels receive, with those offices."""
    found: dict[str, list[str]] = defaultdict(list)
    for office in offices:
        box = chart.mailbox(office, on)
        if box is not None:
            found[box.address.casefold()].append(office)
    for address, sharing in sorted(found.items()):
        if len({chart.units[office].level for office in sharing}) > 1:
            yield address, sharing


def _notified_offices(subject: LintContext, rules: tuple[Rule, ...], chart: OrgChart, on: date) -> list[str]:
    """Every office that some step of some rule notifies, in order of id; equal recipients are resolved once.

    How units share a quota is left out of that comparison: it changes no recipient, only who shares a case.
    """
    recipients = subject.recipients(chart, on)
    offices: set[str] = set()
    alike = {(rule.applies_to, rule.ladder, rule.monitor, rule.reports_to): rule for rule in rules}
    for rule in alike.values():
        steps = subject.book.ladders[rule.ladder].steps
        for task in subject.tasks(rule):
            offices.update(recipients.bearers(task))
            offices.update(reader.office for step in steps for reader in recipients.readers(task, step))
    return sorted(offices)


def _passed_on(rule: Rule, offices: list[str]) -> Problem:
    names = listed(offices)
    return note(
        rule.place,
        "mailbox-missing",
        f"cơ quan sẽ được báo mà chưa có hộp thư ({len(offices)}): {names.vi}; thư gửi tạm tới cấp trên gần nhất, "
        "hãy bổ sung mailboxes.csv",
        f"offices that would be notified and have no mailbox ({len(offices)}): {names.en}; their letters go to "
        "the nearest body above, add them to mailboxes.csv",
    )


def _astray(rule: Rule, offices: list[str]) -> Problem:
    names = listed(offices)
    return note(
        rule.place,
        "mailbox-nowhere",
        f"cơ quan sẽ được báo mà cả cơ quan lẫn mọi cấp trên đều chưa có hộp thư ({len(offices)}): {names.vi}; "
        "thư không tới đâu cả, hãy bổ sung mailboxes.csv",
        f"offices that would be notified while neither they nor any body above has a mailbox ({len(offices)}): "
        f"{names.en}; their letters reach nobody, add them to mailboxes.csv",
    )


def _nameless(rule: Rule, offices: list[str]) -> Problem:
    names = listed(offices)
    return note(
        rule.place,
        "unit-nameless",
        f"cơ quan sẽ được báo mà không có tên vào ngày đó ({len(offices)}): {names.vi}; thư ghi tên của ngày khác "
        "hoặc mã, hãy bổ sung names.csv",
        f"offices that would be notified and have no name on that day ({len(offices)}): {names.en}; letters print "
        "the name of another day or the id, add them to names.csv",
    )


def _shared(rule: Rule, address: str, offices: list[str]) -> Problem:
    names = listed(offices)
    return note(
        rule.place,
        "mailbox-shared",
        f"cơ quan khác cấp dùng chung hộp thư {address} ({len(offices)}): {names.vi}; cấp dưới đọc thư của cấp "
        "trên, hãy xem lại mailboxes.csv",
        f"offices of different levels share the mailbox {address} ({len(offices)}): {names.en}; the lower one "
        "reads the letters of the higher, review mailboxes.csv",
    )
