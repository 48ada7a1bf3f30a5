package import TraceModel

/// Traces as lines of a table for people: what `tracebook search` prints by default.
package enum SearchTable {
  /// The line above all others.
  package static func head(_ stamps: StampFormat) -> [UInt8] {
    // Stamps of other zones are longer by their distance from UTC.
    let start = pad("START (\(stamps.zoneName))", width(stamps), atEnd: true)
    return Array(
      (start + "    DURATION  SPANS  ERRORS  TRACE ID                          ROOT\n").utf8)
  }

  private static func width(_ stamps: StampFormat) -> Int { stamps.zone == .utc ? 30 : 35 }

  /// One trace; texts from archives cannot steer the terminal.
  package static func line(of trace: Trace, in store: SpanStore, _ stamps: StampFormat) -> [UInt8] {
    let root = trace.spans[trace.primaryRoot]
    let service = store.symbols.text(root.service)
    let name = (service.isEmpty ? "(no service)" : service) + ": " + store.symbols.text(root.record.name)
    let visible = ByteBuilder()
    var text = name
    text.withUTF8 { VisibleText.append($0, to: visible, in: .plain, limit: 200) }
    let columns = [
      pad(stamps.iso(trace.start.rawValue), width(stamps), atEnd: true),
      pad(DurationFormat.text(UInt64(clamping: trace.duration.rawValue)), 10, atEnd: false),
      pad(String(trace.spans.count), 5, atEnd: false), pad(String(trace.errorCount), 6, atEnd: false),
      trace.id.description, String(decoding: visible.bytes, as: UTF8.self),
    ]
    return Array((columns.joined(separator: "  ") + "\n").utf8)
  }

  private static func pad(_ text: String, _ width: Int, atEnd: Bool) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return atEnd ? text + blanks : blanks + text
  }
}
