"""Workers of a real Prefect work pool decide a night while one is killed: the same cases, nobody told twice."""

from __future__ import annotations

import base64
import importlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dondoc.engine.judge.compiler import compile_book
from dondoc.engine.store.matching.evaluate import Decisions, Fault, Range
from dondoc.engine.store.matching.matches import Match, Matches
from dondoc.engine.store.matching.shares import Share, Unanswered
from dondoc.flows.config.partitions import read
from dondoc.flows.doctor import Diagnosis as Said
from dondoc.flows.doctor import Grade
from dondoc.flows.doctor.workers import partitions
from dondoc.flows.scheduler.prefect_environment import configure_environment
from dondoc.flows.scheduler.prefect_server import own_server
from dondoc.flows.workers.share import ShareResult
from tests.support.ports import free_port
from tests.support.remote_nights import NIGHTS, address, bare, killed_when_parked, parking, two, wait_until
from tests.support.serving import power_cut
from tests.support.town import rules
from tests.torture.databases import Databases, postgres_copies

pytestmark = pytest.mark.long

PREFECT = str(Path(sys.executable).with_name("prefect"))
POOL = "chia-phan"
LOGIN = "an-operator:canary"


@pytest.fixture(scope="module")
def copies(postgres_url: str) -> Databases:
    """Databases with the example data."""
    return postgres_copies(postgres_url, "pool")


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Prefect server with a work pool: the variables of whoever uses it."""
    home = tmp_path_factory.mktemp("prefect")
    quiet = {"PREFECT_API_AUTH_STRING": LOGIN}
    configure_environment(quiet, home)
    given = {**quiet, "PREFECT_WORKER_QUERY_SECONDS": "2"}
    with own_server(bare(**given), home, free_port()) as api:
        given["PREFECT_API_URL"] = api
        create = [PREFECT, "work-pool", "create", "--type", "process", POOL]
        subprocess.run(create, env=bare(**given), check=True, capture_output=True)
        yield given


@contextmanager
def workers(count: int, database: str, given: dict[str, str], log: Path) -> Iterator[None]:
    """So many, each for one share at once; they know the database by their own environment."""
    command = [PREFECT, "worker", "start", "--pool", POOL, "--limit", "1", "--name"]
    environment = bare(**{"PYTHONPATH": str(Path.cwd()), "DONDOC_DATABASE": database, **given})
    with ExitStack() as stack:
        for n in range(count):
            out = stack.enter_context((log / f"worker-{n}.log").open("wb"))
            process = subprocess.Popen([*command, f"may-{n}"], env=environment, stdout=out, stderr=out)
            stack.callback(ended, process)
        yield


def asked(api: str, path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
    """What the server answers."""
    data = None if body is None else json.dumps(body).encode()
    pair = base64.b64encode(LOGIN.encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {pair}"}
    request = urllib.request.Request(f"{api}/{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def forget_workers(api: str) -> None:
    """Those of another test, which the server takes to be there for a while yet."""
    for each in asked(api, f"work_pools/{POOL}/workers/filter", {}):
        asked(api, f"work_pools/{POOL}/workers/{each['name']}", method="DELETE")


def checked(given: dict[str, str], pool: str = POOL) -> Said:
    """What `dondoc doctor` says of the pool."""
    (answer,) = partitions(read(f"prefect:{pool}"), given)
    return answer


def ended(process: subprocess.Popen[bytes]) -> None:
    """Stopped as systemd stops it: in order, and after a while with all that it has started."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        power_cut(process)


def shares_run(api: str) -> list[dict[str, Any]]:
    """Every flow run of a share that the server knows."""
    found: list[dict[str, Any]] = asked(api, "flow_runs/filter", {"flows": {"name": {"any_": ["decide-share"]}}})
    return found


def machine_dies(pid: int) -> None:
    """The flow run and the worker that started it, together."""
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    for each in (parent, pid):
        os.kill(each, signal.SIGKILL)


