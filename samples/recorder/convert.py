"""Writes the traces of ../shop to ../formats: the same spans in every format.

Jaeger and Zipkin know microseconds only. So the times are cut to microseconds first, start and length each
rounded down, and all files hold the cut times: whoever reads them must find the same traces in each. The formats
that are met less often hold the first traces only. Where somebody else's encoder exists, it does the writing.
"""

import base64
import copy
import gzip
import json
import struct
from datetime import datetime, timezone
from decimal import Decimal

import zstandard
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from py_zipkin.encoding import Encoding
from py_zipkin.encoding._encoders import get_encoder
from py_zipkin.encoding._helpers import Endpoint, Span
from py_zipkin.encoding._types import Kind
from py_zipkin.encoding.protobuf import zipkin_pb2

import datadog
import query_apis
import tempo_blocks
import xray
from spans import (
    FORMATS, KINDS, STATUS, attributes, cut_times, each_span, first_traces, length_micros, read_requests, start_micros,
)


def status_tags(span) -> dict:
    """Status as OpenTelemetry's exporters to Jaeger and Zipkin write it."""
    status = span.get("status", {})
    tags = {}
    if status.get("code") in STATUS:
        tags["otel.status_code"] = STATUS[status["code"]]
    if status.get("message"):
        tags["otel.status_description"] = status["message"]
    return tags


def scope_tags(scope) -> dict:
    tags = {"otel.scope.name": scope.get("name"), "otel.scope.version": scope.get("version")}
    return {key: text for key, text in tags.items() if text}


def jaeger(spans) -> dict:
    def tag_list(tags: dict) -> list:
        types = {str: "string", bool: "bool", int: "int64", float: "float64"}
        return [{"key": key, "type": types[type(tag)], "value": tag} for key, tag in tags.items()]

    traces: dict[str, dict] = {}
    for resource, scope, span in spans:
        trace = traces.setdefault(span["traceId"], {
            "traceID": span["traceId"], "spans": [], "processes": {}, "warnings": None})
        process_tags = attributes(resource)
        process = {"serviceName": process_tags.pop("service.name"), "tags": tag_list(process_tags)}
        known = [key for key, other in trace["processes"].items() if other == process]
        process_id = known[0] if known else f"p{len(trace['processes']) + 1}"
        trace["processes"][process_id] = process
        tags = {**scope_tags(scope), **attributes(span), "span.kind": KINDS[span["kind"]], **status_tags(span)}
        if span.get("status", {}).get("code") == 2:
            tags["error"] = True
        parent = span.get("parentSpanId")
        trace["spans"].append({
            "traceID": span["traceId"],
            "spanID": span["spanId"],
            "flags": 1,
            "operationName": span["name"],
            "references": [{"refType": "CHILD_OF", "traceID": span["traceId"], "spanID": parent}] if parent else [],
            "startTime": start_micros(span),
            "duration": length_micros(span),
            "tags": tag_list(tags),
            "logs": [{
                "timestamp": int(event["timeUnixNano"]) // 1000,
                "fields": tag_list({"event": event["name"], **attributes(event)}),
            } for event in span.get("events", [])],
            "processID": process_id,
            "warnings": None,
        })
    return {"data": list(traces.values()), "total": 0, "limit": 0, "offset": 0, "errors": None}


def zipkin(spans) -> list:
    def text(tag) -> str:
        return str(tag).lower() if isinstance(tag, bool) else str(tag)

    written = []
    for resource, scope, span in spans:
        resource_tags, own = attributes(resource), attributes(span)
        tags = {**resource_tags, **scope_tags(scope), **own, **status_tags(span)}
        service = tags.pop("service.name")
        if span.get("status", {}).get("code") == 2:
            tags["error"] = span["status"].get("message", "")
        record = {"traceId": span["traceId"], "id": span["spanId"]}
        if span.get("parentSpanId"):
            record["parentId"] = span["parentSpanId"]
        if span["kind"] != 1:
            record["kind"] = KINDS[span["kind"]].upper()
        record.update({
            "name": span["name"],
            "timestamp": start_micros(span),
            "duration": length_micros(span),
            "localEndpoint": {"serviceName": service},
        })
        peer = own.get("peer.service") or own.get("server.address") or own.get("db.namespace") or own.get("db.name")
        if span["kind"] == 3 and peer:
            record["remoteEndpoint"] = {"serviceName": peer}
            if "server.port" in own:
                record["remoteEndpoint"]["port"] = own["server.port"]
        if span.get("events"):
            record["annotations"] = [{
                "timestamp": int(event["timeUnixNano"]) // 1000,
                "value": f"{json.dumps(event['name'])}:{json.dumps(attributes(event), separators=(',', ':'))}",
            } for event in span["events"]]
        record["tags"] = {key: text(tag) for key, tag in tags.items()}
        written.append(record)
    return written


