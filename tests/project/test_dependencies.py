"""What the program imports is what it asks for: in requirements/*.in, and as extras in pyproject.toml."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.support.town import ROOT

EXTRAS = ("country", "dask", "demo", "otel")
# Asked for, and imported by none of our modules.
NOT_IMPORTED = {
    "fastapi": "held below a version that Prefect cannot run with",
    "defusedxml": "openpyxl uses it where it is installed",
    "vietnamadminunits": "its data files are read, its code is not",
}


def imported() -> Iterator[str]:
    """The top-level name of every package of others that a module of ours imports, wherever in it."""
    for folder in ("engine", "flows", "notifications"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    yield from (name.name.partition(".")[0] for name in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield node.module.partition(".")[0]


def asked_for(name: str) -> dict[str, str]:
    """The packages of a requirements file, by name, with the whole line."""
    lines = (ROOT / "requirements" / f"{name}.in").read_text("utf-8").splitlines()
    return {re.split(r"[^A-Za-z0-9-]", line)[0].lower(): line for line in lines if line and line[0] not in "#-"}


def test_every_import_is_asked_for_and_the_other_way_round() -> None:
    """What Prefect or Jinja2 happen to bring may go when they do."""
    asked = {name for file in ("runtime", "durable", *EXTRAS) for name in asked_for(file)}
    # A package is often called otherwise than what it brings; the extra for Dask is not installed here.
    bring = packages_distributions()
    found = set()
    for name in set(imported()) - sys.stdlib_module_names - {"dondoc"}:
        brought_by = {one.lower().replace("_", "-") for one in bring.get(name, [name])}
        assert brought_by & asked, f"{name} is imported, and no requirements/*.in asks for it"
        found |= brought_by & asked
    assert found | NOT_IMPORTED.keys() == asked


def test_the_extras_are_what_is_locked() -> None:
    """The same lines stand in pyproject.toml, for a wheel, and in requirements/, for the lock files."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert extras == {name: list(asked_for(name).values()) for name in EXTRAS}
