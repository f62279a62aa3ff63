"""`dondoc web`: the pages on which offices answer, as a process of its own."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from dondoc.flows.cli.console import say, spoken


def web(
    port: Annotated[int, typer.Option(help="Cổng của các trang. (Port of the pages.)")] = 8043,
    host: Annotated[
        str, typer.Option(help="Nghe ở địa chỉ nào; sau một proxy thì để vậy. (The address to listen at.)")
    ] = "127.0.0.1",
) -> None:
    """Các trang để cơ quan trả lời từ liên kết trong thư; Ctrl+C để dừng. (The pages behind letters' links.)"""
    with spoken():
        from dondoc.flows.config import settings
        from dondoc.flows.observe import log
        from dondoc.flows.web.server import serve

        given = settings.load(os.environ)
        log.begin(given.log)
        base = given.links.base if given.links else ""

        def ready(opened: int) -> None:
            say(f"Trang trả lời: {base} qua http://{host}:{opened}. Ctrl+C để dừng. (Ctrl+C stops it.)")

        serve(given, host, port, lambda: datetime.now(UTC), ready)