def native(spans) -> list:
    written = []
    for resource, scope, span in spans:
        tags = {**attributes(resource), **scope_tags(scope), **attributes(span), **status_tags(span)}
        tags["span.kind"] = KINDS[span["kind"]]
        if span.get("status", {}).get("code") == 2:
            tags["error"] = True
        written.append({
            "trace_id": span["traceId"],
            "span_id": span["spanId"],
            "parent_span_id": span.get("parentSpanId", ""),
            "operation_name": span["name"],
            "start_time": start_micros(span),
            "duration": length_micros(span) * 1000,
            "tags": tags,
            "logs": [{
                "timestamp": int(event["timeUnixNano"]) // 1000,
                "fields": {"event": event["name"], **attributes(event)},
            } for event in span.get("events", [])],
        })
    return written


def otlp_protobuf(request) -> bytes:
    """One request by OpenTelemetry's message classes."""
    return query_apis.message(request, ExportTraceServiceRequest()).SerializeToString()


def framed(messages) -> bytes:
    """The collector's file exporter: the length of each message before it, in four bytes."""
    return b"".join(struct.pack(">I", len(message)) + message for message in messages)


def zipkin_protobuf(records) -> bytes:
    spans = zipkin_pb2.ListOfSpans()
    for record in records:
        span = spans.spans.add()
        span.trace_id = bytes.fromhex(record["traceId"])
        span.id = bytes.fromhex(record["id"])
        span.parent_id = bytes.fromhex(record.get("parentId", ""))
        span.kind = zipkin_pb2.Span.Kind.Value(record.get("kind", "SPAN_KIND_UNSPECIFIED"))
        span.name = record["name"]
        span.timestamp, span.duration = record["timestamp"], record["duration"]
        for side, endpoint in ("localEndpoint", span.local_endpoint), ("remoteEndpoint", span.remote_endpoint):
            endpoint.service_name = record.get(side, {}).get("serviceName", "")
            endpoint.port = record.get(side, {}).get("port", 0)
        for annotation in record.get("annotations", []):
            span.annotations.add(timestamp=annotation["timestamp"], value=annotation["value"])
        span.tags.update(record["tags"])
    return spans.SerializeToString(deterministic=True)


def zipkin_v1(records) -> str:
    """By py_zipkin's encoder, which multiplies seconds: decimals keep every microsecond."""
    def endpoint(place):
        return place and Endpoint(place.get("serviceName"), None, None, place.get("port", 0))

    encoder = get_encoder(Encoding.V1_JSON)
    return encoder.encode_queue([
        encoder.encode_span(Span(
            record["traceId"], record["name"], record.get("parentId"), record["id"],
            Kind[record.get("kind", "LOCAL")],
            Decimal(record["timestamp"]) / 1_000_000, Decimal(record["duration"]) / 1_000_000,
            endpoint(record["localEndpoint"]), endpoint(record.get("remoteEndpoint")),
            annotations={
                annotation["value"]: Decimal(annotation["timestamp"]) / 1_000_000
                for annotation in record.get("annotations", [])
            },
            tags=record["tags"],
        )) for record in records
    ])


def jaeger_documents(traces) -> list:
    """Elasticsearch documents as elasticdump writes them: process embedded, its tags as an object without dots."""
    documents = []
    for trace in traces:
        for span in trace["spans"]:
            source = {key: value for key, value in span.items() if key not in ("processID", "warnings")}
            process = trace["processes"][span["processID"]]
            source["startTimeMillis"] = span["startTime"] // 1000
            source["process"] = {
                "serviceName": process["serviceName"],
                "tag": {tag["key"].replace(".", "@"): tag["value"] for tag in process["tags"]},
            }
            documents.append({
                "_index": "jaeger-span-" + datetime.fromtimestamp(
                    span["startTime"] / 1_000_000, timezone.utc).strftime("%Y-%m-%d"),
                "_id": span["traceID"] + span["spanID"], "_score": 1, "_source": source})
    return documents


