"""`dondoc completion`: what a shell needs to complete commands and options at the Tab key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer
from typer.completion import get_completion_inspect_parameters

# The variable in which a shell asks, and this command asks itself, as typer names it.
_ASKED = "_DONDOC_COMPLETE"


class CompletedShell(StrEnum):
    """The shells that can ask."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def asked_by_a_shell(environment: Mapping[str, str]) -> bool:
    """Whether a shell asks for completions, which the program then answers instead of running a command."""
    # PowerShell leaves it behind, empty.
    if not environment.get(_ASKED):
        return False
    # Without its own two options in English, typer knows the shells only once it has been asked for them.
    get_completion_inspect_parameters()
    return True


def completion(
    context: typer.Context,
    shell: Annotated[CompletedShell, typer.Argument(help="Loại shell. (Which shell.)")],
) -> None:
    """In đoạn mã để shell tự gõ tiếp lệnh bằng phím Tab. (The script for completion at the Tab key.)"""
    os.environ[_ASKED] = f"source_{shell}"
    asked_by_a_shell(os.environ)
    context.find_root().command.main(args=[], prog_name="dondoc")
