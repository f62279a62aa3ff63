"""Files that a directive asks its letters to attach, and that none of its letters would have."""

from __future__ import annotations

from collections.abc import Iterator

from dondoc.engine.domain.rulebook import Overdue, Quota, RequestedFile, Rule
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import LintContext, note


def check(subject: LintContext) -> Iterator[Problem]:
    """Per directive: a calendar entry comes with a reminder, and no rule reminds."""
    for directive, rules in subject.by_directive():
        if RequestedFile.CALENDAR_ENTRY in directive.attach and rules and not any(map(_reminds, rules)):
            yield note(
                rules[0].place,
                "attach-without-reminder",
                "văn bản có «attach: [calendar-entry]» nhưng không quy tắc nào nhắc trước hạn, nên chỉ việc được "
                "dời hạn mới có mục lịch; thêm «remind» hoặc «warn_before», hoặc bỏ «attach»",
                "the directive has 'attach: [calendar-entry]' and no rule reminds before the limit, so that only "
                "a limit that moves gets an entry; add 'remind' or 'warn_before', or delete 'attach'",
            )


def _reminds(rule: Rule) -> bool:
    match rule.condition:
        case Overdue(remind=offsets) | Quota(warn_before=offsets):
            return bool(offsets)
        case _:
            return False
