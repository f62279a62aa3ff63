"""Shares decided by the workers of a Dask cluster.

Plain `distributed`, without Prefect (docs/en/decisions/0026-shares-elsewhere.md): a night uses it in the same way
with and without Prefect, and a worker does not import Prefect.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dondoc.engine.domain.model import Text
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.matching.shares import NoWorkers, Share, Unanswered
from dondoc.flows.config.partitions import Executor, Partitions
from dondoc.flows.workers.share import ShareResult, deadline, decided_here, release

if TYPE_CHECKING:
    from distributed import Client, Future

# The shares of a dead worker are decided again: with more shares less is lost, and each costs milliseconds.
_SHARES_EACH = 4
_ANSWER_SECONDS = 10
_LOOK_SECONDS = 0.2
_STOP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster whose scheduler is at `address`; a `RemoteExecutor` of `engine.store.matching.shares`."""

    address: str

    def __call__(self, cut: Callable[[int], Sequence[Share]], /) -> Iterator[Decisions | Unanswered]:
        """Has each share decided by any free worker, and those of a worker that dies by another."""
        client = joined(self.address)
        try:
            threads = client.nthreads()
            if not threads:
                raise NoWorkers(
                    Text(
                        f"cụm Dask {self.address} không có worker nào; mở worker: dask worker {self.address}",
                        f"the Dask cluster has no worker: start one with dask worker {self.address}",
                    )
                )
            shares = cut(_SHARES_EACH * len(threads))
            until = deadline(sum(share.ids() for share in shares), len(threads))
            promised = client.map(decided_here, shares, wanted=release(), pure=False)
            yield from _collected(client, dict(zip(promised, shares, strict=True)), until)
        finally:
            client.close(_STOP_SECONDS)


def of(partitions: Partitions) -> Cluster | None:
    """The cluster that the settings name, if they name one."""
    return Cluster(partitions.where) if partitions.kind is Executor.DASK else None


def joined(address: str) -> Client:
    """A client of the scheduler at `address`. Raises `NoWorkers`, with the remedy in its text."""
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, slow to import, needed only with a cluster
    except ImportError:
        raise NoWorkers(
            Text(
                "chưa cài phần Dask; cài: pip install 'dondoc[dask]'",
                "Dask is not installed: pip install 'dondoc[dask]'",
            )
        ) from None
    # An unreachable scheduler is reported below, once; the library would log it again and again.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise NoWorkers(
            Text(
                f"bộ điều phối Dask {address} không trả lời; kiểm tra dịch vụ, tường lửa, «partitions»",
                "the Dask scheduler does not answer: check the service, the firewall, the setting",
            )
        ) from error


def workers_of(address: str) -> int:
    """How many workers the cluster has. Raises `NoWorkers` when its scheduler does not answer."""
    client = joined(address)
    try:
        return len(client.nthreads())
    finally:
        client.close(_STOP_SECONDS)


def _collected(client: Client, waiting: dict[Future, Share], until: float) -> Iterator[Decisions | Unanswered]:
    """Each share as it is decided; the others as `Unanswered` when the time is over or every worker is gone."""
    why = Text("worker Dask không xong trong thời hạn", "the Dask workers took too long")
    while waiting:
        for future in [future for future in waiting if future.done()]:
            yield _became(future, waiting.pop(future))
        if waiting and not _manned(client):
            why = Text("mọi worker Dask đã mất giữa chừng", "every Dask worker went away")
            break
        if time.monotonic() > until:
            break
        time.sleep(_LOOK_SECONDS)
    for share in waiting.values():
        yield Unanswered(share, why)


def _manned(client: Client) -> bool:
    try:
        return bool(client.nthreads())
    except (OSError, RuntimeError):
        return False


def _became(future: Future, share: Share) -> Decisions | Unanswered:
    if future.status == "finished":
        found: ShareResult | str = future.result()
        if isinstance(found, ShareResult):
            return found.decided()
        return Unanswered(share, Text(found, "a Dask worker refused"))
    error = future.exception() if future.status == "error" else None
    name = type(error).__name__ if error else future.status
    return Unanswered(share, Text(f"worker Dask hỏng: {name}", f"a Dask worker failed: {name}"))
