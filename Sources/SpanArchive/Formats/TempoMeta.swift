import TraceModel

/// Grafana Tempo's block metadata: `meta.json` of one block, or a tenant's `index.json` with many.
///
/// Source: tempo `tempodb/backend`. Holds no spans; its numbers are kept for the storage page.
enum TempoMeta: JSONSpanFormat {
  static let label = FormatLabel.tempoMeta
  static let order = 10

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.isSuperset(of: [.blockID, .tenantID]) || document.contains(.tempoIndex)
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard keys.contains(.tempoIndex) else { return try decodeBlock(&reader, into: &sink) }
    try reader.enterObject()
    while let key = try reader.nextKey() {
      // Blocks under `compacted` were replaced by others and wait to be deleted.
      guard key == "meta", reader.peekKind() == .array else {
        try reader.skipValue()
        continue
      }
      try reader.enterArray()
      while try reader.nextElement() { try decodeBlock(&reader, into: &sink) }
    }
  }

  private static func decodeBlock(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var start: Int64 = 0
    var bytes: Int64 = 0
    var traces: Int64 = 0
    while let key = try reader.nextKey() {
      if key == "startTime" {
        start = try reader.lenientText().flatMap { RFC3339.nanoseconds($0.bytes) } ?? 0
      } else if key == "size" {
        bytes = try reader.lenientInteger() ?? 0
      } else if key == "totalObjects" {
        traces = try reader.lenientInteger() ?? 0
      } else {
        try reader.skipValue()
      }
    }
    sink.summary.storedBlocks.add(start: UnixNanoseconds(max(0, start)), bytes: bytes, traces: traces)
  }
}
