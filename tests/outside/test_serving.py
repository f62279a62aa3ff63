"""`dondoc serve` on a real Prefect server: a late night keeps its date, a killed one is made up, a cron fires."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from dondoc.flows.night.steps import as_of_for, cutoff_of
from dondoc.flows.scheduler.prefect_environment import configure_environment
from dondoc.flows.scheduler.prefect_server import own_server
from tests.support.cli_office import Office
from tests.support.ports import free_port
from tests.support.town import ROOT

pytestmark = pytest.mark.outside

# The schedule alone is replaced: nobody waits until two in the morning.
SERVE = """
import sys
from dondoc.flows.scheduler import prefect_flows

prefect_flows.NIGHT_CRON = sys.argv[1]
prefect_flows.serve_forever()
"""
NEVER, EVERY_MINUTE = "0 3 29 2 *", "* * * * *"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Rules and examples of the project, copied, the examples imported."""
    for name in ("rules", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    ready = Office(tmp_path)
    ready.holds_the_examples()
    return ready


@pytest.fixture
def api(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Prefect server for one test, in the office's folder."""
    for name in [key for key in os.environ if key.startswith(("PREFECT_", "DONDOC_"))]:
        monkeypatch.delenv(name)
    configure_environment(os.environ, office.folder / "prefect")
    monkeypatch.setenv("PREFECT_LOGGING_TO_API_ENABLED", "false")
    with own_server(os.environ, office.folder / "prefect", free_port()) as address:
        yield address


@contextmanager
def serving(office: Office, api: str, cron: str) -> Iterator[int]:
    """The service on its schedule; its process id."""
    environment = {**os.environ, "PREFECT_API_URL": api, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", SERVE, cron], cwd=office.folder, env=environment) as process:
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(60)


def asked(api: str, path: str, body: dict[str, Any]) -> Any:
    """What the server answers; asked again while its own database is busy, as Prefect's client does."""
    request = urllib.request.Request(
        f"{api}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )

    def once() -> list[Any]:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return [json.load(answer)]
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            return []

    return awaited(once, 60)[0]


def awaited(what: Callable[[], Any], seconds: int = 150) -> Any:
    """The first answer that is something."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    return found


def scheduled(api: str, night: date) -> str:
    """A run of the night's own two o'clock, which has passed; its id."""
    body = {"flows": {"name": {"any_": ["nightly"]}}}
    (deployment,) = awaited(lambda: asked(api, "deployments/filter", body))
    at = cutoff_of(night).astimezone(UTC).isoformat()
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": at}}
    run: str = asked(api, f"deployments/{deployment['id']}/create_flow_run", {"state": state})["id"]
    return run


def ended(api: str, run: str) -> str | None:
    """How a run ended; None while it has not."""
    body = {"flow_runs": {"id": {"any_": [run]}}}
    state: str = asked(api, "flow_runs/filter", body)[0]["state_type"]
    return state if state in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None


def children(parent: int) -> set[int]:
    """The processes that the service has started."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after[1]) == parent:
            found.add(int(path.parent.name))
    return found


def nights(office: Office) -> list[str]:
    """The latest night, as the command says it."""
    night = json.loads(office.dondoc("status", "--json").out)["night"]
    return [] if night is None else [night["as_of"], night["state"]]


def test_late_killed_and_on_schedule(office: Office, api: str) -> None:
    """Three nights: one that starts two days late, one killed at its start, one that the schedule fires."""
    # Before 02:00 in Vietnam the schedule still starts yesterday's night.
    today = as_of_for(datetime.now(UTC))
    before, yesterday = today - timedelta(days=2), today - timedelta(days=1)
    with serving(office, api, NEVER) as service:
        late = scheduled(api, before)
        assert awaited(lambda: ended(api, late)) == "COMPLETED"
        assert nights(office) == [before.isoformat(), "ok"]
        others = children(service)
        killed = scheduled(api, yesterday)
        (night,) = awaited(lambda: children(service) - others)
        os.kill(night, signal.SIGKILL)
        assert awaited(lambda: ended(api, killed)) == "CRASHED"
        assert nights(office) == [before.isoformat(), "ok"]
    with serving(office, api, EVERY_MINUTE):
        awaited(lambda: nights(office)[:1] == [today.isoformat()])
    events = office.dondoc("nightly", "--plain", "--as-of", yesterday.isoformat())
    assert "đã chạy trước đó" in events.out
