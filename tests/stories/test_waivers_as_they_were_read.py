"""A waiver stands in a file that is edited: what a night had read of it stays on record. Invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.store.audit_log.row_agreement import row_differences
from dondoc.engine.store.db import schema_version
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.night import nights, tasks, waivers
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.recall.withdraw import withdraw
from dondoc.flows.night import steps
from tests.stories.test_waivers_2015 import BAO_DAI, BAO_SON, LAST, REPORT, waiver
from tests.support.explain_helpers import why_not_text
from tests.support.town import Town, only, rules

MONDAY = date(2015, 4, 20)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=n) for n in (1, 2, 3))
HELD, LONGER = waiver(MONDAY), waiver(MONDAY, date(2015, 5, 29))
OTHER = waiver(TUESDAY, unit=BAO_SON)


@pytest.fixture
def town() -> Town:
    """Round 1 alone."""
    return Town.founded(only(rules(), REPORT))


def judged(town: Town, night: date, *read: Waiver) -> None:
    """A night that reads these waivers."""
    town.book = replace(town.book, waivers=read)
    steps.judge_night(
        town.engine, town.book, Night(night, steps.cutoff_of(night), previous=night - timedelta(days=1))
    )


def known(town: Town, night: date) -> set[tuple[str, date]]:
    """The waivers that a night knew, by unit and last day."""
    with reading(town.engine) as conn:
        names = nights.names_of(conn, tasks.stored_rules(conn))
        return {(one.unit, one.until) for one in waivers.known(conn, names, steps.cutoff_of(night))}


def logged(town: Town) -> list[tuple[date, str, str]]:
    """What the log says of waivers: the night, what it did with one, and its last day."""
    e = t.event.c
    with reading(town.engine) as conn:
        rows = conn.execute(select(e.night, e.kind, e.detail).where(e.kind.like("waiver-%")).order_by(e.entry))
        return [(row.night, row.kind, json.loads(row.detail)["until"]) for row in rows]


def test_each_night_records_what_it_reads_otherwise_than_the_one_before(town: Town) -> None:
    """Seen, read again, lengthened, gone: each once, by the night that read so."""
    judged(town, MONDAY, HELD)
    judged(town, TUESDAY, replace(HELD, place="waivers.yaml:9:5"))
    judged(town, WEDNESDAY, LONGER, OTHER)
    judged(town, THURSDAY, OTHER)
    assert logged(town) == [
        (MONDAY, "waiver-seen", "2015-05-15"),
        (WEDNESDAY, "waiver-seen", "2015-05-15"),
        (WEDNESDAY, "waiver-changed", "2015-05-29"),
        (THURSDAY, "waiver-missed", "2015-05-29"),
    ]
    assert [known(town, night) for night in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)] == [
        {(BAO_DAI, LAST)},
        {(BAO_DAI, LAST)},
        {(BAO_DAI, LONGER.until), (BAO_SON, LAST)},
        {(BAO_SON, LAST)},
    ]
    with reading(town.engine) as conn:
        assert list(row_differences(conn)) == []


def test_an_earlier_night_is_explained_by_what_it_had_read(town: Town) -> None:
    """The waiver was taken out of its file on Wednesday: on Tuesday the commune was silent because of it."""
    judged(town, MONDAY, HELD)
    judged(town, TUESDAY, HELD)
    judged(town, WEDNESDAY)
    assert "tạm miễn" in why_not_text(town, BAO_DAI, TUESDAY.isoformat())
    assert "tạm miễn" not in why_not_text(town, BAO_DAI, WEDNESDAY.isoformat())


def test_one_that_is_granted_for_days_past_changes_no_earlier_night(town: Town) -> None:
    """On Wednesday the file waives the commune from Monday on: on Tuesday nobody knew of that."""
    judged(town, MONDAY)
    judged(town, TUESDAY)
    judged(town, WEDNESDAY, HELD)
    assert "tạm miễn" not in why_not_text(town, BAO_DAI, TUESDAY.isoformat())
    assert "ĐÃ CÓ THƯ: mục CÒN TỒN" in why_not_text(town, BAO_DAI, WEDNESDAY.isoformat())


@pytest.mark.parametrize(
    ("read", "since"),
    [
        pytest.param([(HELD,), (HELD, OTHER)], {(BAO_DAI, LAST)}, id="what they saw first is seen no more"),
        pytest.param([(HELD,), (LONGER,)], {(BAO_DAI, LAST)}, id="what they saw changed is as before"),
        pytest.param([(HELD,), ()], {(BAO_DAI, LAST)}, id="what they missed is there again"),
    ],
)
def test_nights_that_are_taken_back_have_read_nothing(
    town: Town, read: Sequence[tuple[Waiver, ...]], since: set[tuple[str, date]]
) -> None:
    """The night of Tuesday is taken back."""
    for night, one in zip((MONDAY, TUESDAY), read, strict=True):
        judged(town, night, *one)
    with writing(town.engine) as conn:
        assert withdraw(conn, TUESDAY) is not None
    assert known(town, TUESDAY) == since


def test_what_nights_saw_before_there_were_rows_of_it_is_carried_over(tmp_path: Path) -> None:
    """The log has rule, unit and days, not the reason: the next night that reads it records that it changed."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    schema_version.upgrade(engine)
    town = Town(engine, only(rules(), REPORT)).founded_here()
    judged(town, MONDAY, HELD, waiver(MONDAY, unit=BAO_SON))
    schema_version.downgrade(engine, "0025")
    schema_version.upgrade(engine)
    assert known(town, MONDAY) == {(BAO_DAI, LAST), (BAO_SON, LAST)}
    judged(town, TUESDAY, HELD)
    assert [one[:2] for one in logged(town)[2:]] == [(TUESDAY, "waiver-changed"), (TUESDAY, "waiver-missed")]
    assert known(town, TUESDAY) == {(BAO_DAI, LAST)}
