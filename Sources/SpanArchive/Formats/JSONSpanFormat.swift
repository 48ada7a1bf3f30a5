import TraceModel

/// A form of JSON in which spans are archived.
///
/// One file adds a format: it says by which keys its documents are known and how one is read. `SpanFormats` lists them.
protocol JSONSpanFormat {
  /// The label in `report.json`.
  static var label: FormatLabel { get }
  /// Formats are asked in this order.
  static var order: Int { get }
  /// True when a document with these keys is of this format.
  static func recognises(_ document: DocumentKeys) -> Bool
  /// Reads the document that begins here, whole, into the sink; `keys` are those it was known by.
  ///
  /// A fault leaves complete spans behind; the caller decides whether to keep them.
  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault)
  /// True when no document says anything about another, so that several threads may read those of one archive.
  static var readsDocumentsAlone: Bool { get }
}

extension JSONSpanFormat {
  static var readsDocumentsAlone: Bool { false }
}

/// The catalogue of JSON span formats, in the order in which they are asked.
enum SpanFormats {
  static var json: [any JSONSpanFormat.Type] {
    [
      OTLPJSON.self, JaegerElasticsearch.self, JaegerJSON.self, ZipkinJSON.self, ZipkinV1JSON.self,
      JaegerProtoJSON.self, NativeJSON.self, XRayJSON.self, DatadogJSON.self, TempoMeta.self,
    ]
  }
}

/// What tests compare with the folder of formats.
package enum FormatCatalogue {
  /// The names of all formats, as their types and files are called.
  package static var names: [String] {
    SpanFormats.json.map { "\($0)" } + SpanFormats.protobuf.map { "\($0)" }
  }

  /// True when formats are listed in the order that each states.
  package static var isOrdered: Bool {
    let json = SpanFormats.json.map { $0.order }
    let protobuf = SpanFormats.protobuf.map { $0.order }
    return json == Array(1...json.count) && protobuf == Array(1...protobuf.count)
  }
}
