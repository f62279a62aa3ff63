"""`dondoc serve` as a process, and the Prefect API that it listens to, as anybody on the machine may call it."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tests.support.cli_office import DONDOC, Office
from tests.support.town import ROOT

ENDS = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


@dataclass(frozen=True)
class Api:
    """A Prefect API; `login` is the pair of user and password that it asks for, if any."""

    address: str
    login: str = ""

    def asked(self, path: str, body: dict[str, Any] | None = None, method: str = "POST", **headers: str) -> Any:
        """What the server answers; asked again while its database is busy, it hangs up or does not listen.

        Raises `HTTPError` when refused.
        """
        headers = {"Content-Type": "application/json", **headers}
        if self.login:
            headers["Authorization"] = f"Basic {base64.b64encode(self.login.encode()).decode()}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/{path}", data, headers, method=method)

        def once() -> list[Any]:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return [json.loads(answer.read() or b"null")]
            except urllib.error.HTTPError as error:
                error.close()
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
                return []
            except (ConnectionError, urllib.error.URLError) as error:
                # One that was killed a moment ago may have taken the call; its successor may not listen yet.
                if not isinstance(getattr(error, "reason", error), ConnectionError):
                    raise
                return []

        return awaited(once, 60)[0]

    def deployment(self, name: str) -> dict[str, Any]:
        """The one of a flow, once the service has made it."""
        body = {"deployments": {"name": {"any_": [name]}}}
        (found,) = awaited(lambda: self.asked("deployments/filter", body))
        return dict(found)

    def ended(self, run: str) -> str:
        """How a run ends, once it has."""

        def once() -> str | None:
            (found,) = self.asked("flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
            return found["state_type"] if found["state_type"] in ENDS else None

        return str(awaited(once))


def awaited(what: Callable[[], Any], seconds: int = 150) -> Any:
    """The first answer that is something."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    return found


def bare(**given: str) -> dict[str, str]:
    """This environment without settings of Đôn Đốc and Prefect, and with these variables."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DONDOC_", "PREFECT_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **given}


@contextmanager
def serving(office: Office, *words: str, code: str = "", **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`dondoc serve` in the office, or other `code`, with these words; it is stopped in order at the end."""
    command = [sys.executable, "-c", code, *words] if code else [str(DONDOC), "serve", *words]
    with (office.folder / "serve.log").open("ab") as out:
        process = subprocess.Popen(command, cwd=office.folder, env=bare(**environment), stdout=out, stderr=out)
    with process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def children(parent: int) -> set[int]:
    """The processes that a process has started."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after[1]) == parent:
            found.add(int(path.parent.name))
    return found


def power_cut(process: subprocess.Popen[bytes]) -> None:
    """Ends the service, its Prefect server and its runs at once, as a power cut does."""
    all_of_it = [process.pid]
    for one in all_of_it:
        # What is stopped starts nobody who would be left.
        os.kill(one, signal.SIGSTOP)
        all_of_it += children(one)
    for one in all_of_it:
        os.kill(one, signal.SIGKILL)
    process.wait()
    # The others have no parent left that could tell: nothing may listen on their port any more.
    awaited(lambda: not any(map(_alive, all_of_it)))


def _alive(process: int) -> bool:
    """Also one whose first thread has ended while others still hold its sockets."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        threads = len(list(Path(f"/proc/{process}/task").iterdir()))
    except OSError:
        return False
    return state != "Z" or threads > 1
