"""The log for programs: one JSON object per line on standard error, when the settings ask for it.

It names nights, cases, steps and letters by their ids, and no persons, addresses or secrets. In the default text
style only warnings are printed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum

_log = logging.getLogger("dondoc")
_night: ContextVar[date | None] = ContextVar("night", default=None)


class Style(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


class _Lines(logging.Formatter):
    """Formats a record as one JSON object: the event and the fields given to `note`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        on = tonight()
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **({"night": on} if on else {}),
            **getattr(record, "fields", {}),
        }
        return json.dumps(said, ensure_ascii=False, default=str)


def begin(style: Style) -> None:
    """Sets the style of the log for this process; idempotent."""
    if style is Style.JSON and not _log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_Lines())
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.propagate = False


def note(event: str, **fields: object) -> None:
    """Logs one event; `fields` are ids, counts and our own words."""
    _log.info(event, extra={"fields": fields})


def listening() -> bool:
    """Whether the log is written, so that a caller can skip a long list of events."""
    return _log.isEnabledFor(logging.INFO)


def tonight() -> str:
    """The night being judged in this context, as `2015-04-20`; empty outside one."""
    on = _night.get()
    return on.isoformat() if on else ""


@contextmanager
def night(as_of: date) -> Iterator[None]:
    """Every event logged inside carries this night."""
    token = _night.set(as_of)
    try:
        yield
    finally:
        _night.reset(token)
