"""The spans of one run, made and sent by OpenTelemetry's SDK: the extra `dondoc[otel]`.

Its usual variables configure the collector (`OTEL_EXPORTER_OTLP_*`), the sampler and the resource. The provider is
not set as the global one, which would also send Prefect's spans with the text of every error.
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

# For all attempts together, because the process waits for them after the run.
_SECONDS = 5


class Spans:
    """The spans of one run, kept in memory until it ends, so that no step waits for a collector."""

    def __init__(self) -> None:
        # The library logs the collector's address and headers, which may be secret; `sent` reports a failure.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        self._exporter = OTLPSpanExporter(timeout=_SECONDS)
        self._ended = InMemorySpanExporter()
        resource = Resource({SERVICE_NAME: "dondoc"}).merge(OTELResourceDetector().detect())
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._ended))
        self._tracer = provider.get_tracer("dondoc")

    @contextmanager
    def one(self, name: str, attributes: Mapping[str, str]) -> Iterator[None]:
        """A span around the work inside, a child of the enclosing span."""
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
        """Sends the ended spans in one request; whether the collector accepted them."""
        return self._exporter.export(self._ended.get_finished_spans()) is SpanExportResult.SUCCESS
