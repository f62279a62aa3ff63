"""When a row is due, which period it is about, and which older missed periods it stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from dondoc.engine.domain.model import Finding, Task, Text
from dondoc.engine.domain.periods import label
from dondoc.engine.domain.rulebook import Rule
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.kinds import kind_of_task
from dondoc.notifications.digest import Limit, NextAct
from dondoc.notifications.wording.kinds.kind import RuleDays
from dondoc.notifications.wording.kinds.registry import days_of, wording_of

_DAY = timedelta(days=1)
_NEXT_YEAR = re.compile(r"năm sau\b")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# By rule and unit, the tasks of missed periods, the oldest first.
Missed = Mapping[tuple[str, str], Sequence[Task]]


def period_text(rule: Rule, finding: Finding) -> Text | None:
    """The period a row is about, in words; None where the demand does not recur or is about no single period.

    `rule` is the one whose periods they are: for a derived row, the rule that it is derived from in the end.
    """
    key, days = wording_of(finding.task.kind).period_key(finding), days_of(rule.condition)
    if not key or not days.recurs:
        return None
    year = year_ahead(rule, finding)
    if year is not None:
        return Text(f"năm {year}", f"{year}")
    if days.yearly:
        return Text(f"đợt năm {key}", f"round of {key}")
    if _ISO_DAY.fullmatch(key):
        key = f"{key}..{key}"
    return Text(label(key, "vi"), label(key, "en"))


def year_ahead(rule: Rule, finding: Finding) -> int | None:
    """The year of a paper that is due in the year before it; None for a rule that does not speak of next year.

    `rule` is the one that the finding is about or, for a derived one, is derived from in the end.
    """
    key = wording_of(finding.task.kind).period_key(finding)
    if not (
        key.isdigit() and days_of(rule.condition).yearly and _NEXT_YEAR.search(f"{rule.title.vi} {rule.short.vi}")
    ):
        return None
    return int(key) + 1


def named_by_year(said: Text, year: int) -> Text:
    """A rule's title with its "next year" as that year: `kế hoạch năm sau` as `kế hoạch năm 2024`."""
    english = said.en.replace("next year's", f"the {year}").replace("Next year's", f"The {year}")
    return Text(_NEXT_YEAR.sub(f"năm {year}", said.vi), english)


def limit_line(rule: Rule, task: Task, calendar: WorkCalendar) -> Limit | None:
    """The limit as the directive words it; None where nothing is due (an indicator's level)."""
    last = task.last_day
    if last is None:
        return None
    days = days_of(rule.condition)
    # The rule file says "before" or "by"; only an imported task brings its own word.
    exclusive = task.exclusive if days.exclusive is None else days.exclusive
    worked = calendar.is_workday(last)
    return Limit(
        printed=last + _DAY if exclusive else last,
        exclusive=exclusive,
        last_day=last,
        last_day_closed=not worked,
        last_workday=last if worked else calendar.before(last, 1),
        counted=_before_rolling(days, task, last, calendar),
    )


def _before_rolling(days: RuleDays, task: Task, last: date, calendar: WorkCalendar) -> date | None:
    """The day on which a counted period ended before it rolled forward; None when it did not roll.

    The subject is the day of the event as it was recorded first; counting starts the day after.
    """
    if days.after_event is None:
        return None
    counted = date.fromisoformat(task.subject) + timedelta(days=days.after_event)
    # After a correction the limit is counted from another day, which the task does not name.
    return counted if counted != last and calendar.roll_forward(counted) == last else None


def next_reminder(rule: Rule, finding: Finding, as_of: date, calendar: WorkCalendar) -> tuple[date, NextAct]:
    """The day and act that come next for a demand still in time: a reminder, else the judging.

    The judging is told on the first day of letters after the last day.
    """
    last, end = finding.task.last_day, finding.task.final_day or finding.task.last_day
    assert last is not None
    assert end is not None
    # The finding names the reminder sent last; only those nearer to the limit are still to come.
    offsets = days_of(rule.condition).reminders
    nearer = [offset for offset in offsets if finding.offset is not None and offset < finding.offset]
    if nearer:
        day = calendar.letters.roll_forward(calendar.before(end, max(nearer)))
        if as_of < day <= end:
            return day, NextAct.REMIND
    return calendar.letters.roll_forward(last + _DAY), NextAct.JUDGE


def missed_periods(findings: Iterable[Finding]) -> Missed:
    """Every quota period that stands missed tonight."""
    found: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for finding in findings:
        superseded = kind_of_task(finding.task.kind).is_superseded(finding)
        if finding.verdict is Verdict.BREACH and superseded:
            found[finding.task.rule, finding.task.unit].append(finding.task)
    return {key: sorted(tasks, key=_end) for key, tasks in found.items()}


def older(missed: Missed, task: Task) -> tuple[Task, ...]:
    """The missed periods of the same rule and unit that ended before this one."""
    return tuple(other for other in missed.get((task.rule, task.unit), ()) if _end(other) < _end(task))


def _end(task: Task) -> date:
    return task.last_day or date.min
