"""Commands and options are completed at the Tab key, as a real shell asks for them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.cli_office import DONDOC


def _script(shell: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DONDOC, "completion", shell], capture_output=True, text=True, check=False)


def _completed(folder: Path, *typed: str) -> list[str]:
    """What bash offers for the last of the words."""
    script = folder / "dondoc.bash"
    script.write_text(_script("bash").stdout)
    asked = (
        f"source {script}; COMP_WORDS=(dondoc {' '.join(typed)}); COMP_CWORD={len(typed)}; "
        f'_dondoc_completion {DONDOC}; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    ran = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    return ran.stdout.split()


def test_bash_completes_commands_groups_and_options(tmp_path: Path) -> None:
    """Of the whole program, though a command that runs loads itself alone."""
    assert _completed(tmp_path, "wh") == ["why-not"]
    assert _completed(tmp_path, "outbox", "re") == ["release", "retry"]
    assert {"--as-of", "--baseline"} <= set(_completed(tmp_path, "nightly", "--"))


@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
def test_other_shells_have_a_script_too(shell: str) -> None:
    """Each asks by the same variable."""
    assert f"_DONDOC_COMPLETE={'complete_' + shell}" in _script(shell).stdout.replace('"', "").replace(" = ", "=")


def test_an_unknown_shell_is_a_wrong_call() -> None:
    """The ones that are known are named."""
    ran = _script("csh")
    assert ran.returncode == 2
    assert "'bash', 'zsh', 'fish', 'powershell'" in ran.stderr
