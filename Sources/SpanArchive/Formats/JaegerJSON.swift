import TraceModel

/// Jaeger API JSON: what the query service answers and the UI downloads.
///
/// Source: jaeger `internal/uimodel`. `processes` may follow the spans or be absent when spans embed theirs.
enum JaegerJSON: JSONSpanFormat {
  static let label = FormatLabel.jaegerJSON
  static let order = 3

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.contains(.dataWithSpans) || document.isSuperset(of: [.jaegerTraceID, .spans])
      || document.isSuperset(of: [.jaegerTraceID, .jaegerSpanID, .operationName])
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    let readBefore = sink.summary.spansRead
    defer { sink.count(spans: sink.summary.spansRead - readBefore, of: label) }
    if keys.contains(.dataWithSpans) {
      try decodeReply(&reader, into: &sink)
    } else if keys.contains(.spans) {
      try JaegerTrace.decode(&reader, .api, into: &sink)
    } else {
      try JaegerTrace.decodeSpan(&reader, .api, into: &sink)
    }
  }

  private static func decodeReply(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "data", reader.peekKind() == .array {
        try reader.enterArray()
        while try reader.nextElement() { try JaegerTrace.decode(&reader, .api, into: &sink) }
      } else if key == "data" {
        try JaegerTrace.decode(&reader, .api, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
  }
}
