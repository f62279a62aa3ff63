"""A case while it is waived: it does not climb, and its readers are notified once of the waiver and of its end.

Waivers are read again every night, so that one removed from its file ends at once. A notice of a waiver does not
change what a reader knows of the case: afterwards the case is new or worse for that reader, as it then stands.
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

# A reader, whether it was notified that a waiver was granted (still) or that it ends (ending), and its last day.
WaiverNotified = tuple[str, Section, date]


@dataclass(frozen=True, slots=True)
class WaivedCase:
    """The waivers of one case, and what its readers were notified of about them.

    `waivers` are all those of its task, also past and coming ones, in the order of their days.
    """

    calendar: WorkCalendar
    waivers: tuple[Waiver, ...] = ()
    notified: Collection[WaiverNotified] = field(default=frozenset())

    def until(self, on: date) -> date:
        """The last day of the waived span that a waived day lies in; waivers without a gap are one span."""
        waiver = holding(self.waivers, on)
        assert waiver is not None
        return last_of(self.waivers, waiver).until

    def resumes_on(self, on: date) -> date:
        """The first working night after the waived span that a waived day lies in."""
        return free_day(self.calendar, self.waivers, self.until(on) + _DAY)

    def marked(self, case: Case, on: date) -> tuple[date | None, tuple[Event, ...]]:
        """The last day of the waiver in force on a night (None: none is), and the event if that has changed."""
        waiver = holding(self.waivers, on)
        until = waiver.until if waiver else None
        if until == case.waived_until:
            return until, ()
        if waiver is None:
            return None, (Event("case-unwaived", case.task.id, {}),)
        days = {"from": waiver.first.isoformat(), "until": waiver.until.isoformat()}
        return until, (Event("case-waived", case.task.id, days),)

    def notices(self, case: Case, finding: Finding, recipients: Recipients, on: date) -> Iterator[Notice]:
        """The notices of the waiver in force on a night: its end to the unit, its grant to all who know the case.

        The unit is notified of the end from the fifth working day before it on, even if it does not know of the
        case (decision 23).
        """
        until = self.until(on)
        bearers = recipients.bearers(case.task)
        ends = announced_on(self.calendar, until) <= on
        due = recipients.due(case.task, case.ladder, 0, case.reached)
        for office in sorted({*case.notified, *(bearers if ends else ())}):
            own = office in bearers
            # The end asks the unit to act again; superiors only learn that the case is paused (decision 30).
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
        """The night on which the end will be announced, else the first working night after the end.

        A notice due on a night that notifies nobody moves to the next working night.
        """
        resumes = self.resumes_on(on)
        announced = announced_on(self.calendar, self.until(on))
        following = self.calendar.next_workday(on)
        if on < announced:
            owes = any(self._owes(office, Section.STILL, self.until(on)) for office in case.notified)
            return following if owes and not notifying else announced
        owes = any(self._owes(unit, Section.ENDING, self.until(on)) for unit in recipients.bearers(case.task))
        return min(following, resumes) if owes and not notifying else resumes

    def _owes(self, office: str, section: Section, until: date) -> bool:
        """Whether an office still needs this notice; notified of the waiver's end, it knows of the grant too."""
        if (office, Section.ENDING, until) in self.notified:
            return False
        return section is Section.ENDING or (office, Section.STILL, until) not in self.notified
