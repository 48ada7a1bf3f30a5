"""Traces as the query APIs of Tempo and Jaeger answer: one document a trace, OTLP inside.

Tempo writes the JSON form of protobuf, with base64 ids and names of enumerations: here protobuf's own writer does,
on OpenTelemetry's message classes. Jaeger's third API writes OTLP JSON: here OpenTelemetry's JSON classes do.
"""

import base64
import copy
import json

from google.protobuf.json_format import MessageToDict, ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData
from opentelemetry.proto_json.trace.v1.trace import TracesData as JSONTracesData

from spans import each_span


def message(request, empty):
    """Fills one of OpenTelemetry's messages, whose JSON has base64 where OTLP's has hex."""
    request = copy.deepcopy(request)
    for _, _, span in each_span([request]):
        for holder in [span, *span.get("links", [])]:
            for key in ("traceId", "spanId", "parentSpanId"):
                if holder.get(key):
                    holder[key] = base64.b64encode(bytes.fromhex(holder[key])).decode()
    return ParseDict(request, empty, ignore_unknown_fields=True)


def traces(requests) -> list:
    """The traces of some requests, each as one OTLP document."""
    found: dict[str, list] = {}
    for request in requests:
        for resource_spans in request["resourceSpans"]:
            for scope_spans in resource_spans["scopeSpans"]:
                for span in scope_spans["spans"]:
                    batches = found.setdefault(span["traceId"], [])
                    batch = group(batches, resource_spans, "scopeSpans")
                    group(batch["scopeSpans"], scope_spans, "spans")["spans"].append(span)
    return [{"resourceSpans": batches} for batches in found.values()]


def group(groups: list, original: dict, members: str) -> dict:
    """The group that differs from the original in its members only; a new one where there is none."""
    shared = {key: content for key, content in original.items() if key != members}
    for known in groups:
        if {key: content for key, content in known.items() if key != members} == shared:
            return known
    groups.append({**shared, members: []})
    return groups[-1]


def answers(documents) -> str:
    """One answer after another, as they lie in a file to which each was appended."""
    return "".join(json.dumps(document, separators=(",", ":")) for document in documents)


def tempo_v1(requests) -> str:
    """`GET /api/traces/ID`: the field of `tempopb.Trace` was called `batches`."""
    return answers(
        {"batches": MessageToDict(message(trace, TracesData()))["resourceSpans"]} for trace in traces(requests))


def tempo_v2(requests) -> str:
    """`GET /api/v2/traces/ID`."""
    return answers(
        {"trace": MessageToDict(message(trace, TracesData())), "metrics": {}} for trace in traces(requests))


def jaeger_v3(requests) -> str:
    """`GET /api/v3/traces/ID`."""
    return answers({"result": JSONTracesData.from_dict(trace).to_dict()} for trace in traces(requests))
