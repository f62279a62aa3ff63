"""The dead-man's switch: a sign of life at the start and at the end, so that silence is noticed elsewhere.

A night that never starts cannot report it. Whoever keeps watch over the address or the files does: no sign by
03:00 means that something is wrong. A sign that cannot be given never disturbs the night.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from dondoc.engine.errors import DonDocError, Remedy

_SECONDS = 5
_log = logging.getLogger("dondoc.heartbeat")


class HeartbeatSignal(StrEnum):
    """What is said: it begins, it ended well, it ended by an error."""

    START = "start"
    SUCCESS = "success"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Where signs of life go. `url` gets `/start` and `/fail` behind it, and nothing for success; it is a secret.

    In `folder` each run has a file `<run>.json` with its last sign and when it was given.
    """

    url: str = field(default="", repr=False)
    folder: Path | None = None


@contextmanager
def watched(heart: Heartbeat, run: str, clock: Callable[[], datetime]) -> Iterator[None]:
    """Gives a sign before and after what is done in the context; an error passes through.

    A run that ends because nothing needs to be done, as beside another one, has not failed.
    """
    _give(heart, run, HeartbeatSignal.START, clock())
    try:
        yield
    except BaseException as error:
        if not (isinstance(error, DonDocError) and error.remedy is Remedy.NOTHING):
            _give(heart, run, HeartbeatSignal.FAIL, clock())
        raise
    _give(heart, run, HeartbeatSignal.SUCCESS, clock())


def _give(heart: Heartbeat, run: str, sign: HeartbeatSignal, at: datetime) -> None:
    # Every command reads the settings, few give a sign.
    import urllib.request  # noqa: PLC0415
    from http.client import HTTPException  # noqa: PLC0415

    try:
        if heart.folder is not None:
            _write(heart.folder / f"{run}.json", sign, at)
        if heart.url:
            behind = "" if sign is HeartbeatSignal.SUCCESS else f"/{sign}"
            request = urllib.request.Request(f"{heart.url}{behind}", method="GET")  # noqa: S310 - settings allow http(s) only
            urllib.request.urlopen(request, timeout=_SECONDS).close()  # noqa: S310 - the same
    except (OSError, HTTPException, ValueError) as error:
        # No answer, one that is no HTTP, an address that is none: no business of the night.
        # The address is a secret and stands in the error's text, so that only its kind is said.
        _log.warning(
            "không gửi được tín hiệu %s của %s (no sign of life given): %s", sign, run, type(error).__name__
        )


def _write(path: Path, sign: HeartbeatSignal, at: datetime) -> None:
    """The file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"sign": sign, "at": at.isoformat()}), "utf-8")
    fresh.replace(path)
