"""What it costs to have shares of a night decided elsewhere: empty shares, and the first night of the country.

    export DONDOC_DATABASE=postgresql://... DONDOC_PARTITIONS=dask:tcp://127.0.0.1:8786     # or prefect:NAME
    python benchmarks/nights.py --step found --size whole --url $DONDOC_DATABASE --server PID-OF-POSTGRES
    python benchmarks/shares.py

Workers must run, two on two cores. Wall clock, since the processes of others are not ours to measure.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

import country
from sqlalchemy import Engine, func, select

from dondoc.engine.store.db.database import reading
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.matching.shares import RemoteExecutor, Share, Unanswered
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.config import settings
from dondoc.flows.night import steps
from dondoc.flows.workers import dask_cluster

ROUNDS = 5
NIGHT = Night(country.FIRST_NIGHT, steps.cutoff_of(country.FIRST_NIGHT))


@dataclass
class Counted:
    """Passes everything on, and counts the shares."""

    to: RemoteExecutor
    shares: int = 0

    def __call__(self, cut: Callable[[int], Sequence[Share]], /) -> Iterable[Decisions | Unanswered]:
        """As the one behind it."""

        def counted(wanted: int) -> Sequence[Share]:
            made = cut(wanted)
            self.shares = len(made)
            return made

        return self.to(counted)


def main() -> None:
    # A process of the pool begins with what stands at the top here, and must not wait for Prefect.
    from dondoc.flows.workers import prefect_pool  # noqa: PLC0415

    given = settings.load(os.environ)
    there = prefect_pool.of(given.partitions) or dask_cluster.of(given.partitions)
    assert there is not None, "DONDOC_PARTITIONS"
    executor = Counted(there)
    with settings.opened(given) as engine:
        first, *again = empty(engine, executor)
        print(f"{executor.shares} empty shares: first {first:.2f} s, then {median(again):.2f} s")
        ready = steps.prepare(engine, country.book(), NIGHT)
        ways: dict[str, Callable[[], Decisions]] = {
            "here": lambda: steps.decide(engine, ready),
            "elsewhere": lambda: steps.decide(engine, ready, url=given.database, executor=executor),
        }
        for name, way in ways.items():
            taken, found = [], Decisions()
            for _ in range(ROUNDS):
                started = time.perf_counter()
                found = way()
                taken.append(time.perf_counter() - started)
                assert not found.came_back, found.came_back
            print(f"{name}: {median(taken):.2f} s, {sum(found.judged.values())} facts, {len(found.hits)} hits")


def empty(engine: Engine, executor: RemoteExecutor) -> list[float]:
    """The seconds of shares without a range, round after round."""
    taken = []
    with reading(engine) as conn:
        snapshot = conn.execute(select(func.pg_export_snapshot())).scalar_one()
        share = Share((), {}, datetime.now(UTC), snapshot)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            came = list(executor(lambda wanted: [share] * wanted))
            taken.append(time.perf_counter() - started)
            assert not any(isinstance(one, Unanswered) for one in came), came
    return taken


if __name__ == "__main__":
    main()
