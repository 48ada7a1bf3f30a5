import TraceModel

/// Jaeger's model in the JSON form of protobuf: lines of a Kafka topic, or a trace with `spans` and `processMap`.
///
/// Source: jaeger-idl `model.proto`: ids are base64, times RFC 3339, durations texts, tags `vType` and `vStr` and so on.
enum JaegerProtoJSON: JSONSpanFormat {
  static let label = FormatLabel.jaegerProtoJSON
  static let order = 6

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.isSuperset(of: [.traceID, .spanID, .operationName])
      || document.isSuperset(of: [.traceID, .spanID, .startTime]) || document.contains(.protoSpans)
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    let readBefore = sink.summary.spansRead
    defer { sink.count(spans: sink.summary.spansRead - readBefore, of: label) }
    if keys.contains(.protoSpans) {
      try JaegerTrace.decode(&reader, .proto, into: &sink)
    } else {
      try JaegerTrace.decodeSpan(&reader, .proto, into: &sink)
    }
  }
}
