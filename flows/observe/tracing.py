"""Traces for OpenTelemetry when its usual variable names a collector: one trace per run, one span per step.

A run without a collector does not import OpenTelemetry, and an unreachable collector never stops a run.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dondoc.flows.observe.spans import Spans

_log = logging.getLogger("dondoc.tracing")
_current: ContextVar[Spans | None] = ContextVar("spans", default=None)


@contextmanager
def traced(run: str) -> Iterator[None]:
    """Makes the work inside one trace and sends it at the end; does nothing without a collector."""
    spans = _spans() if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") else None
    token = _current.set(spans)
    try:
        with span(run):
            yield
    finally:
        _current.reset(token)
        if spans is not None and not spans.sent():
            _log.warning("không gửi được vết: bộ thu không nhận (traces not sent: not accepted)")


def span(name: str, **attributes: str) -> AbstractContextManager[None]:
    """One span of the current trace; an error that passes through marks it with its type only."""
    spans = _current.get()
    return nullcontext() if spans is None else spans.one(name, attributes)


def _spans() -> Spans | None:
    """The spans of a run; None, after a warning, when they cannot be set up."""
    try:
        from dondoc.flows.observe.spans import Spans  # noqa: PLC0415 - an extra, slow to import

        return Spans()
    except ImportError:
        _log.warning("chưa cài phần gửi vết; cài: pip install 'dondoc[otel]' (the extra for traces is missing)")
    except Exception as error:  # noqa: BLE001 - OpenTelemetry raises various types for a wrong variable
        _log.warning(
            "không gửi vết, một biến OTEL_ sai (no traces, a variable is wrong): %s", type(error).__name__
        )
    return None
