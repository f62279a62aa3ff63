"""The spans of one run, made and sent by OpenTelemetry's SDK: the extra `dondoc[otel]`.

Its usual variables hold, for the collector (`OTEL_EXPORTER_OTLP_*`), the sampler and the resource. The provider is
not made the process's own: Prefect's spans would come along, and they carry the words of every error.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Status, StatusCode

# For all attempts together: the run is over, and its process waits.
_SECONDS = 5


class Spans:
    """What one run has done, kept until it ends: no step waits for a collector, and no thread runs beside it."""

    def __init__(self) -> None:
        # The library's log repeats the collector's address and headers, which may be secret; `sent` says enough.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        self._exporter = OTLPSpanExporter(timeout=_SECONDS)
        self._ended = InMemorySpanExporter()
        resource = Resource({SERVICE_NAME: "dondoc"}).merge(OTELResourceDetector().detect())
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._ended))
        self._tracer = provider.get_tracer("dondoc")

    @contextmanager
    def one(self, name: str, attributes: Mapping[str, str]) -> Iterator[None]:
        """A span for what is done inside, a child of the one around it."""
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise
            span.set_status(Status(StatusCode.OK))

    def sent(self) -> bool:
        """Sends what has ended, in one request; whether the collector has taken it."""
        return self._exporter.export(self._ended.get_finished_spans()) is SpanExportResult.SUCCESS
