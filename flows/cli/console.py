"""What every command shares: its output, and how errors become one sentence and an exit code.

Exit codes: 0 fine; 1 problems found in rules or data; 2 wrong call; 3 a night that is degraded or held, or letters
that need a person; 4 the database or the mail server does not answer, nothing is lost.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from dondoc.engine.domain.model import Text
from dondoc.engine.errors import DonDocError, Remedy, RulesRefused
from dondoc.engine.file_faults import fault_of
from dondoc.flows.cli.language import in_language
from dondoc.flows.shutdown import StopRequested

OK, PROBLEMS, WRONG_CALL, NEEDS_A_PERSON, NOT_NOW = 0, 1, 2, 3, 4
CODES = {
    Remedy.FIX_INPUT: PROBLEMS,
    Remedy.USAGE: WRONG_CALL,
    Remedy.LATER: NOT_NOW,
    Remedy.NOTHING: OK,
}
HOME = Path("var")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

AsJson = Annotated[bool, typer.Option("--json", help="In dạng JSON cho chương trình. (For programs.)")]


@contextmanager
def spoken() -> Iterator[None]:
    """Turns every error of this project into its sentence and an exit code."""
    try:
        yield
    except StopRequested as stopped:
        complain(str(stopped))
        raise typer.Exit(NOT_NOW) from stopped
    except DonDocError as error:
        if isinstance(error, RulesRefused):
            for problem in error.problems:
                complain(Text(problem.text("vi"), problem.text("en")))
            n = len(error.problems)
            complain(
                Text(
                    f"{n} lỗi trong bộ quy tắc; chưa đọc dữ liệu, chưa gửi thư.",
                    f"{n} problems in the rules; no data was read and no letter sent.",
                )
            )
        else:
            complain(str(error))
        raise typer.Exit(CODES[error.remedy]) from error
    except (OSError, UnicodeError) as error:
        # An error without a file is of a pipe or the network, and is for its caller.
        if isinstance(error, OSError) and error.filename is None and error.errno not in _FULL:
            raise
        complain(str(fault_of(error)))
        raise typer.Exit(PROBLEMS) from error


def say(value: str | Text) -> None:
    """Prints a line for people on standard output, in the language of the command."""
    typer.echo(_printable(in_language(value)))


def complain(value: str | Text) -> None:
    """Prints a line about a problem on standard error, in the language of the command."""
    typer.echo(_printable(in_language(value)), err=True)


def _printable(value: str) -> str:
    """The line without what no terminal can print, such as a byte that is not UTF-8 in a file's name."""
    return value.encode("utf-8", "backslashreplace").decode()


def say_json(value: Any) -> None:
    """Prints a value as JSON for programs on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def hush(home: Path) -> None:
    """Makes Prefect keep its files under `home`, print nothing and send no telemetry."""
    from dondoc.flows.scheduler.prefect_environment import configure_environment as quieten

    quieten(os.environ, home / "prefect")
