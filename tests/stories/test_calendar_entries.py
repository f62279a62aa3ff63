"""The limit of a task in the calendar of its unit: it comes with the reminder, moves with the limit, and goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from dondoc.engine.domain.rulebook import RequestedFile, RuleBook, Selector
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.town import Town, letters, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
UNIT, DISTRICT = "ln.ubnd_xa.bao_dai", "ln.ubnd_huyen"


def _book(*attach: RequestedFile) -> RuleBook:
    """Assigned tasks of one commune, reminded of three working days before."""
    book = rules()
    paper = book.directives["279-ubnd-ldtbxh"]
    rule = book.rules[REPORT]
    given = replace(
        rule,
        id="279-ubnd-ldtbxh/given",
        condition=replace(rule.condition, report=None, task="given", due=None, remind=(3,)),
        applies_to=Selector(units=(UNIT,)),
    )
    return replace(book, directives={paper.id: replace(paper, attach=attach)}, rules={given.id: given})


def _given(town: Town, due: str, recorded: str, kind: str = "by") -> None:
    town.is_assigned(UNIT, "given", due, recorded, ref="N1", due_kind=kind)


def _night(town: Town, day: str) -> dict[str, Sequence[Any]]:
    """The events in the letters of a night, by office; an office whose letter has no calendar file has none."""
    letters(town, day)
    found = {}
    with reading(town.engine) as conn:
        for row in conn.execute(select(t.letter).where(t.letter.c.night == date.fromisoformat(day))):
            mail = message_from_bytes(row.mime, policy=policy.default)
            files = [one for one in mail.iter_attachments() if one.get_content_type() == "text/calendar"]
            body = mail.get_body(("plain",))
            assert body is not None
            assert bool(files) == ("(ICS)" in body.get_content())
            calendars = [Calendar.from_ical(one.get_payload(decode=True)) for one in files]  # type: ignore[arg-type]
            assert [one["method"] for one in calendars] == ["PUBLISH"] * len(files)
            found[row.office] = [event for one in calendars for event in one.walk("VEVENT")]
    return found


def _stored(town: Town) -> Any:
    """The one task, as the store has it."""
    with reading(town.engine) as conn:
        return conn.execute(select(t.task)).one()


def test_the_entry_stands_on_the_last_day_and_moves_with_it() -> None:
    """Due by 15/4, extended to before 16/5: one entry with the new last day; once done, it is cancelled."""
    town = Town.founded(_book(RequestedFile.CALENDAR_ENTRY))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    (first,) = _night(town, "2015-04-10")[UNIT]
    assert (first["dtstart"].dt, first["dtend"].dt) == (date(2015, 4, 15), date(2015, 4, 16))
    assert first["dtstart"].dt == _stored(town).last_day
    assert first["status"] == "CONFIRMED"
    assert str(first["summary"]).startswith("Hạn: ")
    assert "UBND xã Bảo Đài" in str(first["summary"])
    assert "hết ngày 15/04/2015" in str(first["description"])
    overdue = _night(town, "2015-04-16")
    assert overdue[UNIT] == [], "a day that has passed is no limit to keep in mind"
    _given(town, "2015-05-16", "2015-05-07T09:00", kind="before")
    (moved,) = _night(town, "2015-05-08")[UNIT]
    assert moved["uid"] == first["uid"]
    assert moved["sequence"] > first["sequence"]
    assert moved["dtstart"].dt == date(2015, 5, 15) == _stored(town).last_day
    town.submits(UNIT, "given", "2015-05-11", ref="A", task="N1")
    (gone,) = _night(town, "2015-05-12")[UNIT]
    assert (gone["uid"], gone["status"]) == (first["uid"], "CANCELLED")
    assert gone["sequence"] > moved["sequence"]
    assert str(gone["summary"]).startswith("Đã kết thúc: ")


def test_only_the_unit_has_the_entry_and_only_where_the_pack_asks_for_it() -> None:
    """Off by default; offices that follow the unit have no entry of its limits."""
    silent, asked = Town.founded(_book()), Town.founded(_book(RequestedFile.CALENDAR_ENTRY))
    for town in (silent, asked):
        _given(town, "2015-04-15", "2015-03-01T09:00")
        day, events = date(2015, 4, 10), dict[str, int]()
        while day <= date(2015, 5, 15):
            for office, found in _night(town, day.isoformat()).items():
                events[office] = events.get(office, 0) + len(found)
            day += timedelta(days=1)
        assert DISTRICT in events
        assert {office for office, n in events.items() if n} == ({UNIT} if town is asked else set())
