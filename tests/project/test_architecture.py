"""docs/en/architecture.md leads to what is there: every room has its paragraph, every row its file and name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from tests.support.town import ROOT

PAGE = (ROOT / "docs" / "en" / "architecture.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+?) \| `(\S+\.py)` \| `(\w+)` \|$", PAGE, re.MULTILINE)
HOUSES = ("engine", "engine/store", "engine/rulefile", "engine/sources", "notifications", "flows")


def rooms() -> Iterator[str]:
    """Every folder of code in one of the houses."""
    for house in HOUSES:
        for folder in sorted((ROOT / house).iterdir()):
            if folder.is_dir() and any(folder.glob("*.py")):
                yield folder.relative_to(ROOT).as_posix()


@lru_cache(maxsize=128)
def names_of(file: Path) -> frozenset[str]:
    """What a module defines at its top: functions, classes and constants."""
    found: set[str] = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Assign():
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return frozenset(found)


@pytest.mark.parametrize(("what", "file", "name"), ROWS, ids=[f"{file}:{name}" for _, file, name in ROWS])
def test_a_row_leads_to_a_name(what: str, file: str, name: str) -> None:
    """The file exists and defines the name; otherwise correct the row."""
    assert (ROOT / file).is_file(), f"{what}: no file {file}"
    assert name in names_of(ROOT / file), f"{what}: {file} defines no {name}"


def test_every_row_of_the_table_is_understood() -> None:
    """No row is written in a way that nobody checks, and none stands twice."""
    table = PAGE[PAGE.index("| to change |") :].strip().splitlines()[2:]
    questions = [row for row in table if not row.startswith("| **")]
    assert len(questions) == len(ROWS) > 40
    assert len({what for what, *_ in ROWS}) == len(ROWS)


def test_every_room_has_its_paragraph() -> None:
    """And no paragraph tells of a room that is gone."""
    told = re.findall(r"\*\*`([a-z_/]+)`\*\*", PAGE)
    assert len(set(told)) == len(told)
    assert set(rooms()) <= set(told)
    assert all((ROOT / room).is_dir() for room in told)
