"""A pytest plugin: the test that runs is the context of the lines that coverage measures; its time is kept.

`MUTANTS_TIMES` is the folder for the times, one file for each process.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import coverage
import pytest

_taken: Counter[str] = Counter()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logstart(nodeid: str) -> None:
    """Lines from here on are of this test."""
    _measure(nodeid)


def pytest_runtest_logfinish() -> None:
    """Lines between tests are of none."""
    _measure("")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Adds up the time of a test with its fixtures."""
    _taken[report.nodeid] += report.duration


def pytest_sessionfinish() -> None:
    """Keeps the times."""
    Path(os.environ["MUTANTS_TIMES"], f"{os.getpid()}.json").write_text(json.dumps(_taken), "utf-8")


def _measure(context: str) -> None:
    if measuring := coverage.Coverage.current():
        measuring.switch_context(context)
