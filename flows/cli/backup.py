"""`dondoc backup` and `dondoc restore`: everything stored, as one file."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dondoc.engine.domain.model import Text
from dondoc.engine.file_faults import shown
from dondoc.flows.cli.console import say, spoken

Backup = Annotated[Path, typer.Argument(help="Tệp sao lưu, sao-luu-2024-01-02.db. (The backup file.)")]


def backup(
    file: Backup,
    before: Annotated[
        datetime | None,
        typer.Option(
            "--before",
            formats=["%Y-%m-%d"],
            help="Bỏ đêm này và các đêm sau, dữ liệu nạp giữ nguyên. (Without this night and later ones.)",
        ),
    ] = None,
) -> None:
    """Sao lưu toàn bộ dữ liệu vào một tệp, kể cả khi đêm đang chạy. (Backs everything up, also during a night.)"""
    from dondoc.flows.config.settings import load, opened
    from dondoc.flows.records.backup import backup as run

    with spoken(), opened(load(os.environ)) as engine:
        done = run(engine, file, before.date() if before else None)
        say(
            Text(
                f"Đã sao lưu {done.rows} dòng vào {shown(file)}. (Backed up.)",
                f"{done.rows} rows backed up in {shown(file)}.",
            )
        )
        if done.withdrawn is not None:
            said = done.withdrawn
            say(
                Text(
                    f"Bỏ {said.nights} đêm từ {before:%d/%m/%Y}; {said.left} thư của các đêm ấy đã đi, người "
                    "nhận có thể được báo lại. (Without these nights; readers of letters that have left may hear "
                    "again.)",
                    f"Without {said.nights} nights from {before:%d/%m/%Y} on; {said.left} of their letters have "
                    "left, and their readers may hear again.",
                )
            )


def restore(file: Backup) -> None:
    """Khôi phục vào cơ sở dữ liệu trống; đêm sau chạy tiếp như chưa có gì. (Restores into an empty database.)"""
    from dondoc.flows.config.settings import load, opened
    from dondoc.flows.records.backup import restore as run

    with spoken(), opened(load(os.environ)) as engine:
        rows = run(file, engine)
        say(
            Text(
                f"Đã khôi phục {rows} dòng từ {shown(file)}. (Restored.)",
                f"{rows} rows restored from {shown(file)}.",
            )
        )
