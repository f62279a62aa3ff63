"""The metrics over HTTP while `dondoc serve` runs, for a Prometheus that scrapes instead of reading files.

`GET /metrics` and nothing else, on this machine only; put a proxy in front for other machines.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from http.server import ThreadingHTTPServer

from prometheus_client import CollectorRegistry, MetricsHandler

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.faults import DBAPIError
from dondoc.engine.store.db.schema_version import behind
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.records import metrics

HERE = "127.0.0.1"
_EMPTY = "Chưa có dữ liệu; chạy dondoc nightly một lần. (No data yet: run dondoc nightly once.)\n"
_AWAY = "Không đọc được cơ sở dữ liệu; chạy dondoc doctor. (The database cannot be read: run dondoc doctor.)\n"
_OLD = "Cơ sở dữ liệu thuộc bản cũ; đêm tới sẽ nâng cấp. (An older database: the next night upgrades it.)\n"
_NOTHING_ELSE = "Chỉ có GET /metrics. (There is only GET /metrics.)\n"


class PortTaken(DonDocError):
    """The port for the metrics cannot be opened."""

    remedy = Remedy.USAGE


@contextmanager
def exposed(given: Settings, clock: Callable[[], datetime]) -> Iterator[int | None]:
    """Answers on the configured port while the context is open; yields the port, None where none is set.

    Each answer is computed from the database when it is asked for. Raises `PortTaken`.
    """
    if given.metrics_port is None:
        yield None
        return

    class Answering(MetricsHandler):
        server_version, sys_version = "dondoc", ""

        def do_GET(self) -> None:  # noqa: N802 - the library's name
            # The library answers on any path, and does not handle a database that cannot be read.
            if self.path.partition("?")[0] != "/metrics":
                self._refuse()
            elif isinstance(answer := _answer(given, clock), str):
                self._say(HTTPStatus.SERVICE_UNAVAILABLE, answer)
            else:
                self.registry = answer
                super().do_GET()

        def _refuse(self) -> None:
            self._say(HTTPStatus.NOT_FOUND, _NOTHING_ELSE)

        do_HEAD = do_POST = do_PUT = do_DELETE = _refuse  # noqa: N815 - the library's names

        def _say(self, status: HTTPStatus, sentence: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(sentence.encode())

    try:
        server = ThreadingHTTPServer((HERE, given.metrics_port), Answering)
    except OSError as error:
        raise PortTaken(
            f"metrics_port: không mở được cổng {given.metrics_port} trên máy này; chọn cổng khác (the port for "
            f"the metrics cannot be opened: choose another): {error.strerror}"
        ) from error
    with server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def _answer(given: Settings, clock: Callable[[], datetime]) -> CollectorRegistry | str:
    """The metrics, or the sentence that says why there are none."""
    if given.database_missing():
        return _EMPTY
    try:
        with opened(given) as engine:
            if behind(engine):
                return _OLD
            with reading(engine) as conn:
                return metrics.standing(conn, clock())
    except (DonDocError, OSError, DBAPIError):
        return _AWAY
