"""Years of random towns, one seed after another: `python -m tests.simulation --years 1000 --first 1`."""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console

from tests.simulation.year import Year
from tests.support.pasts import PACKS


def main() -> int:
    """Plays the years, prints what was broken as soon as it is seen, and ends with 1 if something was."""
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--years", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1, help="the seed of the first year")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="years played at the same time")
    given = parser.parse_args()
    out, began, broken = Console(highlight=False, soft_wrap=True), time.monotonic(), 0
    seeds = range(given.first, given.first + given.years)
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        for seed, (directive, found) in zip(seeds, pool.map(_lived, seeds), strict=True):
            broken += bool(found)
            for one in found[:5]:
                out.print(f"year {seed} of {directive}: {one}", markup=False)
    out.print(f"{given.years} years of {len(PACKS)} packs in {time.monotonic() - began:.0f} s: {broken} broken")
    return int(broken > 0)


def _lived(seed: int) -> tuple[str, list[str]]:
    """The pack of a year, and what was broken in it."""
    year = Year.of(seed)
    return year.directive, year.live()


if __name__ == "__main__":
    raise SystemExit(main())
