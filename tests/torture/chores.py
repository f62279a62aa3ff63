"""What else is killed, once the nights of a round are over: import, pull, backup and retain, as they are typed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from dondoc.engine.store.db import transfer
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.tables import activity, letter
from dondoc.flows.records.audit import audit
from dondoc.flows.records.statistics import statistics_of
from tests.torture.victims import ROOT

CHORES = ("import", "pull", "backup", "retain")
CHORE_POINTS = ("statement", "before commit")
KEPT = {f"DONDOC_KEEP_{kind}": "30" for kind in ("LETTERS", "ATTEMPTS", "HISTORY", "CASES")}
_ROWS = 40
_HEAD = "ref,unit,activity,done_on,quantity,recorded_at\n"
_SOURCE = """version: 1
sources:
  folder:
    title: {{vi: Thư mục của phép thử, en: The folder of the trial}}
    folder: {folder}
    stale_after: 36 hours
"""

# Runs a command, killed somewhere or not; whether it was killed.
Typed = Callable[[tuple[str, ...], bool], bool]


@dataclass(slots=True)
class Chores:
    """The commands of one round, over the database `url`; files go to `place`."""

    dice: random.Random
    url: str
    place: Path
    typed: Typed

    def play(self) -> Iterator[str]:
        """Each command killed some times and then run to its end; the promises that were broken, in words."""
        yield from self._rows("import", "chore", self.place / "activities.csv")
        incoming = self.place / "incoming"
        incoming.mkdir()
        sources = _SOURCE.format(folder=incoming)
        (self.place / "rules" / "sources.yaml").write_text(sources, "utf-8")
        yield from self._rows("pull", "pulled", incoming / "activities.csv")
        if not list(incoming.glob("da-nhan/*")):
            yield "pull: the file was not put away"
        yield from self._backups()
        yield from self._retained()

    def _rows(self, command: str, prefix: str, file: Path) -> Iterator[str]:
        lines = (
            f"{prefix}-{n},ln.ubnd_xa.bao_dai,broadcast,2015-05-{1 + n % 28:02},1,2015-06-01T08:00"
            for n in range(_ROWS)
        )
        file.write_text(_HEAD + "\n".join(lines) + "\n", "utf-8")
        # A drop folder leaves a file alone that was written a moment ago.
        os.utime(file, (0, 0))
        words = (command, str(file)) if command == "import" else (command,)
        self._some(words)
        self.typed(words, False)
        with reading(engine := connect(self.url)) as conn:
            stored = conn.scalar(select(func.count()).where(activity.c.ref.startswith(f"{prefix}-")))
            if stored != _ROWS:
                yield f"{command}: {stored} rows instead of {_ROWS}"
            yield from (f"after {command}: {flaw.text()}" for flaw in audit(conn).flaws)
        engine.dispose()

    def _backups(self) -> Iterator[str]:
        files = [self.place / f"saved-{n}.db" for n in range(self.dice.randint(1, 3))]
        for file in files:
            self.typed(("backup", str(file)), True)
        files.append(self.place / "saved.db")
        self.typed(("backup", str(files[-1])), False)
        with reading(engine := connect(self.url)) as conn:
            rows = transfer.counts(conn)
        engine.dispose()
        for file in files:
            # One that was killed may be missing; one that has its name is whole.
            if file.exists() and (found := transfer.damage(file, rows)):
                yield f"backup: {file.name} is not whole: {found}"
        if not files[-1].exists():
            yield "backup: there is none"

    def _retained(self) -> Iterator[str]:
        engine = connect(self.url)
        sealed = select(letter.c.id, letter.c.state, letter.c.recipient, letter.c.mime_sha256).order_by(
            letter.c.id
        )
        with reading(engine) as conn:
            before = conn.execute(sealed).all(), statistics_of(conn)
        self._some(("retain",))
        self.typed(("retain",), False)
        with reading(engine) as conn:
            if (conn.execute(sealed).all(), statistics_of(conn)) != before:
                yield "retain: letters or statistics are not what they were"
            if conn.scalar(select(func.count()).where(letter.c.state == "sent", func.length(letter.c.mime) > 0)):
                yield "retain: bodies are left"
            yield from (f"after retain: {flaw.text()}" for flaw in audit(conn).flaws)
        engine.dispose()

    def _some(self, words: tuple[str, ...]) -> None:
        for _ in range(self.dice.randint(1, 3)):
            self.typed(words, True)


def rules_of(place: Path) -> Path:
    """A rule folder of the round's own, which may get a source."""
    return shutil.copytree(ROOT / "rules", place / "rules")
