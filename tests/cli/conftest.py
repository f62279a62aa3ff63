"""What the tests of the command share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.cli_office import Office
from tests.support.town import ROOT


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Rules and examples of the project, copied."""
    for name in ("rules", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Office(tmp_path)
