"""Runs every measurement of benchmarks/README.md and prints them as one table, with the targets beside them."""

from __future__ import annotations

from typing import Any

import deciding
import nights
from country import SIZES

MOST_OVER_SQL = 2.0
LEAST_OVER = {"zen-engine": 10.0, "clipspy": 15.0, "business-rules": 15.0, "rule-engine": 30.0, "Drools": 50.0}
MOST_SECONDS = 120.0


def main() -> None:
    """Deciding in both mixes, then both nights of a province and a country on both databases."""
    found = {mix: deciding.compare(mix) for mix in deciding.MIXES}
    for mix, each in found.items():
        print("\n".join(deciding.lines(mix, each)), flush=True)
    rows = []
    print("nights: stage wall/CPU in seconds, the database server's CPU included")
    for row in nights.every_night(nights.SIZES, nights.DATABASES):
        rows.append(row)
        print("  " + nights.line(row), flush=True)
    print("targets")
    for mix, each in found.items():
        _say(f"CPU over SQL by hand, {mix}", _over_sql(each), most=MOST_OVER_SQL)
        for engine, least in LEAST_OVER.items():
            for name, ratio in _over(each, engine).items():
                _say(f"{name}, {mix}", ratio, least=least)
    for database in nights.DATABASES:
        country = _row(rows, database, "country", "first")
        _say(f"country's first night, {database}, wall s", _total(country, 0), most=MOST_SECONDS)
        growth = _per_commune(country) / _per_commune(_row(rows, database, "province", "first"))
        print(f"  country / province, first night, {database}: {growth:.2f} times the CPU for each commune")


def _over_sql(found: dict[str, Any]) -> float:
    return float(next(ratio for name, ratio in found["ratios"].items() if "SQL" in name))


def _over(found: dict[str, Any], engine: str) -> dict[str, float]:
    """The ratios of one engine's ways; none when it was left out."""
    return {name: ratio for name, ratio in found["ratios"].items() if f"of {engine}:" in name}


def _say(what: str, value: float, *, most: float = float("inf"), least: float = 0.0) -> None:
    verdict = "met" if least <= value <= most else "NOT met"
    bound = f"at least {least:g}" if least else f"at most {most:g}"
    print(f"  {what}: {value:.2f} ({bound}: {verdict})")


def _row(rows: list[dict[str, Any]], database: str, size: str, step: str) -> dict[str, Any]:
    return next(row for row in rows if (row["database"], row["size"], row["step"]) == (database, size, step))


def _total(row: dict[str, Any], which: int) -> float:
    return float(sum(stage[which] for stage in row["stages"].values()))


def _per_commune(row: dict[str, Any]) -> float:
    return _total(row, 1) / SIZES[row["size"]].communes


if __name__ == "__main__":
    main()
