"""The heartbeat (dead man's switch): a signal at the start and end of a run, so that a missing run is noticed.

A night that never starts cannot report that. A monitor of the URL or the files can: no signal by 03:00 means that
something is wrong. A signal that cannot be sent never stops the night.
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
    """What a run signals: it starts, it ended well, it ended with an error."""

    START = "start"
    SUCCESS = "success"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Where signals go. `url` is secret; `/start` and `/fail` are appended to it, and nothing for success.

    In `folder` each run has a file `<run>.json` with its last signal and the instant.
    """

    url: str = field(default="", repr=False)
    folder: Path | None = None


@contextmanager
def watched(
    heart: Heartbeat, run: str, clock: Callable[[], datetime], failed: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Sends a signal before and after the work in the context; an error passes through.

    A run that ends because nothing needs to be done, for example beside another run, has not failed. One that ends
    without an error and did not do its work has: `failed` says so at its end.
    """
    _give(heart, run, HeartbeatSignal.START, clock())
    try:
        yield
    except BaseException as error:
        if not (isinstance(error, DonDocError) and error.remedy is Remedy.NOTHING):
            _give(heart, run, HeartbeatSignal.FAIL, clock())
        raise
    _give(heart, run, HeartbeatSignal.FAIL if failed() else HeartbeatSignal.SUCCESS, clock())


def _give(heart: Heartbeat, run: str, sign: HeartbeatSignal, at: datetime) -> None:
    # Imported here: every command imports this module for the settings, few send a signal.
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
        # Whatever is wrong with the URL or its server must not stop the night. The error's text contains the
        # secret URL, so only its type is logged.
        _log.warning("không gửi được tín hiệu %s của %s (heartbeat not sent): %s", sign, run, type(error).__name__)


def last_signal(path: Path) -> tuple[HeartbeatSignal, datetime]:
    """What a run's file says: its last signal, and when. Raises `OSError`, or another error for a spoiled file."""
    found = json.loads(path.read_text("utf-8"))
    return HeartbeatSignal(found["sign"]), datetime.fromisoformat(found["at"])


def given_since(heart: Heartbeat, since: datetime) -> bool | None:
    """Whether a night ended well since an instant, and the last delivery did; None: no folder shows it."""
    if heart.folder is None:
        return None
    try:
        night, at = last_signal(heart.folder / "nightly.json")
        delivery = heart.folder / "deliver.json"
        failed = delivery.exists() and last_signal(delivery)[0] is HeartbeatSignal.FAIL
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return night is HeartbeatSignal.SUCCESS and at >= since and not failed


def _write(path: Path, sign: HeartbeatSignal, at: datetime) -> None:
    """Writes the file atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"sign": sign, "at": at.isoformat()}), "utf-8")
    fresh.replace(path)
