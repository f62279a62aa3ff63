"""What a worker on any machine does with a share: its own settings say where the data is, nobody else does."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from time import monotonic

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.store.matching.decide import Decisions, Fault
from dondoc.engine.store.matching.matches import Matches
from dondoc.engine.store.matching.shares import Share, decide_share
from dondoc.flows.config import settings

# How long shares may take before the night decides them itself: a start, and then a small part of the ids that
# one process decides in a second (benchmarks/README.md).
_START_SECONDS, _IDS_PER_SECOND = 60.0, 10_000
# One process judges one share at a time, however many threads it was given.
_one = threading.Lock()


class ShareRefused(DonDocError):
    """A worker must not decide this share: another release, or no PostgreSQL in its own settings."""

    remedy = Remedy.USAGE


@dataclass(frozen=True, slots=True)
class ShareResult:
    """What was decided, small for its journey: ids by shape and rule, facts judged, rows not judged."""

    hits: Mapping[str, Mapping[str, tuple[int, ...]]]
    judged: Mapping[str, int]
    faults: tuple[tuple[str, int | None, str], ...]

    @classmethod
    def of(cls, found: Decisions) -> ShareResult:
        """Packed; a hit alone would cost more to carry than to find."""
        packed = {
            shape: {rule: tuple(rows) for rule, rows in found.hits.of(shape).items()}
            for shape in found.hits.shapes()
        }
        return cls(packed, found.judged, tuple((fault.shape, fault.row, fault.text) for fault in found.faults))

    def decided(self) -> Decisions:
        """Unpacked."""
        hits = Matches()
        for shape, rules in self.hits.items():
            for rule, rows in rules.items():
                hits.add(shape, rule, rows)
        return Decisions(hits, dict(self.judged), [Fault(*fault) for fault in self.faults])


def release() -> str:
    """The release of this program; a night and those who decide for it must have the same."""
    return version("dondoc")


def decided_here(share: Share, wanted: str) -> ShareResult | str:
    """The share, decided on the database that this machine's own settings name; or why it was not.

    `wanted` is the release of the night. The reason is a text, because not every error survives its journey.
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
    """When, by the monotonic clock, `workers` must have decided rows of so many ids; the night waits no longer."""
    return monotonic() + _START_SECONDS + ids / workers / _IDS_PER_SECOND
