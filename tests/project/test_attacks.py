"""docs/en/attacks.md: every attack has an answer, and a test that holds it."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.rulefile.schema.json_schema import schema_of
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.town import ROOT, Town, rows

TESTS = ROOT / "tests"
PAGE = ROOT / "docs" / "en" / "attacks.md"
TABLE = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
_ROW = re.compile(r"\| (.+?) \| .+ \| `([\w/]+\.py)` (test_\w+)(?: \[(.+)\])? \|")
ROWS = [
    pytest.param(*found.groups()[1:], id=found[1]) for line in TABLE if (found := _ROW.fullmatch(line)) is not None
]


@pytest.mark.parametrize(("file", "test", "case"), ROWS)
def test_the_attack_has_a_test(file: str, test: str, case: str | None) -> None:
    """The file defines the test, and the case that is named is one of its cases."""
    text = (TESTS / file).read_text("utf-8")
    assert re.search(rf"^def {test}\(", text, re.MULTILINE)
    if case is not None:
        broken = TESTS / "unit" / "engine" / "rulefile" / "broken_rules" / f"{case}.yaml"
        assert f'"{case}"' in text or broken.is_file()


def test_every_row_of_the_table_is_understood() -> None:
    """No row names its test in a way that nobody checks."""
    assert len(TABLE) - 1 == len(ROWS) > 40


def test_the_rule_language_has_no_patterns_and_no_sql() -> None:
    """No key of a rule takes a pattern or an expression: there is nothing to compile that a stranger wrote."""
    keys = set(re.findall(r'"(\w+)": \{', json.dumps(schema_of("directive"))))
    assert keys >= {"overdue", "quota", "threshold"}, "the keys are found"
    assert not keys & {"regex", "regexp", "match", "expression", "eval", "where", "query", "template", "include"}


@pytest.mark.parametrize("text", ["x'; DROP TABLE unit; --", 'x"; DELETE FROM unit', "%s %(x)s :x {x}", "x\\'"])
def test_sql_in_data_is_a_value(database: Engine, text: str) -> None:
    """It comes back as it was written, and the tables stand."""
    town = Town(database).founded_here()
    town.submits("ln.ubnd_xa.bao_dai", "child-protection", "2015-04-18", ref=f"ref-{text}", document=text)
    with reading(database) as conn:
        assert conn.scalar(select(t.submission.c.document).where(t.submission.c.ref == f"ref-{text}")) == text
        assert len(conn.scalars(select(t.unit.c.id)).all()) == len(rows("units"))
