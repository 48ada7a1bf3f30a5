package import TraceAnalysis
import TraceModel

/// Links between services for programs, one after another: what `tracebook dependencies` prints.
///
/// There may be a link in every span, so each is given as it is written.
package struct LinkLines {
  /// How links are written.
  package enum Form: Sendable {
    /// The contract's JSON object, ended by a line feed.
    case json
    /// A table with a head, fields quoted where they must be (RFC 4180).
    case csv
    /// A directed graph in the language of Graphviz.
    case dot
  }

  private let form: Form
  private let rule: DependencyRule
  private var json = JSONWriter()

  /// Writes the links that a rule gives.
  package init(_ form: Form, rule: DependencyRule) {
    self.form = form
    self.rule = rule
  }

  /// What stands before the first link.
  package mutating func begin() -> [UInt8] {
    switch form {
    case .json:
      json.openObject()
      json.key("rule")
      json.string(rule.rawValue)
      json.key("links")
      json.openArray()
      return json.takeBytes()
    case .csv:
      let head = "parent,child,connectionType,callCount,errorCount,clientErrorCount"
      return Array((head + (rule == .tracebook ? ",p50Nano,p95Nano,p99Nano\r\n" : "\r\n")).utf8)
    case .dot: return Array("digraph services {\n  rankdir=LR;\n  node [shape=box];\n".utf8)
    }
  }

  /// The next link.
  package mutating func line(_ link: LinkResult) -> [UInt8] {
    switch form {
    case .json:
      Self.append(link, rule, to: &json)
      return json.takeBytes()
    case .csv: return Array(csv(link).utf8)
    case .dot: return Array(Self.dot(link).utf8)
    }
  }

  /// What stands behind the last link.
  package mutating func end() -> [UInt8] {
    switch form {
    case .json:
      json.closeArray()
      json.closeObject()
      json.endLine()
      return json.takeBytes()
    case .csv: return []
    case .dot: return Array("}\n".utf8)
    }
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

  private func csv(_ link: LinkResult) -> String {
    var fields = [
      link.parent, link.child, link.connectionType.rawValue, String(link.callCount),
      String(link.errorCount), String(link.clientErrorCount),
    ]
    if rule == .tracebook {
      fields += [link.latency.p50, link.latency.p95, link.latency.p99].map { String($0.rawValue) }
    }
    return fields.map(Self.csvField).joined(separator: ",") + "\r\n"
  }

  private static func csvField(_ text: String) -> String {
    // A leading sign would make a formula of a name in a spreadsheet.
    let safe = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }

  private static func dot(_ link: LinkResult) -> String {
    let errors = max(link.errorCount, link.clientErrorCount)
    var label = "\(link.callCount)"
    if errors > 0 { label += ", \(errors) failed" }
    var text = "  \(dotText(link.parent)) -> \(dotText(link.child)) [label=\(dotText(label))"
    if link.connectionType != .rpc { text += ", style=dashed" }
    if errors > 0 { text += ", color=red" }
    return text + "];\n"
  }

  private static func dotText(_ text: String) -> String {
    let visible = ByteBuilder()
    var text = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    text.withUTF8 { VisibleText.append($0, to: visible, in: .plain) }
    return "\"" + String(decoding: visible.bytes, as: UTF8.self) + "\""
  }
}
