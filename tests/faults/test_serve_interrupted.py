"""`dondoc serve` after a power cut, and after a stop over the hour of the night: the night is judged, once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from dondoc.engine.domain.model import ZONE
from dondoc.flows.night.steps import NIGHT_AT, as_of_for
from tests.support.cli_office import Office
from tests.support.ports import answers, free_port
from tests.support.serving import Api, awaited, children, power_cut, serving
from tests.support.town import ROOT

pytestmark = pytest.mark.long

LOGIN = "an-operator:canary"
# The command itself; only its night begins when the test says, at any hour of the day.
SERVE = """
import sys
from datetime import time
from dondoc.flows.cli.program import main
from dondoc.flows.config import settings

night = time.fromisoformat(sys.argv.pop())
settings._night_at = lambda given: night
main()
"""


@dataclass(frozen=True)
class Service:
    """An office and the port of its own Prefect server."""

    office: Office
    port: int

    @property
    def api(self) -> Api:
        """Its Prefect server, by the login that the operator has set."""
        return Api(f"http://127.0.0.1:{self.port}/api", LOGIN)

    def serving(self, hour: datetime) -> AbstractContextManager[Popen[bytes]]:
        """`dondoc serve`, with the night at this hour."""
        words = ("serve", "--port", str(self.port), f"{hour.astimezone(ZONE):%H:%M}")
        return serving(self.office, *words, code=SERVE, PREFECT_SERVER_API_AUTH_STRING=LOGIN)

    def runs(self, *states: str, flow: str = "nightly") -> list[dict[str, Any]]:
        """The runs of a flow that are in one of these states."""
        body = {"flows": {"name": {"any_": [flow]}}, "flow_runs": {"state": {"type": {"any_": list(states)}}}}
        return list(self.api.asked("flow_runs/filter", body))

    def logged(self, run: str) -> list[str]:
        """What a run has logged."""
        lines = self.api.asked("logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}})
        return [line["message"] for line in lines]

    def judged(self, night: date) -> bool:
        """Whether this is the latest night."""
        found = json.loads(self.office.dondoc("status", "--json").out)["night"]
        return bool(found["as_of"] == night.isoformat())


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """Rules of the project, the examples imported, and last night judged."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    office = Office(tmp_path)
    office.holds_the_examples()
    before = as_of_for(datetime.now(UTC)) - timedelta(days=1)
    assert office.dondoc("nightly", "--plain", "--baseline", "--as-of", before.isoformat()).code == 0
    return Service(office, free_port())


def soon() -> datetime:
    """A full minute that leaves the service time to start."""
    return (datetime.now(UTC) + timedelta(seconds=100)).replace(second=0, microsecond=0)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """A database that another process is writing to: a night waits in the middle."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_after_a_power_cut_in_the_middle_of_a_night_the_next_one_is_judged(service: Service) -> None:
    """Service, server and run die at once; nothing that they held keeps the next scheduled run waiting.

    Not even a limit on the server, which earlier versions had set there.
    """
    with locked(service.office.database), service.serving(soon()) as process:
        answers(service.port)
        deployment = service.api.deployment("nightly")["id"]
        service.api.asked(f"deployments/{deployment}", {"concurrency_limit": 1}, "PATCH")
        awaited(lambda: service.runs("RUNNING"))
        power_cut(process)
    hour = soon()
    with service.serving(hour):
        answers(service.port)
        awaited(lambda: service.runs("COMPLETED"))
        assert datetime.now(UTC) >= hour
        assert service.judged(as_of_for(hour))
        assert not service.runs("RUNNING", "PENDING")


def test_a_run_that_is_killed_is_tried_again(service: Service) -> None:
    """The service lives on, sees that the night is missing, and asks for it again."""
    with service.serving(soon()) as process:
        answers(service.port)
        service.api.deployment("nightly")
        server = children(process.pid)
        with locked(service.office.database):
            awaited(lambda: service.runs("RUNNING"))
            for run in children(process.pid) - server:
                os.kill(run, signal.SIGKILL)
        (crashed,) = awaited(lambda: service.runs("CRASHED"))
        (completed,) = awaited(lambda: service.runs("COMPLETED"))
    assert crashed["name"] == completed["name"] == f"nightly {as_of_for(datetime.now(UTC))}"


def test_a_service_that_starts_in_the_sending_hours_delivers_at_once(service: Service) -> None:
    """What a stop or a reboot has kept from the letters is not left to the next quarter of an hour."""
    hours = "hours: {from: 06:30, until: 17:00}"
    service.office.spoil("rules/mail.yaml", hours, "hours: {from: 00:00, until: 23:59}")
    with service.serving(datetime.now(UTC) - timedelta(hours=1)):
        answers(service.port)
        asked_at = datetime.now(UTC)
        (first, *_) = awaited(lambda: service.runs("COMPLETED", flow="deliver"), 60)
    assert first["parameters"] == {"in_hours": True}
    assert datetime.fromisoformat(first["expected_start_time"]) - asked_at < timedelta(minutes=1)
    assert first["name"].startswith("deliver ")


def test_a_night_that_fell_into_a_stop_is_judged_at_the_next_start_and_once(service: Service) -> None:
    """Stopped in order before the hour, started after it: it runs at once, and no later start repeats it."""
    hour = soon()
    if hour.astimezone(ZONE).time() < NIGHT_AT:
        pytest.skip("no setting lets a night begin before 02:00, up to which data counts for it")
    with service.serving(hour):
        answers(service.port)
        service.api.deployment("nightly")
    time.sleep(max(0.0, (hour - datetime.now(UTC)).total_seconds()) + 5)
    with service.serving(hour):
        answers(service.port)
        (made_up,) = awaited(lambda: service.runs("COMPLETED"), 60)
        assert service.judged(as_of_for(hour))
        assert (made_up["name"], made_up["tags"]) == (f"nightly {as_of_for(hour)}", ["dondoc"])
        awaited(lambda: [line for line in service.logged(made_up["id"]) if line.startswith("Đêm ")], 30)
    with service.serving(hour):
        answers(service.port)
        service.api.deployment("nightly")
        time.sleep(15)
        assert len(service.runs("COMPLETED")) == 1


def test_what_is_old_goes_on_sunday_evening(service: Service) -> None:
    """The service has a weekly run of its own for it, which removes what `dondoc retain` would."""
    earlier = datetime.now(UTC) - timedelta(days=400)
    with closing(sqlite3.connect(service.office.database)) as other, other:
        other.execute("UPDATE submission SET superseded_at = ? WHERE id = 1", [f"{earlier:%Y-%m-%d %H:%M:%S.%f}"])
    with serving(
        service.office,
        *("--port", str(service.port)),
        PREFECT_SERVER_API_AUTH_STRING=LOGIN,
        DONDOC_KEEP_HISTORY="365",
    ):
        answers(service.port)
        weekly = service.api.deployment("retain")
        (schedule,) = weekly["schedules"]
        assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("0 20 * * 0", str(ZONE))
        run = service.api.asked(f"deployments/{weekly['id']}/create_flow_run", {})
        assert service.api.ended(run["id"]) == "COMPLETED"
    removed = service.office.dondoc("audit", "list", "--kind", "history-removed", "--json")
    assert json.loads(removed.out)[0]["detail"]["table"] == "submission"
