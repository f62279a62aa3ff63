"""What the acts of offices do to a case: whose own letters wait, which days do not count, what a promise costs.

An acknowledgement postpones only the letters to the office that gave it, for some working days and a limited
number of times; the steps for everybody else come by date (decision 22). An explanation with a promised day pauses
the case once, up to that day; if it passes without the result, the case climbs one step at once. A report that was
declared pauses the case for some working days while an office is to confirm it, and so does, once, that the matter
is another unit's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dondoc.engine.domain.acts import (
    Act,
    ActKind,
    Pause,
    delegation,
    disowned,
    open_request,
    standing,
    unconfirmed,
    unexplained,
)
from dondoc.engine.domain.model import Answers
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Undecided:
    """What a unit says and an office has to decide on; the case stands still for it up to the day `held_until`.

    `held_until` is None where the unit has said so more often than the ladder holds a case for.
    """

    act: Act
    held_until: date | None


@dataclass(frozen=True, slots=True)
class Demanded:
    """An explanation that is demanded and not given; it is awaited up to the working day `until`, inclusive."""

    act: Act
    until: date


@dataclass(frozen=True, slots=True)
class AnsweredCase:
    """The acts on a case as a night knows them, without those that were taken back, in the order of recording.

    `quiet_until` is, by office, the last day on which its own letters wait. `pauses` are the days that do not
    count; `promised` is the last day of the one pause that an explanation brings (None: there is none), and of one
    for what an office had to decide on in it. `declared` is the declaration that waits to be confirmed, `disowned`
    what is said to be another unit's and waits to be reassigned, `requested` the extension that is asked for and
    not decided on, which holds nothing; `demanded` are the explanations that are awaited. `reopened` is the latest
    act by which the case was opened again, `kept` the latest by which it stays with its unit, and `delegated` that
    by which the unit has another one do it.
    """

    acts: tuple[Act, ...] = ()
    quiet_until: Mapping[str, date] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    promised: date | None = None
    declared: Undecided | None = None
    disowned: Undecided | None = None
    requested: Undecided | None = None
    demanded: tuple[Demanded, ...] = ()
    reopened: Act | None = None
    kept: Act | None = None
    delegated: Act | None = None

    def is_quiet(self, office: str, on: date) -> bool:
        """Whether the letters to an office wait on a day, because it has acknowledged the case."""
        until = self.quiet_until.get(office)
        return until is not None and on <= until


NOTHING_SAID = AnsweredCase()


def answered(acts: Iterable[Act], answers: Answers, calendar: WorkCalendar) -> AnsweredCase:
    """What the acts on a case mean, by what its ladder lets answers do."""
    acts = standing(acts)
    if not acts:
        return NOTHING_SAID
    by_office: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        if act.kind is ActKind.ACKNOWLEDGED:
            by_office[act.office].append(act)
    known = [act for mine in by_office.values() for act in mine[: answers.times]]
    quiet: dict[str, date] = {}
    for act in known:
        quiet[act.office] = max(held_until(act, answers, calendar), quiet.get(act.office, date.min))
    pauses = [Pause(act.said_on, held_until(act, answers, calendar)) for act in known if answers.stops_clock]
    held = {
        **_while_decided(acts, ActKind.DECLARED, ActKind.NOT_CONFIRMED, answers.times, answers, calendar),
        **_while_decided(acts, ActKind.NOT_OURS, ActKind.NOT_REASSIGNED, 1, answers, calendar),
    }
    pause, promised = _promise(acts, list(held.values()))
    pauses += [*held.values(), *([pause] if pause else [])]
    demanded = tuple(Demanded(act, _awaited_until(act, answers, calendar)) for act in unexplained(acts))
    return AnsweredCase(
        acts,
        quiet,
        tuple(pauses),
        promised,
        _undecided(unconfirmed(acts), held),
        _undecided(disowned(acts), held),
        _undecided(open_request(acts), held),
        demanded,
        _latest(acts, ActKind.REOPENED),
        _latest(acts, ActKind.NOT_REASSIGNED),
        delegation(acts),
    )


def _undecided(act: Act | None, held: Mapping[int, Pause]) -> Undecided | None:
    if act is None:
        return None
    return Undecided(act, held[act.number].until if act.number in held else None)


def _latest(acts: Sequence[Act], kind: ActKind) -> Act | None:
    return next((act for act in reversed(acts) if act.kind is kind), None)


def _promise(acts: Sequence[Act], held: Sequence[Pause]) -> tuple[Pause | None, date | None]:
    """The one pause that an explanation brings, and the day whose passing without the result costs a step."""
    promise = next((act for act in acts if act.kind is ActKind.EXPLAINED), None)
    if promise is None or promise.until is None:
        return None, None
    granted = (act for act in acts if act.kind is ActKind.EXTENSION_GRANTED and act.number > promise.number)
    extended = next((act for act in granted if act.said_on <= promise.until), None)
    if extended is not None:
        # The new limit takes the place of the day that was promised, and its days all count.
        return Pause(promise.said_on, extended.said_on - _DAY), None
    # A promise is not broken while an office has still to say whether it was kept, or whose the matter is.
    kept = [one.until for one in held if one.first <= promise.until]
    until = max([promise.until, *kept])
    return Pause(promise.said_on, until), until


def _while_decided(
    acts: Sequence[Act], kind: ActKind, refusal: ActKind, times: int, answers: Answers, calendar: WorkCalendar
) -> Mapping[int, Pause]:
    """By act of a kind, the first `times` of them, the days for which the case stands still.

    They are until an office refuses it, or `hold` is over.
    """
    refused = {act.about: act.said_on for act in acts if act.kind is refusal}
    found: dict[int, Pause] = {}
    for act in [act for act in acts if act.kind is kind][:times]:
        until = held_until(act, answers, calendar)
        until = min(until, refused.get(act.number, until + _DAY) - _DAY)
        # One that is refused on its own day never held anything.
        if until >= act.said_on:
            found[act.number] = Pause(act.said_on, until)
    return found


def _awaited_until(act: Act, answers: Answers, calendar: WorkCalendar) -> date:
    """The last day to explain: some working days after the first one on which the unit can have heard of it."""
    heard = calendar.roll_forward(act.known_on or act.recorded_on + _DAY)
    return calendar.before(calendar.reach(heard + _DAY, answers.explain), 1)


def held_until(act: Act, answers: Answers, calendar: WorkCalendar) -> date:
    """The last day that an act holds: the day before the first working day after its working days."""
    return calendar.reach(act.said_on, answers.hold) - _DAY
