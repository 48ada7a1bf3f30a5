import TraceModel

/// Jaeger's Elasticsearch and OpenSearch documents: one span each, as stored.
///
/// Source: jaeger `internal/storage/elasticsearch`. Read bare, from search replies (`hits`), from elasticdump's lines
/// (`_source`), and from between the action lines of bulk files.
enum JaegerElasticsearch: JSONSpanFormat {
  static let label = FormatLabel.jaegerElasticsearch
  static let order = 2

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.contains(.hits) || document.contains(.source)
      || document.isSuperset(of: [.jaegerTraceID, .jaegerSpanID, .startTimeMillis])
      || document.isSuperset(of: [.jaegerTraceID, .jaegerSpanID, .process])
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    let readBefore = sink.summary.spansRead
    defer { sink.count(spans: sink.summary.spansRead - readBefore, of: label) }
    if keys.contains(.hits) {
      try decodeReply(&reader, into: &sink)
    } else if keys.contains(.source) {
      try decodeHit(&reader, into: &sink)
    } else {
      try JaegerTrace.decodeSpan(&reader, .elasticsearch, into: &sink)
    }
  }

  /// Reads `{"hits":{"hits":[…]}}`.
  private static func decodeReply(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      guard key == "hits", reader.peekKind() == .object else {
        try reader.skipValue()
        continue
      }
      try reader.enterObject()
      while let inner = try reader.nextKey() {
        guard inner == "hits" else {
          try reader.skipValue()
          continue
        }
        guard try reader.enterArrayOrSkip() else { continue }
        while try reader.nextElement() { try decodeHit(&reader, into: &sink) }
      }
    }
  }

  /// Reads `{"_index":…,"_source":{…}}`; sources that are no spans, such as service documents, are passed over.
  private static func decodeHit(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    while let key = try reader.nextKey() {
      guard key == "_source", reader.peekKind() == .object else {
        try reader.skipValue()
        continue
      }
      let keys = try DocumentKeys.read(reader)
      if keys.contains(.jaegerTraceID) || keys.contains(.jaegerSpanID) {
        try JaegerTrace.decodeSpan(&reader, .elasticsearch, into: &sink)
      } else {
        let offset = sink.offset(reader.position)
        try reader.skipValue()
        sink.summary.diagnostics.add(.otherSignal, at: offset, "records of other signals skipped")
      }
    }
  }
}
