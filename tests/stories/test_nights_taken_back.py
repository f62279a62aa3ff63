"""A night of the future is taken back: what follows is as if it had never been judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.store.audit_log.agreement import differences
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.db.tables import metadata
from dondoc.flows.night import steps
from dondoc.flows.records.acts import Said, recorded
from dondoc.flows.records.backup import BackupRefused, backup
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.letter.operator_letter import OFFICE
from tests.support.story_stage import Stage
from tests.support.town import at

TODAY, LATER = date(2015, 4, 20), date(2016, 4, 21)


@contextmanager
def restored(path: Path) -> Iterator[Engine]:
    """A database made of a backup."""
    engine = connect(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def migrated(database: Engine) -> Engine:
    """A database made by its migrations, as a backup expects."""
    metadata.drop_all(database)
    upgrade(database)
    return database


def standing(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """What nights have made: cases, tasks, notices and letters, apart from the numbers of their rows."""
    task, file, notice, letter = t.task.c, t.case_file.c, t.notice.c, t.letter.c
    wanted = {
        "cases": select(
            file.code, file.status, file.reached, file.breach, file.opened_on, file.closed_on, file.next_on
        ),
        "tasks": select(task.subject, task.unit_no, task.last_day, task.done_on, task.finished_on, task.ended),
        "notices": select(
            notice.night, notice.letter, notice.reader_no, notice.section, notice.step, notice.untold_on
        ),
        "letters": select(letter.night, letter.office, letter.recipient, letter.mime_sha256, letter.state).where(
            # The operator's has the head of the log in it, which knows what was taken back.
            letter.office != OFFICE
        ),
    }
    with reading(engine) as conn:
        return {name: sorted(map(tuple, conn.execute(query)), key=repr) for name, query in wanted.items()}


def days(stage: Stage, first: date, last: date) -> None:
    """Nights with their deliveries."""
    while first <= last:
        stage.night(first.isoformat())
        first += timedelta(days=1)


@pytest.mark.parametrize("after", [1, pytest.param(18, marks=pytest.mark.long)])
def test_the_nights_after_it_are_as_if_it_had_not_been(
    migrated: Engine, sink: Mailsink, tmp_path: Path, after: int
) -> None:
    """Cases, tasks, notices and letters of the nights that follow, to the byte; the log is whole and agrees."""
    ahead = Stage.set(migrated, sink)
    days(ahead, TODAY - timedelta(days=7), TODAY)
    known = standing(migrated)
    planned = steps.plan_nights(migrated, LATER)
    assert isinstance(planned, tuple)
    assert ahead.judged(planned[-1]).state == "held"
    assert standing(migrated) != known
    found = backup(migrated, tmp_path / "back.db", LATER)
    assert found.withdrawn is not None
    assert (found.withdrawn.nights, found.withdrawn.left) == (1, 0)
    with restored(tmp_path / "back.db") as engine, Mailsink(tmp_path / "mails") as other:
        assert standing(engine) == known
        undisturbed = connect(f"sqlite:///{tmp_path / 'undisturbed.db'}")
        upgrade(undisturbed)
        never = Stage.set(undisturbed, other)
        days(never, TODAY - timedelta(days=7), TODAY + timedelta(days=after))
        back = Stage(engine, sink)
        days(back, TODAY + timedelta(days=1), TODAY + timedelta(days=after))
        assert standing(engine) == standing(undisturbed)
        with reading(engine) as conn:
            assert list(differences(conn)) == []
        undisturbed.dispose()


def test_there_must_be_a_night_to_go_back_to(migrated: Engine, sink: Mailsink, tmp_path: Path) -> None:
    """Before the first night everything is imported again; no file is left behind."""
    Stage.set(migrated, sink).night(TODAY.isoformat())
    with pytest.raises(BackupRefused, match="không có đêm nào trước đó"):
        backup(migrated, tmp_path / "back.db", TODAY)
    assert list(tmp_path.glob("back*")) == []


def test_what_was_said_of_a_case_that_is_none_any_more_goes_with_it(
    migrated: Engine, sink: Mailsink, tmp_path: Path
) -> None:
    """The night of the 20th opens a case, and its commune answers; the night is taken back."""
    stage = Stage.set(migrated, sink)
    for day in ("2015-04-17", "2015-04-20"):
        stage.night(day)
    with reading(migrated) as conn:
        code = conn.scalars(select(t.case_file.c.code).order_by(t.case_file.c.id)).first()
    known = Said(str(code), ActKind.ACKNOWLEDGED)
    recorded(migrated, stage.book, known, at("2015-04-20T09:00"), Door.COMMAND)
    backup(migrated, tmp_path / "before", before=TODAY)
    with restored(tmp_path / "before") as again, reading(again) as conn:
        assert conn.execute(select(t.act)).all() == conn.execute(select(t.case_file)).all() == []
        assert list(differences(conn)) == []
