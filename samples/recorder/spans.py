"""The spans of ../shop, with times cut to what every format can hold, and what all writers of formats ask of them."""

import copy
import gzip
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHOP, FORMATS = HERE.parent / "shop", HERE.parent / "formats"
FEW_TRACES = 40
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


def first_traces(requests) -> list:
    """The requests with the spans of a few traces only: the first ones, and the first in which an exception was met."""
    chosen: dict[str, bool] = {}
    failed = None
    for _, _, span in each_span(requests):
        if len(chosen) < FEW_TRACES - 1:
            chosen[span["traceId"]] = True
        elif span.get("events") and span["traceId"] not in chosen:
            failed = failed or span["traceId"]
    chosen[failed] = True
    few = copy.deepcopy(requests)
    for request in few:
        for resource_spans in request["resourceSpans"]:
            for scope_spans in resource_spans["scopeSpans"]:
                scope_spans["spans"] = [span for span in scope_spans["spans"] if span["traceId"] in chosen]
    return [request for request in few if any(True for _ in each_span([request]))]
