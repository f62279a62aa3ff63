"""`dondoc form`: the workbooks that units fill in and `dondoc import` reads."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.engine.domain.terms import Level
from dondoc.flows.cli.console import AsJson, say, say_json, spoken

if TYPE_CHECKING:
    from dondoc.flows.data.forms import WrittenForm


class FormKind(StrEnum):
    """What a form asks for."""

    SUBMISSIONS = "submissions"
    ACTIVITIES = "activities"
    READINGS = "readings"
    ALL = "all"


_WORDS = {"submissions": "báo cáo", "activities": "hoạt động", "readings": "số liệu"}
# How many files are listed.
_TOLD = 20


def form(
    kind: Annotated[
        FormKind, typer.Argument(metavar="KIND", help="submissions, activities, readings; all: một biểu đủ cả.")
    ],
    units: Annotated[
        list[str] | None, typer.Argument(metavar="UNIT...", help="Mã các đơn vị. (Unit ids.)")
    ] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Mọi đơn vị có việc phải báo. (Every unit that is asked something.)")
    ] = False,
    within: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Mọi đơn vị bên dưới cơ quan này. (All units within it.)")
    ] = None,
    level: Annotated[Level | None, typer.Option(help="Chỉ đơn vị của một cấp. (Units of one level.)")] = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Lập biểu cho ngày này; mặc định hôm nay. (For this day.)"),
    ] = None,
    folder: Annotated[Path, typer.Option(help="Thư mục nhận biểu. (Where the forms go.)")] = Path("bieu-mau"),
    lines: Annotated[
        int,
        typer.Option(min=1, max=500, help="Số dòng trống của biểu hoạt động. (Empty rows of an activity log.)"),
    ] = 30,
    as_json: AsJson = False,
) -> None:
    """Lập biểu XLSX cho đơn vị điền rồi nạp lại. (Writes XLSX forms that units fill in, to be imported.)"""
    from dondoc.engine.domain.model import ZONE
    from dondoc.flows.data.forms import FormSelection, write_forms
    from dondoc.flows.lookup import CallRefused

    with spoken():
        if bool(units) == (every or within is not None or level is not None):
            raise CallRefused(
                "nêu mã đơn vị, hoặc --within, --level, --all, không cùng lúc. "
                "(Name units, or give --within, --level or --all, not both.)"
            )
        now = datetime.now(UTC)
        kinds = tuple(_WORDS) if kind is FormKind.ALL else (kind.value,)
        day = on.date() if on else now.astimezone(ZONE).date()
        wanted = FormSelection(kinds, day, tuple(dict.fromkeys(units or ())), within, level, lines)
        written = write_forms(os.environ, wanted, folder, now)
        if as_json:
            say_json([_as_json(one) for one in written])
        else:
            _tell(written, folder)


def _tell(written: list[WrittenForm], folder: Path) -> None:
    for one in written[:_TOLD]:
        rows = ", ".join(f"{_WORDS[kind]} {number} dòng" for kind, number in one.rows.items())
        say(f"{one.file}: {one.unit_name} ({rows})")
    if len(written) > _TOLD:
        say(f"… và {len(written) - _TOLD} biểu khác. (And others.)")
    say(f"Đã lập {len(written)} biểu trong {folder}; điền xong thì nạp bằng dondoc import. (Forms written.)")


def _as_json(one: WrittenForm) -> dict[str, object]:
    return {"unit": one.unit, "unit_name": one.unit_name, "file": str(one.file), "rows": dict(one.rows)}
