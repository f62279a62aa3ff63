"""Runs every measurement of benchmarks/README.md in one go and prints them, with every target and its verdict."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import deciding
import delivery
import evaluation
import nights

# The targets, all of them ratios within this one run but for the megabytes.
LEAST_OVER = {"zen-engine": 10.0, "clipspy": 15.0, "business-rules": 15.0, "rule-engine": 30.0, "Drools": 50.0}
MOST_OVER_SQL, MOST_OVER_SQL_WHOLE, MOST_NIGHT_OVER_SQL = 2.0, 4.0, 12.0
MOST_OF_FIRST, MOST_GROWTH, MOST_FOR_HISTORY, MOST_MB = 0.5, 1.1, 1.05, 400.0
MIX = "ordinary"

Row = dict[str, Any]


def main() -> None:
    """Deciding, the country's nights, delivery; then the table of targets."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--database", choices=nights.DATABASES, nargs="*", default=nights.DATABASES)
    databases: tuple[str, ...] = tuple(words.parse_args().database)
    decided = deciding.compare(MIX)
    print("\n".join(deciding.lines(MIX, decided)), flush=True)
    rows: list[Row] = []
    print("nights: stage wall/CPU in seconds, the database server's CPU included", flush=True)
    for row in nights.every_night(nights.SIZES, databases):
        rows.append(row)
        print("  " + nights.line(row), flush=True)
    sent = delivery.compare()
    print("\n".join(delivery.lines(sent)), flush=True)
    print("targets")
    for line in _of_engines(decided):
        print(line)
    for database in databases:
        for line in _of_nights(rows, database):
            print(line)
    for name, ratio in sent["ratios"].items():
        print(_said(f"{name}, of the rate of aiosmtplib alone", ratio, least=delivery.LEAST_OF_BARE))


def _of_engines(found: dict[str, Any]) -> Iterator[str]:
    for engine, least in LEAST_OVER.items():
        for name, ratio in found["ratios"].items():
            if f"of {engine}:" in name:
                yield _said(name, ratio, least=least)


def _of_nights(rows: list[Row], database: str) -> Iterator[str]:
    """The targets about one database."""
    found = {(row["size"], row["step"]): row for row in rows if row["database"] == database}
    evaluated, first, second = (found["whole", step] for step in ("evaluate", "first", "second"))
    by_hand = _cpu(evaluated, evaluation.BY_HAND)
    yield _said(
        f"{database}: evaluation over SQL by hand",
        _cpu(evaluated, evaluation.FILTERED) / by_hand,
        most=MOST_OVER_SQL,
    )
    yield _said(
        f"{database}: the same without the pre-filter",
        _cpu(evaluated, evaluation.WHOLE) / by_hand,
        most=MOST_OVER_SQL_WHOLE,
    )
    yield _said(f"{database}: the first night over that SQL", _cpu(first) / by_hand, most=MOST_NIGHT_OVER_SQL)
    yield _said(f"{database}: the second night over the first", _cpu(second) / _cpu(first), most=MOST_OF_FIRST)
    tenth = found["tenth", "first"]
    ten_times = f"{database}: the first night over ten times a tenth"
    # A tenth makes its letters in one process: several cost CPU and save time.
    yield _said(f"{ten_times}, time", _wall(first) / (_wall(tenth) * 10), most=MOST_GROWTH)
    yield _said(f"{ten_times}, CPU", _cpu(first) / (_cpu(tenth) * 10), most=MOST_GROWTH)
    if ("bare", "first") in found:
        history = _cpu(first) / _cpu(found["bare", "first"])
        yield _said(f"{database}: with a year of closed history over without", history, most=MOST_FOR_HISTORY)
    peak = max(first["peak"], second["peak"])
    yield _said(f"{database}: the highest memory of a night, MB", peak, most=MOST_MB)


def _cpu(row: Row, stage: str = "") -> float:
    """CPU seconds of one stage, or of all."""
    return float(sum(cpu for name, (_, cpu) in row["stages"].items() if stage in ("", name)))


def _wall(row: Row) -> float:
    """Seconds of all stages."""
    return float(sum(wall for wall, _ in row["stages"].values()))


def _said(what: str, value: float, *, most: float = float("inf"), least: float = 0.0) -> str:
    verdict = "met" if least <= value <= most else "NOT met"
    bound = f"at least {least:g}" if least else f"at most {most:g}"
    return f"  {what}: {value:.2f} ({bound}: {verdict})"


if __name__ == "__main__":
    main()
