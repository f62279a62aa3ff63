"""Two nights started together, rules that are swapped while one runs, a database that is busy for long."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from dondoc.engine.rulefile import load
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.db.tables import letter, metadata
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.flows.scheduler import direct
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support import outbox_rivals as rivals
from tests.support.cli_office import DONDOC, Office
from tests.support.story_stage import Stage
from tests.support.town import ROOT

pytestmark = pytest.mark.long

NIGHT = date(2015, 4, 20)


def url_of(engine: Engine) -> str:
    """The address of a fixture's database."""
    return engine.url.render_as_string(hide_password=False)


def migrated(engine: Engine, sink: Mailsink) -> Stage:
    """The fixture's database as the migrations make it, with the example data."""
    metadata.drop_all(engine)
    upgrade(engine)
    return Stage.set(engine, sink)


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """On SQLite, and again on PostgreSQL."""
    return migrated(database, sink)


def test_two_nights_started_together(stage: Stage, office: Office) -> None:
    """One judges; the other finds it running or done and says so. One night, each letter once, both end well."""
    words = [str(DONDOC), "nightly", "--plain", "--as-of", NIGHT.isoformat()]
    environment = {**os.environ, "DONDOC_DATABASE": url_of(stage.engine)}
    both = [
        subprocess.Popen(
            words,
            cwd=office.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [one.communicate(timeout=120)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sum("mở mới 9" in text and "đã chạy trước đó" not in text for text in said) == 1
    assert sum("Một đêm khác đang chạy" in text or "đã chạy trước đó" in text for text in said) == 1
    with reading(stage.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(t.night)) == 1
        offices = conn.scalars(select(letter.c.office)).all()
    assert len(offices) == len(set(offices)) == 10


def test_rules_that_are_swapped_while_a_night_runs(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night is judged by the rules it began with, and its row says which; the next one reads the new ones."""
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    monkeypatch.setenv("DONDOC_DATABASE", url_of(stage.engine))
    monkeypatch.setenv("DONDOC_RULES", str(folder))
    began_with = load(folder).sha256
    decide = steps.decide

    def swapped(*words: Any, **more: Any) -> Any:
        (folder / "luc-nam" / "279-ubnd-ldtbxh.yaml").write_text("version: [", "utf-8")
        return decide(*words, **more)

    monkeypatch.setattr(steps, "decide", swapped)
    report = direct.nightly(NIGHT, catch_up=False)
    assert (report.state, report.counts["opened"]) == ("ok", 9)
    with reading(stage.engine) as conn:
        assert conn.scalars(select(t.night.c.rules_sha256)).all() == [began_with]


@pytest.mark.long
def test_a_database_that_is_locked_for_twenty_seconds(stage: Stage, sink: Mailsink) -> None:
    """Another process holds it that long: night and delivery wait, and then do their work."""
    context = multiprocessing.get_context("spawn")
    holding, done = context.Event(), context.Event()
    for work in (_night, _delivery):
        holding.clear()
        done.clear()
        rival = context.Process(target=rivals.hold_a_write, args=(url_of(stage.engine), holding, done))
        rival.start()
        assert holding.wait(30)
        threading.Timer(20, done.set).start()
        work(stage)
        assert done.is_set()
        rival.join(30)
    assert len(stage.mails(NIGHT)) == 10


def _night(stage: Stage) -> None:
    planned = steps.plan_nights(stage.engine, NIGHT, catch_up=False)
    assert not isinstance(planned, NightReport)
    assert stage.judged(planned[-1]).counts["letters"] == 10


def _delivery(stage: Stage) -> None:
    assert stage.delivered(NIGHT).sent == 10
