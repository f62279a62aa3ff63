"""Every input that a fuzzer was given or has found goes through its door again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, letter, mailserver

SEEDS = sorted(path for path in (Path(__file__).parent / "seeds").glob("*/*") if path.is_file())
# What makes a template, a page, a header or a spreadsheet do something.
PIECES = (
    *(
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 'a'*10**9 }}",
        "{{ o.secret|safe }}",
        "{#",
    ),
    *("<script>", "</td></tr></table>", "<a href='http://evil.vn'>", '" onmouseover="', "&lt;", "<!--", "]]>"),
    *(
        "\r\n",
        "\r\nBcc: x@evil.vn",
        "=?utf-8?q?hi=0D=0ABcc=3A_x?=",
        "\n.\r\n",
        "\x00",
        "\u2028",
        "\u202e",
        "\ufeff",
    ),
    *("=HYPERLINK(1)", "@SUM(1)", "\t=1", "279/UBND-LĐTBXH", "LN15-0001", "Đôn Đốc", "e\u0301", "\x1e"),
)
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join)


# A whole night takes a second.
@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.long] if path.parent.name == "night" else []) for path in SEEDS],
    ids=[f"{path.parent.name}-{path.name}" for path in SEEDS],
)
def test_a_seed_is_answered(path: Path) -> None:
    """Nothing comes back that the target does not allow."""
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_seeds() -> None:
    """A fuzzer begins with something that means something."""
    assert {path.parent.name for path in SEEDS} == set(TARGETS)


@given(HOSTILE)
@settings(max_examples=60, deadline=None)
def test_hostile_texts_in_a_letter(text: str) -> None:
    """Whatever stands in the data: no tag, no attribute, no header that we did not write."""
    letter(text.encode("utf-8", "surrogatepass"))


@pytest.mark.long
@given(HOSTILE)
@settings(max_examples=3_000, deadline=None)
def test_many_hostile_texts_in_a_letter(text: str) -> None:
    """The same, for longer."""
    letter(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_whatever_a_mail_server_says(data: bytes) -> None:
    """Any bytes at any time: a letter is sent by a 2xx to its dot and by nothing else."""
    mailserver(data)
