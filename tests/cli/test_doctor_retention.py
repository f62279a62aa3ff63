"""What `dondoc doctor` says of what is kept for a time, and of a weekly run that meets a night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url
from typer.testing import CliRunner

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, night_lock
from dondoc.engine.store.db.faults import NightRunning
from dondoc.flows.cli.program import program
from dondoc.flows.config.settings import load
from dondoc.flows.doctor.diagnosis import Diagnosis, Grade
from dondoc.flows.doctor.retention import retention
from dondoc.flows.records.retention import retain, retain_in_turn
from dondoc.notifications.delivery import outbox
from tests.support.planned_letters import DUE, planned
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT

ROLES = (ROOT / "deploy" / "postgresql-roles.sql").read_text("utf-8")
# When the time of a letter's body is just over.
OVER = DUE + timedelta(days=731)
WEEK = timedelta(days=8)


@pytest.fixture
def service(tmp_path: Path) -> dict[str, str]:
    """A service with an up-to-date SQLite database in which nothing stands."""
    given = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'dondoc.db'}"}
    made = connect(given["DONDOC_DATABASE"])
    upgrade(made)
    made.dispose()
    return given


def dropped(engine: Engine) -> None:
    """One letter that has ended."""
    with audited(engine) as tx:
        outbox.enqueue(tx, [planned(held=True)])
        held = [one.id for one in outbox.listing(tx.conn, [LetterState.HELD])]
        outbox.decide(tx, held, LetterState.DROPPED, DUE)


def said(service: dict[str, str], now: datetime) -> Diagnosis:
    """The one line."""
    (line,) = retention(load(service), now)
    return line


def test_what_is_older_than_its_time_by_more_than_a_week_is_named(service: dict[str, str]) -> None:
    """Not before, because it goes once a week. Afterwards the line says when it went."""
    engine = connect(service["DONDOC_DATABASE"])
    dropped(engine)
    engine.dispose()
    fresh = said(service, OVER)
    assert (fresh.grade, "chưa bỏ gì" in fresh.said) == (Grade.GOOD, True)
    late = said(service, OVER + WEEK)
    assert (late.grade, "1 dòng quá hạn giữ" in late.said) == (Grade.LOOK, True)
    assert "chạy dondoc retain" in late.remedy
    retain(service, OVER)
    done = said(service, OVER + WEEK)
    today = datetime.now(UTC).astimezone(ZONE)
    assert (done.grade, f"lần bỏ gần nhất {today:%d/%m/%Y}" in done.said) == (Grade.GOOD, True)


def test_where_everything_is_kept_for_good_nothing_is_missing(service: dict[str, str]) -> None:
    """And where there is no database yet, nothing is said."""
    kept = {f"DONDOC_KEEP_{kind}": "0" for kind in ("LETTERS", "ATTEMPTS", "HISTORY", "CASES")}
    assert "giữ mãi" in said(service | kept, OVER).said
    assert list(retention(load({"DONDOC_DATABASE": "sqlite:///nowhere/none.db"}), OVER)) == []


@pytest.mark.long
def test_a_server_without_a_role_that_may_remove_is_named(postgres_url: str) -> None:
    """With the roles of the manual all is well, for the service and for the role; a wrong address is named."""
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE doctor_retention")
        conn.execute("CREATE ROLE service_alone LOGIN")
    url = make_url(postgres_url.replace("/postgres?", "/doctor_retention?"))

    def by(role: str) -> str:
        return url.set(username=role).render_as_string(hide_password=False)

    made = connect(url.render_as_string(hide_password=False))
    upgrade(made)
    made.dispose()
    with psycopg.connect(url.render_as_string(hide_password=False)) as conn:
        conn.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO service_alone")
    alone = said({"DONDOC_DATABASE": by("service_alone")}, OVER)
    assert (alone.grade, "postgresql-roles.sql" in alone.remedy) == (Grade.LOOK, True)
    with psycopg.connect(url.render_as_string(hide_password=False)) as conn:
        conn.execute(ROLES)
    service = {"DONDOC_DATABASE": by("dondoc")}
    assert said(service, OVER).grade is Grade.GOOD
    assert said(service | {"DONDOC_RETENTION_DATABASE": by("dondoc_retention")}, OVER).grade is Grade.GOOD
    wrong = said(service | {"DONDOC_RETENTION_DATABASE": by("nobody_of_that_name")}, OVER)
    assert (wrong.grade, "DONDOC_RETENTION_DATABASE" in wrong.remedy) == (Grade.LOOK, True)
    owner = connect(by("dondoc_owner"))
    dropped(owner)
    owner.dispose()
    unable = said(service, OVER + WEEK)
    assert (unable.grade, "vai trò dondoc_retention" in unable.remedy) == (Grade.LOOK, True)


def test_a_weekly_run_that_meets_a_night_waits_for_its_end(service: dict[str, str]) -> None:
    """It looks again every minute, and goes on as soon as the night is done."""
    engine = connect(service["DONDOC_DATABASE"])
    dropped(engine)
    night = night_lock(engine)
    night.__enter__()
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            night.__exit__(None, None, None)

    report = retain_in_turn(service, lambda: OVER, sleep)
    assert (waits, sum(one.rows for one in report.removals)) == ([60, 60], 1)
    engine.dispose()


def test_it_waits_no_longer_than_the_day(service: dict[str, str]) -> None:
    """A night that runs until midnight is worth a person's look."""
    began = datetime(2026, 11, 29, 13, 0, tzinfo=UTC)
    passed = timedelta()

    def sleep(seconds: float) -> None:
        nonlocal passed
        passed += timedelta(seconds=seconds)

    engine = connect(service["DONDOC_DATABASE"])
    with night_lock(engine), pytest.raises(NightRunning):
        retain_in_turn(service, lambda: began + passed, sleep)
    engine.dispose()
    assert timedelta(hours=3, minutes=50) < passed < timedelta(hours=4)


def test_the_command_waits_when_it_is_told_to(service: dict[str, str]) -> None:
    """As the timer's unit calls it."""
    words = ("retain", "--wait")
    answered = CliRunner().invoke(program(words), words, env=service)
    assert answered.exit_code == 0, answered.output
    unit = (ROOT / "deploy" / "systemd" / "dondoc@retain.service.d" / "no-plain.conf").read_text("utf-8")
    assert "dondoc %i --wait" in unit
