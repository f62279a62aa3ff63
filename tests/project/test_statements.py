"""Statements are run in the store and in the outbox, whose rows therefore travel no further.

Import contracts keep the query builders out of everything else; a text of SQL needs no import.
"""

from __future__ import annotations

import ast

from tests.support.town import ROOT

# The outbox writes its rows; how they stand for the operator is read beside it.
OUTBOX = frozenset(f"notifications/delivery/{name}.py" for name in ("outbox", "since_letter"))
RUNNING = frozenset({"execute", "exec_driver_sql", "scalar", "scalars", "stream"})


def test_nothing_else_runs_a_statement() -> None:
    """Flows and notifications hand connections on, and get values back."""
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("flows", "notifications")
        for path in (ROOT / folder).rglob("*.py")
        if path.relative_to(ROOT).as_posix() not in OUTBOX
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in RUNNING
    }
    assert found == set()
