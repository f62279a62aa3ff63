"""What mail servers say is judged by what it is about, whatever command it answers."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from dondoc.notifications.delivery.answers import About, Phase, about


class _Row(TypedDict):
    """One answer of one server."""

    server: str
    phase: str
    says: str
    about: str


ROWS: list[_Row] = yaml.safe_load((Path(__file__).parent / "answers.yaml").read_text("utf-8"))


def test_there_are_answers_of_every_kind() -> None:
    """A table without a kind would hold nothing of it."""
    assert {row["about"] for row in ROWS} == set(About)
    assert len(ROWS) >= 60


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['server']}: {row['phase']} {row['says'][:60]}")
def test_an_answer_is_about(row: _Row) -> None:
    """One mailbox, one letter, us, or the moment."""
    code, _, text = row["says"].partition(" ")
    assert about(Phase(row["phase"]), int(code), text) is About(row["about"])
