"""What the acts of offices do to a case: whose own letters wait, which days do not count, what a promise costs.

An acknowledgement postpones only the letters to the office that gave it, for some working days and a limited
number of times; the steps for everybody else come by date (decision 22). An explanation with a promised day pauses
the case once, up to that day; if it passes without the result, the case climbs one step at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from dondoc.engine.domain.acts import Act, ActKind, Pause, standing
from dondoc.engine.domain.model import Answers
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AnsweredCase:
    """The acts on a case as a night knows them, without those that were taken back, in the order of recording.

    `quiet_until` is, by office, the last day on which its own letters wait. `pauses` are the days that do not
    count; `promised` is the last day of the one pause that an explanation brings (None: there is none).
    """

    acts: tuple[Act, ...] = ()
    quiet_until: Mapping[str, date] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    promised: date | None = None

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
    promise = next((act for act in acts if act.kind is ActKind.EXPLAINED), None)
    pauses = [Pause(act.said_on, held_until(act, answers, calendar)) for act in known if answers.stops_clock]
    if promise is None or promise.until is None:
        return AnsweredCase(acts, quiet, tuple(pauses))
    granted = (act for act in acts if act.kind is ActKind.EXTENSION_GRANTED and act.number > promise.number)
    extended = next((act for act in granted if act.said_on <= promise.until), None)
    if extended is not None:
        # The new limit takes the place of the day that was promised, and its days all count.
        return AnsweredCase(acts, quiet, (*pauses, Pause(promise.said_on, extended.said_on - _DAY)))
    return AnsweredCase(acts, quiet, (*pauses, Pause(promise.said_on, promise.until)), promise.until)


def held_until(act: Act, answers: Answers, calendar: WorkCalendar) -> date:
    """The last day that an acknowledgement holds: the day before the first working day after its working days."""
    return calendar.reach(act.said_on, answers.hold) - _DAY
