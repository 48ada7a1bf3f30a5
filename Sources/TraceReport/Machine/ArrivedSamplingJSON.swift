import TraceAnalysis
import TraceModel

/// What archives say of their own sampling, and figures in all that follow from it.
enum ArrivedSamplingJSON {
  /// The member `arrived` of `sampling`.
  static func member(_ arrived: ArrivedSampling, _ json: inout JSONWriter) {
    json.object("arrived") { json in
      json.array("schemes", arrived.schemes) { json, row in
        json.object { json in
          json.field("weightFrom", row.scheme.rawValue)
          json.field("traces", row.traces)
        }
      }
      json.field("inconsistentTraces", arrived.inconsistent)
      json.array("notes", arrived.notes) { json, note in
        json.object { json in
          json.field("code", note.code)
          json.field("message", note.message)
        }
      }
      json.array("audit", arrived.audit) { json, row in
        json.object { json in
          json.field("rule", row.rule)
          json.field("share", row.share)
        }
      }
      guard arrived.isWeighted, let overall = arrived.overall else { return }
      json.object("estimates") { figures(overall, &$0) }
      for (key, rows) in [("entryPoints", arrived.entryPoints), ("services", arrived.services)]
        as [(StaticString, [PopulationEstimate])]
      {
        json.array(key, rows) { json, row in
          json.object { json in
            json.field("service", row.service)
            if key.utf8CodeUnitCount == 11 { json.field("operation", row.operation) }
            figures(row, &json)
          }
        }
      }
    }
  }

  /// The member `estimated` of a service, operation, entry point or link; none where nothing is scaled.
  static func member(_ population: PopulationEstimate?, _ json: inout JSONWriter) {
    guard let population else { return }
    json.object("estimated") { figures(population, &$0) }
  }

  /// Figures of which the truth is not known; percentiles where there are durations.
  private static func figures(_ population: PopulationEstimate, _ json: inout JSONWriter) {
    json.field("traces", population.keptTraces)
    var figures: [(StaticString, Estimate)] = [
      ("requests", population.requests), ("errors", population.errors), ("errorRate", population.errorRate),
    ]
    if population.p99.value > 0 {
      figures += [
        ("p50Nano", population.p50), ("p95Nano", population.p95), ("p99Nano", population.p99),
      ]
    }
    for (key, estimate) in figures {
      json.object(key) { json in
        json.field("estimate", estimate.value)
        json.field("low", estimate.low)
        json.field("high", estimate.high)
      }
    }
  }
}
