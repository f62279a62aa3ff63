"""`dondoc backup` and `dondoc restore`: everything stored, as one file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dondoc.flows.cli.console import say, spoken

Backup = Annotated[Path, typer.Argument(help="Tệp sao lưu, sao-luu-2024-01-02.db. (The backup file.)")]


def backup(file: Backup) -> None:
    """Sao lưu toàn bộ dữ liệu vào một tệp, kể cả khi đêm đang chạy. (Backs everything up, also during a night.)"""
    from dondoc.flows.config.settings import load, opened
    from dondoc.flows.records.backup import backup as run

    with spoken(), opened(load(os.environ)) as engine:
        rows = run(engine, file)
        say(f"Đã sao lưu {rows} dòng vào {file}. (Backed up.)")


def restore(file: Backup) -> None:
    """Khôi phục vào cơ sở dữ liệu trống; đêm sau chạy tiếp như chưa có gì. (Restores into an empty database.)"""
    from dondoc.flows.config.settings import load, opened
    from dondoc.flows.records.backup import restore as run

    with spoken(), opened(load(os.environ)) as engine:
        rows = run(file, engine)
        say(f"Đã khôi phục {rows} dòng từ {file}. (Restored.)")
