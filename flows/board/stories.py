"""A case as its page tells it: what it is, its steps, and what happened, in the words of letters and `explain`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dondoc.engine.cases import waivers
from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.model import NO_TEXT, Case, Text
from dondoc.engine.domain.terms import CaseStatus, LetterState, Outcome, Section
from dondoc.engine.errors import CalendarUncovered
from dondoc.engine.explain.ladder import rungs
from dondoc.engine.store.board.cases import CaseEvent, CaseRecord
from dondoc.flows.board.view import BoardView, CaseLine
from dondoc.flows.records.status import LETTER_WORDS
from dondoc.flows.web.case_facts import limit_of, line_of, title
from dondoc.notifications.digest import WaivedSpan
from dondoc.notifications.wording import answers, board_pages, labels, waiving, web_pages
from dondoc.notifications.wording.names import document
from dondoc.notifications.wording.numbers import day, listed


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: its number, when it falls due, whom it reaches, and whether the case has reached it.

    The repeats behind the last step are one of them, with the number `+`.
    """

    number: str
    when: Text
    who: Text
    reached: bool


@dataclass(frozen=True, slots=True)
class CaseDay:
    """What happened on a day, in order; the day as it is printed."""

    on: str
    what: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class CaseStory:
    """A case in words; `facts` are lines of a label and a text, `rungs` and `timeline` in order of time.

    What is closed climbs no more, and has its steps in its timeline alone.
    """

    code: str
    title: Text
    facts: tuple[tuple[Text, Text], ...]
    rungs: tuple[Rung, ...]
    timeline: tuple[CaseDay, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class CaseBadge:
    """A case in one line of a list: its title, who carries it, how late it is, and how it stands."""

    code: str
    home: str
    title: Text
    who: Text
    late: Text
    state: Text
    calm: bool


def named(view: BoardView, line: CaseLine) -> Text:
    """The title of a case; that of its task where its rule is gone."""
    task = line.case.task
    if task.rule in view.book.rules:
        return title(task, view.book)
    return Text(task.rule or line.case.code, task.rule or line.case.code)


def badge(view: BoardView, line: CaseLine) -> CaseBadge:
    """A case as a list has it."""
    case, waived = line.case, _waiver(view, line.case)
    state = board_pages.step_of(case.reached, len(case.ladder.steps))
    if waived is not None:
        state = labels.WAIVED
    elif case.status is CaseStatus.WAITING:
        state = board_pages.STATUS[case.status]
    return CaseBadge(
        case.code,
        line.home,
        named(view, line),
        owing(view, line),
        _late(view, case),
        state,
        calm=waived is not None or case.status is CaseStatus.WAITING,
    )


def owing(view: BoardView, line: CaseLine) -> Text:
    """The units that carry a case."""
    return Text.join("; ", [view.name(unit) for unit in line.bearers])


def _late(view: BoardView, case: Case) -> Text:
    """`quá hạn 05 ngày làm việc (07 ngày)`; since when, for what has no limit."""
    last = case.task.last_day
    if last is None or case.task.rule not in view.book.rules:
        return board_pages.open_since(case.breach)
    try:
        workdays = view.book.calendar_of(case.task.rule).late(last, view.night)
    except CalendarUncovered:
        return board_pages.open_since(case.breach)
    return web_pages.lateness(workdays, (view.night - last).days)


def story(view: BoardView, line: CaseLine, record: CaseRecord, letters: Mapping[str, LetterState]) -> CaseStory:
    """The whole page of a case; `letters` are the states of its letters by id."""
    known = line.case.task.rule in view.book.rules
    return CaseStory(
        line.case.code,
        named(view, line),
        tuple(_facts(view, line)),
        tuple(_rungs(view, line.case)) if known and line.is_open else (),
        _timeline(view, record, letters),
        line.is_open,
    )


def _facts(view: BoardView, line: CaseLine) -> Iterator[tuple[Text, Text]]:
    case, book = line.case, view.book
    # The page names its unit.
    if line.bearers != (line.home,):
        yield labels.UNIT, owing(view, line)
    yield board_pages.STANDING, _standing(case)
    rule = book.rules.get(case.task.rule)
    if rule is None:
        yield board_pages.RULES, board_pages.RULE_GONE
        return
    try:
        limit = limit_of(case, book, view.night)
    except CalendarUncovered:
        limit = None
    if limit is not None:
        yield labels.LIMIT, limit
    if (waived := _waiver(view, case)) is not None:
        yield labels.WAIVED, waived
    directive = book.directives[rule.directive]
    # In short: the document has a page of its own.
    yield labels.BASIS, document(line_of(directive, view.name(directive.issuer)))


def _standing(case: Case) -> Text:
    if case.closed_on is not None:
        return board_pages.closed_on(case.closed_on, case.outcome)
    return Text.join(
        ", ", (board_pages.STATUS[case.status], board_pages.step_of(case.reached, len(case.ladder.steps)))
    )


def _waiver(view: BoardView, case: Case) -> Text | None:
    """The waiver in force on the night."""
    if case.status is CaseStatus.CLOSED:
        return None
    found = waivers.holding(waivers.of_task(view.known.waivers, case.task), view.night)
    if found is None:
        return None
    by = view.name(found.granted_by)
    return waiving.span(
        WaivedSpan(by, found.legal_basis, found.reason, found.first, found.until, holds=True, notified=False)
    )


def _rungs(view: BoardView, case: Case) -> Iterator[Rung]:
    """The steps of an open case as `explain` finds them."""
    found = rungs(view.known.recipients, case, view.known.tonight(case.task, case))
    for one in found:
        reached = one.number <= case.reached
        if not one.repeat:
            who = listed([view.name(reader) for reader in one.readers]) if one.readers else board_pages.NOBODY
            yield Rung(str(one.number), board_pages.rung(one.at, one.due), who, reached)
    repeats = [one for one in found if one.repeat]
    if repeats:
        days = tuple(one.due for one in repeats if one.due is not None)
        done = sum(one.number <= case.reached for one in repeats)
        so_far = board_pages.repeated(done) if done else NO_TEXT
        yield Rung("+", board_pages.repeats(days), so_far, reached=done > 0)


def _timeline(view: BoardView, record: CaseRecord, letters: Mapping[str, LetterState]) -> tuple[CaseDay, ...]:
    """What happened, by day; of one day what the night did stands before its letters, and answers behind them."""
    said = view.known.acts.get(record.case.id or 0, ())
    gone = {act.about for act in said if act.kind is ActKind.TAKEN_BACK}
    found = [
        *((one.night, 1, _event(record.case, one)) for one in record.events),
        *((on, 2, line) for on, line in _letters(record, view, letters)),
        *((act.said_on, 3, _said(view, act, gone)) for act in said),
    ]
    days: dict[date, list[Text]] = defaultdict(list)
    for on, _, line in sorted(found, key=lambda one: one[:2]):
        days[on].append(line)
    return tuple(CaseDay(day(on), tuple(lines)) for on, lines in days.items())


def _event(case: Case, one: CaseEvent) -> Text:
    outcome = Outcome(one.detail["outcome"]) if "outcome" in one.detail else case.outcome
    return board_pages.event(one.kind, one.detail.get("step", ""), len(case.ladder.steps), outcome)


def _letters(
    record: CaseRecord, view: BoardView, letters: Mapping[str, LetterState]
) -> Iterator[tuple[date, Text]]:
    """The letters of a night that say the same, as one line with all their readers."""
    alike: dict[tuple[date, bool, Section, int, LetterState | None], dict[str, Text]] = defaultdict(dict)
    for one in record.notices:
        key = one.night, one.reminder is not None, one.section, one.step, letters.get(one.letter)
        alike[key][one.reader] = view.name(one.reader)
    for (night, reminds, section, step, state), names in alike.items():
        # That a letter arrived is what is expected of it.
        word = NO_TEXT if state in (None, LetterState.SENT) else LETTER_WORDS[state]
        to = listed([*names.values()])
        if reminds:
            yield night, board_pages.reminder(to, word)
        else:
            steps = len(record.case.ladder.steps)
            yield night, board_pages.letter(to, labels.SECTIONS[section], step, steps, word)


def _said(view: BoardView, act: Act, taken_back: Collection[int | None]) -> Text:
    to = view.name(act.to) if act.to else None
    said = web_pages.sentence(answers.said(act, view.name(act.office), view.night, to))
    return board_pages.taken_back(said) if act.number in taken_back else said
