"""Runs the pages under uvicorn until it is stopped. No access log: an address is the key to a case."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import uvicorn

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.store.db.schema_version import begun
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.web.app import app
from dondoc.flows.web.desk import WebDesk
from dondoc.flows.web.peer import PeerNoted

_CONNECTIONS = 200
_SECONDS_IDLE = 5
_SECONDS_TO_STOP = 10


class WebNotServed(DonDocError):
    """The pages cannot be served as the settings are; the text says what is missing."""

    remedy = Remedy.USAGE


def serve(
    given: Settings, host: str, port: int, clock: Callable[[], datetime], ready: Callable[[int], None]
) -> None:
    """Answers at `host` and `port` (0: any that is free) until a signal; calls `ready` with the port.

    Raises `WebNotServed`, and `SchemaOlder` for a database that no night has upgraded.
    """
    if given.links is None:
        raise WebNotServed(
            "Chưa có base_address và web_key_file trong thiết lập, nên thư chưa có liên kết để trả lời. (Set "
            "both: without them no letter has a link.)"
        )
    if given.database_missing():
        raise WebNotServed("Chưa có dữ liệu; chạy dondoc nightly một lần. (No data yet: run dondoc nightly once.)")
    with opened(given) as engine:
        begun(engine)
        desk = WebDesk(engine, given.rules, given.links, clock, given.desk)
        # Rules that are refused stop it here, with every problem, and not a reader later.
        desk.book()
        with closing(_listening(host, port)) as listener:
            ready(listener.getsockname()[1])
            _server(desk).run(sockets=[listener])


@contextmanager
def served(desk: WebDesk, host: str = "127.0.0.1") -> Iterator[str]:
    """The same pages at any free port for as long as the context is open; yields their address."""
    server = _server(desk)
    with closing(_listening(host, 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_SECONDS_TO_STOP)


def _server(desk: WebDesk) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            PeerNoted(app(desk), os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")),
            proxy_headers=False,
            access_log=False,
            log_config=None,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_SECONDS_IDLE,
            timeout_graceful_shutdown=_SECONDS_TO_STOP,
        )
    )


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), reuse_port=False)
    except OSError as error:
        raise WebNotServed(
            f"Không mở được cổng {port} tại {host}; chọn cổng khác bằng --port (the port cannot be opened: choose "
            f"another): {error.strerror}"
        ) from error
