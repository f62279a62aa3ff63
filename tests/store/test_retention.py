"""What is kept for a time goes when that is over, and the log proves what went and that nothing else did."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.retention.cases import folded
from dondoc.engine.store.retention.removed import Kept
from dondoc.flows.data.importer import bring_in
from dondoc.flows.delivery.operator_decisions import BodyRemoved, resend
from dondoc.flows.records.audit import audit
from dondoc.flows.records.retention import RetentionRefused, RetentionReport, removed
from dondoc.flows.records.statistics import StatisticsRow, statistics_of
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.planned_letters import DUE, planned
from tests.support.story_stage import Stage, to

LATER = date(2016, 1, 1)
EVERYTHING = dict.fromkeys(Kept, LATER)


REPORT = """ref,unit,report,submitted_on,document,recorded_at
once,ln.ubnd_xa.bao_dai,child-protection,2015-04-22,{document},{recorded_at}
"""


@pytest.fixture
def stage(database: Engine, sink: Mailsink, tmp_path: Path) -> Stage:
    """Three nights with their deliveries: cases were opened, climbed and closed, and a report was corrected."""
    played = Stage.set(database, sink)
    for hour, document in (("08:00", "1/BC"), ("09:00", "2/BC")):
        sheet = tmp_path / "submissions.csv"
        sheet.write_text(REPORT.format(document=document, recorded_at=f"2015-04-22T{hour}"), "utf-8")
        assert not bring_in(database, sheet, datetime.now(UTC)).rejects
    for day in ("2015-04-20", "2015-04-25", "2015-05-07"):
        played.night(day)
    return played


def by_kind(report: RetentionReport) -> dict[Kept, int]:
    """How many of each kind went."""
    return {one.kind: one.rows for one in report.removals}


def flaws(engine: Engine) -> tuple[str, ...]:
    """What the verification of the log finds."""
    with reading(engine) as conn:
        return tuple(flaw.en for flaw in audit(conn).flaws)


def statistics(engine: Engine) -> list[StatisticsRow]:
    """What is counted of cases."""
    with reading(engine) as conn:
        return statistics_of(conn)


def count(engine: Engine, what: str) -> int:
    """The number that a query answers."""
    with reading(engine) as conn:
        return int(conn.scalar(text(what)) or 0)


@pytest.mark.long
def test_what_proves_a_letter_stays_and_its_body_goes(stage: Stage) -> None:
    """Number, day, reader, hash and size are as they were; the bytes are gone, and the log is proven over it."""
    proofs = [t.letter.c[name] for name in ("id", "night", "office", "recipient", "mime_sha256", "size", "state")]
    with reading(stage.engine) as conn:
        before = conn.execute(select(*proofs).order_by(t.letter.c.id)).all()
        size = conn.scalar(select(func.sum(t.letter.c.size)))
    report = removed(stage.engine, {Kept.LETTERS: LATER})
    (gone,) = report.removals
    assert (gone.rows, gone.size) == (len(before), size)
    with reading(stage.engine) as conn:
        assert conn.execute(select(*proofs).order_by(t.letter.c.id)).all() == before
        assert set(conn.scalars(select(t.letter.c.mime))) == {b""}
    assert flaws(stage.engine) == ()
    assert by_kind(removed(stage.engine, {Kept.LETTERS: LATER})) == {Kept.LETTERS: 0}
    assert flaws(stage.engine) == ()


@pytest.mark.long
def test_only_what_is_older_goes(stage: Stage) -> None:
    """The day itself stays, in two steps as in one."""
    removed(stage.engine, dict.fromkeys(Kept, date(2015, 4, 25)))
    with_body = "SELECT count(*) FROM letter WHERE size > 0 AND night = '{}' AND length(mime) > 0"
    assert count(stage.engine, with_body.format("2015-04-20")) == 0
    assert count(stage.engine, with_body.format("2015-04-25")) > 0
    assert flaws(stage.engine) == ()
    removed(stage.engine, EVERYTHING)
    assert count(stage.engine, with_body.format("2015-04-25")) == 0
    assert flaws(stage.engine) == ()


@pytest.mark.long
def test_attempts_replaced_rows_and_closed_cases_go(stage: Stage) -> None:
    """All of them are counted, and nothing that is open or still wanted goes."""
    open_ = count(stage.engine, "SELECT count(*) FROM case_file WHERE status <> 'closed'")
    closed = count(stage.engine, "SELECT count(*) FROM case_file WHERE status = 'closed'")
    counted = statistics(stage.engine)
    gone = by_kind(removed(stage.engine, EVERYTHING))
    assert statistics(stage.engine) == counted != []
    assert all(gone[kind] > 0 for kind in Kept), gone
    assert count(stage.engine, "SELECT count(*) FROM delivery_attempt") == 0
    assert count(stage.engine, "SELECT count(*) FROM submission WHERE document = '1/BC'") == 0
    assert count(stage.engine, "SELECT count(*) FROM case_file WHERE status <> 'closed'") == open_
    left = count(stage.engine, "SELECT count(*) FROM case_file WHERE status = 'closed'")
    assert closed - left == gone[Kept.CASES]
    with reading(stage.engine) as conn:
        assert folded(conn).total() == gone[Kept.CASES]
    assert flaws(stage.engine) == ()


@pytest.mark.long
def test_the_next_nights_go_on_as_if_nothing_had_gone(stage: Stage, tmp_path: Path) -> None:
    """New cases do not take the numbers of removed ones, nobody is told twice, and the log agrees."""
    codes = "SELECT count(*) FROM (SELECT code FROM case_file GROUP BY code HAVING count(*) > 1) AS twice"
    with reading(stage.engine) as conn:
        known = set(conn.scalars(select(t.case_file.c.code)))
    removed(stage.engine, EVERYTHING)
    with reading(stage.engine) as conn:
        left = set(conn.scalars(select(t.case_file.c.code)))
    assert "vanhanh" not in to(stage.night("2015-05-08"))
    stage.night("2015-07-20")
    with reading(stage.engine) as conn:
        fresh = set(conn.scalars(select(t.case_file.c.code))) - left
    assert not fresh & known
    assert count(stage.engine, codes) == 0
    assert flaws(stage.engine) == ()


TAKEN = {
    "a letter's body": "UPDATE letter SET mime = '' WHERE id = "
    "(SELECT max(id) FROM letter WHERE night = '2015-05-07')",
    "another body": "UPDATE letter SET mime = 'A' WHERE id = "
    "(SELECT min(id) FROM letter WHERE night < '2015-05-01')",
    "an attempt": "DELETE FROM delivery_attempt WHERE letter = (SELECT max(letter) FROM delivery_attempt)",
    "a report": "DELETE FROM submission WHERE id = (SELECT max(id) FROM submission)",
    "a figure": "DELETE FROM reading WHERE id = (SELECT max(id) FROM reading)",
    "a count": "UPDATE case_statistic SET cases = cases + 1",
    "the statistics": "DELETE FROM case_statistic",
    "a case": "DELETE FROM case_file WHERE id = (SELECT max(id) FROM case_file)",
}


@pytest.mark.long
def test_what_was_removed_in_another_way_is_named(stage: Stage) -> None:
    """After a removal that the log knows the audit is green; with each of these it is red."""
    removed(stage.engine, dict.fromkeys(Kept, date(2015, 5, 7)))
    assert flaws(stage.engine) == ()
    with stage.engine.connect() as conn:
        for name, statement in TAKEN.items():
            if name == "a case":
                for table in ("notice", "case_before"):
                    conn.execute(text(f"DELETE FROM {table}"))
            conn.execute(text(statement))
            assert audit(conn).flaws, name
            conn.rollback()
    assert flaws(stage.engine) == ()


@pytest.mark.long
def test_nothing_is_removed_from_what_does_not_agree_with_the_log(stage: Stage) -> None:
    """Otherwise a removal would cover up what somebody took before it."""
    with writing(stage.engine) as conn:
        conn.execute(text(TAKEN["a figure"]))
    with pytest.raises(RetentionRefused, match="Nothing was removed"):
        removed(stage.engine, EVERYTHING)
    assert "1 rows of reading are missing" in flaws(stage.engine)


def test_a_dead_letter_without_its_body_is_not_sent_again(sqlite: Engine) -> None:
    """There is nothing to send: the operator is told so, and the letter stays as it is."""
    with audited(sqlite) as tx:
        outbox.enqueue(tx, [planned(held=True)])
        outbox.decide(tx, [planned().id], LetterState.DROPPED, DUE)
    removed(sqlite, {Kept.LETTERS: LATER})
    with writing(sqlite) as conn:
        conn.execute(t.letter.update().values(state=LetterState.DEAD))
    with pytest.raises(BodyRemoved, match="its body was kept for its time"):
        resend(sqlite, [planned().id], DUE)
    assert count(sqlite, "SELECT count(*) FROM letter WHERE state = 'dead'") == 1


def test_the_bytes_really_go(sqlite: Engine, sink: Mailsink) -> None:
    """The file of SQLite shrinks, and no sentence of a letter is left in it or beside it."""
    stage = Stage.set(sqlite, sink)
    stage.night("2015-04-20")
    file = Path(str(sqlite.url.database))
    with sqlite3.connect(file) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = file.stat().st_size
    (gone,) = removed(sqlite, {Kept.LETTERS: LATER}).removals
    assert before - file.stat().st_size > gone.size * 0.9
    stored = b"".join(path.read_bytes() for path in file.parent.glob("dondoc.db*"))
    assert b"Content-Transfer-Encoding" not in stored
