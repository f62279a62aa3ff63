"""`dondoc board`: the pages that anybody may look at, as files for any web server."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import AsJson, say, say_json, spoken


def board(
    out: Annotated[
        Path, typer.Option("--out", help="Thư mục của các trang, được thay cả một lượt. (Replaced as a whole.)")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Ghi các trang theo dõi để mở bằng trình duyệt: toàn cảnh, đơn vị, hồ sơ. (Writes pages to look at.)"""
    from dondoc.flows.board.site import board as write

    with spoken():
        written = write(os.environ, out, datetime.now(UTC))
        if as_json:
            say_json({"first": written.first.resolve(), "files": written.files, "bytes": written.size})
            return
        say(
            Text.format(
                "Đã ghi {files} tệp, {size} MB. Trang đầu: {first}",
                "Wrote {files} files, {size} MB. The first page: {first}",
                files=written.files,
                size=f"{written.size / 1e6:.1f}",
                first=written.first.absolute().as_uri(),
            )
        )
