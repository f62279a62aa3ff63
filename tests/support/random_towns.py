"""Towns drawn at random: reports, months and indicators of an invented district, a ladder, closed days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from dondoc.engine.domain.model import Finding, Ladder, LadderStep, Task
from dondoc.engine.domain.periods import PeriodKind, periods_between
from dondoc.engine.domain.rulebook import OnDate, Overdue, Quota, RuleBook
from dondoc.engine.domain.terms import Tone, Verdict
from dondoc.engine.domain.workdays import WorkCalendar
from tests.support import worlds
from tests.support.case_player import DAY, Play, beyond, chart, done, level, month, overdue, report
from tests.support.worlds import day

FIRST, LAST = day("2019-04-01"), day("2019-07-06")
NIGHTS = tuple(FIRST + n * DAY for n in range((LAST - FIRST).days + 1))
DAYS = st.sampled_from(NIGHTS)
MONTHS = tuple(periods_between(PeriodKind.CALENDAR_MONTH, day("2019-03-01"), day("2019-06-30")))


@dataclass(frozen=True)
class Happens:
    """Everything that will ever be recorded of one task; `known` is its story by the night it is first known.

    A story's entries are (known on, finding); the last one known counts. On `blind` nights nothing is judged.
    """

    task: Task
    known: tuple[tuple[date, Finding], ...]
    blind: frozenset[date]

    def finding(self, night: date) -> list[Finding]:
        """What is found on a night."""
        found = [finding for since, finding in self.known if since <= night]
        return found[-1:] if night not in self.blind else []


BLIND = st.frozensets(DAYS, max_size=12)


@st.composite
def reports(draw: st.DrawFn, id_: int) -> list[Happens]:
    """A report that is reminded of, perhaps overdue, perhaps handed in early or late and recorded later still."""
    task = report(draw(DAYS), "xa_a" if id_ == 1 else "xa_b", id_)
    assert task.last_day is not None
    story = [
        (task.last_day - 6 * DAY, Finding(task, Verdict.ENDING, offset=5)),
        (task.last_day + DAY, overdue(task)),
    ]
    if draw(st.booleans()):
        on = task.last_day + draw(st.integers(-5, 40)) * DAY
        story.append((on + draw(st.integers(1, 10)) * DAY, done(task, on)))
    return [Happens(task, tuple(sorted(story, key=lambda entry: entry[0])), draw(BLIND))]


@st.composite
def quotas(draw: st.DrawFn, id_: int) -> list[Happens]:
    """Four months of one unit, each met, missed, or missed until an activity is recorded later."""
    found = []
    for n, period in enumerate(MONTHS):
        task = month(period.first, period.last, id_ * 10 + n, "xa_a")
        met, over = Finding(task, Verdict.MET), period.last + DAY
        story = {"met": ((over, met),), "missed": ((over, overdue(task)),)}
        late = (*story["missed"], (over + draw(st.integers(1, 40)) * DAY, met))
        found.append(Happens(task, draw(st.sampled_from([*story.values(), late])), draw(BLIND)))
    return found


@st.composite
def levels(draw: st.DrawFn, id_: int) -> list[Happens]:
    """An indicator that moves over and under its limit of 30."""
    task = level("xa_b", id_)
    story = []
    for since in sorted(draw(st.lists(DAYS, unique=True, max_size=5))):
        value = draw(st.sampled_from([28, 31, 33, 40]))
        story.append((since, beyond(task, since, value) if value > 30 else Finding(task, Verdict.MET)))
    return [Happens(task, tuple(story), draw(BLIND))]


@dataclass(frozen=True)
class Town:
    """A rule book with its ladder and calendar, and what happens."""

    book: RuleBook
    happens: tuple[Happens, ...]
    until: date | None = None

    def findings(self, night: date) -> list[Finding]:
        """Everything found on a night."""
        return [finding for one in self.happens for finding in one.finding(night)]

    def play(self, nights: Iterable[date] = NIGHTS, silent: frozenset[date] = frozenset()) -> Play:
        """These nights pass in order; the silent ones are caught up without letters."""
        play = Play(self.book, chart())
        for night in nights:
            play.night(night, self.findings(night), notifying=night not in silent)
        return play

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar every rule counts by."""
        return self.book.calendars["vn"]


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """The four steps of the document ladder at rising positions, with or without repeats."""
    at = sorted(draw(st.sets(st.integers(1, 25), min_size=3, max_size=3)))
    words = (
        ((), ()),
        ((), ("monitor", "led_by")),
        (("monitor", "superior.government"), ()),
        (("superior.party",), ()),
    )
    steps = tuple(
        LadderStep(position, ("responsible", *to), copy, Tone.URGE)
        for position, (to, copy) in zip((0, *at), words, strict=True)
    )
    return Ladder("drawn", steps, draw(st.integers(1, 6)), draw(st.integers(0, 3)))


@st.composite
def towns(draw: st.DrawFn, *, ends: bool = False) -> Town:
    """One to four tasks of any kind, a ladder, some closed days, perhaps a directive that ends on the way."""
    closed = {one: "nghỉ" for one in draw(st.frozensets(DAYS, max_size=10)) if one.weekday() < 5}
    calendar = WorkCalendar("drawn", day("2018-01-01"), day("2020-12-31"), closed, {})
    happens = draw(reports(1)) + draw(st.one_of(reports(2), quotas(2), st.just([]))) + draw(levels(3))
    until = draw(DAYS) if ends else None
    quota = Quota("broadcast", 1, PeriodKind.CALENDAR_MONTH)
    once = Overdue("report", None, OnDate(FIRST, exclusive=False), ())
    rules = [
        worlds.rule(f"d/{name}", condition, "xa_a", "xa_b", monitor="phong")
        for name, condition in (("report", once), ("quota", quota), ("level", once))
    ]
    directive = worlds.directive("d", "huyen", until=until, follow=until)
    book = worlds.book(rules, [directive], calendar=calendar, ladder=draw(ladders()))
    return Town(book, tuple(happens), until)
