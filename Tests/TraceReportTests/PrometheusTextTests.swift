import Testing
import TraceAnalysis
import TraceModel

@testable import TraceReport

@Suite("Metrics for a textfile collector")
struct PrometheusTextTests {
  private func lines(_ conclusions: Conclusions) -> [String] {
    String(decoding: PrometheusText.document(conclusions), as: UTF8.self).split(separator: "\n").map(
      String.init)
  }

  private func service(_ name: String, requests: Int = 1) -> ServiceResult {
    var service = ServiceResult()
    service.name = name
    service.requestCount = requests
    return service
  }

  @Test("each family has its help and type once, before its samples")
  func families() {
    var family = ""
    var seen: Set<String> = []
    for line in lines(ReportFixture.conclusions()) {
      if line.hasPrefix("# HELP ") {
        family = String(line.split(separator: " ")[2])
        #expect(seen.insert(family).inserted)
      } else if line.hasPrefix("# TYPE ") {
        #expect(line == "# TYPE \(family) gauge")
      } else {
        #expect(line.hasPrefix(family + " ") || line.hasPrefix(family + "{"), "\(line)")
      }
    }
    #expect(seen.contains("tracebook_service_requests"))
  }

  @Test("figures are those of the conclusions")
  func figures() {
    let lines = lines(ReportFixture.conclusions())
    for line in [
      "tracebook_spans_read 27714214", "tracebook_spans_accepted 27712098", "tracebook_spans_quarantined 212",
      "tracebook_findings{severity=\"high\"} 2", "tracebook_findings{severity=\"info\"} 0",
      "tracebook_service_request_errors{service=\"payment\"} 4539", "tracebook_services_left_out 0",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }

  @Test("times are seconds, to the nanosecond")
  func seconds() {
    var conclusions = Conclusions()
    var service = service("a")
    service.latency.count = 1
    (service.latency.p50, service.latency.p95, service.latency.p99) = (
      Nanoseconds(1), Nanoseconds(1_500_000_000), Nanoseconds(2_000_000_000)
    )
    conclusions.services = [service]
    let lines = lines(conclusions)
    #expect(lines.contains("tracebook_service_latency_seconds{service=\"a\",quantile=\"0.5\"} 0.000000001"))
    #expect(lines.contains("tracebook_service_latency_seconds{service=\"a\",quantile=\"0.95\"} 1.5"))
    #expect(lines.contains("tracebook_service_latency_seconds{service=\"a\",quantile=\"0.99\"} 2"))
    #expect(!lines.contains { $0.hasPrefix("tracebook_window") })
  }

  @Test(
    "names cannot leave their quotes",
    arguments: [
      ("a\"} 1\nevil 2", "a\\\"} 1\\nevil 2"), ("back\\slash", "back\\\\slash"),
      ("nul\u{0}tab\tdel\u{7f}", "nul\u{fffd}tab\u{fffd}del\u{fffd}"), ("ünïcode ✓", "ünïcode ✓"), ("", ""),
      ("a\r\nb", "a\u{fffd}\\nb"),
    ])
  func escaping(name: String, escaped: String) {
    #expect(String(decoding: PrometheusText.labelValue(name), as: UTF8.self) == escaped)
    var conclusions = Conclusions()
    conclusions.services = [service(name)]
    #expect(lines(conclusions).contains("tracebook_service_requests{service=\"\(escaped)\"} 1"))
  }

  @Test("no sample occurs twice, and the services with the most requests stay")
  func bounds() {
    var conclusions = Conclusions()
    conclusions.services = (0..<1_500).map { service("s\(1_000 + $0)", requests: $0) }
    conclusions.services += [service("a\u{1}", requests: 9_999), service("a\u{2}", requests: 9_998)]
    let samples = lines(conclusions).filter { $0.hasPrefix("tracebook_service_requests{") }
    #expect(samples.count == 999)
    #expect(Set(samples.map { $0.split(separator: "}")[0] }).count == samples.count)
    #expect(samples.last == "tracebook_service_requests{service=\"s2499\"} 1499")
    #expect(lines(conclusions).contains("tracebook_services_left_out 503"))
  }
}
