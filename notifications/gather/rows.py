"""From one notice to the facts of one row of a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.cases.answers import NOTHING_SAID, AnsweredCase
from dondoc.engine.cases.history import History
from dondoc.engine.cases.recipients import MONITOR, RESPONSIBLE, Recipients
from dondoc.engine.cases.waivers import Waivers, by_demand, covering, holding, last_of, latest, of_task
from dondoc.engine.demands.subjects import period_of
from dondoc.engine.domain.acts import DELEGATE, Act, handed_over, unexplained
from dondoc.engine.domain.model import Case, Finding, Notice, Task, Text, scaled
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Basis, Directive, Rule, RuleBook, Threshold, Waiver
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section, TaskKind, Tone, Verdict
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.kinds import kind_of
from dondoc.engine.sources.reading.personal_data import person
from dondoc.notifications.case_links import Linker, MailLinker
from dondoc.notifications.digest import (
    OPEN,
    AwaitedDecision,
    CaseLink,
    DemandedExplanation,
    DirectiveLine,
    Entry,
    Figure,
    Limit,
    MilderLimit,
    MovedLimit,
    NextAct,
    SaidBy,
    Setting,
    WaivedSpan,
)
from dondoc.notifications.gather import timing
from dondoc.notifications.gather.addresses import address_of
from dondoc.notifications.gather.parts import parts_of
from dondoc.notifications.gather.timing import Missed
from dondoc.notifications.wording.kinds.registry import days_of

_DAY = timedelta(days=1)
# How many answers a row prints, the latest ones.
ANSWERS = 2
_TONE_ACTS = {Tone.URGE: NextAct.URGE, Tone.URGE_AGAIN: NextAct.URGE_AGAIN, Tone.REPORT_UP: NextAct.REPORT_UP}


@dataclass(slots=True)
class RowBuilder:
    """Writes rows for one night from the rules, the chart, the letters sent before and tonight's readers.

    `tonight` gives the offices notified of each task tonight; `missed` the quota periods that stand missed;
    `linker` makes the links by which readers answer (None: letters have none).
    """

    book: RuleBook
    chart: OrgChart
    as_of: date
    history: History
    recipients: Recipients
    tonight: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    missed: Missed = field(default_factory=dict)
    linker: Linker | MailLinker | None = None
    waivers: Waivers = field(init=False)
    _names: dict[str, Text] = field(init=False, default_factory=dict)
    _shorts: dict[str, str] = field(init=False, default_factory=dict)
    _cited: dict[str, DirectiveLine] = field(init=False, default_factory=dict)
    _limits: dict[tuple[object, ...], Limit | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.waivers = by_demand(self.book.waivers)

    def name(self, unit: str) -> Text:
        """A unit's name on the night; its id when the chart does not know it."""
        if unit not in self._names:
            known = self.chart.units[unit].name(self.as_of) if unit in self.chart.units else None
            self._names[unit] = Text(known.vi, known.en) if known else Text(unit, unit)
        return self._names[unit]

    def short(self, unit: str) -> str:
        """A unit's short name on the night."""
        if unit not in self._shorts:
            known = self.chart.units.get(unit)
            self._shorts[unit] = known.name(self.as_of).short if known else unit
        return self._shorts[unit]

    def directive_line(self, directive: Directive) -> DirectiveLine:
        """How the directive is cited."""
        if directive.id not in self._cited:
            self._cited[directive.id] = DirectiveLine(
                directive.kind,
                directive.number,
                directive.issued,
                self._issuer(directive),
                self.name(directive.competent) if directive.competent else None,
            )
        return self._cited[directive.id]

    def _issuer(self, directive: Directive) -> Text:
        """Its name on the day on which it issued the document, which a later one does not change."""
        unit = self.chart.units.get(directive.issuer)
        if unit is None or directive.issued is None:
            return self.name(directive.issuer)
        known = unit.name(directive.issued)
        return Text(known.vi, known.en)

    def entry(self, notice: Notice, milder: Sequence[Notice] = (), of_units: int | None = None) -> Entry:
        """The row for one notice, about one unit; it names the cases of `milder` limits on the same figure.

        `of_units` is how many units the reader is above in the same way; None: all units with the same demand;
        0: it is above none, and reads no share.
        """
        task = notice.finding.task
        rule, root = self.book.rules[task.rule], self.book.root_of(task.rule)
        directive = self.book.directives[rule.directive]
        calendar = self.book.calendars[rule.calendar]
        finding, case = notice.finding, notice.case
        bearers = self.recipients.bearers(task)
        days, workdays = self._lateness(notice, calendar)
        told = self.history.told(case.id if case else None, notice.reader)
        # Each limit on a figure has a case of its own, and the row says which step comes first.
        following = [self._next(one, calendar) for one in (notice, *milder)]
        next_on, next_act, next_to = min(following, key=lambda step: step[0] or date.max)
        written = self.history.letters(case.id if case else None)
        # A title that was stored before titles were checked must not carry a person's name out of the house.
        named = person(f"{task.title}\n{task.title_en}")
        given = Text(task.title, task.title_en) if task.title and not named else None
        title, short, period = given or rule.title, given or rule.short, timing.period_text(root, finding)
        year = timing.year_ahead(root, finding)
        if year is not None:
            title, said = timing.named_by_year(title, year), timing.named_by_year(short, year)
            # What names its year needs no period beside it.
            short, period = said, None if said != short else period
        return Entry(
            section=notice.section,
            kind=task.kind,
            step=notice.step,
            title=title,
            short=short,
            clause=rule.clause,
            directive=self.directive_line(directive),
            basis=rule.basis,
            assumes=rule.assumes,
            unit=self.owing(task),
            bearers=bearers,
            units=tuple(self._owing_in_short(task, unit) for unit in bearers),
            of_units=self._of_units(task, of_units),
            relations=self._relations(notice),
            copied=notice.copied,
            limit=self._limit(root, task, calendar),
            period=period,
            older=self._older(rule, notice),
            count=finding.count,
            need=finding.need,
            figure=self._figure(rule, finding),
            days=days,
            workdays=workdays,
            earlier=_to_bearers(written, bearers),
            earlier_reminders=self.history.reminders.get(task.id, ()),
            last_notified=self.history.last_letter(case.id if case else None, notice.reader),
            also_notified=self._also_notified((notice, *milder), bearers),
            reports_to=self._reports_to(task),
            via=self.name(rule.via) if rule.via else None,
            next_on=next_on,
            next_act=next_act,
            next_to=next_to,
            answer_by=calendar.before(next_on, 1) if next_on else None,
            outcome=case.outcome if case else None,
            evidence=task.evidence,
            done_on=task.done_on or (finding.recorded_on if notice.section is Section.RESOLVED else None),
            codes=tuple(one.case.code for one in (notice, *milder) if one.case),
            milder=tuple(self._milder(one) for one in milder),
            waived=self._waived(notice),
            answers=self._answers((notice, *milder)),
            decisions=tuple(self._decisions(notice)),
            demanded=tuple(self._demanded((notice, *milder))),
            parts=parts_of(self.book, self.chart, self.history, finding, notice.reader, self.as_of),
            setting=self._setting(root),
            tasks=tuple(one.finding.task.id for one in (notice, *milder)),
            moved=self._moved(notice),
            was=case.asked if case and finding.verdict is Verdict.MET else None,
            asked=kind_of(rule.condition).asked(rule.condition),
            unnamed=task.unnamed,
            entered_on=task.done_recorded_on,
            told=told,
            workdays_since=calendar.late(told[-1], self.as_of) if told else 0,
            withdrawn=self._withdrawn(notice),
            monitor_assumed=_monitor_is_assumed(task, rule, directive),
            links=self._links((notice, *milder)),
            handed_over=self._handed_over(notice),
            attach=directive.attach,
        )

    def _of_units(self, task: Task, above: int | None) -> int:
        bearers = self.recipients.bearers(task)
        if above == 0:
            return 0
        # What several units carry together is theirs, also for a reader above one of them alone.
        return max(above or len(self.history.bearers.get((task.rule, task.subject), bearers)), len(bearers))

    def _links(self, notices: Sequence[Notice]) -> tuple[CaseLink, ...]:
        """Where the reader answers of the open cases of a row."""
        linker = self.linker
        if linker is None:
            return ()
        by_mail = isinstance(linker, MailLinker)
        cases = [(one.case.code, one.reader) for one in notices if one.case and one.section in OPEN]
        return tuple(
            CaseLink(code, linker.to(code, reader), by_mail)
            for code, reader in cases
            # Of an office that borrows a mailbox nobody could tell who answers.
            if not by_mail or self.chart.mailbox(reader, self.as_of) is not None
        )

    def _moved(self, notice: Notice) -> MovedLimit | None:
        """The move of the task's limit; None where the first limit holds."""
        task = notice.finding.task
        if task.moved_on is None or task.first_limit is None or task.last_day in (None, task.first_limit):
            return None
        assert task.last_day is not None
        return MovedLimit(task.first_limit, task.moved_on, task.last_day >= self.as_of, notice.step == 0)

    def _withdrawn(self, notice: Notice) -> date | None:
        """The day on which something recorded of the task was withdrawn, unless an earlier letter has said so."""
        on = self.history.withdrawn.get(notice.finding.task.id)
        last = self.history.last_letter(notice.case.id if notice.case else None, notice.reader)
        return on if last is None or (on is not None and on >= last) else None

    def _limit(self, rule: Rule, task: Task, calendar: WorkCalendar) -> Limit | None:
        """A task's limit; many tasks have the same one."""
        key = (rule.id, task.last_day, task.exclusive, calendar.name, task.subject)
        if key not in self._limits:
            self._limits[key] = timing.limit_line(rule, task, calendar)
        return self._limits[key]

    def _setting(self, rule: Rule) -> Setting | None:
        days = days_of(rule.condition)
        return Setting(self.name(days.set_by), days.set_on) if days.set_by and days.set_on else None

    def _reports_to(self, task: Task) -> Text | None:
        body = self.recipients.reports_to(task, task.unit)
        return self.name(body) if body else None

    def stands_still(self, task: Task) -> bool:
        """Whether the task is waived tonight."""
        return holding(of_task(self.waivers, task), self.as_of) is not None

    def _waived(self, notice: Notice) -> WaivedSpan | None:
        """The waiver a row names; one that brings good news or a reminder names none but what excuses it."""
        case = notice.case
        if case is None:
            return None
        mine = of_task(self.waivers, case.task)
        if case.status is CaseStatus.CLOSED:
            excused = case.outcome is Outcome.EXCUSED
            days = period_of(self.book, case.task) if excused else None
            waiver = covering(mine, days)
            if waiver is None and case.task.former:
                # It may have been the units that owed the task then that were excused, and not their heirs.
                waiver = covering(of_task(self.waivers, replace(case.task, bearers=case.task.former)), days)
            return self._span(waiver, waiver.first, holds=False, notified=False) if waiver else None
        holds = holding(mine, self.as_of)
        # An expired waiver is still named, because it explains why the case climbed later.
        waiver = last_of(mine, holds) if holds else latest(mine, case.breach, self.as_of)
        if waiver is None:
            return None
        first, notified = (holds or waiver).first, notice.waived_until is not None
        return self._span(waiver, first, holds=holds is not None, notified=notified)

    def _answers(self, notices: Sequence[Notice]) -> tuple[SaidBy, ...]:
        """The latest things that offices have said of the open cases of a row."""
        cases = [notice.case.id or 0 for notice in notices if notice.case and notice.section in OPEN]
        known = [self.history.answered[case] for case in cases if case in self.history.answered]
        acts = sorted((act for one in known for act in one.answered.acts), key=lambda act: act.number)
        return tuple(self._said_by(act) for act in acts[-ANSWERS:])

    def _said_by(self, act: Act) -> SaidBy:
        return SaidBy(act, self.name(act.office), self.name(act.to) if act.to else None)

    def _handed_over(self, notice: Notice) -> SaidBy | None:
        """The act by which the matter of a closed case went to another unit; None: it did not."""
        if notice.case is None or notice.case.outcome is not Outcome.REASSIGNED:
            return None
        known = self.history.answered.get(notice.case.id or 0)
        act = handed_over(known.answered.acts, self.recipients.bearers(notice.case.task)) if known else None
        return self._said_by(act) if act else None

    def _answered(self, notice: Notice) -> AnsweredCase:
        """What the night knows that offices have said of an open case."""
        known = self.history.answered.get(notice.case.id or 0) if notice.case and notice.section in OPEN else None
        return known.answered if known else NOTHING_SAID

    def _demanded(self, notices: Sequence[Notice]) -> Iterator[DemandedExplanation]:
        """The explanations that are awaited of a row: a figure is explained once for all its limits."""
        known = [self._answered(notice) for notice in notices]
        awaited = {act.number for act in unexplained(act for one in known for act in one.acts)}
        for one in (each for answered in known for each in answered.demanded):
            if one.act.number in awaited:
                yield DemandedExplanation(self.name(one.act.office), one.until)

    def _decisions(self, notice: Notice) -> Iterator[AwaitedDecision]:
        known, task = self._answered(notice), notice.finding.task
        for waits, decides in (
            (known.declared, self.recipients.receiver),
            (known.disowned, self.recipients.assigner),
            (known.requested, self.recipients.grantor),
        ):
            office = decides(task) if waits else None
            if waits is None or office is None:
                continue
            # A request holds nothing, and is decided on as long as no further step is told in its stead.
            holds = (waits.held_until or date.min) >= self.as_of
            open_ = waits is known.requested and (notice.step == 0 or notice.section is Section.STILL)
            asks = notice.reader == office.office and (holds or open_)
            yield AwaitedDecision(waits.act.kind, self.name(office.office), waits.held_until, asks)

    def _span(self, waiver: Waiver, first: date, *, holds: bool, notified: bool) -> WaivedSpan:
        by = self.name(waiver.granted_by)
        return WaivedSpan(by, waiver.legal_basis, waiver.reason, first, waiver.until, holds, notified)

    def _milder(self, notice: Notice) -> MilderLimit:
        rule = self.book.rules[notice.finding.task.rule]
        figure = self._figure(rule, notice.finding)
        assert figure is not None
        return MilderLimit(figure, rule.basis, notice.case.code if notice.case else "")

    def _together(self, units: Sequence[str]) -> Text:
        if len(units) == 1:
            return self.name(units[0])
        return Text.join("; ", [self.name(unit) for unit in units])

    def owing(self, task: Task) -> Text:
        """The units that owe a task; where it was handed on, the old and the new ones (decision 7)."""
        now = self._together(self.recipients.bearers(task))
        if not task.former:
            return now
        before = self._together(task.former)
        return Text.format("{before} (nay là {now})", "{before} (now {now})", before=before, now=now)

    def _owing_in_short(self, task: Task, unit: str) -> str:
        if not task.former:
            return self.short(unit)
        return f"{', '.join(self.short(one) for one in task.former)} (nay là {self.short(unit)})"

    def _relations(self, notice: Notice) -> tuple[str, ...]:
        """By which words the reader is named; that it follows the task up too, where a step names it otherwise."""
        task, held = notice.finding.task, notice.relations
        if not held or MONITOR in held or notice.reader in self.recipients.bearers(task):
            return held
        follows = any(each.office == notice.reader for each in self.recipients.monitor(task))
        return (*held, MONITOR) if follows else held

    def _older(self, rule: Rule, notice: Notice) -> tuple[Text, ...]:
        """The missed periods this row stands for; none in a row that brings good news or a reminder."""
        if notice.section not in OPEN:
            return ()
        tasks = timing.older(self.missed, notice.finding.task)
        root = self.book.root_of(rule.id)
        periods = (timing.period_text(root, Finding(task, Verdict.BREACH)) for task in tasks)
        return tuple(period for period in periods if period is not None)

    def _also_notified(self, notices: Sequence[Notice], bearers: tuple[str, ...]) -> tuple[Text, ...]:
        """The other offices with a letter of their own about a task of the row; only the unit's row names them."""
        if RESPONSIBLE not in notices[0].relations:
            return ()
        told = [office for notice in notices for office in self.tonight.get(notice.finding.task.id, ())]
        offices = [office for office in dict.fromkeys(told) if office not in bearers]
        mine = address_of(self.chart, notices[0].reader, self.as_of)
        others = ((office, address_of(self.chart, office, self.as_of)) for office in offices)
        return tuple(
            self.name(office)
            for office, to in others
            if to is not None and (mine is None or to.letter != mine.letter)
        )

    def _lateness(self, notice: Notice, calendar: WorkCalendar) -> tuple[int, int]:
        """Calendar and working days after the last day; for a reminder, those left, today included."""
        finding, case = notice.finding, notice.case
        last = finding.task.last_day
        if notice.section is Section.ENDING and notice.waived_until is None:
            end = finding.task.final_day or last
            assert end is not None
            return (end - self.as_of).days + 1, calendar.count(self.as_of, end + _DAY)
        breach = case.breach if case else finding.breach
        # An indicator's level has no last day; its lateness counts from the day before its breach.
        if last is None:
            assert breach is not None
            last = breach - _DAY
        # Good news says how late the task was when it was done, not how late it would be tonight.
        until = self.as_of
        if notice.section is Section.RESOLVED:
            done_on = finding.task.done_on or finding.recorded_on
            # A figure that is told of on a later night has no day any more, and its lateness is not guessed.
            until = done_on or (last if finding.task.kind is TaskKind.READING else until)
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
            limit=threshold.limit,
            unit=indicator.unit,
            below=threshold.below is not None,
            base=finding.before,
            rise_percent=f"{rise.percent.normalize():f}" if rise else "",
            against=rise.against if rise else None,
            clear=None if rise or threshold.clear is None else scaled(threshold.clear),
            masked=indicator.sensitive,
            set_by=self.name(threshold.set_by),
            set_on=threshold.set_on,
            recorded_on=finding.recorded_on,
            indicator=threshold.indicator,
        )

    def _next(
        self, notice: Notice, calendar: WorkCalendar
    ) -> tuple[date | None, NextAct | None, tuple[Text, ...]]:
        case, task = notice.case, notice.finding.task
        # While a case is waived, what comes next is the end of its waiver and no step of the ladder.
        if case is not None and case.waived_until is not None and case.next_on is not None:
            still = holding(of_task(self.waivers, task), case.next_on) is not None
            return case.next_on, NextAct.WAIVER_ENDS if still else NextAct.RESUME, ()
        if notice.section is Section.ENDING:
            day, act = timing.next_reminder(self.book.rules[task.rule], notice.finding, self.as_of, calendar)
            return day, act, ()
        if case is None or case.status is CaseStatus.CLOSED or case.next_on is None:
            return None, None, ()
        index = case.reached + 1
        known = self.history.answered.get(case.id or 0)
        if known is not None and case.next_on < known.night_of_step(case.ladder, case.clock, index):
            demanded = known.answered.demanded
            awaiting = [one for one in demanded if calendar.letters.roll_forward(one.until + _DAY) == case.next_on]
            if awaiting:
                return case.next_on, NextAct.UNEXPLAINED, tuple(self.name(one.act.office) for one in awaiting)
            # Then only an office that has acknowledged the case hears, of the step that it has not heard of.
            return case.next_on, NextAct.URGE, ()
        # First the ladder's steps, then its repeats; after the last only the monitor is notified (decision 20).
        steps = case.ladder.steps
        if index <= len(steps):
            act = _TONE_ACTS[steps[index - 1].tone]
        elif index <= len(case.ladder.positions()):
            act = NextAct.REPEAT
        else:
            act = NextAct.LISTED
        due = self.recipients.due(case.task, case.ladder, case.reached, index)
        # Who does the matter for those who are responsible is told with them, and not reported to.
        own = self.recipients.bearers(case.task)
        others = [one for one, named in due.items() if one not in own and DELEGATE not in named.reader.relations]
        return case.next_on, act, tuple(map(self.name, others))


def _monitor_is_assumed(task: Task, rule: Rule, directive: Directive) -> bool:
    """Whether neither the document nor an assignment says who follows the task up."""
    if task.monitor:
        return False
    own = rule.monitor and rule.monitor != directive.monitor
    return (directive.basis if own else directive.monitor_basis) is not Basis.TEXT


def _to_bearers(written: Mapping[str, tuple[date, ...]], bearers: tuple[str, ...]) -> tuple[date, ...]:
    return tuple(sorted({day for unit in bearers for day in written.get(unit, ())}))


def still(case: Case, finding: Finding, reader: str, relations: tuple[str, ...]) -> Notice:
    """The notice, in the section `still`, of a case that the reader knows and that has nothing new tonight."""
    notified = case.notified[reader]
    steps = case.ladder.steps
    tone = steps[min(max(notified.level, 1), len(steps)) - 1].tone
    return Notice(reader, relations, Section.STILL, finding, case, max(notified.level, 1), tone)
