"""How a worker on any machine decides a share: only its own settings say which database it reads."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from time import monotonic

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.store.matching.evaluate import Decisions, Fault
from dondoc.engine.store.matching.matches import Matches
from dondoc.engine.store.matching.shares import Share, decide_share
from dondoc.flows.config import settings

# How long shares may take before the night decides them itself: the time to start, and a rate far below what one
# process decides in a second (benchmarks/README.md).
_START_SECONDS, _IDS_PER_SECOND = 60.0, 10_000
# A process judges one share at a time, however many threads it has.
_one = threading.Lock()


class ShareRefused(DonDocError):
    """A worker must not decide this share: another release, or no PostgreSQL in its own settings."""

    remedy = Remedy.USAGE


@dataclass(frozen=True, slots=True)
class ShareResult:
    """What was decided, small to send: ids by shape and rule, facts judged, rows that could not be judged."""

    hits: Mapping[str, Mapping[str, tuple[int, ...]]]
    judged: Mapping[str, int]
    faults: tuple[tuple[str, int | None, str], ...]

    @classmethod
    def of(cls, found: Decisions) -> ShareResult:
        """The decisions packed by shape and rule, because a hit sent alone costs more than finding it."""
        packed = {
            shape: {rule: tuple(rows) for rule, rows in found.hits.of(shape).items()}
            for shape in found.hits.shapes()
        }
        return cls(packed, found.judged, tuple((fault.shape, fault.row, fault.text) for fault in found.faults))

    def decided(self) -> Decisions:
        """The decisions unpacked."""
        hits = Matches()
        for shape, rules in self.hits.items():
            for rule, rows in rules.items():
                hits.add(shape, rule, rows)
        return Decisions(hits, dict(self.judged), [Fault(*fault) for fault in self.faults])


def release() -> str:
    """The release of this program; a night and its workers must have the same."""
    return version("dondoc")


def decided_here(share: Share, wanted: str) -> ShareResult | str:
    """The share decided on the database of this machine's own settings; or the reason why it was not.

    `wanted` is the release of the night. The reason is a text, because not every exception can be pickled.
    """
    try:
        if wanted != release():
            raise ShareRefused(
                f"worker chạy bản {release()}, đêm chạy bản {wanted}: cài cùng một bản (another release: install "
                "the same on both)"
            )
        given = settings.load(os.environ)
        if given.database.startswith("sqlite"):
            raise ShareRefused(
                "worker chưa có DONDOC_DATABASE của PostgreSQL: đặt trong môi trường của worker (this worker's "
                "environment lacks DONDOC_DATABASE)"
            )
        with _one:
            return ShareResult.of(decide_share(given.database, share))
    except DonDocError as error:
        return str(error)


def deadline(ids: int, workers: int) -> float:
    """When, by the monotonic clock in seconds, the night stops waiting for `workers` to decide so many ids."""
    return monotonic() + _START_SECONDS + ids / workers / _IDS_PER_SECOND
