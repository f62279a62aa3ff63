"""`dondoc retain` as it is typed: what goes, what is only counted, and what says so afterwards."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.support.cli_office import Office

# Days, so that everything of 2015 is older and the nights' own order is kept.
SOON = {"keep_letters": "30", "keep_attempts": "30", "keep_history": "30", "keep_cases": "30"}
CLOSED_PORT = {"smtp_port": "1", "smtp_tls": "plain"}


@pytest.fixture
def judged(office: Office) -> Office:
    """Two nights of 2015, whose letters expired since."""
    office.holds_the_examples()
    for night in ("2015-04-20", "2015-05-07"):
        assert office.dondoc("nightly", "--plain", "--no-catch-up", "--as-of", night).code in {0, 3}
    office.dondoc("deliver", "--plain", **CLOSED_PORT)
    return office


@pytest.mark.long
def test_it_counts_removes_and_is_proven(judged: Office) -> None:
    """A dry run prints counts, bytes and days and changes nothing; then all of it goes, and the log agrees."""
    stored = judged.database.read_bytes()
    tried = judged.dondoc("retain", "--dry-run", **SOON)
    assert tried.code == 0, tried.err
    assert judged.database.read_bytes() == stored
    counted = json.loads(judged.dondoc("retain", "--dry-run", "--json", **SOON).out)["removals"]
    assert [one["kind"] for one in counted] == ["letters", "attempts", "history", "cases"]
    letters = counted[0]
    assert letters["rows"] > 5
    bytes_ = f"{letters['size']:,}".replace(",", ".")
    day = f"{date.fromisoformat(letters['before']):%d/%m/%Y}"
    assert f"Sẽ bỏ {letters['rows']} nội dung thư ({bytes_} byte), trước ngày {day}." in tried.out
    done = judged.dondoc("retain", **SOON)
    assert (done.code, done.out) == (0, tried.out.replace("Sẽ bỏ", "Đã bỏ").replace("would go", "removed"))
    assert len(stored) - judged.database.stat().st_size > letters["size"] * 0.8
    verified = judged.dondoc("audit", "verify")
    assert verified.code == 0, verified.err
    again = json.loads(judged.dondoc("retain", "--json", **SOON).out)["removals"]
    assert {one["rows"] for one in again} == {0}


@pytest.mark.long
def test_a_night_whose_rows_are_gone_is_not_judged_again(judged: Office) -> None:
    """Neither explained nor gone back to: both say until when, instead of judging by half of what was known."""
    assert judged.dondoc("retain", **SOON).code == 0
    for words in (
        ("explain", "LN15-0001", "--on", "2015-04-24"),
        ("backup", "earlier.db", "--before", "2015-05-07"),
    ):
        asked = judged.dondoc(*words)
        assert asked.code in {1, 2}
        assert "dondoc retain đã bỏ các dòng được thay trước ngày" in asked.err
    assert not (judged.folder / "earlier.db").exists()
    assert judged.dondoc("backup", "whole.db").code == 0


def test_a_time_that_is_too_short_is_refused_and_0_keeps_for_good(office: Office) -> None:
    """A letter may be retried for days; and an office may keep everything."""
    short = office.dondoc("retain", keep_letters="7")
    assert short.code == 2
    assert "keep_letters: ít nhất 30 ngày" in short.err
    office.holds_the_examples()
    kept = office.dondoc("retain", **dict.fromkeys(SOON, "0"))
    assert (kept.code, kept.out) == (0, "Mọi loại đều giữ mãi; không bỏ gì. (Everything is kept for good.)\n")
