"""A local Prefect server for `dondoc serve` when none is configured, and checks of one that is."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.flows.scheduler.prefect_environment import LOGIN

PORT = 4200
_START_SECONDS = 180
_STOP_SECONDS = 20
_ANSWER_SECONDS = 10
_TROUBLE = 500  # from here on an HTTP status is a failure of the server itself


class PrefectSilent(DonDocError):
    """The configured Prefect server does not answer; nothing was started."""

    remedy = Remedy.LATER


class PrefectLost(DonDocError):
    """The Prefect server stopped answering while a flow ran; what the flow has committed stays."""

    remedy = Remedy.LATER


class ServerSilent(DonDocError):
    """The local Prefect server did not start."""


@contextmanager
def own_server(environment: Mapping[str, str], home: Path, port: int = PORT) -> Iterator[str]:
    """Starts a Prefect server on 127.0.0.1 and yields the URL of its API; it stops with the context.

    It asks for the login in `environment`, where `configure_environment` has put one. Its output goes to
    `server.log` in `home`. Raises `ServerSilent` when it does not answer in three minutes.
    """
    log = home / "server.log"
    site = f"http://127.0.0.1:{port}"
    module = "dondoc.flows.scheduler.server_process"
    command = [sys.executable, "-m", module, "--host", "127.0.0.1", "--port", str(port)]
    settings = {
        **environment,
        "PREFECT_SERVER_UI_ENABLED": "true",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": site,
    }
    # In its own session, so that Ctrl+C reaches only this process, which then stops the server in order.
    with (
        log.open("ab") as out,
        subprocess.Popen(  # noqa: S603
            command, env=settings, stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True
        ) as process,
    ):
        try:
            _await(process, f"{site}/api", log, environment.get(LOGIN, ""))
            yield f"{site}/api"
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def must_answer(api: str) -> None:
    """Checks that the Prefect server at the URL `api` answers; raises `PrefectSilent` if not.

    Prefect itself would print a traceback, and for a slow server nothing.
    """
    try:
        with urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=_ANSWER_SECONDS):  # noqa: S310 - the operator's own
            return
    except urllib.error.HTTPError as error:
        # A refusal such as 401 or 404 is an answer too: the server is there.
        if error.code < _TROUBLE:
            return
        seen = str(error)
    except (OSError, HTTPException, ValueError) as error:
        seen = str(error)
    raise PrefectSilent(
        f"Máy chủ Prefect tại {api} không trả lời; chưa làm gì cả. Chạy thêm --plain để không cần Prefect, hoặc "
        "sửa PREFECT_API_URL. (The Prefect server does not answer and nothing was started: add --plain, or fix "
        f"PREFECT_API_URL.) [{seen}]"
    )


@contextmanager
def named(api: str) -> Iterator[None]:
    """Around a flow run by the Prefect server at `api`; raises `PrefectSilent` before it, `PrefectLost` during it.

    An error of the flow passes through while the server answers.
    """
    must_answer(api)
    try:
        yield
    except DonDocError:
        # Our own errors say what is wrong, whatever the server does.
        raise
    except Exception as error:
        try:
            must_answer(api)
        except PrefectSilent:
            raise PrefectLost(
                f"Máy chủ Prefect tại {api} ngừng trả lời giữa chừng; cái đã ghi còn nguyên. Xem dondoc status, "
                "rồi chạy lại với --plain: việc đã xong không làm lại. (The Prefect server stopped answering "
                "during the run; what was written stays: see dondoc status, then run again with --plain.)"
            ) from error
        raise


@contextmanager
def login_file(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """While it is open: a file with the login of the own server's pages, which only this account can read."""
    path = home / "login"
    path.unlink(missing_ok=True)
    path.touch(0o600, exist_ok=False)
    path.write_text(environment[LOGIN], "utf-8")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _await(process: subprocess.Popen[bytes], api: str, log: Path, login: str) -> None:
    # With the login, because a foreign server that already has the port would answer anything else.
    pair = base64.b64encode(login.encode()).decode("ascii")
    request = urllib.request.Request(f"{api}/admin/version", headers={"Authorization": f"Basic {pair}"})  # noqa: S310
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise ServerSilent(
        f"Máy chủ Prefect không khởi động được tại {api}; xem {log}, hoặc đặt PREFECT_API_URL tới một máy chủ "
        "đang chạy. (The Prefect server did not start: see its log, or set PREFECT_API_URL.)"
    )
