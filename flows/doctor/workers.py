"""The workers that decide shares of a night on other machines. For `pool` there is nothing to check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dondoc.engine.store.matching.shares import NoWorkers
from dondoc.flows.config.partitions import Executor, Partitions
from dondoc.flows.doctor.diagnosis import Diagnosis, Grade, Topic, good, look
from dondoc.flows.doctor.schedule import NoAnswer, Server, pool_of
from dondoc.flows.workers import dask_cluster

_TOPIC = Topic.PARTITIONS


def partitions(given: Partitions, environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    """The workers online; none is only worth a look, because the night then decides everything itself."""
    if given.kind is Executor.DASK:
        yield _dask(given.where)
    elif given.kind is Executor.PREFECT:
        found = _prefect(given.where, environment)
        yield replace(found, topic=_TOPIC, grade=Grade.LOOK if found.grade is Grade.WRONG else found.grade)


def _dask(address: str) -> Diagnosis:
    try:
        count = dask_cluster.workers_of(address)
    except NoWorkers as none:
        return look(_TOPIC, str(none), "đêm vẫn chạy, chỉ trên máy này (nights run on this machine only)")
    said = f"cụm Dask {address}: {count} worker (workers)"
    if count:
        return good(_TOPIC, said)
    return look(
        _TOPIC,
        f"{said}; đêm sẽ tự đánh giá (the night will decide itself)",
        f"mở worker trên các máy: dask worker {address} --nthreads 1 (start some)",
    )


def _prefect(name: str, environment: Mapping[str, str]) -> Diagnosis:
    if not environment.get("PREFECT_API_URL"):
        return look(
            _TOPIC,
            f"work pool «{name}» cần một máy chủ Prefect (needs a Prefect server)",
            "đặt PREFECT_API_URL cho đêm và cho mọi worker (set it for the night and for every worker)",
        )
    try:
        return pool_of(Server(environment), name)
    except NoAnswer as error:
        return look(
            _TOPIC,
            f"máy chủ Prefect không trả lời (no answer) [{error}]",
            "mở máy chủ Prefect, hoặc sửa PREFECT_API_URL (start it, or fix the address)",
        )
