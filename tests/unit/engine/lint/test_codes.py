"""The table of codes and the code agree, and every code has been seen where an author would see it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dondoc.engine.lint.problem_codes import CODES, FAMILIES
from dondoc.engine.rulefile.problems import IdKind
from tests.support.town import ROOT
from tests.unit.engine.lint.test_lint_gallery import CASES, announced

SOURCES = [
    *(ROOT / "engine" / "rulefile").rglob("*.py"),
    *(ROOT / "engine" / "lint").glob("*.py"),
    ROOT / "flows" / "check/report.py",
    ROOT / "flows" / "check/chart.py",
    ROOT / "flows" / "check/periods.py",
    ROOT / "flows" / "check/codes.py",
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
GALLERY = sorted((ROOT / "tests" / "unit" / "engine" / "rulefile" / "broken_rules").rglob("*.yaml"))

# Where the code stands among the arguments of whatever says one.
ARGUMENTS = {"say": 1, "note": 1, "mismatch": 2, "text_in": 2, "Pattern": 2, "Problem": 3}
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def written(node: ast.expr) -> set[str]:
    """The codes that an argument may be; an id's kind and `-unknown` are one for every kind."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[-1], ast.Constant):
        return {f"{kind}{node.values[-1].value}" for kind in IdKind}
    return set()


def said(path: Path) -> Iterator[str]:
    """Every code that a module hands to whatever says one, or has as the default of a field named `code`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and called(node) in ARGUMENTS:
            yield from (code for each in node.args[ARGUMENTS[called(node)] :][:1] for code in written(each))
            yield from (code for each in node.keywords if each.arg == "code" for code in written(each.value))
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "code" and node.value:
            yield from written(node.value)
        if path.name == "guard.py" and isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            yield from (code for each in node.value.elts for code in written(each) if CODE.fullmatch(code))


def test_the_table_holds_every_code_that_is_said_and_no_other() -> None:
    """A code without a paragraph leaves its reader alone; a paragraph without a code is never read."""
    assert {code for path in SOURCES for code in said(path)} == set(CODES)


def test_every_code_is_in_one_family_and_explained_in_both_languages() -> None:
    """Names are unique, paragraphs are whole sentences of a size that is read."""
    names = [code.name for _, codes in FAMILIES for code in codes]
    assert len(names) == len(set(names)) == len(CODES)
    for code in CODES.values():
        assert CODE.fullmatch(code.name)
        assert code.meaning.vi != code.meaning.en
        for text in (code.meaning.vi, code.meaning.en):
            assert text.endswith(".")
            assert 30 <= len(text) <= 500
            assert "`" not in text + code.example


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_been_seen(code: str) -> None:
    """In a file of a gallery that announces it, or by its name in a test of the loader or of the review."""
    shown = {name for path in CASES for _, _, name, _ in announced(path)}
    shown |= {name for path in GALLERY for _, _, name, _ in announced(path)}
    assert code in shown or any(f'"{code}"' in path.read_text("utf-8") for path in TESTS)
