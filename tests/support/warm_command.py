"""The command in a process of its own that has read its modules before: forked from one that waits.

Half a second of every command is reading modules, and the tests run thousands of commands. A process that waits
has read them once; for each command it makes a copy of itself, and the copy takes the folder, the environment and
the outputs that are asked for. What imports Prefect is left to the copy: Prefect reads its settings at its import.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

# What an interpreter, or a library at its import, reads from the environment: a copy would come too late for it.
_READ_AT_THE_START = ("PYTHON", "OTEL_", "LC_", "LANG", "TZ")
_LONGEST = 150_000  # bytes of one request
_ROOT = Path(__file__).parents[2]


@dataclass
class _Waiting:
    """The process that waits, and the line to it: one command at a time."""

    process: subprocess.Popen[bytes]
    line: socket.socket
    turn: threading.Lock = field(default_factory=threading.Lock)

    def end(self) -> None:
        self.line.close()
        self.process.wait(10)


@cache
def _waiting() -> _Waiting:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with there:
        command = [sys.executable, "-m", __name__, str(there.fileno())]
        waiting = _Waiting(subprocess.Popen(command, pass_fds=[there.fileno()], cwd=_ROOT), here)
    atexit.register(waiting.end)
    return waiting


def _read_at_the_start(environment: Mapping[str, str]) -> dict[str, str]:
    found = {name: value for name, value in environment.items() if name.startswith(_READ_AT_THE_START)}
    # Only whether compiled modules are kept.
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


_AT_THE_START = _read_at_the_start(os.environ)


def can_run(environment: Mapping[str, str]) -> bool:
    """Whether a command in that environment starts as the process that waits has started."""
    return _read_at_the_start(environment) == _AT_THE_START


def run(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
) -> tuple[int, str, str]:
    """Runs `dondoc WORDS` in `folder` with that environment and no other: exit code, output, errors.

    Raises subprocess.TimeoutExpired after so many seconds; the command has been killed then.
    """
    waiting = _waiting()
    asked = json.dumps([list(words), str(folder), dict(environment)]).encode()
    assert len(asked) < _LONGEST
    with waiting.turn, TemporaryFile() as out, TemporaryFile() as err:
        socket.send_fds(waiting.line, [asked], [out.fileno(), err.fileno()])
        pid = int(waiting.line.recv(_LONGEST))
        waiting.line.settimeout(seconds)
        try:
            code = int(waiting.line.recv(_LONGEST))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            waiting.line.settimeout(None)
            waiting.line.recv(_LONGEST)
            raise subprocess.TimeoutExpired(["dondoc", *words], seconds) from None
        finally:
            waiting.line.settimeout(None)
        out.seek(0)
        err.seek(0)
        return code, out.read().decode(), err.read().decode()


def _serve(line: socket.socket) -> None:
    """Answers requests until the other end is closed: the number of the copy, then its exit code."""
    while True:
        asked, outputs, _, _ = socket.recv_fds(line, _LONGEST, 2)
        if not asked:
            return
        pid = os.fork()
        if pid == 0:
            line.close()
            _become(*json.loads(asked), *outputs)
        for each in outputs:
            os.close(each)
        line.send(str(pid).encode())
        line.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())


def _become(words: list[str], folder: str, environment: dict[str, str], out: int, err: int) -> None:
    """This process is that command from now on; ends as it does."""
    from dondoc.flows.cli.program import main  # noqa: PLC0415 - the process of the tests needs none of it

    for target, source in enumerate([os.open(os.devnull, os.O_RDONLY), out, err]):
        os.dup2(source, target)
        os.close(source)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    script = Path(sys.executable).with_name("dondoc")
    sys.path[0] = str(script.parent)
    sys.argv = [str(script), *words]
    # The command names itself by what was started: the script, not this module.
    sys.modules["__main__"].__package__ = None
    sys.exit(main())


def _read_modules() -> None:
    for package in ("dondoc.engine", "dondoc.notifications", "dondoc.flows"):
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if "prefect" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    assert "prefect" not in sys.modules


if __name__ == "__main__":
    _read_modules()
    _serve(socket.socket(fileno=int(sys.argv[1])))
