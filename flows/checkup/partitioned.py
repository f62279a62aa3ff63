"""Where shares of a night are decided elsewhere: whether anybody is there. Nothing is looked at for `pool`."""

from __future__ import annotations

from collections.abc import Iterator

from engine.store.shares import NobodyThere
from flows import cluster
from flows.checkup.answer import Answer, Topic, good, look
from flows.partitions import Kind, Partitions

_TOPIC = Topic.PARTITIONS


def partitions(given: Partitions) -> Iterator[Answer]:
    """The workers of the cluster; none is worth a look and not wrong, since the night decides itself then."""
    if given.kind is Kind.DASK:
        yield _dask(given.where)


def _dask(address: str) -> Answer:
    try:
        count = cluster.workers_of(address)
    except NobodyThere as nobody:
        return look(_TOPIC, str(nobody), "đêm vẫn chạy, chỉ trên máy này (nights run on this machine alone)")
    said = f"cụm Dask {address}: {count} worker (workers)"
    if count:
        return good(_TOPIC, said)
    return look(
        _TOPIC,
        f"{said}; đêm sẽ tự đánh giá (the night will decide itself)",
        f"mở worker trên các máy: dask worker {address} --nthreads 1 (start some)",
    )
