"""Metadata of Tempo blocks. No package writes it: the fields are those of tempo's `tempodb/backend`, by hand.

The numbers are of the shop: its traces in one block, and in the index one block an hour of a night that was as busy.
"""

import json
from datetime import datetime, timedelta, timezone

from spans import start_micros

TENANT = "single-tenant"
BYTES_A_SPAN = 140


def moment(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def block(number: int, begin: datetime, length: timedelta, traces: int, spans: int, level: int) -> dict:
    return {
        "format": "vParquet4",
        "blockID": f"b10c0000-0000-4000-8000-{number:012x}",
        "tenantID": TENANT,
        "startTime": moment(begin),
        "endTime": moment(begin + length),
        "totalObjects": traces,
        "size": spans * BYTES_A_SPAN,
        "compactionLevel": level,
        "encoding": "none",
        "indexPageSize": 0,
        "totalRecords": 1,
        "dataEncoding": "",
        "bloomShards": 1,
        "footerSize": 32_741,
        "replicationFactor": 1,
    }


def bounds(spans):
    starts = [start_micros(span) for _, _, span in spans]
    first, last = (datetime.fromtimestamp(micros // 1_000_000, timezone.utc) for micros in (min(starts), max(starts)))
    return first, last, len({span["traceId"] for _, _, span in spans})


def meta(spans) -> str:
    """`meta.json` of the block that holds the shop's traces."""
    first, last, traces = bounds(spans)
    return json.dumps(block(0, first, last - first, traces, len(spans), 0))


def index(spans) -> str:
    """`index.json` of the tenant: eight blocks, and one that was compacted away."""
    first, _, traces = bounds(spans)
    night = first.replace(hour=0, minute=0, second=0)
    hour, runs = timedelta(hours=1), 45
    blocks = [
        block(number, night + number * hour, hour, traces * runs, len(spans) * runs, 1) for number in range(8)]
    compacted = block(99, night, hour / 2, traces, len(spans), 0)
    return json.dumps({
        "created_at": moment(night + 9 * hour),
        "meta": blocks,
        "compacted": [{**compacted, "compactedTime": moment(night + 2 * hour)}],
    })
