"""Limits as a calendar file (iCalendar, RFC 5545) that any calendar opens: the same letter makes the same bytes.

It is published (RFC 5546, 3.2.1): nobody is invited and nothing is to be answered. What ties an entry to that of
an earlier letter is its UID; the later letter has the higher SEQUENCE, so that a day that has moved takes the old
one's place, and one that has ended is cancelled.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE
from dondoc.notifications.letter.calendar_entries import CalendarEntry
from dondoc.notifications.letter.mime import Attachment

_MEDIA_TYPE = "text/calendar"
# The first night that has a number; every night has a higher one than those before.
_FIRST = date(2000, 1, 1)


def calendar_file(entries: tuple[CalendarEntry, ...], night: date, mail: MailPolicy) -> Attachment:
    """One file with an all-day event for each entry, organised by the sender of the letters."""
    calendar = Calendar()
    calendar.add("prodid", "-//Don Doc//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, night, mail))
    return Attachment(f"lich-{night.isoformat()}.ics", _MEDIA_TYPE, calendar.to_ical())


def _event(entry: CalendarEntry, night: date, mail: MailPolicy) -> Event:
    event = Event()
    event.add("uid", f"task-{entry.task}@{mail.message_domain}")
    # When it was written is the night, so that a letter that is made again is the same.
    event.add("dtstamp", datetime.combine(night, time(2), ZONE))
    event.add("sequence", (night - _FIRST).days)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("status", "CANCELLED" if entry.ended else "CONFIRMED")
    # A limit takes nobody's time.
    event.add("transp", "TRANSPARENT")
    organizer = vCalAddress(f"mailto:{mail.sender}")
    organizer.params["cn"] = vText(mail.sender_name.vi)
    event["organizer"] = organizer
    return event
