"""A small invented district to review rules on, and a way to put one file into its rules."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dondoc.flows.check.report import CheckReport, reviewed

HERE = Path(__file__).parent
TODAY = date(2020, 6, 15)
NOW = datetime(2020, 6, 15, tzinfo=UTC)

Check = Callable[..., CheckReport]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The district: `rules` that nothing is to be said of, and `data` with its units."""
    return Path(shutil.copytree(HERE / "pack", tmp_path, dirs_exist_ok=True))


@pytest.fixture
def check(pack: Path) -> Check:
    """Reviews the rules with one more file, or with another calendar, as of 15/06/2020."""

    def run(path: Path | None = None, *, data: bool = True, on: date = TODAY) -> CheckReport:
        if path is not None:
            top = path.name.startswith("calendar-")
            shutil.copy(path, pack / "rules" / ("calendar.yaml" if top else f"thu/{path.name}"))
        return reviewed(pack / "rules", pack / "data" if data else None, {}, NOW, on)

    return run
