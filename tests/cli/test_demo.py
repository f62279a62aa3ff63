"""The demonstration: what it asks for before it can be played or looked at (`make release` plays it whole)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dondoc.flows.cli.console import WRONG_CALL
from tests.support.cli_office import Office


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
