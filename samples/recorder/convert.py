"""Writes the traces of ../shop to ../formats: the same spans as OTLP, Jaeger API, Zipkin v2 and native JSON.

Jaeger and Zipkin know microseconds only. So the times are cut to microseconds first, start and length each
rounded down, and all four files hold the cut times: whoever reads them must find the same traces in each.
"""

import gzip
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHOP, FORMATS = HERE.parent / "shop", HERE.parent / "formats"
KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}
STATUS = {1: "OK", 2: "ERROR"}


def read_requests():
    for path in sorted(SHOP.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def each_span(requests):
    """Every span with its resource and scope."""
    for request in requests:
        for resource_spans in request["resourceSpans"]:
            for scope_spans in resource_spans["scopeSpans"]:
                for span in scope_spans["spans"]:
                    yield resource_spans["resource"], scope_spans["scope"], span


def cut_times(span) -> None:
    """Cuts the nanoseconds off start, length and events."""
    start, end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
    start_micros, length_micros = start // 1000, (end - start) // 1000
    span["startTimeUnixNano"] = str(start_micros * 1000)
    span["endTimeUnixNano"] = str((start_micros + length_micros) * 1000)
    for event in span.get("events", []):
        event["timeUnixNano"] = str(int(event["timeUnixNano"]) // 1000 * 1000)


def value(any_value):
    """The value of an attribute; the samples hold text, integers, decimals and booleans only."""
    (kind, content), = any_value.items()
    if kind == "intValue":
        return int(content)
    if kind in ("stringValue", "boolValue", "doubleValue"):
        return content
    raise ValueError(f"{kind} has no form in all four formats")


def attributes(holder) -> dict:
    return {attribute["key"]: value(attribute["value"]) for attribute in holder.get("attributes", [])}


def start_micros(span) -> int:
    return int(span["startTimeUnixNano"]) // 1000


def length_micros(span) -> int:
    return int(span["endTimeUnixNano"]) // 1000 - start_micros(span)


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


def write(name: str, text: str) -> None:
    FORMATS.mkdir(exist_ok=True)
    (FORMATS / name).write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def lines(records) -> str:
    return "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)


def main() -> None:
    requests = list(read_requests())
    spans = list(each_span(requests))
    for _, _, span in spans:
        cut_times(span)
    write("shop-otlp.jsonl.gz", lines(requests))
    write("shop-jaeger.json.gz", json.dumps(jaeger(spans), separators=(",", ":")))
    write("shop-zipkin.json.gz", json.dumps(zipkin(spans), separators=(",", ":")))
    write("shop-native.jsonl.gz", lines(native(spans)))


if __name__ == "__main__":
    main()
