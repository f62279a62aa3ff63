"""From one notice to the facts of one row of a letter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.hearing import RESPONSIBLE, Hearing
from engine.model import Case, CaseStatus, Finding, Notice, Section, Task, TaskKind, Text, Tone
from engine.orgchart import OrgChart
from engine.periods import label
from engine.rules import (
    AfterEvent,
    Directive,
    EveryPeriod,
    EveryYear,
    OnDate,
    Overdue,
    Quota,
    Rule,
    RuleBook,
    Threshold,
    Window,
)
from engine.store.findings import limit_of
from engine.store.history import History
from engine.workdays import WorkCalendar
from notifications.digest import DirectiveLine, Entry, Figure, Limit, NextAct

_DAY = timedelta(days=1)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TONE_ACTS = {Tone.URGE: NextAct.URGE, Tone.URGE_AGAIN: NextAct.URGE_AGAIN, Tone.REPORT_UP: NextAct.REPORT_UP}


@dataclass(slots=True)
class Clerk:
    """Writes rows for one night: knows the rules, the chart, what was written before and who hears tonight."""

    book: RuleBook
    chart: OrgChart
    as_of: date
    history: History
    hearing: Hearing
    tonight: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def name(self, unit: str) -> str:
        """A unit's name on the night."""
        return self.chart.units[unit].name(self.as_of).vi if unit in self.chart.units else unit

    def name_en(self, unit: str) -> str:
        """A unit's English name on the night."""
        return self.chart.units[unit].name(self.as_of).en if unit in self.chart.units else unit

    def short(self, unit: str) -> str:
        """A unit's short name on the night."""
        return self.chart.units[unit].name(self.as_of).short if unit in self.chart.units else unit

    def directive_line(self, directive: Directive) -> DirectiveLine:
        """How the directive is cited."""
        return DirectiveLine(
            directive.kind,
            directive.number,
            directive.issued,
            self.name(directive.issuer),
            self.name_en(directive.issuer),
        )

    def entry(self, notice: Notice) -> Entry:
        """The row for one notice, about one unit."""
        task = notice.finding.task
        rule = self.book.rules[task.rule]
        directive = self.book.directives[rule.directive]
        calendar = self.book.calendars[rule.calendar]
        finding, case = notice.finding, notice.case
        own = RESPONSIBLE in notice.relations
        days, workdays = self._lateness(notice, calendar)
        next_on, next_act, next_to = self._next(notice, calendar)
        written = self.history.written.get(task.id, {})
        told = case.told.get(notice.reader) if case else None
        return Entry(
            section=notice.section,
            kind=task.kind,
            tone=notice.tone,
            step=notice.step,
            title=Text(task.title, task.title_en) if task.title else rule.title,
            short=Text(task.title, task.title_en) if task.title else rule.short,
            clause=rule.clause,
            directive=self.directive_line(directive),
            basis=rule.basis,
            assumes=rule.assumes,
            unit="; ".join(self.name(unit) for unit in self.hearing.bearers(task)),
            unit_en="; ".join(self.name_en(unit) for unit in self.hearing.bearers(task)),
            units=tuple(self.short(unit) for unit in self.hearing.bearers(task)),
            of_units=self.history.bearers.get((task.rule, task.subject), 1),
            relations=notice.relations,
            copied=notice.copied,
            limit=limit_line(rule, task, calendar),
            period=period_text(rule, finding),
            count=finding.count,
            need=finding.need,
            figure=self._figure(rule, finding),
            no_data=task.kind is TaskKind.READING,
            days=days,
            workdays=workdays,
            earlier=_to_bearers(written, self.hearing.bearers(task)),
            earlier_reminders=self.history.reminders.get(task.id, ()),
            copied_to=tuple(
                self.name(office)
                for office in self.tonight.get(task.id, ())
                if own and office not in self.hearing.bearers(task)
            ),
            reports_to=self.name(rule.reports_to) if rule.reports_to else "",
            via=self.name(rule.via) if rule.via else "",
            next_on=next_on,
            next_act=next_act,
            next_to=next_to,
            answer_by=calendar.before(next_on, 1) if next_on else None,
            outcome=case.outcome if case else None,
            evidence=task.evidence,
            done_on=task.done_on,
            last_told=_before(written.get(notice.reader, ())) or (told.night if told else None),
            codes=(case.code,) if case else (),
        )

    def _lateness(self, notice: Notice, calendar: WorkCalendar) -> tuple[int, int]:
        """Calendar and working days after the last day; for a reminder, working days to go with today."""
        finding, case = notice.finding, notice.case
        last = finding.task.last_day
        if notice.section is Section.ENDING:
            end = finding.task.final_day or last
            assert end is not None
            return (end - self.as_of).days + 1, calendar.count(self.as_of, end + _DAY)
        breach = case.breach if case else finding.breach
        if last is None:
            assert breach is not None
            last = breach - _DAY
        until = finding.task.done_on if notice.section is Section.RESOLVED and finding.task.done_on else self.as_of
        if until <= last:
            return 0, 0
        return (until - last).days, calendar.late(last, until)

    def _figure(self, rule: Rule, finding: Finding) -> Figure | None:
        threshold = rule.condition
        if not isinstance(threshold, Threshold) or finding.task.kind is not TaskKind.LEVEL:
            return None
        indicator = self.book.indicators[threshold.indicator]
        rise = threshold.rise
        return Figure(
            value=finding.value,
            limit=limit_of(threshold),
            unit=indicator.unit,
            below=threshold.below is not None,
            base=finding.before,
            rise_percent=f"{rise.percent.normalize():f}" if rise else "",
            against=rise.against if rise else None,
            masked=indicator.sensitive,
            set_by=self.name(threshold.set_by),
            set_on=threshold.set_on,
            recorded_on=finding.recorded_on,
        )

    def _next(self, notice: Notice, calendar: WorkCalendar) -> tuple[date | None, NextAct | None, tuple[str, ...]]:
        case = notice.case
        if notice.section is Section.ENDING:
            return self._next_reminder(notice.finding, calendar)
        if case is None or case.status is CaseStatus.CLOSED or case.next_on is None:
            return None, None, ()
        index = case.reached + 1
        steps = case.ladder.steps
        if index <= len(steps):
            act = _TONE_ACTS[steps[index - 1].tone]
        elif index <= len(case.ladder.positions()):
            act = NextAct.REPEAT
        else:
            act = NextAct.LISTED
        due = self.hearing.due(case.task, case.ladder, case.reached, index)
        bearers = self.hearing.bearers(case.task)
        return case.next_on, act, tuple(self.name(office) for office in due if office not in bearers)

    def _next_reminder(
        self, finding: Finding, calendar: WorkCalendar
    ) -> tuple[date | None, NextAct | None, tuple[str, ...]]:
        """The next reminder of a demand still in time, else the first working night after its last day."""
        condition = self.book.rules[finding.task.rule].condition
        offsets: Sequence[int] = ()
        if isinstance(condition, Overdue):
            offsets = condition.remind
        elif isinstance(condition, Quota):
            offsets = condition.warn_before
        last, end = finding.task.last_day, finding.task.final_day or finding.task.last_day
        assert last is not None
        assert end is not None
        nearer = [offset for offset in offsets if finding.offset is not None and offset < finding.offset]
        if nearer:
            day = calendar.before(end, max(nearer))
            if day > self.as_of:
                return day, NextAct.REMIND, ()
        return calendar.roll_forward(last + _DAY), NextAct.JUDGE, ()


