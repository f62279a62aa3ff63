"""Traces for OpenTelemetry, where its usual variable names a collector: one trace per run, a span per step.

They are sent as OTLP over HTTP in its JSON form (opentelemetry.io/docs/specs/otlp), written by hand: five spans a
night need no library. A collector that is away disturbs nothing.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import unquote

_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_INTERNAL, _OK, _ERROR = 1, 1, 2
_SECONDS = 5
_log = logging.getLogger("dondoc.tracing")


@dataclass(slots=True)
class Trace:
    """The spans of one run, ended ones only, in OTLP's words."""

    id: str = field(default_factory=lambda: secrets.token_hex(16))
    spans: list[dict[str, Any]] = field(default_factory=list)


_current: ContextVar[tuple[Trace, str] | None] = ContextVar("trace", default=None)


@contextmanager
def traced(environment: Mapping[str, str], run: str) -> Iterator[None]:
    """What is done inside is one trace, sent when it ends; without a collector nothing is kept."""
    endpoint = environment.get(_ENDPOINT, "").rstrip("/")
    if not endpoint:
        yield
        return
    trace = Trace()
    token = _current.set((trace, ""))
    try:
        with span(run):
            yield
    finally:
        _current.reset(token)
        _send(f"{endpoint}/v1/traces", environment, trace)


@contextmanager
def span(name: str, **attributes: str) -> Iterator[None]:
    """One step of the current trace; an error that passes through marks it, by its kind alone."""
    within = _current.get()
    if within is None:
        yield
        return
    trace, parent = within
    me = secrets.token_hex(8)
    token = _current.set((trace, me))
    started = time.time_ns()
    status: dict[str, int | str] = {"code": _OK}
    try:
        yield
    except BaseException as error:
        status = {"code": _ERROR, "message": type(error).__name__}
        raise
    finally:
        _current.reset(token)
        trace.spans.append(
            {
                "traceId": trace.id,
                "spanId": me,
                "parentSpanId": parent,
                "name": name,
                "kind": _INTERNAL,
                "startTimeUnixNano": str(started),
                "endTimeUnixNano": str(time.time_ns()),
                "attributes": _attributes(attributes),
                "status": status,
            }
        )


def _attributes(values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]


def _send(url: str, environment: Mapping[str, str], trace: Trace) -> None:
    service = environment.get("OTEL_SERVICE_NAME", "dondoc")
    body = {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes({"service.name": service})},
                "scopeSpans": [{"scope": {"name": "dondoc"}, "spans": trace.spans}],
            }
        ]
    }
    pairs = (each.partition("=") for each in environment.get("OTEL_EXPORTER_OTLP_HEADERS", "").split(",") if each)
    headers = {key.strip(): unquote(value.strip()) for key, _, value in pairs}
    headers["Content-Type"] = "application/json"
    try:
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - the operator's own
        urllib.request.urlopen(request, timeout=_SECONDS).close()  # noqa: S310 - the same
    except (OSError, HTTPException, ValueError) as error:
        # The address may hold a secret and stands in the error's text, so that only its kind is said.
        _log.warning("không gửi được vết (traces not sent): %s", type(error).__name__)
