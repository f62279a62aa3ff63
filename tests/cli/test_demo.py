"""The demonstration: what it asks for before it can be played or looked at (`make release` plays it whole)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dondoc.flows.cli.console import WRONG_CALL
from dondoc.flows.demo import boards
from dondoc.flows.demo.open_pages import PLACE
from tests.support.cli_office import Office
from tests.support.town import ROOT


def test_without_its_mail_server_it_says_what_to_install(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one sentence, and nothing is played."""
    # Found before the real one, and empty.
    (tmp_path / "aiosmtpd.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    ran = office.dondoc("demo")
    assert (ran.code, ran.out, ran.err.count("\n")) == (WRONG_CALL, "", 1)
    assert "pip install 'dondoc[demo]'" in ran.err


def test_its_pages_are_opened_once_it_was_played(office: Office) -> None:
    """Before that it says what to run."""
    ran = office.dondoc("demo", "--pages")
    assert (ran.code, ran.out, ran.err.count("\n")) == (WRONG_CALL, "", 1)
    assert "chạy dondoc demo trước" in ran.err


def test_it_ends_with_the_first_pages_of_its_boards(tmp_path: Path) -> None:
    """Of the nights and of the conversation; both are there, and the words name them."""
    (tmp_path / PLACE).mkdir()
    for name in ("keys", "desk-token"):
        (tmp_path / PLACE / name).write_text(f"k1 {'0' * 64}" if name == "keys" else "0" * 32)
    said: list[str] = []
    settings = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'dondoc.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    boards.shown(settings, tmp_path, lambda text: said.append(text.vi))
    for page in (tmp_path / "board" / "index.html", tmp_path / PLACE / "board" / "index.html"):
        assert page.is_file()
        assert page.as_uri() in said[0]
