"""A command that is forked from a process that waits answers as one that is started."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support import warm_command
from tests.support.cli_office import DONDOC, Office

HERE = {name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "PREFECT_"))}


@pytest.mark.parametrize("words", ["--version", "check", "check --format json", "explain LN15-9999", "nonsense"])
def test_it_says_the_same(office: Office, words: str) -> None:
    """Exit code, output and errors."""
    started = subprocess.run(
        [DONDOC, *words.split()], cwd=office.folder, env=HERE, capture_output=True, text=True, check=False
    )
    forked = warm_command.run(words.split(), office.folder, HERE, 60)
    assert forked == (started.returncode, started.stdout, started.stderr)


def test_each_has_its_own_environment(office: Office) -> None:
    """What one is given is not there for the next."""
    elsewhere = {**HERE, "DONDOC_RULES": "nowhere"}
    codes = [warm_command.run(["check"], office.folder, given, 60)[0] for given in (HERE, elsewhere, HERE)]
    assert [code == 0 for code in codes] == [True, False, True]


def test_one_that_takes_too_long_is_killed_and_the_next_one_runs(office: Office, tmp_path: Path) -> None:
    """The line to the process that waits stays in order."""
    with pytest.raises(subprocess.TimeoutExpired):
        warm_command.run(["check"], office.folder, HERE, 0.001)
    assert warm_command.run(["--version"], tmp_path, HERE, 60)[0] == 0


@pytest.mark.parametrize("name", ["PYTHONPATH", "OTEL_EXPORTER_OTLP_ENDPOINT", "TZ", "LANG", "LC_ALL"])
def test_what_is_read_at_the_start_needs_a_start(name: str) -> None:
    """A copy would come too late for it."""
    assert warm_command.can_run(HERE)
    assert not warm_command.can_run({**HERE, name: "another"})
