"""The calendar file of a letter: what another program reads in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from icalendar import Calendar

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import RequestedFile
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.letter.calendar_entries import calendar_entries
from dondoc.notifications.letter.calendar_file import calendar_file
from dondoc.notifications.letter.compose import compose
from tests.support.sample_digests import by_end_of, digest, entry
from tests.support.town import rules

NIGHT, ASKED = date(2015, 4, 13), (RequestedFile.CALENDAR_ENTRY,)
NAME = Text('Xã "A"; B, C:\nBEGIN:VALARM \\n ' + "Đường dài " * 20, "A commune")


def near(**changes: object) -> Entry:
    """A row about a limit that is near, of a directive that asks for entries."""
    row = entry(section=Section.ENDING, attach=ASKED, tasks=(17,), limit=by_end_of(date(2015, 4, 20)))
    return replace(row, **changes)


def written(of: Digest) -> bytes:
    """The file of these rows."""
    return calendar_file(calendar_entries(of), of.night, rules().mail).content


def test_the_same_letter_makes_the_same_file() -> None:
    """Nothing in it is from a clock or drawn; another night's has a higher number and its own time."""
    first, again = (written(digest(near(), night=NIGHT)) for _ in range(2))
    assert first == again
    assert b"SEQUENCE:5581\r\n" in first
    assert b"DTSTAMP:20150412T190000Z\r\n" in first
    assert b"SEQUENCE:5582\r\n" in written(digest(near(), night=date(2015, 4, 14)))


def test_a_name_stays_one_value_whatever_is_in_it() -> None:
    """Quotes, stops, line breaks and markup of calendars: no line above 75 octets, one event, one name."""
    made = written(digest(near(unit=NAME), night=NIGHT))
    assert max(len(line) for line in made.split(b"\r\n")) <= 75
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    assert not event.subcomponents
    assert 'Xã "A"; B, C:' in str(event["summary"])


def test_no_person_is_in_it() -> None:
    """It is organised by the service's own mailbox, and invites nobody."""
    (event,) = Calendar.from_ical(written(digest(near(), night=NIGHT))).walk("VEVENT")
    assert event["organizer"] == f"mailto:{rules().mail.sender}"
    assert "attendee" not in event
    assert str(event["uid"]) == f"task-17@{rules().mail.message_domain}"


def test_english_follows_where_the_office_reads_it() -> None:
    """The summary is Vietnamese; the description says both."""
    (event,) = Calendar.from_ical(written(digest(near(), night=NIGHT, languages=("vi", "en")))).walk("VEVENT")
    vi, _, en = str(event["description"]).partition("\n\n")
    assert vi.startswith("Hạn: hết ngày 20/04/2015")
    assert en.startswith("Due: by the end of 20/04/2015")
    assert ".." not in vi + en


def test_an_entry_that_goes_says_how_it_ended() -> None:
    """In the words of the letter, and with one full stop."""
    row = near(
        section=Section.RESOLVED, outcome=Outcome.LATE, earlier_reminders=(NIGHT,), done_on=date(2015, 4, 25)
    )
    (event,) = Calendar.from_ical(written(digest(row, night=date(2015, 4, 27)))).walk("VEVENT")
    assert "Mới ghi nhận kết quả ngày 25/04/2015.\n" in str(event["description"])


@pytest.mark.parametrize(
    ("of", "direction", "ended"),
    [
        pytest.param(near(), Direction.OWN, [False], id="a limit that is near"),
        pytest.param(near(attach=()), Direction.OWN, [], id="nobody asked for it"),
        pytest.param(near(), Direction.UP, [], id="the limit of another unit"),
        pytest.param(near(section=Section.NEW), Direction.OWN, [], id="a limit that has passed"),
        pytest.param(near(limit=None), Direction.OWN, [], id="no limit"),
        pytest.param(
            near(section=Section.RESOLVED, outcome=Outcome.LATE, earlier_reminders=(NIGHT,)),
            Direction.OWN,
            [True],
            id="the end of what was reminded of",
        ),
        pytest.param(
            near(section=Section.RESOLVED, outcome=Outcome.LATE),
            Direction.OWN,
            [],
            id="the end of another",
        ),
    ],
)
def test_which_rows_have_an_entry(of: Entry, direction: Direction, ended: list[bool]) -> None:
    """Only what the letter says of a unit's own day; and the letter says how many there are."""
    made = digest(of, direction=direction, night=NIGHT)
    view = compose(made)
    assert [one.ended for one in view.calendar] == ended
    announced = [line.text for line in view.parts[0].footer if line.label == "Tệp kèm theo"]
    words = {(): [], (False,): ["hạn của 01 việc để đưa vào lịch (ICS)."],
             (True,): ["xóa hạn của 01 việc đã kết thúc để đưa vào lịch (ICS)."]}  # fmt: skip
    assert announced == words[tuple(ended)]
