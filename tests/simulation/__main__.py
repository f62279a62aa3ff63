"""Years of random towns, one seed after another: `python -m tests.simulation --years 1000 --first 1`."""

from __future__ import annotations

import argparse
import time

from rich.console import Console

from tests.simulation.year import Year
from tests.support.pasts import PACKS


def main() -> int:
    """Plays the years, prints what was broken, and ends with 1 if something was."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--years", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1, help="the seed of the first year")
    given = parser.parse_args()
    out, began, broken = Console(highlight=False, soft_wrap=True), time.monotonic(), 0
    for seed in range(given.first, given.first + given.years):
        year = Year.of(seed)
        found = year.live()
        broken += bool(found)
        for one in found[:5]:
            out.print(f"year {seed} of {year.directive}: {one}", markup=False)
    out.print(f"{given.years} years of {len(PACKS)} packs in {time.monotonic() - began:.0f} s: {broken} broken")
    return int(broken > 0)


if __name__ == "__main__":
    raise SystemExit(main())
