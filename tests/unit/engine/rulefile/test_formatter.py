"""Tidying a rule file moves blanks and keys, and never what is loaded nor what is remarked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile.formatter.whole_file import formatted
from tests.support.town import ROOT

GOOD = Path(__file__).parent / "good_rules"
PACKS = sorted((ROOT / "rules").rglob("*.yaml"))
# Files to be messed up; the large ones would only take their time.
VALID = [path for path in (*PACKS, *sorted(GOOD.rglob("*.yaml"))) if path.stat().st_size < 10_000]

ROWS = Path(__file__).parent / "untidy"


def rows() -> Iterator[Any]:
    """Every file of the folder: what an author wrote and what comes out, between lines of equals signs."""
    for path in sorted(ROWS.glob("*.txt")):
        for part in path.read_text("utf-8").removeprefix("=== ").split("\n=== "):
            title, _, both = part.partition("\n")
            before, _, after = both.rstrip("\n").partition("\n--- becomes\n")
            yield pytest.param(f"rules/{path.stem}.yaml", f"{before}\n", f"{after}\n", id=title)


@pytest.mark.parametrize(("name", "written", "wanted"), list(rows()))
def test_a_file_is_put_in_order(name: str, written: str, wanted: str) -> None:
    """As the row says, and a second time changes nothing."""
    assert formatted(name, written.encode()) == wanted
    assert formatted(name, wanted.encode()) == wanted


LADDERS = "version: 1\nladders: {one: {steps: [{at: 0 workdays, to: [responsible], tone: urge}]}}"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param(f"{LADDERS}  \n\n \n", f"{LADDERS}\n", id="blanks at the ends of lines and of the file go"),
        pytest.param(LADDERS, f"{LADDERS}\n", id="a file gets its last line end"),
        pytest.param(f"\ufeff{LADDERS}\n", f"{LADDERS}\n", id="the byte order mark goes"),
        pytest.param(f"{LADDERS}\n".replace("\n", "\r\n"), f"{LADDERS}\n", id="windows line ends go"),
        pytest.param(f"{LADDERS} # \u0110o\u0302n", f"{LADDERS} # \u0110\u00f4n\n", id="letters are composed"),
        pytest.param(f"---\n{LADDERS}\n...\n", f"{LADDERS}\n", id="document marks go"),
    ],
)
def test_what_cannot_be_seen_is_put_in_order(written: str, wanted: str) -> None:
    """Blanks, line ends and marks."""
    assert formatted("rules/ladders.yaml", written.encode()) == wanted


def test_rules_have_one_blank_line_between_them() -> None:
    """Whatever stood there before; the comment of a rule stands right above it."""
    text = (GOOD / "luc-nam" / "forms.yaml").read_text("utf-8")
    after = formatted("forms.yaml", text.replace("  by-date:\n", "  # Đợt 2\n  by-date:\n").encode())
    keys = re.findall(r"(?:^|\n)(.*)\n(.*)\n  ([a-z-]+):\n    title", after)
    assert [above for *above, key in keys if key == "by-date"] == [["", "  # Đợt 2"]]
    assert [above[1] for *above, key in keys if key != "by-date"] == ["rules:", *[""] * (len(keys) - 2)]
    assert len(keys) == 17


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_our_own_packs_are_in_order(path: Path) -> None:
    """Otherwise run `dondoc fmt rules`."""
    assert formatted(path.as_posix(), path.read_bytes()) == path.read_text("utf-8")


def test_a_file_with_problems_is_refused_with_them() -> None:
    """Its own problems, as `check` would name them; those of other files do not matter here."""
    text = (GOOD / "ladders.yaml").read_text("utf-8")
    with pytest.raises(RulesRefused) as refused:
        formatted("rules/ladders.yaml", text.replace("tone:", "tones:", 1).encode())
    assert [(problem.file, problem.code) for problem in refused.value.problems] == [
        ("rules/ladders.yaml", "key-unknown")
    ]
    assert formatted("rules/ladders.yaml", text.replace("ln.huyen_uy", "nobody.knows_it").encode())


def test_a_layout_that_cannot_be_kept_is_left_alone() -> None:
    """A text that says by a number how far it is indented: nothing is risked."""
    text = "version: 1\nindicators:\n  a:\n    title: {vi: a, en: b}\n    unit:\n        vi: a\n        en: >1-\n"
    with pytest.raises(RulesRefused) as refused:
        formatted("rules/indicators.yaml", f"{text}         b\n    sensitive: true\n".encode())
    assert [problem.code for problem in refused.value.problems] == ["not-tidied"]


def mess(draw: st.DrawFn, line: str, number: int) -> str:
    """A line as somebody in a hurry leaves it."""
    indent = " " * (len(line) - len(line.lstrip()))
    return draw(
        st.sampled_from(
            (
                f"{' ' * draw(st.integers(0, 12))}# lời {number}\n{line}",
                f"{line}{' ' * draw(st.integers(1, 9))}# bên {number}",
                f"{' ' * draw(st.integers(0, 3))}\n{line}  ",
                re.sub(r"(: |, )", r"\1  ", line),
                line.replace(", ", " ,").replace("{", "{ ").replace("]", " ]"),
                line.replace(", ", f",{' # ngắt' * draw(st.booleans())}\n{indent}    ", 1),
                line.replace("- ", "-   ", 1),
            )
        )
    )


@st.composite
def untidy(draw: st.DrawFn) -> tuple[str, str]:
    """A valid file that somebody has messed up: blanks, blank lines, comments, keys in another order."""
    path = draw(st.sampled_from(VALID))
    lines = path.read_text("utf-8").splitlines()
    for number in range(draw(st.integers(1, 6))):
        at = draw(st.integers(1, len(lines) - 1))
        if draw(st.booleans()):
            lines[at] = mess(draw, lines[at], number)
        else:
            lines[at - 1], lines[at] = lines[at], lines[at - 1]
    text = "\n".join(lines)
    if draw(st.booleans()):
        text = re.sub(r"^( *)", r"\1\1", text, flags=re.MULTILINE)
    return path.as_posix(), text


def plain(text: str) -> Any:
    """What a text says to a reader that knows nothing of rules: nothing but texts."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def remarks(text: str) -> Counter[str]:
    """Every remark that the test wrote."""
    return Counter(re.findall(r"# (?:lời \d|bên \d|ngắt)", text))


@settings(max_examples=100, deadline=None)
@given(untidy())
def test_whatever_the_layout_nothing_is_lost_and_twice_is_once(file: tuple[str, str]) -> None:
    """The same values, the same remarks, and a second time changes nothing; else it is refused as a whole."""
    name, text = file
    after = outcome(name, text)
    if isinstance(after, RulesRefused):
        assert "not-tidied" not in {problem.code for problem in after.problems}
        return
    assert plain(after) == plain(text)
    assert remarks(after) == remarks(text)
    assert formatted(name, after.encode()) == after
    assert not re.search(r"[ \t]+$", after, re.MULTILINE)
    assert "\n\n\n" not in after


def outcome(name: str, text: str) -> str | RulesRefused:
    """The tidied text, or why it is refused."""
    try:
        return formatted(name, text.encode())
    except RulesRefused as refused:
        return refused
