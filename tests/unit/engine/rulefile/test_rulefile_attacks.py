"""What an enemy or an accident may put into a rule file: each is refused by its own guard, and nothing crashes."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load

GOOD = (Path(__file__).parent / "good_rules" / "mail.yaml").read_text("utf-8")


def bomb(levels: int, open_: str, close: str) -> str:
    """Levels of nine references each to the level before."""
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {open_}{', '.join([f'*a{n - 1}'] * 9)}{close}" for n in range(1, levels)]
    return "\n".join(lines)


ATTACKS: dict[str, tuple[bytes, str]] = {
    "100,000 opening brackets": (b"[" * 100_000, "yaml-depth"),
    "60,000 nested mappings": (b"{a: " * 60_000, "yaml-depth"),
    "100,000 nested dashes": (b"- " * 100_000, "yaml-depth"),
    "100,000 nested complex keys": (b"? " * 100_000, "yaml-depth"),
    "an alias bomb": (bomb(9, "[", "]").encode(), "yaml-anchor"),
    "a merge bomb": (bomb(7, "{<<: [", "]}").encode(), "yaml-merge"),
    "a python object": (b"mail: !!python/object/apply:os.system [id]", "yaml-tag"),
    "a file of 1 MB": (b"a: 1\n" * 200_000, "file-too-large"),
    "30,000 values in a list": (b"[" + b"a," * 30_000 + b"]", "yaml-nodes"),
    "UTF-16 with its mark": (GOOD.encode("utf-16"), "not-utf8"),
    "UTF-16 without its mark": ("version: 1".encode("utf-16-le"), "control-character"),
    "UTF-32": (codecs.BOM_UTF32_LE + "version: 1".encode("utf-32-le"), "not-utf8"),
    "latin-1": ("version: 1 # é".encode("latin-1"), "not-utf8"),
    "windows-1258": ("version: 1 # Đôn".encode("cp1258"), "not-utf8"),
    "a NUL": (b"version: 1\0", "control-character"),
    "an escaped NUL and a header": (GOOD.replace("Don Doc", r'"\0\r\nBcc: x"').encode(), "control-character"),
    "an escaped line break": (GOOD.replace("Don Doc", r'"a\r\nBcc: x"').encode(), "control-character"),
    "a direction override": ("# \u202e".encode(), "control-character"),
    "a mark in the middle": ("version: 1\n\ufeffmail: 1".encode(), "control-character"),
    "40,000 marks on one letter": (("a" + "\u0301\u0323" * 40_000).encode(), "combining-marks"),
    "a second tone on one letter": ("version: 1 # Ba\u0300\u0301o".encode(), "combining-marks"),
    "a mark after a space": ("version: 1 # Xa \u0301".encode(), "combining-marks"),
    "an escaped replacement character": (rb'version: "\uFFFD"', "replacement-character"),
    "a number of 100,000 digits": (b"version: " + b"9" * 100_000, "version-unknown"),
    "a second document": (GOOD.encode() + b"\n---\n{}", "yaml-documents"),
    "nothing": (b"", "file-empty"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_by_its_guard(name: str, place: Callable[[str, bytes], Path]) -> None:
    """The guard that was made for it says so, in few words."""
    raw, code = ATTACKS[name]
    with pytest.raises(RulesRefused) as refused:
        load(place("mail-attack.yaml", raw))
    assert code in {problem.code for problem in refused.value.problems}
    assert max(len(problem.vi) for problem in refused.value.problems) < 300


@pytest.mark.parametrize("name", ["100,000 opening brackets", "30,000 values in a list", "a file of 1 MB"])
def test_what_could_exhaust_the_parser_is_cut_off_at_once(name: str, place: Callable[[str, bytes], Path]) -> None:
    """One problem and no more: reading stopped there."""
    with pytest.raises(RulesRefused) as refused:
        load(place("mail-attack.yaml", ATTACKS[name][0]))
    assert [problem.code for problem in refused.value.problems] == [ATTACKS[name][1]]


def test_a_byte_order_mark_windows_line_ends_and_decomposed_letters_are_fine(
    place: Callable[[str, bytes], Path],
) -> None:
    """What Windows and macOS editors write is read, and means the same."""
    text = unicodedata.normalize("NFD", GOOD).replace("\n", "\r\n")
    assert load(place("mail-editor.yaml", codecs.BOM_UTF8 + text.encode())).mail.sender_name.vi == "Đôn Đốc"
