"""Links by which an office answers: what a token allows, and that nothing else than the token itself allows it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.notifications.case_links import (
    Capability,
    KeysRefused,
    Linker,
    LinkFault,
    LinkKeys,
    keys_of,
    read,
    seal,
    sealed,
    signed,
)

OLD, NEW = "o" * 32, "n" * 32
KEYS = keys_of(f"# since May\nk2 {NEW}\n\nk1 {OLD}\n")
BEFORE = LinkKeys({"k1": OLD})
ALLOWED = Capability("LN15-0001", "ln.ubnd_xa.bao_dai", date(2015, 4, 20))
TOKEN = signed(ALLOWED, KEYS)
CONTENT = {"kind": "explained", "words": "Lũ làm hỏng đường", "until": "2015-05-05"}


def test_a_link_allows_one_office_one_case() -> None:
    """And says of which night's letter it is."""
    assert Linker("https://a.vn/x", KEYS, ALLOWED.night).to(ALLOWED.case, ALLOWED.office) == (
        f"https://a.vn/x/c/{TOKEN}"
    )
    assert read(TOKEN, KEYS) == ALLOWED


def test_the_first_key_signs_and_the_others_are_accepted_until_they_are_removed() -> None:
    """What a rotation means for the links that are out."""
    assert TOKEN.startswith("k2.")
    old = signed(ALLOWED, BEFORE)
    assert read(old, KEYS) == ALLOWED
    assert read(old, LinkKeys({"k2": NEW})) is LinkFault.UNKNOWN_KEY
    assert sealed(seal(old, CONTENT, BEFORE), old, CONTENT, KEYS)


@pytest.mark.parametrize("other", ["A", "B", "-", "."])
def test_no_other_character_at_any_place(other: str) -> None:
    """Also where base64 would read the same."""
    for place in range(len(TOKEN)):
        altered = TOKEN[:place] + other + TOKEN[place + 1 :]
        assert altered == TOKEN or isinstance(read(altered, KEYS), LinkFault), place


WRONG = {
    "nothing": "",
    "a word": "LN15-0001",
    "too many parts": f"{TOKEN}.x",
    "without its signature": TOKEN.rpartition(".")[0] + ".",
    "cut off": TOKEN[:-1],
    "with more behind it": f"{TOKEN}A",
    "signed for another key's name": "k1" + TOKEN[2:],
    "not ASCII": TOKEN[:-1] + "ạ",
    "very long": f"k2.{'A' * 5000}.{'A' * 22}",
    "no base64": "k2.%%%.AAAA",
    "no UTF-8": "k2._____w.AAAA",
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG)
def test_what_allows_nothing(token: str) -> None:
    """It is refused, and never raises."""
    assert isinstance(read(token, KEYS), LinkFault)


@given(st.text(max_size=120))
def test_no_text_allows_anything(text: str) -> None:
    """Whatever a stranger types."""
    assert isinstance(read(text, KEYS), LinkFault)
    assert isinstance(read(f"k2.{text}", KEYS), LinkFault)
    assert not sealed(text, TOKEN, CONTENT, KEYS)


@given(
    st.from_regex(r"[A-Z]{2,5}[0-9]{2}-[0-9]{4,6}", fullmatch=True),
    st.from_regex(r"[a-z0-9_.]{1,40}", fullmatch=True),
    st.dates(),
)
def test_what_is_signed_is_read_back(case: str, office: str, night: date) -> None:
    """For every case, office and night; and it stands in an address as it is."""
    token = signed(Capability(case, office, night), KEYS)
    assert read(token, KEYS) == Capability(case, office, night)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", token)


OTHERS = {
    "another kind": (TOKEN, CONTENT | {"kind": "acknowledged"}),
    "another day": (TOKEN, CONTENT | {"until": "2015-05-06"}),
    "one word more": (TOKEN, CONTENT | {"document": ""}),
    "another office's link": (signed(replace(ALLOWED, office="ln.ubnd_xa.cam_ly"), KEYS), CONTENT),
}


@pytest.mark.parametrize(("token", "content"), OTHERS.values(), ids=OTHERS)
def test_a_seal_is_for_what_was_looked_over_alone(token: str, content: dict[str, str]) -> None:
    """It does not carry over."""
    made = seal(TOKEN, CONTENT, KEYS)
    assert sealed(made, TOKEN, CONTENT, KEYS)
    assert not sealed(made, token, content, KEYS)


def test_a_signature_of_a_link_is_no_seal() -> None:
    """The two are signed apart."""
    assert not sealed(f"k2.{TOKEN.rpartition('.')[2]}", TOKEN, {}, KEYS)


FILES = {
    "an empty file": ("", "0"),
    "only remarks": ("# nothing\n", "0"),
    "a secret alone": (f"{NEW}\n", "1"),
    "a short secret": ("k1 abc\n", "1"),
    "an id with a dot": (f"k.1 {NEW}\n", "1"),
    "an id twice": (f"k1 {NEW}\nk1 {OLD}\n", "2"),
}


@pytest.mark.parametrize(("text", "line"), FILES.values(), ids=FILES)
def test_a_key_file_that_cannot_be_used_names_its_line(text: str, line: str) -> None:
    """And never what stands there."""
    with pytest.raises(KeysRefused) as refused:
        keys_of(text)
    assert str(refused.value) == line


def test_keys_are_not_shown() -> None:
    """Not in a log, not in a traceback."""
    assert NEW not in repr(Linker("https://a.vn", KEYS, ALLOWED.night))
