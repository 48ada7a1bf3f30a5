import TestSupport
import Testing
import TraceModel

@testable import SpanArchive

@Suite("Metrics")
struct MetricTests {
  private static let hex = "4bf92f3577b34da6a3ce929d0e0e4736"
  private static let id = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736)

  private func read(_ text: String) -> CorrelatedMetrics {
    OpenMetricsSet(inputs: [.bytes(Array(text.utf8), path: "m")]).read(
      targets: LogTargets([Self.id]) { $0.low == 7 })
  }

  @Test("exemplars on buckets and counters, and samples whose labels name a trace")
  func exemplars() {
    let metrics = read(
      """
      # TYPE http_duration histogram
      http_duration_bucket{le="0.5",route="/a \\"b\\""} 17 # {trace_id="\(Self.hex)",span_id="00f067aa0ba902b7"} 0.43 1700000000.5
      requests_total 5 1700000001 # {traceID="\(Self.hex)"} 1
      slow_request_seconds{trace_id="\(Self.hex)",route="/x"} 2.5
      plain{a="b"} 1
      other_total 1 # {trace_id="7"} 1
      lost_total 1 # {trace_id="99"} 1
      # EOF
      """)
    #expect(metrics.files[0].samples == 6)
    #expect(metrics.count == 5)
    #expect(metrics.otherTraces == 1)
    #expect(metrics.absentCount == 1)
    #expect(
      metrics[Self.id].map { "\($0.metric) \($0.labels) \($0.value) \($0.spanID.isAbsent)" } == [
        "http_duration_bucket le=\"0.5\",route=\"/a \"b\"\" 0.43 false", "requests_total  1 true",
        "slow_request_seconds route=\"/x\" 2.5 true",
      ])
    #expect(metrics[Self.id][0].time == UnixNanoseconds(1_700_000_000_500_000_000))
  }

  @Test("any bytes are read without a trap")
  func hostile() {
    let line = Array("a_bucket{le=\"0.5\"} 17 1 # {trace_id=\"\(Self.hex)\"} 0.43 1e400\n".utf8)
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2_000 {
      var bytes = line
      for _ in 0..<3 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() & 0xff) }
      let metrics = OpenMetricsSet(inputs: [.bytes(bytes, path: "m")]).read(
        targets: LogTargets([]) { _ in false })
      #expect(metrics.count <= 2)
    }
  }
}
