"""The log for programs: one JSON object per line on the standard error output, when the settings ask for it.

It names nights, cases, steps and offices' letters by their ids, and neither persons nor addresses nor secrets. In
text, the usual way, only warnings are said.
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
    """A record as one JSON object; what `note` was given stands beside what happened."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
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
    """From now on the log is written in this style; doing it again changes nothing."""
    if style is Style.JSON and not _log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_Lines())
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.propagate = False


def note(event: str, **fields: object) -> None:
    """One thing that happened; `fields` are ids, counts and words of ours."""
    _log.info(event, extra={"fields": fields})


def listening() -> bool:
    """Whether anybody reads the log, so that a long account need not be made for nobody."""
    return _log.isEnabledFor(logging.INFO)


def tonight() -> str:
    """The night that is being judged here, `2015-04-20`; empty outside one."""
    on = _night.get()
    return on.isoformat() if on else ""


@contextmanager
def night(as_of: date) -> Iterator[None]:
    """What is noted inside belongs to this night."""
    token = _night.set(as_of)
    try:
        yield
    finally:
        _night.reset(token)
