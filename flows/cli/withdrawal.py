"""`dondoc withdraw`: withdraws a row that never was."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from dondoc.engine.domain.terms import SheetKind
from dondoc.flows.cli.console import say, spoken


class FactKind(StrEnum):
    """The sheets whose rows are facts, of which every version is kept."""

    TASKS = SheetKind.TASKS
    SUBMISSIONS = SheetKind.SUBMISSIONS
    ACTIVITIES = SheetKind.ACTIVITIES
    READINGS = SheetKind.READINGS


def withdraw(
    kind: Annotated[FactKind, typer.Argument(help="Loại dữ liệu của dòng. (What the row holds.)")],
    ref: Annotated[str, typer.Argument(help="Ref của dòng. (The ref of the row.)")],
    basis: Annotated[str, typer.Option("--basis", help="Căn cứ, như số văn bản. (On what basis.)")],
) -> None:
    """Rút một dòng không có thật; từ đêm sau xét như chưa từng có. (Withdraws a row that never was.)"""
    from dondoc.flows.records.withdrawal import withdraw as run

    with spoken():
        unit = run(os.environ, SheetKind(kind), ref, basis, datetime.now(UTC))
        say(
            f"Đã rút «{ref}» ({kind}) của {unit}; từ đêm sau xét như chưa từng có, sổ nhật ký ghi căn cứ. "
            "(Withdrawn: from the next night on it is judged as if it had never been.)"
        )
