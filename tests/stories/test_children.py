"""A child's name that somebody wrote where none belongs gets into no letter."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dondoc.flows.data.importer import bring_in
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.wording.endings import ended
from tests.support.sample_digests import digest
from tests.support.sample_letters import done
from tests.support.story_stage import Stage
from tests.support.town import EXAMPLES

CHILD = "Nguyễn Thị Chim Yến"
# Every column of free text but the titles of imported tasks, which are written to be read.
COLUMNS = {
    "submissions.csv": ("ref", "document"),
    "activities.csv": ("ref",),
    "readings.csv": ("ref", "source"),
    "relations.csv": ("basis",),
    "successions.csv": ("basis",),
}


def test_no_letter_has_a_childs_name(database: Engine, sink: Mailsink, tmp_path: Path) -> None:
    """Written into every row of every such column, through three nights with good news, it is in no mail."""
    folder = tmp_path / "examples"
    shutil.copytree(EXAMPLES, folder)
    for file, columns in COLUMNS.items():
        with (folder / file).open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source))
        for row in rows:
            row |= {column: f"{row[column]} {CHILD}".strip() for column in columns}
        with (folder / file).open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    assert not bring_in(database, folder, datetime.now(UTC)).rejects
    stage = Stage(database, sink)
    mails = [mail for night in ("2015-04-20", "2015-04-25", "2015-05-07") for mail in stage.night(night)]
    said = [f"{mail.subject}{mail.text}{mail.html}" for mail in mails]
    assert any("Ghi nhận Báo cáo số" in " ".join(mail.text.split()) for mail in mails)
    assert not [text for text in said if "Chim" in text or "Yến" in text]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Báo cáo số 39/BC-UBND", "Báo cáo số 39/BC-UBND"),
        ("1179-CV/HU ngày 26/6/2019", "1179-CV/HU"),
        ("Tờ trình số 12/TTr-SLĐTBXH (cháu Yến)", "Tờ trình số 12/TTr-SLĐTBXH"),
        ("báo cáo về cháu Nguyễn Thị Chim Yến", "báo cáo ngày"),
        ("cháu Nguyễn Thị Chim Yến", "kết quả"),
        ("", "kết quả"),
    ],
)
def test_of_what_was_handed_in_only_number_and_symbol_are_said(written: str, said: str) -> None:
    """Whatever else stands beside them stays where it is."""
    (row, *_) = done().entries
    notified = ended(replace(row, evidence=written), digest())
    assert f"Ghi nhận {said}" in notified.vi
    assert "Yến" not in notified.vi + notified.en
