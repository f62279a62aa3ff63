"""Runs the pages under uvicorn until it is stopped. No access log: an address is the key to a case."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import uvicorn

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.store.db.schema_version import begun
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.web.app import app
from dondoc.flows.web.desk import WebDesk

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
        desk = WebDesk(engine, given.rules, given.links, clock)
        # Rules that are refused stop it here, with every problem, and not a reader later.
        desk.book()
        config = uvicorn.Config(
            app(desk),
            access_log=False,
            log_config=None,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_SECONDS_IDLE,
            timeout_graceful_shutdown=_SECONDS_TO_STOP,
        )
        with closing(_listening(host, port)) as listener:
            ready(listener.getsockname()[1])
            uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), reuse_port=False)
    except OSError as error:
        raise WebNotServed(
            f"Không mở được cổng {port} tại {host}; chọn cổng khác bằng --port (the port cannot be opened: choose "
            f"another): {error.strerror}"
        ) from error
