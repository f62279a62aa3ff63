"""A case while it is waived: it stands still, and whoever knows of it hears of the waiver and of its end, once.

The waivers are asked anew every night, so that one taken out of its file ends at once. What was told of a waiver
is no part of what a reader knows of the case: afterwards he hears of it as new or as worse, as it then stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dondoc.engine.cases.recipients import RESPONSIBLE, Recipient, Recipients
from dondoc.engine.cases.waivers import announced_on, free_day, holding, last_of
from dondoc.engine.domain.model import Case, Event, Finding, Notice
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.domain.terms import Section, Tone
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)

# A reader, whether he was told that a waiver was granted (still) or that it ends (ending), and its last day.
WaiverTold = tuple[str, Section, date]


@dataclass(frozen=True, slots=True)
class WaivedCase:
    """The waivers of one case, and what was told of them.

    `waivers` are those of its task in the order of their days, also past and coming ones.
    """

    calendar: WorkCalendar
    waivers: tuple[Waiver, ...] = ()
    notified: Collection[WaiverTold] = field(default=frozenset())

    def until(self, on: date) -> date:
        """The last day of the waived time that a day lies in; what goes on without a break is one time."""
        waiver = holding(self.waivers, on)
        assert waiver is not None
        return last_of(self.waivers, waiver).until

    def wakes(self, on: date) -> date:
        """The first working night after the waived time that a day lies in."""
        return free_day(self.calendar, self.waivers, self.until(on) + _DAY)

    def marked(self, case: Case, on: date) -> tuple[date | None, tuple[Event, ...]]:
        """The last day of the waiver that holds the case on a night, and what to log when that has changed."""
        waiver = holding(self.waivers, on)
        until = waiver.until if waiver else None
        if until == case.waived_until:
            return until, ()
        if waiver is None:
            return None, (Event("case-unwaived", case.task.id, {}),)
        days = {"from": waiver.first.isoformat(), "until": waiver.until.isoformat()}
        return until, (Event("case-waived", case.task.id, days),)

    def notices(self, case: Case, finding: Finding, recipients: Recipients, on: date) -> Iterator[Notice]:
        """What is told of the waiver that holds on a night: its end to the unit, its grant to who knew of it.

        The end is told from the fifth working day before it on, also to a unit that never heard of the case.
        """
        until = self.until(on)
        bearers = recipients.bearers(case.task)
        ends = announced_on(self.calendar, until) <= on
        due = recipients.due(case.task, case.ladder, 0, case.reached)
        for office in sorted({*case.notified, *(bearers if ends else ())}):
            own = office in bearers
            section = Section.ENDING if own and ends else Section.STILL
            if not self._owes(office, section, until):
                continue
            relations = (RESPONSIBLE,) if own else ()
            reader = due[office].reader if office in due else Recipient(office, relations, copied=False)
            step = case.notified[office].level if office in case.notified else 0
            yield Notice(
                office,
                reader.relations,
                section,
                finding,
                case,
                step,
                Tone.URGE,
                copied=reader.copied,
                waived_until=until,
            )

    def next_night(self, case: Case, recipients: Recipients, on: date, *, notifying: bool) -> date:
        """The announcement of the end while it is to come, else the first working night after the end.

        What is owed on a night that tells nothing is told on the next working night.
        """
        wakes = self.wakes(on)
        announced = announced_on(self.calendar, self.until(on))
        following = self.calendar.next_workday(on)
        if on < announced:
            owes = any(self._owes(office, Section.STILL, self.until(on)) for office in case.notified)
            return following if owes and not notifying else announced
        owes = any(self._owes(unit, Section.ENDING, self.until(on)) for unit in recipients.bearers(case.task))
        return min(following, wakes) if owes and not notifying else wakes

    def _owes(self, office: str, section: Section, until: date) -> bool:
        """Whether an office has not heard this of the waiver; who heard of its end knows that it was granted."""
        if (office, Section.ENDING, until) in self.notified:
            return False
        return section is Section.ENDING or (office, Section.STILL, until) not in self.notified
