import TraceAnalysis
import TraceModel

extension ReportJSON {
  /// The field `joined`: what was too much to be told apart.
  static func joined(_ joined: [JoinedThings], _ json: inout JSONWriter) {
    json.array("joined", joined) { json, things in
      json.object { json in
        json.field("what", things.words)
        json.field("count", things.count)
        json.field("rest", things.rest)
      }
    }
  }

  /// The field `quality`: warnings, audits, instrumentation, clocks and propagation.
  static func quality(_ conclusions: Conclusions, _ json: inout JSONWriter) {
    let quality = conclusions.quality
    json.object("quality") { json in
      json.field("completeTraces", conclusions.input.completeTraces)
      json.array("warnings", quality.warnings) { json, row in
        json.object { json in
          json.field("code", row.code.rawValue)
          json.field("severity", word(row.code.severity))
          json.field("service", row.service)
          json.field("count", row.count)
          json.field("remedy", row.code.remedy)
        }
      }
      json.object("sample") { json in
        json.field("traces", quality.sample.traces)
        json.field("spans", quality.sample.spans)
        json.key("isEverything")
        json.boolean(quality.sample.isEverything)
      }
      json.array("audits", quality.audits) { audit($1, &$0) }
      json.array("instrumentation", quality.instrumentation) { instrumentation($1, &$0) }
      json.array("hostPairs", quality.hostPairs) { json, pair in
        json.object { json in
          json.field("host", pair.host)
          json.field("against", pair.against)
          json.field("count", pair.count)
          json.field("meanNano", pair.mean)
          json.field("leastNano", pair.least)
          json.field("mostNano", pair.most)
          evidence(pair.evidence.map { [$0] } ?? [], &json)
        }
      }
      json.array("propagation", quality.propagation) { json, fault in
        json.object { json in
          json.field("sign", fault.sign.rawValue)
          json.field("service", fault.service)
          json.field("operation", fault.operation)
          json.field("usualCaller", fault.usualCaller)
          json.field("count", fault.count)
          json.field("total", fault.total)
          evidence(fault.evidence.map { [$0] } ?? [], &json)
        }
      }
      joined(quality.joined, &json)
      json.object("traceIds") { json in
        json.field("bits64", quality.narrowTraces)
        json.field("bits128", max(0, conclusions.input.traces - quality.narrowTraces))
      }
    }
  }

  private static func audit(_ audit: AuditResult, _ json: inout JSONWriter) {
    json.object { json in
      json.field("check", audit.check.rawValue)
      json.field("severity", audit.check.severity.rawValue)
      json.field("service", audit.service)
      json.field("count", audit.count)
      json.field("total", audit.total)
      json.field("unit", audit.check.unit)
      json.key("sampled")
      json.boolean(audit.isSampled)
      json.field("rule", audit.check.rule)
      json.field("remedy", audit.check.remedy)
      json.array("subjects", audit.subjects) { json, subject in
        json.object { json in
          json.field("text", subject.text)
          json.field("advice", subject.advice)
          json.field("count", subject.count)
        }
      }
      evidence(audit.evidence.map { [$0] } ?? [], &json)
    }
  }

  private static func instrumentation(_ one: ServiceInstrumentation, _ json: inout JSONWriter) {
    json.object { json in
      json.field("service", one.service)
      json.field("sampledSpans", one.sampledSpans)
      json.field("automaticSpans", one.automaticSpans)
      json.field("unnamedSpans", one.unnamedSpans)
      json.field("cleanSpans", one.cleanSpans)
      json.array("scopes", one.scopes) { json, scope in
        json.object { json in
          json.field("name", scope.name)
          json.field("version", scope.version)
          json.key("automatic")
          json.boolean(scope.isAutomatic)
          json.field("count", scope.count)
        }
      }
      json.array("sdks", one.kits) { $0.string($1) }
      json.array("distributions", one.distributions) { $0.string($1) }
    }
  }

  private static func word(_ severity: DiagnosticSeverity) -> String {
    switch severity {
    case .info: "info"
    case .notice: "notice"
    case .loss: "loss"
    }
  }
}
