"""The commands about what is stored: bringing data in, how things stand."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.spoken import PROBLEMS, AsJson, complain, say, say_json, spoken


def import_(
    folder: Annotated[Path, typer.Argument(help="Thư mục có các tệp CSV. (A folder of CSV files.)")],
) -> None:
    """Nạp các tệp CSV: dòng tốt được nhận, dòng hỏng được nêu rõ. (Takes CSV files, naming every bad row.)"""
    from engine.store.schema import upgrade
    from flows.bringing import bring_in
    from flows.settings import load, opened

    with spoken(), opened(load(os.environ)) as engine:
        upgrade(engine)
        report = bring_in(engine, folder, datetime.now(UTC))
        for sheet, taken in report.taken.items():
            say(f"{sheet}.csv: thêm {taken.added}, sửa {taken.corrected}, giữ nguyên {taken.unchanged}")
        for reject in report.rejects:
            complain(reject.text())
        if report.rejects:
            complain(f"{len(report.rejects)} dòng không được nhận; các dòng khác đã nạp.")
            raise typer.Exit(PROBLEMS)


def status(*, as_json: AsJson = False) -> None:
    """Đêm gần nhất, hồ sơ đang mở, thư đang ở đâu. (The latest night, open cases, letters.)"""
    from flows.state import state

    with spoken():
        found = state(os.environ)
        if as_json:
            say_json(found.as_json())
        else:
            say(found.text())
