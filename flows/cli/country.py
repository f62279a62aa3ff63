"""`dondoc country`: every province and commune, of today and of before July 2025, with its standard offices."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dondoc.flows.cli.console import AsJson, complain, say, say_json, spoken
from dondoc.flows.cli.imports import bar

_NO_MAILBOX = "Chưa có hộp thư nào: nạp mailboxes.csv của mình. (No mailbox is known: import your own.)"
_INVENTED = (
    "Mọi hộp thư @example.vn là bịa đặt: chỉ để chạy thử, đừng gửi thư đi. "
    "(Every mailbox is invented: for trials only.)"
)


def country(
    *,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Chỉ viết các tệp CSV vào thư mục này. (Only writes the CSV files.)"),
    ] = None,
    example_mailboxes: Annotated[
        bool,
        typer.Option(
            "--example-mailboxes",
            help="Thêm hộp thư BỊA ĐẶT @example.vn để chạy thử. (Adds INVENTED mailboxes, for trials only.)",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Nạp cả nước: 34 tỉnh, 3.321 xã hiện nay và danh mục cũ. (Imports the whole country, now and before.)"""
    from dondoc.engine.store.db.schema_version import upgrade
    from dondoc.flows.config.settings import load, opened
    from dondoc.flows.data.country import lay_out, people_with

    with spoken():
        if folder is not None:
            rows = lay_out(folder, mailboxes=example_mailboxes)
            counts = {name: {"added": count} for name, count in rows.items()}
        else:
            with opened(load(os.environ)) as engine, bar() as progress:
                upgrade(engine)
                report = people_with(engine, datetime.now(UTC), mailboxes=example_mailboxes, progress=progress)
            counts = {
                file.kind: {"added": file.added, "corrected": file.corrected, "unchanged": file.unchanged}
                for file in report.files
            }
        if as_json:
            say_json({"folder": folder, "sheets": counts})
        else:
            _tell(folder, counts)
        complain(_INVENTED if example_mailboxes else _NO_MAILBOX)


def _tell(folder: Path | None, counts: dict[str, dict[str, int]]) -> None:
    for name, count in counts.items():
        if folder is not None:
            say(f"{folder / name}.csv: {count['added']} dòng (rows)")
        else:
            say(f"{name}: thêm {count['added']}, sửa {count['corrected']}, giữ nguyên {count['unchanged']}")
