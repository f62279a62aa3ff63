"""Commands that record a sheet row by row: their options, and what they say of the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dondoc.engine.domain.model import Text
from dondoc.engine.file_faults import shown
from dondoc.flows.cli.console import PROBLEMS, complain, say, spoken
from dondoc.flows.cli.imports import EncodingOption, told

if TYPE_CHECKING:
    from dondoc.engine.sources.reading.kinds import Sheet

Encoding = Annotated[
    EncodingOption | None, typer.Option(help="Mã chữ của CSV không phải Unicode. (Of CSV that is not Unicode.)")
]
Rejects = Annotated[Path | None, typer.Option(help="Thư mục nhận dòng bị từ chối. (Where rejected rows go.)")]


def record_rows(
    path: Path,
    sheet: Sheet,
    record: Callable[[Mapping[str, Any]], bool],
    encoding: EncodingOption | None,
    rejects: Path | None,
) -> None:
    """Records the rows of a file, says what became of them, and ends with 1 if one was refused."""
    from dondoc.engine.sources.reading.rejects import RejectFiles
    from dondoc.flows.records.recorded_sheets import record_sheet

    with spoken():
        found = record_sheet(path, sheet, record, RejectFiles(rejects), encoding)
        n = len(found.rejects)
        say(
            Text(
                f"{shown(path.name)}: ghi mới {found.new}, đã có từ trước {found.again}, từ chối {n}.",
                f"{shown(path.name)}: {found.new} recorded, {found.again} were on record, {n} rejected.",
            )
        )
        for reject in found.rejects:
            complain(told(reject))
        for back in found.given_back:
            complain(
                Text(
                    f"Các dòng đó nằm ở {shown(back)}: sửa rồi nạp lại chính tệp ấy.",
                    f"These rows are in {shown(back)}: correct them there and import that file.",
                )
            )
        if found.rejects:
            raise typer.Exit(PROBLEMS)