@dataclass(frozen=True)
class WaitingRoom:
    """Flow runs that end as a test says, on a real server, without a worker."""

    api: str
    workpool: Any
    client: Any
    deployment: UUID

    def run(self, ending: str, brought: list[str]) -> Any:
        """A run that ended so, and what its worker left."""
        run = self.client.create_flow_run_from_deployment(self.deployment, parameters={"parcel": {}})
        for data in brought:
            asked(self.api, "artifacts/", {"type": "share", "data": data, "flow_run_id": str(run.id)})
        asked(self.api, f"flow_runs/{run.id}/set_state", {"state": {"type": ending}, "force": True})
        return self.client.read_flow_run(run.id)

    def artifacts(self) -> list[str]:
        """The runs that left something on the server."""
        return [each["flow_run_id"] for each in self._lying()]

    def cleared(self) -> None:
        """Nothing lies there for the next test."""
        for each in self._lying():
            asked(self.api, f"artifacts/{each['id']}", method="DELETE")

    def _lying(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = asked(
            self.api, "artifacts/filter", {"artifacts": {"type": {"any_": ["share"]}}}
        )
        return found


@contextmanager
def waiting_room(given: dict[str, str]) -> Iterator[WaitingRoom]:
    """A deployment of the flow that workers run."""
    workpool, prefect = (
        importlib.import_module("dondoc.flows.workers.prefect_pool"),
        importlib.import_module("prefect.settings"),
    )
    api = given["PREFECT_API_URL"]
    with ExitStack() as stack:
        known = {prefect.PREFECT_API_URL: api, prefect.PREFECT_API_AUTH_STRING: LOGIN}
        stack.enter_context(prefect.temporary_settings(known))
        client = stack.enter_context(workpool.get_client(sync_client=True))
        flow = client.create_flow_from_name(workpool.decide_share.name)
        made = client.create_deployment(flow, "waiting-room", enforce_parameter_schema=False)
        room = WaitingRoom(api, workpool, client, made)
        yield room
        room.cleared()
        client.delete_deployment(made)


def test_a_machine_dies_in_the_middle(copies: Databases, prefect: dict[str, str], tmp_path: Path) -> None:
    """The night waits, decides that share itself and says so; each letter arrives once; no password travels."""
    given, mark = parking(tmp_path)
    # The server is the module's: other tests leave runs on it that ended as they said.
    before = {run["id"] for run in shares_run(prefect["PREFECT_API_URL"])}
    with two(copies, tmp_path) as (alone, shared):
        shared.words = ()
        shared.settings |= {"DONDOC_PARTITIONS": f"prefect:{POOL}", **prefect}
        with workers(2, address(shared.engine), {**prefect, **given}, tmp_path):
            wait_until(lambda: "2/2" in checked(prefect).said)
            with killed_when_parked(mark, machine_dies) as killed:
                for night in NIGHTS[:2]:
                    alone.night(night)
                    shared.night(night)
            assert killed.is_set()
        first, _ = shared.reports.values()
        assert any("1 phần việc đánh giá" in line and "trong thời hạn" in line for line in first.lines)
        assert shared.notified() == alone.notified()
        assert shared.stands() == alone.stands()
        api = prefect["PREFECT_API_URL"]
        runs = [run for run in shares_run(api) if run["id"] not in before]
        assert {run["state_type"] for run in runs} == {"COMPLETED", "CANCELLED"}
        assert "postgres" not in json.dumps(runs)
        assert asked(api, "artifacts/filter", {"artifacts": {"type": {"any_": ["share"]}}}) == []


@pytest.mark.parametrize(
    ("pool", "said"),
    [("khong-co", "không có work pool «khong-co»"), (POOL, "không có worker nào")],
    ids=["a pool that does not exist", "a pool without a worker"],
)
def test_nobody_can_decide_it(
    copies: Databases, prefect: dict[str, str], tmp_path: Path, pool: str, said: str
) -> None:
    """The night happens, with a line that says whom it looked for and what to type."""
    forget_workers(prefect["PREFECT_API_URL"])
    with two(copies, tmp_path) as (_, shared):
        shared.words = ()
        shared.settings |= {"DONDOC_PARTITIONS": f"prefect:{pool}", **prefect}
        shared.night(NIGHTS[0])
    (report,) = shared.reports.values()
    assert report.state == "ok"
    (line,) = [line for line in report.lines if "đánh giá" in line]
    assert said in line
    assert "prefect w" in line


def test_the_doctor_looks_for_workers(prefect: dict[str, str]) -> None:
    """No pool, no worker, no server, no address: a night runs each time, so each is worth a look and not wrong."""
    forget_workers(prefect["PREFECT_API_URL"])
    found = [
        checked(prefect, "khong-co"),
        checked(prefect),
        checked({"PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api"}),
        checked({}),
    ]
    assert [each.grade for each in found] == [Grade.LOOK] * 4
    assert "work-pool create" in found[0].remedy
    assert "worker start" in found[1].remedy
    assert "không trả lời" in found[2].said
    assert "PREFECT_API_URL" in found[3].remedy


@pytest.mark.parametrize("brought", [[], ["{"], ["null", "null"]], ids=["nothing", "half of it", "two answers"])
def test_an_answer_that_cannot_be_read(prefect: dict[str, str], brought: list[str]) -> None:
    """The night decides that share itself, and nothing of it stays on the server."""
    with waiting_room(prefect) as room:
        run, share = room.run("COMPLETED", brought), Share((), {}, datetime.now(UTC), "")
        found = room.workpool._became(room.client, run, share)
        assert isinstance(found, Unanswered)
        assert found.share is share
        assert "không để lại kết quả" in found.why.vi
        assert not room.artifacts()


def test_what_comes_after_the_night_has_gone(prefect: dict[str, str]) -> None:
    """The next night removes it; what a run brought that is waited for stays."""
    with waiting_room(prefect) as room:
        room.run("CANCELLED", ["{}"])
        room.run("CRASHED", ["{}"])
        waited_for = room.run("COMPLETED", ["{}"])
        room.workpool._sweep(room.client, room.deployment)
        assert room.artifacts() == [str(waited_for.id)]


def test_a_share_survives_its_journey() -> None:
    """Every shape of every rule pack, and every kind of answer, through JSON and back."""
    workpool = importlib.import_module("dondoc.flows.workers.prefect_pool")
    shapes = compile_book(rules(), date(2015, 4, 20))
    parts = tuple(Range(shape, n, n + 1_000) for n in (0, 1_000) for shape in shapes)
    share = Share(parts, {"a": 1}, datetime(2015, 4, 19, 19, tzinfo=UTC), "00000003-0000001B-1")
    text = workpool._PARCEL.dump_json(workpool.packed(share))
    assert workpool._PARCEL.validate_json(text).share() == share
    hits = Matches([Match("s", "late", 7), Match("s", "late", 9), Match("t", "low", 7)])
    found = Decisions(hits, {"s": 3}, [Fault("s", None, "x")])
    back = workpool._ANSWER.validate_json(workpool._ANSWER.dump_json(ShareResult.of(found)))
    assert back.decided() == found