def _before(days: Sequence[date]) -> date | None:
    return days[-1] if days else None


def _to_bearers(written: Mapping[str, tuple[date, ...]], bearers: tuple[str, ...]) -> tuple[date, ...]:
    return tuple(sorted({day for unit in bearers for day in written.get(unit, ())}))


def _recurs(rule: Rule) -> bool:
    condition = rule.condition
    if isinstance(condition, Overdue):
        return isinstance(condition.due, EveryYear | EveryPeriod | AfterEvent)
    if isinstance(condition, Quota):
        return not (isinstance(condition.per, Window) and not condition.per.yearly)
    return True


def period_text(rule: Rule, finding: Finding) -> Text | None:
    """The period a row is about, in words; None where the demand comes only once and its title says it all."""
    task = finding.task
    if not _recurs(rule):
        return None
    if task.kind is TaskKind.LEVEL:
        key = finding.period
    elif task.kind is TaskKind.READING:
        key = task.subject.rpartition("@")[2]
    else:
        key = task.subject
    if not key:
        return None
    if _ISO_DAY.fullmatch(key):
        key = f"{key}..{key}"
    return Text(label(key, "vi"), label(key, "en"))


def limit_line(rule: Rule, task: Task, calendar: WorkCalendar) -> Limit | None:
    """The limit as the directive words it; None where nothing is due (an indicator's level)."""
    last = task.last_day
    if last is None:
        return None
    exclusive = task.exclusive
    if isinstance(rule.condition, Overdue) and isinstance(rule.condition.due, OnDate | EveryYear):
        exclusive = rule.condition.due.exclusive
    worked = calendar.is_workday(last)
    return Limit(
        printed=last + _DAY if exclusive else last,
        exclusive=exclusive,
        last_day=last,
        last_day_closed=not worked,
        last_workday=last if worked else calendar.before(last, 1),
    )


def still(case: Case, finding: Finding, reader: str, relations: tuple[str, ...]) -> Notice:
    """The row of a case that a reader knows and of which there is nothing new tonight."""
    told = case.told[reader]
    steps = case.ladder.steps
    tone = steps[min(max(told.level, 1), len(steps)) - 1].tone
    return Notice(reader, relations, Section.STILL, finding, case, told.level, tone)


def is_open(case: Case) -> bool:
    """Whether a case still stands."""
    return case.status in (CaseStatus.OPEN, CaseStatus.EXHAUSTED)
