import TraceModel

/// OTLP JSON: `TracesData`, export requests, and the wrappers of the Tempo and Jaeger query APIs.
///
/// Source: opentelemetry-proto `trace/v1/trace.proto` and the OTLP specification's JSON mapping; read leniently.
enum OTLPJSON: JSONSpanFormat {
  static let label = FormatLabel.otlpJSON
  static let order = 1
  static let readsDocumentsAlone = true

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.contains(.resourceSpans) || document.contains(.batches)
      || document.contains(.wrappedResourceSpans)
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "resourceSpans" || key == "resource_spans" || key == "batches" {
        guard try reader.enterArrayOrSkip() else { continue }
        while try reader.nextElement() { try decodeResourceSpans(&reader, into: &sink) }
      } else if key == "result" || key == "trace", reader.peekKind() == .object {
        // One level of wrapping, as the query APIs answer; its inside is an ordinary document.
        try decodeWrapped(&reader, into: &sink)
      } else if key == "status" {
        // Tempo's query API says so when it left spans out.
        let offset = sink.offset(reader.position)
        if let text = try reader.lenientText(), text == "PARTIAL" {
          sink.summary.diagnostics.add(.traceCut, at: offset, "a trace is marked as partial")
        }
      } else {
        try reader.skipValue()
      }
    }
  }

  private static func decodeWrapped(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "resourceSpans" || key == "resource_spans" || key == "batches" {
        guard try reader.enterArrayOrSkip() else { continue }
        while try reader.nextElement() { try decodeResourceSpans(&reader, into: &sink) }
      } else {
        try reader.skipValue()
      }
    }
  }

  // MARK: Resource and scope

  /// Reads one `ResourceSpans`; the resource and the schema may stand behind the spans.
  static func decodeResourceSpans(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var batch = OTLPBatch(firstSpan: sink.table.spans.count)
    let readBefore = sink.summary.spansRead
    defer { sink.count(spans: sink.summary.spansRead - readBefore, of: label) }
    do {
      while let key = try reader.nextKey() {
        if OTLPBatch.isScopeList(key) {
          guard try reader.enterArrayOrSkip() else { continue }
          while try reader.nextElement() { try decodeScopeSpans(&reader, batch.resource, into: &sink) }
        } else {
          try batch.decodeMember(key, &reader, into: &sink)
        }
      }
    } catch {
      batch.settle(in: &sink)
      throw error
    }
    batch.settle(in: &sink)
  }

  /// Reads one `ScopeSpans`; the scope and the schema may stand behind the spans.
  static func decodeScopeSpans(
    _ reader: inout JSONReader, _ resource: UInt32, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var scope = OTLPScope(firstSpan: sink.table.spans.count)
    do {
      while let key = try reader.nextKey() {
        if key == "spans" {
          guard try reader.enterArrayOrSkip() else { continue }
          defer { sink.settleTexts() }
          while try reader.nextElement() {
            try OTLPSpan.decode(&reader, resource: resource, scope: scope.place, into: &sink)
          }
        } else {
          try scope.decodeMember(key, &reader, into: &sink)
        }
      }
    } catch {
      scope.settle(in: &sink)
      throw error
    }
    scope.settle(in: &sink)
  }

  /// The symbol of a lenient text; empty for null and the like.
  @inline(__always)
  static func symbol(_ reader: inout JSONReader, in sink: inout SpanSink) throws(JSONFault) -> Symbol {
    guard let text = try reader.lenientText() else { return .empty }
    return sink.table.symbols.intern(text.base, count: text.count)
  }
}
