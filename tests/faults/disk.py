"""A night and its delivery on a disk that fails at its n-th write or sync, for every n; SQLite.

A process of its own runs it, with `failing.c` between SQLite and the C library.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine

from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.faults.seen import Seen, deliveries, judge, nights
from tests.support.story_stage import Stage

# As in failing.c.
FAULTS = {"full": 1, "sync": 2}


def on_a_failing_disk(work: str, fault: str, folder: Path, *, every: int = 1) -> Seen:
    """Runs `work` ("night" or "delivery") against `fault`: "full", no room from the n-th write on, or "sync"."""
    library = folder / "failing.so"
    source = str(Path(__file__).with_name("failing.c"))
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), source, "-ldl"], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.disk", work, fault, str(folder), str(every)],
        env={**os.environ, "LD_PRELOAD": str(library)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Seen(**json.loads(done.stdout))


def _template(folder: Path, *, judged: bool) -> Path:
    path = folder / "template.db"
    engine = connect(f"sqlite:///{path}")
    upgrade(engine)
    with Mailsink(folder / "mails") as sink:
        stage = Stage.set(engine, sink)
        if judged:
            judge(stage)
    engine.dispose()
    return path


def _main(work: str, fault: str, place: str, every: str) -> None:
    folder = Path(place)
    library = ctypes.CDLL(str(folder / "failing.so"))
    template = _template(folder, judged=work == "delivery")

    def fresh() -> Engine:
        path = folder / "dondoc.db"
        for left in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{left}").unlink()
        shutil.copy(template, path)
        return connect(f"sqlite:///{path}")

    def fails(engine: Engine, n: int, run: Callable[[], object]) -> bool:
        library.arm(FAULTS[fault], n)
        run()
        failed = library.failed_calls() > 0
        library.arm(0, 0)
        engine.dispose()
        return failed

    play = nights if work == "night" else deliveries
    sys.stdout.write(json.dumps(asdict(play(fresh, fails, folder / "mails", every=int(every)))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
