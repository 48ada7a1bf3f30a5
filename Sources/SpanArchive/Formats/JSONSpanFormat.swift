import TraceModel

/// A form of JSON in which spans are archived.
///
/// One file adds a format: it says by which keys its documents are known and how one is read. `SpanFormats` lists them.
protocol JSONSpanFormat {
  /// The label in `report.json`.
  static var label: String { get }
  /// Formats are asked in this order.
  static var order: Int { get }
  /// True when a document with these keys is of this format.
  static func recognises(_ document: DocumentKeys) -> Bool
  /// Reads the document that begins here, whole, into the sink.
  ///
  /// A fault leaves complete spans behind; the caller decides whether to keep them.
  static func decode(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault)
}

/// The catalogue of JSON span formats, in the order in which they are asked.
enum SpanFormats {
  static var json: [any JSONSpanFormat.Type] {
    [
      OTLPJSON.self, JaegerJSON.self, ZipkinJSON.self, NativeJSON.self,
    ]
  }
}
