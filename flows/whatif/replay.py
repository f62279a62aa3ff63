"""Replays a span of nights in a sandbox: its cases, and how many letters each office got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.domain.model import Case
from dondoc.engine.domain.rulebook import OnDate, Overdue, RuleBook
from dondoc.engine.domain.terms import CaseStatus, Outcome
from dondoc.engine.errors import CalendarUncovered
from dondoc.engine.store.recall.said_acts import SaidAct
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.whatif.replayed_acts import ReplayedActs
from dondoc.flows.whatif.sandbox import Sandbox

_DAY = timedelta(days=1)
# Identifies a case across two replays: rule, unit, the demand, and the number among cases of that demand.
Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class ReplaySpan:
    """The nights to replay: those from `first` to `last` (inclusive) count, those from `start` on are the run-up.

    The first night of a run-up is a baseline: it opens what is overdue by then and notifies nobody.
    """

    start: date
    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        """Every night, in order."""
        return (self.start + n * _DAY for n in range(len(self)))

    def __len__(self) -> int:
        """How many nights are replayed."""
        return (self.last - self.start).days + 1

    @property
    def nights(self) -> int:
        """How many nights count."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """A case as a replay saw it; `steps` are the nights on which it reached a higher step."""

    rule: str
    unit: str
    subject: str
    breach: date
    opened_on: date
    steps: tuple[tuple[int, date], ...]
    outcome: Outcome | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """The result of a span of nights: the cases alive in it, and letters by office and month (2019-05).

    `lines` counts the news in them, by office. `said` are the answers of offices that were said again, `unsaid`
    those for which there was no such case, or that were not accepted.
    """

    cases: Mapping[Key, ReplayedCase]
    letters: Mapping[tuple[str, str], int]
    lines: Mapping[str, int]
    said: int = 0
    unsaid: int = 0


def stretch(first: date, last: date, books: Iterable[RuleBook]) -> ReplaySpan:
    """The nights to replay so that every case alive on `first` has had the letters before it.

    The run-up is as long as the longest ladder of the books; it begins no earlier than the calendars, nor before
    anything is in force. Raises `CalendarUncovered` for a period outside a calendar.
    """
    books = tuple(books)
    calendars = [calendar.letters for book in books for calendar in book.calendars.values()]
    for calendar in calendars:
        for day in (first, last):
            calendar.is_workday(day)
    covered = max((calendar.first for calendar in calendars), default=first)
    force = min(directive.in_force_from for book in books for directive in book.directives.values()) - _DAY
    longest = max((ladder.positions()[-1] for book in books for ladder in book.ladders.values()), default=0)
    try:
        start = min(calendar.before(first, longest + 1) for calendar in calendars)
    except CalendarUncovered:
        start = covered
    return ReplaySpan(max(covered, min(first - _DAY, max(start, force))), first, last)


@dataclass(slots=True)
class _Book:
    """Counts cases and letters, night after night."""

    rules: RuleBook
    cases: dict[int, ReplayedCase] = field(default_factory=dict)
    alive: set[int] = field(default_factory=set)
    letters: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)

    def enter(self, case: Case, night: date, *, counts: bool) -> None:
        assert case.id is not None
        task = case.task
        seen = self.cases.get(case.id) or ReplayedCase(
            task.rule, task.unit, task.subject, case.breach, case.opened_on, ()
        )
        if case.reached > (seen.steps[-1][0] if seen.steps else 0):
            seen = replace(seen, steps=(*seen.steps, (case.reached, night)))
        self.cases[case.id] = replace(seen, outcome=case.outcome, closed_on=case.closed_on)
        if counts and (case.status is not CaseStatus.CLOSED or case.closed_on == night):
            self.alive.add(case.id)

    def keyed(self) -> dict[Key, ReplayedCase]:
        """The cases that were alive in the period; the n-th of one demand is the n-th in every replay."""
        found: dict[Key, ReplayedCase] = {}
        times: Counter[tuple[str, str, str]] = Counter()
        for number, seen in sorted(self.cases.items()):
            demand = (seen.rule, seen.unit, _demand(self.rules, seen))
            times[demand] += 1
            if number in self.alive:
                found[(*demand, times[demand])] = seen
        return found


def _demand(book: RuleBook, seen: ReplayedCase) -> str:
    """The demand of a case, without the day when it is made only once: with another day it is the same demand."""
    condition = book.rules[seen.rule].condition
    once = isinstance(condition, Overdue) and isinstance(condition.due, OnDate)
    return "" if once else seen.subject


def replay(
    box: Sandbox, nights: ReplaySpan, said: Iterable[SaidAct], passed: Callable[[], None] = lambda: None
) -> Replay:
    """Replays every night, closed days too, because a case's state follows the date; calls `passed` after each.

    `said` is what offices said of real cases, in the order of recording.

    A letter is one mailbox with news on one night. Raises what `Sandbox.night` raises, and `RulesRefused` for a
    rule that names an unknown unit.
    """
    box.refuse_unknown_units(nights.last)
    kept = _Book(box.book)
    begun = cutoff_of(nights.start)
    acts = ReplayedActs(box.book, [one for one in said if one.recorded_at > begun])
    for night in nights:
        acts.record(box.engine, cutoff_of(night))
        made = box.night(night, baseline=night == nights.start < nights.first)
        acts.seen(made.after)
        counts = night >= nights.first
        for case in made.after:
            kept.enter(case, night, counts=counts)
        if counts:
            for draft in box.drafts(made):
                kept.letters[draft.office, f"{night:%Y-%m}"] += 1
                kept.lines[draft.office] += len(draft.notices)
        passed()
    return Replay(kept.keyed(), dict(kept.letters), dict(kept.lines), acts.said, acts.unsaid)
