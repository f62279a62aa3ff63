"""A configured Prefect server: whether it answers, has our schedules, and has workers to run them.

Asked over HTTP, because importing Prefect takes seconds.
"""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any

from dondoc.engine.errors import Remedy
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, look, wrong

_TOPIC = Topic.SCHEDULE
_FLOWS = ("nightly", "deliver", "retain")
_SECONDS = 10
_NOT_FOUND = 404


class NoAnswer(Exception):
    """The server gave no answer, or not one in JSON."""


def schedule(environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    """The server named by `PREFECT_API_URL`, each of our deployments, and the workers of their pools."""
    api = environment.get("PREFECT_API_URL", "").rstrip("/")
    if not api:
        yield good(_TOPIC, "không đặt PREFECT_API_URL: dondoc serve tự chạy máy chủ riêng (serve starts its own)")
        return
    server = Server(environment)
    try:
        found = server.asked("deployments/filter", {"flows": {"name": {"any_": list(_FLOWS)}}}) or []
        yield good(_TOPIC, f"{api}: trả lời (answers)")
        if server.lets_anybody_in():
            yield look(
                _TOPIC,
                f"{api}: không hỏi mật khẩu; ai gọi được nó đều đổi được lịch, và cho chạy lệnh trên máy của "
                "worker (asks for no login: anybody who reaches it can change the schedule, and run commands on "
                "workers)",
                "đặt PREFECT_SERVER_API_AUTH_STRING ở máy chủ ấy, cùng giá trị ở PREFECT_API_AUTH_STRING tại đây "
                "và ở mỗi worker; cổng chỉ mở cho các máy ấy (set a login there, the same here and for every "
                "worker, and open its port to these machines only)",
            )
        if not found:
            yield look(
                _TOPIC,
                "chưa có lịch nào của Đôn Đốc (it has none of our schedules)",
                "chạy dondoc serve, hoặc prefect deploy --all trong thư mục có prefect.yaml (start one of them)",
            )
        for deployment in sorted(found, key=lambda each: str(each["name"])):
            yield _deployment(deployment)
        for pool in sorted({each["work_pool_name"] for each in found if each.get("work_pool_name")}):
            yield pool_of(server, pool)
    except NoAnswer as error:
        yield wrong(
            _TOPIC,
            f"{api}: không trả lời (no answer) [{error}]",
            "mở máy chủ Prefect hoặc sửa PREFECT_API_URL; đêm vẫn chạy được bằng dondoc nightly --plain (start "
            "the server or fix the address; nights also run without it)",
            Remedy.LATER,
        )


def _deployment(found: Mapping[str, Any]) -> Diagnosis:
    name = f"{found['name']}"
    if found.get("paused"):
        return look(
            _TOPIC,
            f"{name}: lịch đang tạm dừng (its schedule is paused)",
            f"prefect deployment schedule resume {name}/{name}",
        )
    if found.get("status") != "READY":
        return wrong(
            _TOPIC,
            f"{name}: không ai nhận việc (no worker takes its runs)",
            "chạy dondoc serve; nếu dùng work pool: prefect worker start --pool TÊN (start one of them)",
        )
    return good(_TOPIC, f"{name}: có lịch, có nơi nhận việc (scheduled, with a worker for its runs)")


def pool_of(server: Server, name: str) -> Diagnosis:
    """The workers of a pool: wrong when none is online, worth a look when some are offline."""
    if server.asked(f"work_pools/{name}") is None:
        return wrong(
            _TOPIC,
            f"không có work pool «{name}» (there is no such pool)",
            f"prefect work-pool create --type process {name}",
            Remedy.USAGE,
        )
    workers = server.asked(f"work_pools/{name}/workers/filter", {}) or []
    gone = sorted(str(each["name"]) for each in workers if each["status"] != "ONLINE")
    said = f"work pool «{name}»: {len(workers) - len(gone)}/{len(workers)} worker đang chạy (workers online)"
    remedy = f"prefect worker start --pool {name}"
    if len(gone) == len(workers):
        return wrong(_TOPIC, said, remedy)
    if gone:
        return look(_TOPIC, f"{said}; mất (gone): {', '.join(gone)}", f"{remedy}, trên máy đã mất (there)")
    return good(_TOPIC, said)


def _headers(environment: Mapping[str, str]) -> dict[str, str]:
    """The headers with which Prefect's own client signs in: a key, or a user and a password."""
    headers = {"Content-Type": "application/json"}
    if key := environment.get("PREFECT_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    elif pair := environment.get("PREFECT_API_AUTH_STRING"):
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
    return headers


class Server:
    """The API of the Prefect server that `PREFECT_API_URL` names."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._api = environment["PREFECT_API_URL"].rstrip("/")
        self._headers = _headers(environment)

    def lets_anybody_in(self) -> bool:
        """Whether it answers a request without a login."""
        stranger = Server({"PREFECT_API_URL": self._api})
        try:
            return stranger.asked("deployments/filter", {}) is not None
        except NoAnswer:
            return False

    def asked(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer to a request, from JSON; None for HTTP status 404. Raises `NoAnswer`."""
        data = None if body is None else json.dumps(body).encode()
        try:
            request = urllib.request.Request(f"{self._api}/{path}", data, self._headers)  # noqa: S310 - the operator's own address
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - the same
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == _NOT_FOUND:
                return None
            raise NoAnswer(f"HTTP {error.code}") from error
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(str(getattr(error, "reason", error))) from error
