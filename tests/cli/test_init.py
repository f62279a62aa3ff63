"""`dondoc init` begins a working folder and touches nothing that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from dondoc.engine.rulefile import load as load_rules
from dondoc.flows.config.init_folder import FolderRefused, begin
from dondoc.flows.config.setting_keys import KEYS
from dondoc.flows.config.settings import load


def test_the_settings_file_says_what_holds(tmp_path: Path) -> None:
    """As written it changes nothing; with the marks removed it says the defaults, and all of it is understood."""
    begin(tmp_path)
    file = tmp_path / "dondoc.toml"
    assert load({}, file) == load({}, tmp_path / "none.toml")
    lines = [line.removeprefix("# ") for line in file.read_text("utf-8").splitlines()]
    shown = [line for line in lines if line.split(" = ")[0] in {key.name for key in KEYS}]
    assert len(shown) == len(KEYS)
    with_defaults = [line for key, line in zip(KEYS, shown, strict=True) if key.default]
    file.write_text("\n".join(with_defaults), "utf-8")
    assert load({}, file) == load({}, tmp_path / "none.toml")
    Path(tmp_path / "password").write_text("x")
    # A journal is read in one of two ways; the other stays marked.
    one_way = [line for line in shown if not line.startswith(("journal_imap", "journal_password_file"))]
    everything = "\n".join(one_way).replace("/etc/dondoc/smtp-password", str(tmp_path / "password"))
    file.write_text(everything, "utf-8")
    assert load({}, file).smtp.username == "dondoc"


def test_the_rules_to_begin_with_are_accepted(tmp_path: Path) -> None:
    """Shared files and no directive: a night on them judges nothing and is refused nothing."""
    begin(tmp_path)
    assert load_rules(tmp_path / "rules").rules == {}


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A second call, and one in a folder that has its own files, leave every byte as it is."""
    (tmp_path / "dondoc.toml").write_text("workers = 2\n")
    (tmp_path / "rules").mkdir()
    begun = begin(tmp_path)
    assert begun.written == ()
    assert begun.kept == (tmp_path / "dondoc.toml", tmp_path / "rules")
    assert (tmp_path / "dondoc.toml").read_text() == "workers = 2\n"
    assert list((tmp_path / "rules").iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Named, with what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderRefused, match="dondoc init THƯ-MỤC"):
        begin(tmp_path / "file")