def jaeger_messages(traces) -> list:
    """Jaeger's model in the JSON form of protobuf: what its Kafka topics hold when the encoding is json."""
    def identifier(text) -> str:
        return base64.b64encode(bytes.fromhex(text)).decode()

    def moment(micros) -> str:
        seconds, rest = divmod(micros, 1_000_000)
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + f".{rest:06d}Z"

    def tags(tag_list) -> list:
        keys = {"string": "vStr", "bool": "vBool", "int64": "vInt64", "float64": "vFloat64"}
        return [{
            "key": tag["key"], "vType": tag["type"].upper(),
            keys[tag["type"]]: str(tag["value"]) if tag["type"] == "int64" else tag["value"],
        } for tag in tag_list]

    return [{
        "traceId": identifier(span["traceID"]), "spanId": identifier(span["spanID"]),
        "operationName": span["operationName"],
        "references": [{
            "refType": reference["refType"], "traceId": identifier(reference["traceID"]),
            "spanId": identifier(reference["spanID"]),
        } for reference in span["references"]],
        "flags": span["flags"], "startTime": moment(span["startTime"]),
        "duration": f"{span['duration'] / 1_000_000:.6f}s",
        "tags": tags(span["tags"]),
        "logs": [{"timestamp": moment(log["timestamp"]), "fields": tags(log["fields"])} for log in span["logs"]],
        "process": {
            "serviceName": trace["processes"][span["processID"]]["serviceName"],
            "tags": tags(trace["processes"][span["processID"]]["tags"]),
        },
    } for trace in traces for span in trace["spans"]]


def write(name: str, content: str | bytes) -> None:
    content = content.encode() if isinstance(content, str) else content
    FORMATS.mkdir(exist_ok=True)
    packed = (
        zstandard.compress(content, level=19) if name.endswith(".zst")
        else gzip.compress(content, compresslevel=9, mtime=0))
    (FORMATS / name).write_bytes(packed)


def lines(records) -> str:
    return "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)


def main() -> None:
    requests = list(read_requests())
    spans = list(each_span(requests))
    for _, _, span in spans:
        cut_times(span)
    write("shop-otlp.jsonl.gz", lines(requests))
    write("shop-otlp.binpb.gz", b"".join(map(otlp_protobuf, requests)))
    write("shop-jaeger.json.gz", json.dumps(jaeger(spans), separators=(",", ":")))
    write("shop-zipkin.json.gz", json.dumps(zipkin(spans), separators=(",", ":")))
    write("shop-native.jsonl.gz", lines(native(spans)))

    few_requests = first_traces(requests)
    few = list(each_span(few_requests))
    traces, records = jaeger(few)["data"], zipkin(few)
    write("few-otlp-collector.proto.zst", framed(map(otlp_protobuf, few_requests)))
    write("few-zipkin.pb.gz", zipkin_protobuf(records))
    write("few-zipkin-v1.json.gz", zipkin_v1(records))
    write("few-jaeger-elasticdump.jsonl.gz", lines(jaeger_documents(traces)))
    write("few-jaeger-kafka.jsonl.gz", lines(jaeger_messages(traces)))
    write("few-jaeger-api-v3.json.gz", query_apis.jaeger_v3(few_requests))
    write("few-tempo-api.json.gz", query_apis.tempo_v2(few_requests))
    write("few-tempo-api-v1.json.gz", query_apis.tempo_v1(few_requests))
    write("few-xray-daemon.jsonl.gz", xray.sent_to_daemon(few))
    write("few-xray-batch-get-traces.json.gz", xray.batch_get_traces(few))
    write("few-datadog.json.gz", datadog.agent_request(few))
    write("few-datadog-log.jsonl.gz", datadog.logged(few))
    write("tempo-block-meta.json.gz", tempo_blocks.meta(spans))
    write("tempo-index.json.gz", tempo_blocks.index(spans))


if __name__ == "__main__":
    main()
