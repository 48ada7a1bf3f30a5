import TraceAnalysis
import TraceModel

extension ReportJSON {
  /// One entry point: its durations, where they go, what would help and what slow requests share.
  static func entryPoint(_ entry: EntryPointResult, _ json: inout JSONWriter) {
    json.object { json in
      json.field("service", entry.service)
      json.field("operation", entry.operation)
      json.field("errors", entry.errors)
      json.field("rate", entry.rate)
      json.field("incomplete", entry.incomplete)
      ArrivedSamplingJSON.member(entry.estimated, &json)
      json.object("latency") { json in latency(entry.latency, &json) }
      json.array("profile", entry.profileByService) { json, row in
        json.object { json in
          json.field("service", row.service)
          json.field("meanNano", row.mean)
          json.field("share", row.share)
          if let share = row.varianceShare { json.field("varianceShare", share) }
        }
      }
      json.array("whatIf", entry.whatIf) { json, row in
        json.object { json in
          json.field("service", row.service)
          json.field("fasterByPercent", row.percent)
          json.field("meanNano", row.meanAfter)
          json.field("p50Nano", row.p50After)
          json.field("p99Nano", row.p99After)
        }
      }
      shared(entry.slowShared, &json)
    }
  }

  /// Attribute values that some traces carry more often than others.
  static func shared(_ values: [SharedValue], _ json: inout JSONWriter) {
    json.array("shared", values) { json, value in
      json.object { json in
        json.field("service", value.service)
        json.field("attribute", value.key)
        json.field("value", value.value)
        json.field("count", value.count)
        json.field("total", value.total)
        json.field("otherCount", value.otherCount)
        json.field("otherTotal", value.otherTotal)
        json.field("chance", value.chance)
        json.field("significant", value.isSignificant)
      }
    }
  }
}
