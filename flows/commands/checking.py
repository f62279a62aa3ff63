"""`dondoc check`: every problem of the rules at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.spoken import say, spoken


def check(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục quy tắc. (The rule folder.)")] = None,
) -> None:
    """Kiểm tra bộ quy tắc, báo mọi lỗi một lần. (Checks the rules and names every problem at once.)"""
    from engine.rulefile import load
    from flows.settings import load as load_settings

    with spoken():
        book = load(folder or load_settings(os.environ).rules)
        say(
            f"{len(book.directives)} văn bản, {len(book.rules)} quy tắc: không có lỗi. "
            f"({len(book.rules)} rules, no problems.)"
        )
