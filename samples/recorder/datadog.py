"""Traces as Datadog's tracer for Python encodes them: the list an agent is sent, and the lines its log writer prints.

The upper half of a trace id is a tag of the first span only of what one process sends, as the tracer does it.
"""

import io
import os

os.environ.update(
    DD_INSTRUMENTATION_TELEMETRY_ENABLED="false", DD_REMOTE_CONFIGURATION_ENABLED="false",
    DD_TRACE_GIT_METADATA_ENABLED="false", DD_EXPERIMENTAL_PROPAGATE_PROCESS_TAGS_ENABLED="false",
    DD_TRACE_NATIVE_SPAN_EVENTS="true")

from ddtrace._trace.processor import TraceTagsProcessor
from ddtrace._trace.span import Span
from ddtrace.internal.encoding import JSONEncoder, JSONEncoderV2
from ddtrace.internal.writer import LogWriter

from spans import KINDS, attributes, length_micros, start_micros


def operation(span, own) -> str:
    if "db.system.name" in own or "db.system" in own:
        return "sqlite.query"
    return {2: "flask.request", 3: "requests.request"}.get(span["kind"], "internal")


def encoded(resource, scope, span) -> Span:
    own, service = attributes(span), attributes(resource)
    written = Span(
        operation(span, own), service=service["service.name"], resource=span["name"],
        span_type={2: "web", 3: "http"}.get(span["kind"]),
        trace_id=int(span["traceId"], 16), span_id=int(span["spanId"], 16),
        parent_id=int(span.get("parentSpanId") or "0", 16))
    written.start_ns, written.duration_ns = start_micros(span) * 1000, length_micros(span) * 1000
    written.set_tag("span.kind", KINDS[span["kind"]])
    written.set_tag("component", scope["name"].rpartition(".")[2])
    written.set_tag("env", service["deployment.environment.name"])
    written.set_tag("version", service["service.version"])
    for key, tag in own.items():
        written.set_tag(key, tag)
    for event in span.get("events", []):
        told = attributes(event)
        if event["name"] == "exception":
            written.set_tag("error.type", told["exception.type"])
            written.set_tag("error.message", told["exception.message"])
        written._add_event(event["name"], told, int(event["timeUnixNano"]))
    written.error = int(span.get("status", {}).get("code") == 2)
    return written


def chunks(spans) -> list:
    """What every process knows of every trace, as the tracer hands it to a writer."""
    found: dict[tuple, list] = {}
    for resource, scope, span in spans:
        key = (span["traceId"], attributes(resource)["service.instance.id"])
        found.setdefault(key, []).append((resource, scope, span))
    written = []
    for members in found.values():
        members.sort(key=lambda member: (start_micros(member[2]), -length_micros(member[2])))
        chunk = [encoded(*member) for member in members]
        chunk[0].context.sampling_priority = 1
        written.append(TraceTagsProcessor().process_trace(chunk))
    return written


class InOrder:
    """Tags in the order of their names: the tracer keeps them in a table that has another order in each run."""

    def encode(self, traces):
        listed = traces["traces"] if isinstance(traces, dict) else traces
        for span in (span for trace in listed for span in trace):
            for key in ("meta", "metrics"):
                if key in span:
                    span[key] = dict(sorted(span[key].items()))
            for event in span.get("span_events", []):
                event["attributes"] = dict(sorted(event["attributes"].items()))
        return super().encode(traces)


class AgentEncoder(InOrder, JSONEncoder):
    pass


class LogEncoder(InOrder, JSONEncoderV2):
    pass


def agent_request(spans) -> str:
    return AgentEncoder().encode_traces(chunks(spans))


def logged(spans) -> str:
    printed = io.StringIO()
    writer = LogWriter(out=printed)
    writer.encoder = LogEncoder()
    for chunk in chunks(spans):
        writer.write(chunk)
    return printed.getvalue()
