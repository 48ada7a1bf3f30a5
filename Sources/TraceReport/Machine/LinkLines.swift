package import TraceAnalysis
import TraceModel

/// Links between services for programs: what `tracebook dependencies` prints.
package enum LinkLines {
  /// The contract's JSON object, ended by a line feed.
  package static func json(_ links: [LinkResult], rule: DependencyRule) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("rule")
      json.string(rule.rawValue)
      json.key("links")
      json.array { json in
        for link in links { append(link, rule, to: &json) }
      }
    }
    json.endLine()
    return json.bytes
  }

  private static func append(_ link: LinkResult, _ rule: DependencyRule, to json: inout JSONWriter) {
    json.object { json in
      json.key("parent")
      json.string(link.parent)
      json.key("child")
      json.string(link.child)
      json.key("callCount")
      json.integer(link.callCount)
      json.key("errorCount")
      json.integer(link.errorCount)
      json.key("clientErrorCount")
      json.integer(link.clientErrorCount)
      json.key("connectionType")
      json.string(link.connectionType.rawValue)
      // Only our own rule knows how long calls took.
      guard rule == .tracebook else { return }
      json.key("p50Nano")
      json.decimalText(link.latency.p50.rawValue)
      json.key("p95Nano")
      json.decimalText(link.latency.p95.rawValue)
      json.key("p99Nano")
      json.decimalText(link.latency.p99.rawValue)
    }
  }

  /// A table with a head, fields quoted where they must be (RFC 4180).
  package static func csv(_ links: [LinkResult], rule: DependencyRule) -> [UInt8] {
    var text = "parent,child,connectionType,callCount,errorCount,clientErrorCount"
    text += rule == .tracebook ? ",p50Nano,p95Nano,p99Nano\r\n" : "\r\n"
    for link in links {
      var fields = [
        link.parent, link.child, link.connectionType.rawValue, String(link.callCount),
        String(link.errorCount), String(link.clientErrorCount),
      ]
      if rule == .tracebook {
        fields += [link.latency.p50, link.latency.p95, link.latency.p99].map { String($0.rawValue) }
      }
      text += fields.map(csvField).joined(separator: ",") + "\r\n"
    }
    return Array(text.utf8)
  }

  private static func csvField(_ text: String) -> String {
    // A leading sign would make a formula of a name in a spreadsheet.
    let safe = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }

  /// A directed graph in the language of Graphviz.
  package static func dot(_ links: [LinkResult]) -> [UInt8] {
    var text = "digraph services {\n  rankdir=LR;\n  node [shape=box];\n"
    for link in links {
      let errors = max(link.errorCount, link.clientErrorCount)
      var label = "\(link.callCount)"
      if errors > 0 { label += ", \(errors) failed" }
      text += "  \(dotText(link.parent)) -> \(dotText(link.child)) [label=\(dotText(label))"
      if link.connectionType != .rpc { text += ", style=dashed" }
      if errors > 0 { text += ", color=red" }
      text += "];\n"
    }
    return Array((text + "}\n").utf8)
  }

  private static func dotText(_ text: String) -> String {
    let visible = ByteBuilder()
    var text = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    text.withUTF8 { VisibleText.append($0, to: visible, in: .plain) }
    return "\"" + String(decoding: visible.bytes, as: UTF8.self) + "\""
  }
}
