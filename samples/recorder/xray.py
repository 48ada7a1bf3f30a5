"""Traces as AWS's X-Ray SDK for Python sends them to the daemon, and as BatchGetTraces gives them back.

Spans that came from another process are segments, those below them subsegments. X-Ray has one name for service and
operation: that of a segment is its service, that of a subsegment what it calls. BatchGetTraces is answered by moto.
"""

import json
import os
import re
from traceback import FrameSummary

os.environ.update(
    AWS_XRAY_SDK_ENABLED="true", AWS_DEFAULT_REGION="eu-central-1",
    AWS_ACCESS_KEY_ID="sample", AWS_SECRET_ACCESS_KEY="sample")

import boto3
from aws_xray_sdk.core.emitters.udp_emitter import PROTOCOL_DELIMITER, PROTOCOL_HEADER
from aws_xray_sdk.core.models.segment import Segment
from aws_xray_sdk.core.models.subsegment import Subsegment
from aws_xray_sdk.core.streaming.default_streaming import DefaultStreaming
from aws_xray_sdk.version import VERSION
from moto import mock_aws

from spans import attributes, length_micros, start_micros

# Beyond so many subsegments the SDK sends those that are done by themselves; by default it waits for 30.
STREAMING_THRESHOLD = 3
# BatchGetTraces takes so many trace ids at a time.
TRACES_A_CALL = 5
HTTP = {
    "method": ("http.request.method", "http.method"),
    "url": ("url.full", "http.url"),
    "client_ip": ("client.address", "net.peer.ip"),
    "user_agent": ("user_agent.original", "http.user_agent"),
    "status": ("http.response.status_code", "http.status_code"),
}
FRAME = re.compile(r'File "([^"]+)", line (\d+), in (\S+)')


def trace_id(span) -> str:
    return f"1-{span['traceId'][:8]}-{span['traceId'][8:]}"


def first(own, keys):
    return next((own[key] for key in keys if key in own), None)


def called(own) -> str | None:
    """The name of what a span calls, as the SDK's instrumentation gives it."""
    database = first(own, ("db.namespace", "db.name"))
    return database or first(own, ("peer.service", "server.address", "net.peer.name"))


def fill(entity, span) -> None:
    """Everything but ids and end."""
    own = attributes(span)
    entity.start_time = start_micros(span) / 1_000_000
    for key, names in HTTP.items():
        entity.put_http_meta(key, first(own, names))
    for key, tag in own.items():
        entity.put_annotation(re.sub("[^A-Za-z0-9_]", "_", key), tag)
    if isinstance(entity, Subsegment) and first(own, ("db.query.text", "db.statement")):
        entity.set_sql({
            "database_type": first(own, ("db.system.name", "db.system")),
            "sanitized_query": first(own, ("db.query.text", "db.statement")),
        })
    # X-Ray knows no other events.
    for number, event in enumerate(event for event in span.get("events", []) if event["name"] == "exception"):
        exception = attributes(event)
        kind = type(exception["exception.type"].rpartition(".")[2], (Exception,), {})
        stack = [
            FrameSummary(path, int(line), name)
            for path, line, name in FRAME.findall(exception.get("exception.stacktrace", ""))
        ]
        entity.add_exception(kind(exception["exception.message"]), stack)
        # The SDK draws an id by chance, and tells the folder in which it runs.
        entity.cause["exceptions"][-1].id = f"{int(span['spanId'], 16) ^ (number + 1):016x}"
        entity.cause["working_directory"] = "/srv/shop"
    if span.get("status", {}).get("code") == 2 and not getattr(entity, "error", False):
        entity.add_fault_flag()


def end(span) -> float:
    return (start_micros(span) + length_micros(span)) / 1_000_000


def each_segment(spans):
    """Every segment, still open, with its spans (itself first) and the entities of these by id."""
    processes: dict[tuple, list] = {}
    for resource, _, span in spans:
        instance = attributes(resource)["service.instance.id"]
        processes.setdefault((span["traceId"], instance), []).append((resource, span))
    for members in processes.values():
        members.sort(key=lambda member: (start_micros(member[1]), -length_micros(member[1])))
        ids = {span["spanId"] for _, span in members}
        for resource, root in members:
            if root.get("parentSpanId") in ids:
                continue
            service = attributes(resource)
            segment = Segment(service["service.name"], root["spanId"], trace_id(root), root.get("parentSpanId"))
            fill(segment, root)
            segment.set_service({"version": service["service.version"]})
            segment.set_aws({"xray": {"sdk": "X-Ray for Python", "sdk_version": VERSION}})
            entities, chosen = {root["spanId"]: segment}, [root]
            for _, span in members:
                parent = entities.get(span.get("parentSpanId"))
                if parent is None:
                    continue
                own = attributes(span)
                calls = called(own) if span["kind"] in (3, 4) else None
                entity = Subsegment(calls or span["name"], "remote" if span["kind"] in (3, 4) else "local", segment)
                entity.id = span["spanId"]
                parent.add_subsegment(entity)
                fill(entity, span)
                entities[span["spanId"]] = entity
                chosen.append(span)
            yield segment, chosen, entities


def sent_to_daemon(spans) -> str:
    """What the SDK sends, message after message: a header on a line of its own, and a document.

    Subsegments of larger segments are sent before these.
    """
    streaming = DefaultStreaming(STREAMING_THRESHOLD)
    sent = []

    def send(entity) -> None:
        sent.append(f"{PROTOCOL_HEADER}{PROTOCOL_DELIMITER}{entity.serialize()}\n")

    for segment, members, entities in each_segment(spans):
        for span in reversed(members[1:]):
            entities[span["spanId"]].close(end(span))
        if streaming.is_eligible(segment):
            streaming.stream(segment, send)
        segment.close(end(members[0]))
        send(segment)
    return "".join(sent)


def batch_get_traces(spans) -> str:
    """What `aws xray batch-get-traces` prints for the traces, some at a time."""
    documents, ids = [], {}
    for segment, members, entities in each_segment(spans):
        for span in reversed(members):
            entities[span["spanId"]].close(end(span))
        documents.append(segment.serialize())
        ids[segment.trace_id] = True
    printed = []
    with mock_aws():
        client = boto3.client("xray")
        for document in documents:
            client.put_trace_segments(TraceSegmentDocuments=[document])
        for place in range(0, len(ids), TRACES_A_CALL):
            answer = client.batch_get_traces(TraceIds=list(ids)[place:place + TRACES_A_CALL])
            del answer["ResponseMetadata"]
            printed.append(json.dumps(answer, indent=4) + "\n")
    return "".join(printed)
