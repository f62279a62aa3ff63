"""What somebody on the machine can do with the Prefect server that `dondoc serve` listens to."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from dondoc.flows.scheduler.prefect_environment import configure_environment
from dondoc.flows.scheduler.prefect_server import own_server
from tests.support.cli_office import Office
from tests.support.ports import answers, free_port
from tests.support.serving import Api, bare, serving
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
