"""Whatever stands in a file, loading gives a rule book or a refusal: never another error."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load

GOOD = Path(__file__).parent / "good_rules"
NAMES = tuple(path.relative_to(GOOD).as_posix() for path in sorted(GOOD.rglob("*.yaml")))
TOKENS = (
    *("null", "true", "no", "08", "1.5", "-1", "[]", "{}", "[a]", "{a: 1}", '""', "2019-02-29", "9999-12-31"),
    *(
        "reading",
        "calendar-month",
        "5 workdays",
        "20 %",
        "superior.party.9",
        "{from: 2019-01-01}",
        "&a",
        "*a",
        "<<",
    ),
    *(
        ":",
        "-",
        "#",
        "\n",
        "  ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "'",
        '"',
        "|",
        ">",
        "?",
        "before: 2019-01-01",
        "every: year",
    ),
)


def outcome(name: str, raw: bytes) -> RuleBook | RulesRefused:
    """What loading the good pack with one file replaced gives; any other error is the test's failure."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(shutil.copytree(GOOD, Path(folder) / "rules"))
        (rules / name).write_bytes(raw)
        try:
            return load(rules)
        except RulesRefused as refused:
            return refused


def check(result: RuleBook | RulesRefused) -> None:
    """A refusal has problems, sorted and in place; a book is whole."""
    if isinstance(result, RuleBook):
        assert set(result.directives) == {"forms"}
        assert all(rule.directive in result.directives for rule in result.rules.values())
        assert all(rule.ladder in result.ladders for rule in result.rules.values())
        assert all(rule.calendar in result.calendars for rule in result.rules.values())
    else:
        assert result.problems
        assert list(result.problems) == sorted(result.problems)
        assert all(problem.line >= 1 and problem.column >= 1 for problem in result.problems)
        str(result).encode()


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(NAMES), raw=st.binary(max_size=200))
@example(name="mail.yaml", raw=b"%YAML 9.9\n---\na")
@example(name="mail.yaml", raw=b"\xef\xbf\xbe")
@example(name="mail.yaml", raw=b"? ")
def test_any_bytes(name: str, raw: bytes) -> None:
    """Noise is refused."""
    assert isinstance(outcome(name, raw), RulesRefused)


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(NAMES), text=st.lists(st.sampled_from((*TOKENS, "version", "mail")), max_size=30))
def test_any_text_of_yaml_pieces(name: str, text: list[str]) -> None:
    """So are the pieces of YAML in any order."""
    check(outcome(name, "".join(text).encode()))


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes]:
    """A valid file with up to three words replaced, lines deleted or lines doubled."""
    name = draw(st.sampled_from(NAMES))
    lines = (GOOD / name).read_text("utf-8").splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("word", "value", "delete", "double", "indent"))):
            case "word":
                words = lines[at].split(" ")
                words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(TOKENS))
                lines[at] = " ".join(words)
            case "value":
                lines[at] = f"{lines[at].partition(':')[0]}: {draw(st.sampled_from(TOKENS))}"
            case "delete":
                lines[at] = ""
            case "double":
                lines.insert(at, lines[at])
            case "indent":
                lines[at] = f"  {lines[at]}"
    return name, "\n".join(lines).encode()


@settings(max_examples=150, deadline=None)
@given(mutations())
def test_any_mutation_of_a_valid_file(mutation: tuple[str, bytes]) -> None:
    """A slip of the hand gives a whole book or a refusal, never a half."""
    check(outcome(*mutation))
