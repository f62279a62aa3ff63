"""The command as its user types it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect
from dondoc.notifications.delivery import outbox
from tests.support import warm_command
from tests.support.planned_letters import planned
from tests.support.town import ROOT

DONDOC = Path(sys.executable).with_name("dondoc")


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Office:
    """A working folder with rules and example data that a test may spoil."""

    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "var" / "dondoc.db"

    def dondoc(self, *words: str, seconds: int = 120, prefect: str = "", **settings: str) -> Ran:
        """Runs the command here; `settings` become DONDOC_ variables, `prefect` is the address of its server."""
        # Compiled modules are kept, as on any machine that runs a command twice.
        left_out = ("DONDOC_", "PREFECT_", "PYTHONDONTWRITEBYTECODE")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
        environment |= {f"DONDOC_{key.upper()}": value for key, value in settings.items()}
        environment |= {"PREFECT_API_URL": prefect} if prefect else {}
        if warm_command.can_run(environment):
            return Ran(*warm_command.run(words, self.folder, environment, seconds))
        done = subprocess.run(
            [str(DONDOC), *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def holds_the_examples(self) -> None:
        """The example data is in the database, as `dondoc import examples` leaves it."""
        self.database.parent.mkdir(exist_ok=True)
        self.database.write_bytes(_imported())

    def owes_a_letter(self) -> None:
        """One that was due a minute ago, whatever the hour is; its mailbox is one that may be written to."""
        engine = connect(f"sqlite:///{self.database}")
        due = datetime.now(UTC) - timedelta(minutes=1)
        with audited(engine) as tx:
            outbox.enqueue(tx, [planned(part=99, recipient="baodai@example.vn", due=due)])
        engine.dispose()

    def spoil(self, file: str, old: str, new: str) -> None:
        """Changes one place of a file; fails when the place is not there."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


@lru_cache(maxsize=1)
def _imported() -> bytes:
    """A database that the command has filled, made once: most tests begin behind it."""
    with TemporaryDirectory(prefix="office-") as folder:
        office = Office(Path(folder))
        for name in ("rules", "examples"):
            shutil.copytree(ROOT / name, office.folder / name)
        assert office.dondoc("import", "examples").code == 0
        return office.database.read_bytes()
