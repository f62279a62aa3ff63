"""`dondoc init` begins a working folder and touches nothing that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from dondoc.engine.rulefile import load as load_rules
from dondoc.flows.config.init_folder import FolderRefused, begin
from dondoc.flows.config.setting_keys import KEYS
from dondoc.flows.config.settings import SettingsRefused, load


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
    Path(tmp_path / "keys").write_text(f"k1 {'k' * 32}\n")
    # A mailbox is read in one of two ways; the other stays marked.
    other = tuple(f"{whose}_{key}" for whose in ("journal", "replies") for key in ("imap", "password_file"))
    one_way = [line for line in shown if not line.startswith(other)]
    everything = "\n".join(one_way).replace("/etc/dondoc/smtp-password", str(tmp_path / "password"))
    everything = everything.replace("/etc/dondoc/web-keys", str(tmp_path / "keys"))
    Path(tmp_path / "token").write_text("t" * 32)
    everything = everything.replace("/etc/dondoc/desk-token", str(tmp_path / "token"))
    file.write_text(everything, "utf-8")
    found = load({}, file)
    assert found.smtp.username == "dondoc"
    assert found.links is not None
    assert found.desk is not None


ADDRESSES = {
    "an address over https": ("https://dondoc.example.vn", True),
    "with a path, and a slash that counts for nothing": ("https://example.vn/dondoc/", True),
    "over http on this machine": ("http://127.0.0.1:8043", True),
    "over http elsewhere": ("http://dondoc.example.vn", False),
    "without its beginning": ("dondoc.example.vn", False),
    "with a password": ("https://a:b@example.vn", False),
    "with a question": ("https://example.vn/?x=1", False),
    "with an anchor": ("https://example.vn/#x", False),
    "with a space": ("https://example.vn/a b", False),
    "with a quote": ('https://example.vn/"onclick', False),
    "of another kind": ("javascript:alert(1)", False),
    "very long": (f"https://example.vn/{'a' * 300}", False),
}


@pytest.mark.parametrize(("address", "taken"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_base_address_that_is_wrong_is_refused_before_a_letter_prints_it(
    tmp_path: Path, address: str, *, taken: bool
) -> None:
    """It says what it should look like."""
    keys = tmp_path / "keys"
    keys.write_text(f"k1 {'k' * 32}\n")
    given = {"DONDOC_BASE_ADDRESS": address, "DONDOC_WEB_KEY_FILE": str(keys)}
    if taken:
        links = load(given, tmp_path / "none.toml").links
        assert links is not None
        assert links.base == address.rstrip("/")
        return
    with pytest.raises(SettingsRefused, match=r"base_address: .* https://dondoc\.example\.vn"):
        load(given, tmp_path / "none.toml")


KEY_FILES = {
    "no file is named": (None, "cần tệp khóa"),
    "it is not there": ("", "không đọc được"),
    "a line is no key": ("k1 short-secret", "dòng 1"),
}


@pytest.mark.parametrize(("content", "said"), KEY_FILES.values(), ids=KEY_FILES)
def test_a_base_address_needs_its_keys(tmp_path: Path, content: str | None, said: str) -> None:
    """And no refusal repeats a secret."""
    keys = tmp_path / "keys"
    if content:
        keys.write_text(content)
    given = {"DONDOC_BASE_ADDRESS": "https://a.vn", "DONDOC_WEB_KEY_FILE": "" if content is None else str(keys)}
    with pytest.raises(SettingsRefused, match=said) as refused:
        load(given, tmp_path / "none.toml")
    assert "secret" not in str(refused.value).replace("a secret of", "")


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
