"""OpenTelemetry for one process: resource, automatic instrumentation, and files of OTLP JSON lines."""

import logging
import os
import time

from opentelemetry import trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.json.file._log_exporter import FileLogExporter
from opentelemetry.exporter.otlp.json.file.trace_exporter import FileSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.logging import LoggingInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.sqlite3 import SQLite3Instrumentor
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from shop.instances import EXTERNAL, Instance
from shop.storage import database_name


class RotatingFile:
    """A text stream that starts a new file, numbered from 0, whenever a part of the recording is over."""

    closed = False

    def __init__(self, name: str, parts: int) -> None:
        self._name = name
        self._parts = parts
        self._started = float(os.environ["SHOP_STARTED"])
        self._part_seconds = float(os.environ["SHOP_SECONDS"]) / parts

    def write(self, line: str) -> None:
        part = int((time.time() - self._started) / self._part_seconds)
        path = os.path.join(os.environ["SHOP_OUTPUT"], f"{self._name}-{min(max(part, 0), self._parts - 1)}.jsonl")
        with open(path, "a", encoding="utf-8") as file:
            file.write(line)

    def flush(self) -> None:
        pass


class DatabaseName(SpanProcessor):
    """Names the database on SQLite spans: the instrumentation cannot know it, and the path is no name."""

    def __init__(self, key: str, name: str) -> None:
        self._key = key
        self._name = name

    def on_start(self, span, parent_context=None) -> None:
        if span.instrumentation_scope.name == "opentelemetry.instrumentation.sqlite3":
            span.set_attribute(self._key, self._name)


def name_peer(span, request) -> None:
    """Tells who is behind an address that no service of ours answers to."""
    if f"//{EXTERNAL.host_name}:" in request.url:
        span.set_attribute("peer.service", EXTERNAL.service)


def start(instance: Instance):
    """Instruments the process. Gives what flushes everything at the end. Call before Flask is imported."""
    resource = Resource.create({
        "service.name": instance.service,
        "service.namespace": "shop",
        "service.version": instance.version,
        "service.instance.id": instance.id,
        "host.name": instance.host,
        "deployment.environment.name": "sample",
    })
    spans = TracerProvider(resource=resource)
    if (name := database_name(instance.service)) is not None:
        current = "database" in os.environ.get("OTEL_SEMCONV_STABILITY_OPT_IN", "")
        spans.add_span_processor(DatabaseName("db.namespace" if current else "db.name", name))
    spans.add_span_processor(BatchSpanProcessor(
        FileSpanExporter(stream=RotatingFile(instance.id, parts=2)), schedule_delay_millis=2_000))
    trace.set_tracer_provider(spans)

    logs = LoggerProvider(resource=resource)
    logs.add_log_record_processor(BatchLogRecordProcessor(
        FileLogExporter(stream=RotatingFile(f"logs-{instance.id}", parts=1)), schedule_delay_millis=2_000))
    set_logger_provider(logs)
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    LoggingInstrumentor().instrument()
    FlaskInstrumentor().instrument()
    RequestsInstrumentor().instrument(request_hook=name_peer)
    SQLite3Instrumentor().instrument()

    def stop() -> None:
        spans.shutdown()
        logs.shutdown()

    return stop
