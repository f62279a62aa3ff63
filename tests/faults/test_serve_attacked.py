"""What somebody on the machine can do with the Prefect server that `dondoc serve` listens to."""

from __future__ import annotations

import json
import shutil
import socket
import stat
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from dondoc.flows.scheduler.prefect_environment import configure_environment
from dondoc.flows.scheduler.prefect_server import own_server
from tests.support.cli_office import Office
from tests.support.ports import answers, free_port
from tests.support.serving import Api, awaited, bare, serving
from tests.support.town import ROOT

pytestmark = pytest.mark.long


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Rules of the project, and the examples imported."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    ready = Office(tmp_path)
    ready.holds_the_examples()
    return ready


@pytest.fixture
def open_server(tmp_path: Path) -> Iterator[Api]:
    """A Prefect server of somebody else, without a login."""
    quiet: dict[str, str] = {}
    home = tmp_path / "outside"
    configure_environment(quiet, home)
    open_to_all = {key: value for key, value in quiet.items() if not key.endswith("AUTH_STRING")}
    with own_server(bare(**open_to_all), home, free_port()) as address:
        yield Api(address)


def planted(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A file that appears if the attack succeeds, and what a deployment must say for that."""
    trace = folder / "ran-by-a-stranger"
    (folder / "planted.py").write_text(f"open({str(trace)!r}, 'w')\n", "utf-8")
    shell = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {trace}"}}
    return trace, {"pull_steps": [shell], "entrypoint": f"{folder}/planted.py:nightly"}


def test_a_stranger_on_this_machine_gets_no_answer(office: Office) -> None:
    """The server of `dondoc serve` wants a login that was made up for this start, and lets no other page in."""
    port = free_port()
    with serving(office, "--port", str(port)):
        answers(port)
        stranger = f"http://127.0.0.1:{port}/api"
        for path in ("deployments/filter", "flow_runs/filter", "admin/version"):
            request = urllib.request.Request(f"{stranger}/{path}", b"{}", {"Origin": "http://evil.example"})
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=60)
            assert refused.value.code == HTTPStatus.UNAUTHORIZED
            assert refused.value.headers["Access-Control-Allow-Origin"] is None
            refused.value.close()


def test_the_login_is_for_the_account_of_the_service_alone(office: Office) -> None:
    """In a file of mode 0600 that goes with the service; with what it holds the server answers."""
    port = free_port()
    login = office.folder / "var" / "prefect" / "login"
    with serving(office, "--port", str(port)):
        answers(port)
        awaited(login.exists)
        assert stat.S_IMODE(login.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
        words = awaited(login.read_text)
        assert Api(f"http://127.0.0.1:{port}/api", words).deployment("nightly")["name"] == "nightly"
    assert words not in (office.folder / "serve.log").read_text()
    assert not login.exists()


def test_the_server_ends_with_a_service_that_is_killed(office: Office) -> None:
    """Else it would keep the port, with a login that nobody knows, and the service could not start again."""
    port = free_port()
    for _ in range(2):
        with serving(office, "--port", str(port)) as process:
            answers(port)
            awaited((office.folder / "var" / "prefect" / "login").exists)
            process.kill()
            process.wait()
        awaited(lambda: refused(port), 30)


def refused(port: int) -> bool:
    """Whether nobody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return True
    return False


def test_a_deployment_that_was_changed_runs_nothing_but_the_night(office: Office, open_server: Api) -> None:
    """On a server without a login anybody may rewrite one; the service runs its own night all the same."""
    trace, said = planted(office.folder)
    with serving(office, PREFECT_API_URL=open_server.address):
        deployment = open_server.deployment("nightly")["id"]
        open_server.asked(f"deployments/{deployment}", said, "PATCH")
        body = {"parameters": {"as_of": "2015-04-20"}, "state": {"type": "SCHEDULED"}}
        run = open_server.asked(f"deployments/{deployment}/create_flow_run", body)["id"]
        ended = open_server.ended(run)
    assert not trace.exists()
    assert ended == "COMPLETED"
    night = json.loads(office.dondoc("status", "--json").out)["night"]
    assert night["as_of"] == "2015-04-20"


def test_a_run_that_a_stranger_asks_for_is_an_ordinary_night(office: Office, open_server: Api) -> None:
    """On a server without a login: no night of the future, and no baseline, which would write to nobody."""
    far = datetime.now(UTC).date() + timedelta(days=100)
    with serving(office, PREFECT_API_URL=open_server.address):
        deployment = open_server.deployment("nightly")["id"]
        ended = []
        for asked in ({"as_of": far.isoformat(), "yes_future": True}, {"as_of": "2015-04-20", "baseline": True}):
            body = {"parameters": asked, "state": {"type": "SCHEDULED"}}
            run = open_server.asked(f"deployments/{deployment}/create_flow_run", body)["id"]
            ended.append(open_server.ended(run))
    assert ended == ["FAILED", "COMPLETED"]
    night = json.loads(office.dondoc("status", "--json").out)["night"]
    assert night["as_of"] == "2015-04-20"
    assert night["counts"]["letters"]
