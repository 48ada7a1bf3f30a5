package import TraceAnalysis
import TraceModel

/// `summary.md`: the report in as many lines as fit a chat or a ticket.
package enum SummaryMarkdown {
  /// The whole file, ended by a line feed.
  package static func document(_ conclusions: Conclusions, title: String) -> [UInt8] {
    var lines = ["# " + escaped(title), ""]
    let window = conclusions.window
    let stamps = StampFormat(conclusions.zone)
    lines.append(
      stamps.window(window.start.rawValue, window.end.rawValue) + ": " + volume(conclusions))
    lines.append("")
    let findings = conclusions.findings.prefix(10)
    if findings.isEmpty {
      lines.append("Nothing stands out.")
    } else {
      for finding in findings {
        let proof = finding.proof.isEmpty ? "" : " — " + finding.proof.joined(separator: " ")
        lines.append("- **\(finding.severity.rawValue)** \(escaped(finding.title))\(escaped(proof))")
      }
      if conclusions.findings.count > findings.count {
        lines.append("- and \(conclusions.findings.count - findings.count) more in the report")
      }
    }
    lines += services(conclusions)
    lines.append("")
    lines.append(accounting(conclusions.input))
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func volume(_ conclusions: Conclusions) -> String {
    let failures = conclusions.entryPoints.reduce(0) { $0 + $1.errors }
    let requests = conclusions.entryPoints.reduce(0) { $0 + $1.latency.count + $1.incomplete }
    return
      "\(NumberFormat.counted(conclusions.traceCount, "trace")), \(NumberFormat.counted(requests, "request")), "
      + "\(NumberFormat.grouped(failures)) failed ("
      + PercentFormat.share(UInt64(max(0, failures)), of: UInt64(max(0, requests))) + ")."
  }

  private static func services(_ conclusions: Conclusions) -> [String] {
    let services = conclusions.services.first(10) {
      ($1.requestErrors, $1.requestCount, $0.name) < ($0.requestErrors, $0.requestCount, $1.name)
    }
    guard !services.isEmpty else { return [] }
    var lines = ["", "| service | requests | failed | p50 | p95 | p99 |", "|---|--:|--:|--:|--:|--:|"]
    for service in services {
      let times = [service.latency.p50, service.latency.p95, service.latency.p99].map {
        DurationFormat.text($0)
      }
      lines.append(
        "| \(escaped(service.name)) | \(NumberFormat.grouped(service.requestCount)) "
          + "| \(NumberFormat.grouped(service.requestErrors)) | \(times.joined(separator: " | ")) |")
    }
    return lines
  }

  private static func accounting(_ input: InputAccounting) -> String {
    let damaged = input.archives.filter { $0.error != nil }.count
    return
      "\(NumberFormat.grouped(input.spansRead)) spans read = \(NumberFormat.grouped(input.spansAccepted)) accepted + "
      + "\(NumberFormat.grouped(input.spansQuarantined)) quarantined + \(NumberFormat.grouped(input.duplicateSpans)) duplicates, from "
      + NumberFormat.counted(input.archives.count, "archive")
      + (damaged > 0 ? ", \(damaged) of them not read whole." : ".")
  }

  /// Text from archives must not become markup in the chat either.
  static func escaped(_ text: String) -> String {
    let out = ByteBuilder()
    for byte in text.cut(500).utf8 {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): out.append(UInt8(ascii: " "))
      case UInt8(ascii: "&"): out.append("&amp;")
      case UInt8(ascii: "<"): out.append("&lt;")
      case UInt8(ascii: ">"): out.append("&gt;")
      case UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "\\"), UInt8(ascii: "#"), UInt8(ascii: "~"), UInt8(ascii: "!"):
        out.append(UInt8(ascii: "\\"))
        out.append(byte)
      default: out.append(byte)
      }
    }
    // Control and bidirectional characters become visible; what was escaped above is not escaped again.
    let shown = ByteBuilder()
    out.withBytes { VisibleText.append($0, to: shown, in: .plain) }
    return String(decoding: shown.bytes, as: UTF8.self)
  }
}
