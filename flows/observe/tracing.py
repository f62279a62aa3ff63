"""Traces for OpenTelemetry, where its usual variable names a collector: one trace per run, a span per step.

A run without a collector loads nothing of OpenTelemetry, and a collector that is away disturbs nothing.
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
    """What is done inside is one trace, sent when it ends; without a collector nothing is kept."""
    spans = _spans() if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") else None
    token = _current.set(spans)
    try:
        with span(run):
            yield
    finally:
        _current.reset(token)
        if spans is not None and not spans.sent():
            _log.warning("không gửi được vết: bộ thu không nhận (traces not sent: no collector took them)")


def span(name: str, **attributes: str) -> AbstractContextManager[None]:
    """One step of the current trace; an error that passes through marks it, by its kind alone."""
    spans = _current.get()
    return nullcontext() if spans is None else spans.one(name, attributes)


def _spans() -> Spans | None:
    """None, after a warning, where they cannot be made: a night runs without its trace."""
    try:
        from dondoc.flows.observe.spans import Spans  # noqa: PLC0415 - an extra, and only a traced run waits for it

        return Spans()
    except ImportError:
        _log.warning("chưa cài phần gửi vết; cài: pip install 'dondoc[otel]' (what sends traces is not installed)")
    except Exception as error:  # noqa: BLE001 - OpenTelemetry refuses one of its variables, each in its own way
        _log.warning(
            "không gửi vết, một biến OTEL_ sai (no traces, a variable is wrong): %s", type(error).__name__
        )
    return None
