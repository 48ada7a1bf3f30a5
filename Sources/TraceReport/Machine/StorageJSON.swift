import TraceAnalysis
import TraceModel

/// `storage` of `report.json` and of `tracebook simulate --format json`.
enum StorageJSON {
  static func members(_ storage: StorageMeasure, _ projection: StorageProjection, _ json: inout JSONWriter) {
    json.field("spans", storage.spans)
    json.field("recordBytes", storage.recordBytes)
    json.field("bytesPerSpan", storage.bytesPerSpan)
    json.array("forms", storage.forms) { json, form in
      json.object { json in
        json.field("format", form.format)
        json.field("compression", form.compression)
        json.field("spans", form.spans)
        json.field("bytes", form.bytes)
        json.field("inflatedBytes", form.inflatedBytes)
      }
    }
    json.array("services", storage.services) { json, service in
      json.object { json in
        json.field("service", service.service)
        json.field("spans", service.spans)
        json.field("bytes", service.bytes)
      }
    }
    json.array("operations", storage.operations) { json, operation in
      json.object { json in
        json.field("service", operation.service)
        json.field("operation", operation.operation)
        json.field("spans", operation.spans)
        json.field("bytes", operation.bytes)
      }
    }
    json.field("attributeSample", storage.attributeSample)
    json.array("attributes", storage.attributes) { json, row in
      json.object { json in
        json.field("key", row.key)
        json.field("count", row.count)
        json.field("bytes", row.bytes)
        json.field("bytesBeyond80", row.beyond80)
        json.field("bytesInLongValues", row.inLongValues)
        json.field("ofResource", row.isOfResource)
      }
    }
    json.array("levers", storage.levers) { json, lever in
      json.object { json in
        json.field("spans", lever.spans)
        json.field("count", lever.count)
        json.field("failed", lever.failed)
        json.field("bytes", lever.bytes)
      }
    }
    if let packing = storage.packing { member(packing, &json) }
    json.array("growth", projection.rows) { json, row in
      json.object { member(row, projection, &$0) }
    }
  }

  /// What gzip makes of a sample, and of the same without an attribute.
  private static func member(_ packing: PackingMeasure, _ json: inout JSONWriter) {
    json.object("packing") { json in
      json.field("traces", packing.traces)
      json.field("spans", packing.spans)
      size(packing.whole, &json)
      json.array("parts", packing.parts) { json, part in
        json.object { json in
          json.field("part", part.part)
          json.object("without") { size(part.omitted, &$0) }
        }
      }
      json.array("services", packing.services) { json, service in
        json.object { json in
          json.field("service", service.service)
          json.field("spans", service.spans)
          size(service.size, &json)
        }
      }
      json.array("attributes", packing.attributes) { json, attribute in
        json.object { json in
          json.field("key", attribute.key)
          json.object("without") { size(attribute.omitted, &$0) }
          if let shortened = attribute.shortened {
            json.object("cutAt80") { size(shortened, &$0) }
          }
        }
      }
    }
  }

  private static func size(_ size: PackingMeasure.Size, _ json: inout JSONWriter) {
    json.field("bytes", size.bytes)
    json.field("packedBytes", size.packed)
  }

  private static func member(
    _ row: StorageProjection.Row, _ projection: StorageProjection, _ json: inout JSONWriter
  ) {
    let cost = projection.cost(row)
    json.field("name", row.name)
    json.field("formula", row.formula)
    json.field("factor", row.factor)
    json.field("requestsPerSecond", cost.tracesPerSecond)
    json.field("spansPerSecond", cost.spansPerSecond)
    json.field("bytesPerDay", cost.bytesPerDay)
    json.field("packedBytesPerDay", cost.bytesPerDay * projection.objectRatio)
    guard !row.isSpike else { return }
    json.array("retention", StorageProjection.retentions) { json, days in
      let cost = projection.cost(row, days: days)
      json.object { json in
        json.field("days", days)
        json.field("indexMonthly", cost.indexMonthly)
        json.field("objectMonthly", cost.objectMonthly)
      }
    }
  }
}
