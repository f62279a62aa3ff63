"""One word, one meaning: what the project calls its things."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.support.town import ROOT


def test_no_two_classes_share_a_name() -> None:
    """Whoever reads a class's name in one room has met it in no other."""
    places: dict[str, list[str]] = defaultdict(list)
    for part in ("engine", "notifications", "flows"):
        for path in sorted((ROOT / part).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(path.relative_to(ROOT).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
