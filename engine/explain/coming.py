"""The letters of an open case that come if nothing changes: on which night, at which step, to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dondoc.engine.cases.covering import Covering
from dondoc.engine.cases.night import Ruling
from dondoc.engine.cases.telling import is_worse, owed_by_acts
from dondoc.engine.cases.tonight import Tonight
from dondoc.engine.cases.waivers import free_day
from dondoc.engine.domain.model import Case, Task
from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.errors import CalendarUncovered
from dondoc.engine.explain.reasons import DemandHistory

_DAY = timedelta(days=1)
# A closed or waiting rollup sends no letters, so its parts speak for themselves.
_LIVE = (CaseStatus.OPEN, CaseStatus.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class ComingLetters:
    """The letters of one night about a case: the highest step among them, and each office with its step.

    Step 0: the limit has moved, and nothing else is said. `worse`: who hears, of a step known already, that the
    figure is worse.

    `asked`: who hears only of an act that concerns it.

    `on` is None beyond the calendar. `repeat`: only repeats, behind the last step of the ladder. `again`: the
    offices that hear again every 20 working days from that night on.
    """

    on: date | None
    step: int
    readers: Mapping[str, int]
    repeat: bool
    again: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


def coming(demanded: DemandHistory, night: Tonight) -> Iterator[ComingLetters]:
    """The nights after this one with letters about an open case, in order, until each turn is like the one before.

    The case is as the night left it. It climbs no longer once the next period of its demand is judged: that
    stands for it, or closes it. An office that no mailbox reaches hears nothing, and one that hears of a rollup
    over it by then nothing of its part.
    """
    case, newer = demanded.known, demanded.newer
    until = _last_night(case, night, newer)
    # After the last repeat every turn is like the one before it.
    last = max(len(case.ladder.positions()), case.reached) + 1
    known = {office: last.level for office, last in case.notified.items()}
    nights = _of_the_move(case, night, until)
    _add_of_acts(nights, case, night, until)
    own = night.recipients.bearers(case.task)
    for number, on in _turns(case, night, last + 1):
        if on is not None and until is not None and on > until:
            break
        first = case.floor if number == case.reached else number - 1
        due = night.recipients.due(case.task, case.ladder, first, number)
        # A step with nobody has passed its turn to the next one, which then tells nobody again (decision 32).
        seen = {
            office: one.step
            for office, one in due.items()
            if _is_reachable(night, office)
            if office in own or not (office in night.hidden or demanded.rolled_up(office, on))
        }
        worse = tuple(_who_knows_less(demanded, seen)) if number == case.reached else ()
        readers = {office: step for office, step in seen.items() if known.get(office, 0) < step or office in worse}
        if not readers:
            continue
        if number > last:
            latest = next(reversed(nights))
            nights[latest] = replace(nights[latest], again=tuple(readers))
            break
        known |= readers
        for hears, mine in _who_hears_when(night, on, readers, worse).items():
            before = nights.get(hears)
            everyone = {**before.readers, **mine} if before else mine
            step = max(everyone.values())
            told = before.worse if before else worse
            still_worse = tuple(office for office in told if (office in mine) is (before is None))
            asked = tuple(office for office in (before.asked if before else ()) if office not in mine)
            repeat = step > len(case.ladder.steps)
            nights[hears] = ComingLetters(hears, step, everyone, repeat, worse=still_worse, asked=asked)
    yield from sorted(nights.values(), key=lambda one: one.on or date.max)


def hiding(
    task: int, over: Covering, rulings: Mapping[int, Ruling], codes: Mapping[int, str]
) -> Mapping[str, tuple[date, str]]:
    """Who hears of a rollup over a task on a later night, if nothing changes: that night, and the rollup's code.

    `codes` are those of the rollups' cases.
    """
    found: dict[str, tuple[date, str]] = {}
    for rollup in over.rollups.get(task, ()):
        ruling, above = rulings.get(rollup), hiding(rollup, over, rulings, codes)
        heard = list(above.items())
        if ruling is not None and ruling.after is not None and ruling.after.status in _LIVE and rollup in codes:
            whole = DemandHistory(ruling.after.task, ruling.finding, ruling.after, ruling=ruling, hiding=above)
            heard += [
                (office, (one.on, codes[rollup]))
                for one in coming(whole, ruling.night)
                for office in one.readers
                if one.on is not None
            ]
        for office, first in heard:
            found[office] = min(first, found.get(office, first))
    return found


def _who_hears_when(
    night: Tonight, on: date | None, readers: Mapping[str, int], worse: Collection[str]
) -> Mapping[date | None, Mapping[str, int]]:
    """By night, who of the readers of a turn hears then: an office that has acknowledged the case hears later."""
    found: dict[date | None, dict[str, int]] = {}
    for office, step in readers.items():
        # That a figure is worse is news, which nobody has acknowledged.
        hears = on if on is None or office in worse else night.hears_from(office, on)
        found.setdefault(hears, {})[office] = step
    return found


def _who_knows_less(demanded: DemandHistory, seen: Mapping[str, int]) -> Iterator[str]:
    """Who knows of the step that names it, and of a figure that was better."""
    case = demanded.known
    for office, step in seen.items():
        last = case.notified.get(office)
        if last is not None and last.level >= step and is_worse(demanded.finding, last.value, case.value):
            yield office


def _of_the_move(case: Case, night: Tonight, until: date | None) -> dict[date | None, ComingLetters]:
    """The next night with letters, on which all who knew of the case before its limit moved hear of that."""
    heard = filter(night.recipients.can_notify, sorted(case.earlier))
    readers = {office: 0 for office in heard if _is_reachable(night, office)}
    on = _next_free(night)
    return {on: ComingLetters(on, 0, readers, repeat=False)} if readers and (until is None or on <= until) else {}


def _add_of_acts(nights: dict[date | None, ComingLetters], case: Case, night: Tonight, until: date | None) -> None:
    """Adds the nights on which offices hear of acts that concern them."""
    for one in owed_by_acts(case, night):
        on = night.calendar.roll_forward(max(one.since, night.as_of + _DAY))
        office, step = one.naming.reader.office, one.naming.step
        before = nights.get(on, ComingLetters(on, 0, {}, repeat=False))
        if office not in before.readers and (until is None or on <= until):
            readers, asked = {**before.readers, office: step}, (*before.asked, office)
            nights[on] = replace(before, step=max(before.step, step), readers=readers, asked=asked)


def _is_reachable(night: Tonight, office: str) -> bool:
    return night.recipients.chart.is_reachable(office, _next_free(night))


def _next_free(night: Tonight) -> date:
    return free_day(night.calendar, night.still, night.as_of + _DAY)


def _last_night(case: Case, night: Tonight, newer: Task | None) -> date | None:
    """The last night on which a case can climb; None: no end is known."""
    ends = [night.recipients.book.last_night(case.task.rule), newer.last_day if newer else None]
    return min((end for end in ends if end is not None), default=None)


def _turns(case: Case, night: Tonight, last: int) -> Iterator[tuple[int, date | None]]:
    """Every step and repeat from the one reached to the `last`, with its night: what is owed goes out at once."""
    following = _next_free(night)
    if case.reached > case.floor:
        yield case.reached, following
    for number in range(case.reached + 1, last + 1):
        try:
            yield number, max(night.night_of_step(case.ladder, case.clock, number), following)
        except CalendarUncovered:
            yield number, None
