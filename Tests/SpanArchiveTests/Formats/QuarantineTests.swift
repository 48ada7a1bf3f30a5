import SpanArchive
import TestSupport
import Testing
import TraceModel

/// A span refused for its content is counted, and costs neither its neighbours nor the status.
@Suite struct QuarantineTests {
  private static let good = ("5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174")
  private static let bad: [(trace: String, span: String, code: DiagnosticCode)] = [
    ("", good.1, .missingTraceID), ("00000000000000000000000000000000", good.1, .missingTraceID),
    (good.0, "", .missingSpanID), (good.0, "0000000000000000", .missingSpanID), (good.0, "xyz", .invalidID),
    (good.0, "0123456789abcdef0", .invalidID), (good.0 + "0", good.1, .invalidID),
  ]

  private static let forms: [(name: String, write: @Sendable ([(String, String)]) -> String)] = [
    (
      "otlp-json",
      { ids in
        let spans = ids.map { #"{"traceId":"\#($0.0)","spanId":"\#($0.1)","name":"a"}"# }
        return #"{"resourceSpans":[{"scopeSpans":[{"spans":["# + spans.joined(separator: ",") + "]}]}]}"
      }
    ),
    (
      "jaeger-json",
      { ids in
        let spans = ids.map {
          #"{"traceID":"\#($0.0)","spanID":"\#($0.1)","operationName":"a","startTime":1}"#
        }
        return #"{"data":[{"traceID":"1","spans":["# + spans.joined(separator: ",") + #"],"processes":{}}]}"#
      }
    ),
    (
      "jaeger-es",
      { ids in
        ids.map { #"{"traceID":"\#($0.0)","spanID":"\#($0.1)","startTimeMillis":1,"process":{}}"# }
          .joined(separator: "\n")
      }
    ),
    (
      "zipkin-json",
      { ids in
        "[" + ids.map { #"{"traceId":"\#($0.0)","id":"\#($0.1)","kind":"CLIENT"}"# }.joined(separator: ",")
          + "]"
      }
    ),
  ]

  @Test("bad ids are quarantined by reason", arguments: forms.indices)
  func ids(_ form: Int) {
    let (name, write) = Self.forms[form]
    for (trace, span, code) in Self.bad {
      let reading = Reading(write([Self.good, (trace, span), (Self.good.0, "1")]))
      #expect(reading.summary.format == name)
      #expect(reading.summary.error == nil, "\(name): \(trace) \(span)")
      #expect(reading.summary.spansRead == 3)
      #expect(reading.summary.spansQuarantined == 1)
      #expect(reading.summary.diagnostics[code].count == 1, "\(name): \(trace) \(span)")
      #expect(reading.store.spanCount == 2)
    }
  }

  @Test("a record that is given up leaves nothing in the counts")
  func rolledBack() {
    let good = Self.forms[0].write([Self.good, ("", Self.good.1)])
    let cut = String(good.dropLast(4))
    let reading = Reading([good, cut, good].joined(separator: "\n"))
    #expect(reading.summary.spansRead == 4)
    #expect(reading.summary.spansQuarantined == 2)
    #expect(reading.summary.diagnostics[.missingTraceID].count == 2)
    #expect(reading.store.spanCount == 2)
  }

  @Test("a bad parent makes an orphan, not a quarantined span")
  func parents() {
    let reading = Reading(
      #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"1","spanId":"2","parentSpanId":"no id"}]}]}]}"#
    )
    #expect(reading.summary.spansQuarantined == 0)
    #expect(reading.traces().first?.spans.first?.traits.contains(.orphan) == true)
  }

  @Test("one odd field never costs the span")
  func lenience() {
    let odd = ["null", "true", "[]", "{}", "\"\"", "\"x\"", "-1", "1e400", "[[{}]]"]
    for value in odd {
      for field in [
        "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes", "events", "links", "status",
        "flags", "traceState", "unknown",
      ] {
        let reading = Reading(
          #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"1","spanId":"2","\#(field)":\#(value)}]}]}]}"#
        )
        #expect(reading.summary.error == nil && reading.store.spanCount == 1, "\(field): \(value)")
      }
      for field in [
        "name", "kind", "timestamp", "duration", "localEndpoint", "annotations", "tags", "shared", "debug",
        "parentId",
      ] {
        let reading = Reading(#"[{"traceId":"1","id":"2","\#(field)":\#(value)}]"#)
        #expect(reading.summary.error == nil && reading.store.spanCount == 1, "\(field): \(value)")
      }
    }
  }
}
