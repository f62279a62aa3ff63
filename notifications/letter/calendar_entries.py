"""Which limits of a letter go with it as entries of a calendar: values, no bytes.

Only a unit's own limits, only where the directive asks for it (`attach: [calendar-entry]`), and only where the
letter says something of the day itself: that it is near, that it has moved, or that the matter has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dondoc.engine.domain.rulebook import RequestedFile
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.wording import calendar_text


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """The last day in time of a task, by the task's number, which stays the same however often the day moves.

    `ended`: the matter has ended, and the entry of an earlier letter is to go.
    """

    task: int
    day: date
    summary: str
    description: str
    ended: bool


def calendar_entries(digest: Digest) -> tuple[CalendarEntry, ...]:
    """The entries of a letter, in the order of its rows; the description in each language, Vietnamese first."""
    return tuple(one for entry in digest.entries for one in _of(entry, digest.of(entry)))


def _of(entry: Entry, digest: Digest) -> Iterator[CalendarEntry]:
    limit = entry.limit
    asked = RequestedFile.CALENDAR_ENTRY in entry.attach and digest.direction is Direction.OWN
    if not asked or limit is None or not (_ahead(entry) or _had(entry)):
        return
    said = calendar_text.description(entry, limit, digest)
    others = (said.in_(language) for language in digest.languages if language != "vi")
    for task in entry.tasks:
        yield CalendarEntry(
            task,
            limit.last_day,
            calendar_text.summary(entry).vi,
            "\n\n".join((said.vi, *others)),
            entry.section is Section.RESOLVED,
        )


def _ahead(entry: Entry) -> bool:
    """Whether the day is near, or has been moved."""
    return not entry.stands_still and (entry.section is Section.ENDING or entry.extended is not None)


def _had(entry: Entry) -> bool:
    """Whether an earlier letter had an entry for what has ended."""
    return entry.section is Section.RESOLVED and bool(entry.earlier_reminders or entry.moved)
