"""What `dondoc doctor` says of a Prefect server: away, without our schedules or a pool, with workers gone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from dondoc.flows.doctor import Diagnosis, Grade
from dondoc.flows.doctor.schedule import schedule

LOGIN = {"PREFECT_API_AUTH_STRING": "admin:canary"}
ONLINE, OFFLINE = {"name": "may-1", "status": "ONLINE"}, {"name": "may-2", "status": "OFFLINE"}


def nightly(**more: object) -> dict[str, object]:
    """A deployment as the server describes it: scheduled, and somebody asks for its runs."""
    return {"name": "nightly", "status": "READY", "paused": False, "work_pool_name": None} | more


@contextmanager
def answering(answers: Mapping[str, Any], *, open_to_all: bool = False) -> Iterator[tuple[str, list[str | None]]]:
    """A server that knows these paths and no other, asks for a login unless it is `open_to_all`, and notes it."""
    seen: list[str | None] = []

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers["Authorization"])
            known = self.path.removeprefix("/api/") in answers
            welcome = open_to_all or self.headers["Authorization"]
            self.send_response((200 if known else 404) if welcome else 401)
            self.end_headers()
            self.wfile.write(json.dumps(answers.get(self.path.removeprefix("/api/"))).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api", seen
        server.shutdown()
        thread.join()


def gravest(answers: Iterator[Diagnosis]) -> Diagnosis:
    """What must be looked at first."""
    return max(answers, key=lambda answer: list(Grade).index(answer.grade))


POOL = "work_pools/dondoc"


@pytest.mark.parametrize(
    ("deployments", "others", "grade", "said", "remedy"),
    [
        ([], {}, Grade.LOOK, "chưa có lịch nào", "dondoc serve"),
        ([nightly()], {}, Grade.GOOD, "", ""),
        ([nightly(status="NOT_READY")], {}, Grade.WRONG, "không ai nhận việc", "dondoc serve"),
        ([nightly(paused=True)], {}, Grade.LOOK, "tạm dừng", "schedule resume"),
        ([nightly(work_pool_name="dondoc")], {}, Grade.WRONG, "không có work pool «dondoc»", "work-pool create"),
        (
            [nightly(work_pool_name="dondoc")],
            {POOL: {}, f"{POOL}/workers/filter": [ONLINE, OFFLINE]},
            Grade.LOOK,
            "1/2 worker đang chạy (workers online); mất (gone): may-2",
            "prefect worker start --pool dondoc",
        ),
        (
            [nightly(work_pool_name="dondoc")],
            {POOL: {}, f"{POOL}/workers/filter": [OFFLINE]},
            Grade.WRONG,
            "0/1 worker",
            "prefect worker start --pool dondoc",
        ),
    ],
    ids=[
        "no schedule of ours",
        "served, and well",
        "nobody takes the runs",
        "a schedule that is paused",
        "a work pool that does not exist",
        "half the workers gone",
        "every worker gone",
    ],
)
def test_the_schedule(
    deployments: list[dict[str, object]], others: dict[str, Any], grade: Grade, said: str, remedy: str
) -> None:
    """One clear sentence each, with its remedy."""
    with answering({"deployments/filter": deployments, **others}) as (api, _):
        answer = gravest(schedule({"PREFECT_API_URL": api, **LOGIN}))
    assert answer.grade is grade, answer
    assert said in answer.said
    assert remedy in answer.remedy


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"PREFECT_API_KEY": "canary"}, "Bearer canary"),
        ({"PREFECT_API_AUTH_STRING": "admin:canary"}, "Basic YWRtaW46Y2FuYXJ5"),
    ],
    ids=["a key", "a name and a password"],
)
def test_it_signs_in_as_prefect_does(given: dict[str, str], sent: str) -> None:
    """With the same variables, and shows neither."""
    with answering({"deployments/filter": []}) as (api, seen):
        answers = list(schedule({"PREFECT_API_URL": api, **given}))
    assert set(seen) == {sent, None}, "and once as a stranger"
    assert "canary" not in repr(answers)


@pytest.mark.parametrize("open_to_all", [False, True], ids=["with a login", "without one"])
def test_a_server_that_lets_anybody_in(*, open_to_all: bool) -> None:
    """It is worth a look, whatever else is well: who reaches it decides what is run."""
    with answering({"deployments/filter": [nightly()]}, open_to_all=open_to_all) as (api, _):
        answer = gravest(schedule({"PREFECT_API_URL": api, **LOGIN}))
    assert (answer.grade is Grade.LOOK) is open_to_all
    assert ("PREFECT_SERVER_API_AUTH_STRING" in answer.remedy) is open_to_all


def test_a_server_that_is_away() -> None:
    """Wrong for now, and the night can run without it."""
    answer = gravest(schedule({"PREFECT_API_URL": "http://127.0.0.1:9/api"}))
    assert answer.grade is Grade.WRONG
    assert "dondoc nightly --plain" in answer.remedy


def test_without_a_server_of_its_own_there_is_nothing_to_ask() -> None:
    """`dondoc serve` starts one."""
    (answer,) = schedule({})
    assert answer.grade is Grade.GOOD
