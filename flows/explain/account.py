"""Why a case is where it is: facts, rule, comparisons, calendar, who was notified, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from dondoc.engine.cases.recipients import monitor_of
from dondoc.engine.cases.tonight import EXHAUSTED_EVERY, Tonight
from dondoc.engine.domain.acts import Act
from dondoc.engine.domain.model import Case, Finding
from dondoc.engine.domain.rulebook import Directive, Rule
from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.errors import CalendarUncovered
from dondoc.engine.explain.coming import coming
from dondoc.engine.explain.ladder import ElapsedDays, LadderRung, counted, rungs
from dondoc.engine.explain.not_told import before_breach, of_case, tonight
from dondoc.engine.explain.reasons import DemandHistory, Explanation, PeriodReading, StoredNotice
from dondoc.engine.rulefile.problems import near
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night.withdrawn_facts import WithdrawnFact, withdrawn_of
from dondoc.engine.store.recall import cases
from dondoc.engine.store.recall.cases import CaseEntry, KnownActivity, KnownReport
from dondoc.engine.store.recall.demands import standing
from dondoc.engine.store.recall.evidence import JudgedFact
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.lookup import CallRefused
from dondoc.flows.night.steps import cutoff_of
from dondoc.notifications.lifecycle import LetterStatus

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SentLetter:
    """One notice that was sent, and the state of its letter.

    `to_come`: the night has not come yet; then there is no `state`. `through` is the body whose mailbox was used
    because the reader has none.
    """

    notice: StoredNotice
    state: LetterStatus | None
    to_come: bool
    through: str | None


@dataclass(frozen=True, slots=True)
class NotNotified:
    """An office that the ladder names, and why no letter went to it on the night."""

    office: str
    reason: Explanation


@dataclass(frozen=True, slots=True)
class NextEvent:
    """What happens on a day if nothing changes: a `step` with its readers, or (None) an end of them.

    The end is the next period of the demand, named by `newer`, which is judged then, or that of the directive.
    `worse`: whoever knows of the step hears that the figure is worse. `again`: who hears again every `every`
    working days from then on. `asked`: the readers hear of an act that concerns them, and of no step.
    """

    on: date | None
    step: int | None
    readers: tuple[str, ...]
    repeat: bool = False
    newer: str = ""
    again: tuple[str, ...] = ()
    every: int | None = None
    worse: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Everything about one case as it stood after one night.

    `asked_on` is the night whose facts are shown: for a closed case the night that closed it. `asked` are the
    facts judged by durable_rules then; `rule` is today's, the ladder is the one copied onto the case. `played`:
    the night has not come and was simulated. `answers` are what offices said that was in force then.
    """

    case: Case
    on: date
    played: bool
    rule: Rule
    directive: Directive
    monitor: str | None
    finding: Finding
    need: int
    asked_on: date
    asked: Mapping[int, JudgedFact]
    series: tuple[PeriodReading, ...]
    papers: tuple[KnownReport, ...]
    acts: tuple[KnownActivity, ...]
    withdrawn: tuple[WithdrawnFact, ...]
    counted: ElapsedDays | None
    rungs: tuple[LadderRung, ...]
    letters: tuple[SentLetter, ...]
    unheard: tuple[NotNotified, ...]
    covers: tuple[str, ...]
    coming: tuple[NextEvent, ...]
    answers: tuple[Act, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        found: dict[str, Any] = _plain(asdict(self))
        return found


# Programs read these keys: they stay as they were published, whatever the fields are called.
_PUBLISHED = {"parts": "grounds", "notified": "told", "closing_notified": "closing_told", "notice": "heard"}


def _plain(value: Any) -> Any:
    """The value as JSON can hold it, with the published keys."""
    if isinstance(value, Mapping):
        return {_PUBLISHED.get(str(key), str(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value


def entry(conn: Connection, code: str) -> CaseEntry:
    """The stored case with that code.

    Raises `CallRefused` for a code that no case has, and suggests the nearest one.
    """
    found = cases.entry(conn, code)
    if found is not None:
        return found
    meant = near(code.upper(), cases.codes(conn))
    ask, english = (f" Có phải {meant}?", f"; did you mean {meant}?") if meant else ("", "")
    raise CallRefused(f"Không có hồ sơ nào mã «{code}».{ask} (No case has that code{english})")


def explain(view: NightView, code: str) -> Account:
    """The account of a case on the view's night.

    Raises `CallRefused` for a code that no case has, for a night before the case was opened, and for a case whose
    rule has been taken out of the rules.
    """
    known = entry(view.conn, code)
    if known.opened_on > view.as_of:
        raise CallRefused(
            f"Hồ sơ {code} mở đêm {known.opened_on:%d/%m/%Y}, sau đêm {view.as_of:%d/%m/%Y}; muốn biết vì sao đêm "
            "đó chưa có gì, dùng dondoc why-not. (The case was opened after that night: ask dondoc why-not.)"
        )
    if known.rule not in view.book.rules:
        raise CallRefused(
            f"Quy tắc «{known.rule}» của hồ sơ {code} không còn trong bộ quy tắc, nên không diễn giải được nữa. "
            "(The rule of that case is no longer in the rules.)"
        )
    rule = view.book.rules[known.rule]
    asked_on = _asked_on(view, known, rule)
    demands = view.demanded(rule.id, {known.unit}, ruled_on=asked_on)
    mine = view.demanded(rule.id, {known.unit}, code=code, ruled_on=asked_on)
    return _account(view, rule, next(one for one in mine if one.case is not None), demands, asked_on)


def _asked_on(view: NightView, known: CaseEntry, rule: Rule) -> date:
    """The night whose facts explain the case: the view's or the one that closed it, while it was followed up."""
    until = view.book.last_night(rule.id)
    return min(day for day in (view.as_of, known.closed_on, until) if day is not None)


def _account(
    view: NightView,
    rule: Rule,
    mine: DemandHistory,
    demands: Sequence[DemandHistory],
    asked_on: date,
) -> Account:
    case = mine.case
    assert case is not None
    then = view.replay((rule.id,), asked_on)
    stored = standing(then.conn, then.night, rule.id, {case.task.unit})
    known = next(one for one in stored if one.task.id == case.task.id)
    finding = then.finding(known)
    night = then.tonight(case.task)
    cutoff = cutoff_of(asked_on)
    climbing = rungs(view.recipients, case, night)
    closed = case.status is CaseStatus.CLOSED
    directive = view.book.directives[rule.directive]
    return Account(
        case=case,
        on=view.as_of,
        played=view.played,
        rule=rule,
        directive=directive,
        monitor=monitor_of(view.book, case.task),
        finding=finding,
        need=known.need or 0,
        asked_on=asked_on,
        asked=then.facts(finding),
        series=then.series(case.task),
        papers=cases.known_reports(view.conn, case.task, cutoff),
        acts=cases.known_activities(view.conn, case.task, then.night.names, cutoff),
        withdrawn=tuple(fact for _, fact in withdrawn_of(view.conn, [case.task.id], cutoff_of(view.as_of))),
        counted=_counted(night, case, view.as_of),
        rungs=climbing,
        letters=tuple(_letters(view, mine.notices)),
        unheard=() if closed else tuple(_unheard(view, mine, climbing, night)),
        covers=tuple(each.task.subject for each in demands if each.covers_for(case.task)),
        coming=() if closed else tuple(_coming(view, mine, night)),
        answers=night.answered.acts,
    )


def _counted(night: Tonight, case: Case, on: date) -> ElapsedDays | None:
    """The days to the night `on`, or to the one that closed the case; None beyond the calendar."""
    try:
        return counted(night.calendar, night.still, case.clock, case.closed_on or on)
    except CalendarUncovered:
        return None


def _letters(view: NightView, notices: Iterable[StoredNotice]) -> Iterator[SentLetter]:
    notified = list(notices)
    states = view.letters({one.letter for one in notified})
    for one in notified:
        through = None
        if view.chart.mailbox(one.reader, one.night) is None:
            above = view.chart.forwarding(one.reader, one.night)
            through = above[0] if above else None
        to_come = view.latest is None or one.night > view.latest
        yield SentLetter(one, states.get(one.letter), to_come, through)


def _unheard(
    view: NightView, mine: DemandHistory, climbing: Sequence[LadderRung], night: Tonight
) -> Iterator[NotNotified]:
    """Every office that the ladder names and that got no letter about the case on the night, and why."""
    bearers = view.recipients.bearers(mine.task)
    for office in dict.fromkeys((*bearers, *(reader for rung in climbing for reader in rung.readers))):
        if tonight(mine, office, view.as_of) is None:
            yield NotNotified(office, before_breach(mine, office, night) or of_case(mine, office, night))


def _coming(view: NightView, mine: DemandHistory, night: Tonight) -> Iterator[NextEvent]:
    """The next letters of an open case, and what ends them: the next period of its demand, or its directive."""
    case = mine.known
    # The newer period climbs in its place: nothing of this one is promised.
    if case.status is CaseStatus.WAITING or night.covered_by is not None:
        return
    for one in coming(mine, night):
        every = EXHAUSTED_EVERY if one.again else None
        if one.asked:
            yield NextEvent(one.on, 0, one.asked, asked=True)
        moved = tuple(office for office, step in one.readers.items() if not step and office not in one.asked)
        if moved:
            yield NextEvent(one.on, 0, moved)
        if one.worse:
            yield NextEvent(one.on, max(one.readers[office] for office in one.worse), one.worse, worse=True)
        readers = tuple(office for office in one.readers if office not in (*moved, *one.worse, *one.asked))
        if readers:
            yield NextEvent(one.on, one.step, readers, one.repeat, again=one.again, every=every)
    until, newer = view.book.last_night(case.task.rule), mine.newer
    if newer is not None and newer.last_day is not None and (until is None or newer.last_day < until):
        yield NextEvent(newer.last_day + _DAY, None, (), newer=newer.subject)
    elif until is not None:
        yield NextEvent(until + _DAY, None, ())
