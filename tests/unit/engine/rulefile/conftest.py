"""A valid rule folder to put one file into."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TOPS = ("calendar", "indicators", "ladders", "mail", "sources", "waivers")

Place = Callable[[str, bytes], Path]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The good pack under the name `rules`."""
    return Path(shutil.copytree(HERE / "good_rules", tmp_path / "rules"))


@pytest.fixture
def place(rules: Path) -> Place:
    """Puts a file where its name says: `mail-*.yaml` replaces mail.yaml, the rest are directives of `thu`."""

    def put(name: str, raw: bytes) -> Path:
        top = name.partition("-")[0]
        path = rules / f"{top}.yaml" if top in TOPS else rules / "thu" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        return rules

    return put
