package import TraceAnalysis
import TraceModel

extension ReportJSON {
  /// The member `comparison`: what changed since the baseline, with its figures.
  static func comparison(_ comparison: ComparisonResult, _ conclusions: Conclusions, _ json: inout JSONWriter)
  {
    json.object("comparison") { json in
      json.object("baseline") { window(comparison.baselineWindow, comparison.baselineRequests, &$0) }
      json.object("current") { window(conclusions.window, comparison.currentRequests, &$0) }
      json.array("entryPoints", comparison.entryPoints) { entryPoint($1, &$0) }
      json.array("services", comparison.services) { service($1, &$0) }
      json.array("links", comparison.links) { link($1, &$0) }
      json.array("errors", comparison.errors) { error($1, &$0) }
      json.array("calls", comparison.calls) { call($1, &$0) }
    }
  }

  private static func window(_ window: TimeWindow, _ requests: Int, _ json: inout JSONWriter) {
    json.field("startUnixNano", window.start)
    json.field("endUnixNano", window.end)
    json.field("requests", requests)
  }

  private static func entryPoint(_ change: EntryPointChange, _ json: inout JSONWriter) {
    json.object { json in
      json.field("service", change.service)
      json.field("operation", change.operation)
      json.field("presence", change.presence.rawValue)
      json.field("change", change.direction.rawValue)
      json.field("failsMore", change.failsMore)
      json.object("before") { json in
        latency(change.before, &json)
        json.field("errors", change.errorsBefore)
      }
      json.object("after") { json in
        latency(change.after, &json)
        json.field("errors", change.errorsAfter)
      }
      json.field("z", change.z)
      json.field("slowShare", change.slowShare)
      json.field("errorZ", change.errorZ)
    }
  }

  private static func service(_ change: ServiceChange, _ json: inout JSONWriter) {
    json.object { json in
      json.field("service", change.service)
      json.field("score", change.score)
      json.field("isSignificant", change.isSignificant)
      json.field("excessNano", change.excess)
      json.field("z", change.z)
      json.field("perCallBeforeNano", change.perCallBefore)
      json.field("perCallAfterNano", change.perCallAfter)
      json.field("spansBefore", change.spansBefore)
      json.field("spansAfter", change.spansAfter)
      json.field("missingCallZ", change.missingCalls)
      json.field("errorZ", change.errorZ)
      json.field("isStalling", change.isStalling)
      json.array("parts", change.parts) { json, part in
        json.object { json in
          json.field("caller", part.caller)
          json.field("operation", part.operation)
          json.field("perCallBeforeNano", part.perCallBefore)
          json.field("perCallAfterNano", part.perCallAfter)
          json.field("callsBefore", part.callsBefore)
          json.field("callsAfter", part.callsAfter)
        }
      }
    }
  }

  private static func link(_ change: LinkChange, _ json: inout JSONWriter) {
    json.object { json in
      json.field("parent", change.parent)
      json.field("child", change.child)
      json.field("connectionType", change.connectionType.rawValue)
      json.field("presence", change.presence.rawValue)
      json.field("change", change.direction.rawValue)
      json.field("failsMore", change.failsMore)
      for (name, side) in [("before", change.before), ("after", change.after)]
        as [(StaticString, LinkChange.Side)]
      {
        json.object(name) { json in
          json.field("callCount", side.calls)
          json.field("errorCount", side.errors)
          json.field("p50Nano", side.latency.p50)
          json.field("p95Nano", side.latency.p95)
          json.field("p99Nano", side.latency.p99)
        }
      }
    }
  }

  private static func error(_ change: ErrorChange, _ json: inout JSONWriter) {
    json.object { json in
      json.field("id", change.id)
      json.field("presence", change.presence.rawValue)
      json.field("blamedService", change.blamedService)
      json.field("service", change.service)
      json.field("operation", change.operation)
      json.field("message", change.words)
      json.field("before", change.before)
      json.field("after", change.after)
      json.field("rootFailures", change.rootFailures)
    }
  }

  private static func call(_ change: CallChange, _ json: inout JSONWriter) {
    json.object { json in
      json.field("parentService", change.parentService)
      json.field("parentOperation", change.parentOperation)
      json.field("childService", change.childService)
      json.field("childOperation", change.childOperation)
      json.field("presence", change.presence.rawValue)
      json.field("expected", change.expected)
      json.field("seen", change.seen)
      json.field("z", change.z)
    }
  }
}

/// What `tracebook compare --format json` prints: findings about changes, suspects, and the figures behind them.
package enum ComparisonJSON {
  /// The whole document, ended by a line feed.
  package static func document(_ conclusions: Conclusions) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      ReportJSON.findingsAndSuspects(conclusions.findings, conclusions.suspects, &json)
      if let comparison = conclusions.comparison { ReportJSON.comparison(comparison, conclusions, &json) }
    }
    json.endLine()
    return json.bytes
  }
}
