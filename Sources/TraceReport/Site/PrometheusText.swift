package import TraceAnalysis
import TraceModel

/// `metrics.prom`: the figures of a report in Prometheus' text format, for the textfile collector of a node exporter.
///
/// All are gauges: each tells of the archives of this report alone, and the next report replaces it. No times stand
/// beside the values, because the collector refuses them; the window is a metric of its own, to alert on a night that
/// did not come. Format: Prometheus, "Exposition formats", text version 0.0.4.
package enum PrometheusText {
  /// The most services that are told; a store of metrics suffers from more.
  static let mostServices = 1_000
  /// The most characters of a name.
  private static let longestName = 200

  /// The whole file, ended by a line feed.
  package static func document(_ conclusions: Conclusions) -> [UInt8] {
    var text = Families()
    spans(conclusions.input, &text)
    window(conclusions.window, &text)
    findings(conclusions.findings, &text)
    services(conclusions.services, &text)
    return text.bytes
  }

  private static func spans(_ input: InputAccounting, _ text: inout Families) {
    text.family("spans_read", "Spans met in all archives, within the window.", input.spansRead)
    text.family(
      "spans_outside_window", "Spans of traces that begin outside the window.", input.spansOutsideWindow)
    text.family("spans_accepted", "Spans that take part in the report.", input.spansAccepted)
    text.family("spans_quarantined", "Spans refused for their content.", input.spansQuarantined)
    text.family("spans_duplicate", "Exact copies of other spans.", input.duplicateSpans)
    text.family("traces", "Traces put together.", input.traces)
    text.family("archives", "Archives of the report.", input.archives.count)
    let damaged = input.archives.filter { $0.error != nil }.count
    text.family("archives_damaged", "Archives that could not be read whole.", damaged)
  }

  private static func window(_ window: TimeWindow, _ text: inout Families) {
    guard window.start != .unknown, window.end != .unknown else { return }
    text.family("window_start_timestamp_seconds", "Start of the earliest span.")
    text.sample([], seconds: window.start.rawValue)
    text.family("window_end_timestamp_seconds", "End of the latest span.")
    text.sample([], seconds: window.end.rawValue)
  }

  private static func findings(_ findings: [Finding], _ text: inout Families) {
    text.family("findings", "What stands out, by severity.")
    for severity in FindingSeverity.allCases {
      let count = findings.filter { $0.severity == severity }.count
      text.sample([("severity", severity.rawValue)], count)
    }
  }

  private static func services(_ services: [ServiceResult], _ text: inout Families) {
    let told = distinct(services)
    text.family("service_requests", "Requests that a service answered.")
    for (name, service) in told { text.sample([("service", name)], service.requestCount) }
    text.family("service_request_errors", "Requests that a service failed to answer.")
    for (name, service) in told { text.sample([("service", name)], service.requestErrors) }
    text.family("service_latency_seconds", "How long the requests of a service took, by quantile.")
    for (name, service) in told where service.latency.count > 0 {
      for (quantile, value) in [
        ("0.5", service.latency.p50), ("0.95", service.latency.p95), ("0.99", service.latency.p99),
      ] {
        text.sample([("service", name), ("quantile", quantile)], seconds: value.rawValue)
      }
    }
    text.family("services_left_out", "Services beyond those told here.", services.count - told.count)
  }

  /// The services with the most requests under names as they are shown, by name. One sample of a name that occurs
  /// twice would make the collector refuse the whole file.
  private static func distinct(_ services: [ServiceResult]) -> [(name: String, service: ServiceResult)] {
    var kept = services
    if services.count > mostServices {
      kept.sort { ($1.requestCount, $0.name) < ($0.requestCount, $1.name) }
      kept.removeLast(services.count - mostServices)
      kept.sort { $0.name < $1.name }
    }
    var seen: Set<[UInt8]> = []
    return kept.compactMap { service in
      let name = service.name.cut(longestName)
      return seen.insert(labelValue(name)).inserted ? (name, service) : nil
    }
  }

  /// A label's value between its quotes: backslash, quote and line feed escaped, other control characters replaced,
  /// since readers take NUL for the end of the text.
  static func labelValue(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
      case "\"": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
      case "\n": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}": bytes += Array("\u{fffd}".utf8)
      default: bytes += Array(String(scalar).utf8)
      }
    }
    return bytes
  }

  /// Families of samples, one after another.
  private struct Families {
    private(set) var bytes: [UInt8] = []
    private var name = ""

    /// Begins a family.
    mutating func family(_ name: String, _ help: String) {
      self.name = "tracebook_" + name
      bytes += Array("# HELP \(self.name) \(help)\n# TYPE \(self.name) gauge\n".utf8)
    }

    /// Writes a family of one sample without labels.
    mutating func family(_ name: String, _ help: String, _ value: Int) {
      family(name, help)
      sample([], value)
    }

    mutating func sample(_ labels: [(name: String, value: String)], _ value: Int) {
      begin(labels)
      bytes += Array("\(value)\n".utf8)
    }

    /// Writes nanoseconds as seconds, exactly.
    mutating func sample(_ labels: [(name: String, value: String)], seconds nanoseconds: Int64) {
      begin(labels)
      let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
      var digits = (nanoseconds < 0 ? "-" : "") + String(whole)
      if rest > 0 {
        let fraction = String(rest)
        digits += "." + String(repeating: "0", count: 9 - fraction.count) + fraction
        while digits.hasSuffix("0") { digits.removeLast() }
      }
      bytes += Array((digits + "\n").utf8)
    }

    private mutating func begin(_ labels: [(name: String, value: String)]) {
      bytes += Array(name.utf8)
      for (place, label) in labels.enumerated() {
        bytes += Array(((place == 0 ? "{" : ",") + label.name + "=\"").utf8)
        bytes += labelValue(label.value) + [UInt8(ascii: "\"")]
      }
      bytes += Array((labels.isEmpty ? " " : "} ").utf8)
    }
  }
}
