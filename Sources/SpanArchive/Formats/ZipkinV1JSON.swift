import TraceModel

/// Zipkin v1 JSON: one record may hold both halves of a call, told apart by the endpoints of its annotations.
///
/// Source: zipkin `V1JsonSpanReader`; `ZipkinV1Converter` makes spans of a record.
enum ZipkinV1JSON: JSONSpanFormat {
  static let label = FormatLabel.zipkinV1JSON
  static let order = 5

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.isSuperset(of: [.traceID, .id]) && document.isZipkinV1
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    let position = reader.position
    let readBefore = sink.summary.spansRead
    try sink.whole { (sink, mark) throws(JSONFault) in
      let record = try decodeRecord(&reader, into: &sink)
      var converter = ZipkinV1Converter(record)
      converter.convert()
      converter.accept(at: position, to: reader.position, since: mark, into: &sink)
    }
    sink.count(spans: sink.summary.spansRead - readBefore, of: label)
  }

  private static func decodeRecord(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) -> ZipkinV1Record {
    var record = ZipkinV1Record()
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "traceId" {
        try readID(&reader, &record, isTrace: true)
      } else if key == "id" {
        try readID(&reader, &record, isTrace: false)
      } else if key == "parentId" {
        guard let text = try reader.lenientText() else { continue }
        record.draft.parts.takeParentID(text: low(text), &record.draft.span, in: &sink)
      } else if key == "name" {
        record.draft.span.name = try ZipkinJSON.name(&reader, in: &sink)
      } else if key == "timestamp" {
        record.timestamp = ZipkinSpan.nanoseconds(try reader.lenientInteger())
      } else if key == "duration" {
        record.duration = ZipkinSpan.nanoseconds(try reader.lenientInteger())
      } else if key == "annotations" {
        try decodeAnnotations(&reader, &record, into: &sink)
      } else if key == "binaryAnnotations" {
        try decodeBinaryAnnotations(&reader, &record, into: &sink)
      } else if key == "debug" {
        if try reader.lenientBoolean() == true { record.draft.span.traits.insert(.debug) }
      } else {
        try reader.skipValue()
      }
    }
    return record
  }

  // MARK: Ids

  private static func readID(
    _ reader: inout JSONReader, _ record: inout ZipkinV1Record, isTrace: Bool
  ) throws(JSONFault) {
    guard let text = try reader.lenientText() else { return }
    if isTrace {
      record.draft.parts.takeTraceID(text: text.count == 32 ? text : low(text), &record.draft.span)
    } else {
      record.draft.parts.takeSpanID(text: low(text), &record.draft.span)
    }
  }

  /// The last 16 digits of an id.
  private static func low(_ text: JSONText) -> JSONText {
    text.count > 16 ? JSONText(base: text.base + (text.count - 16), count: 16) : text
  }

  // MARK: Annotations

  private static func decodeAnnotations(
    _ reader: inout JSONReader, _ record: inout ZipkinV1Record, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var annotation = ZipkinV1Record.Annotation()
      var hasValue = false
      while let key = try reader.nextKey() {
        if key == "timestamp" {
          annotation.time = ZipkinSpan.nanoseconds(try reader.lenientInteger())
        } else if key == "value" {
          guard let text = try reader.lenientText() else { continue }
          annotation.mark = ZipkinV1Record.Mark(text)
          annotation.value = sink.table.symbols.intern(text.base, count: text.count)
          hasValue = true
        } else if key == "endpoint" {
          annotation.endpoint = try endpoint(&reader, &record, in: &sink)
        } else {
          try reader.skipValue()
        }
      }
      if hasValue { record.annotations.append(annotation) }
    }
  }

  private static func decodeBinaryAnnotations(
    _ reader: inout JSONReader, _ record: inout ZipkinV1Record, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var binary = ZipkinV1Record.BinaryAnnotation()
      while let key = try reader.nextKey() {
        if key == "key" {
          guard let text = try reader.lenientText() else { continue }
          binary.address = ZipkinV1Record.Address(text)
          binary.isLocalComponent = text == "lc"
          binary.key = sink.table.symbols.intern(text.base, count: text.count)
        } else if key == "value" {
          let kind = reader.peekKind()
          guard let text = try reader.lenientText() else { continue }
          binary.isTrue = text == "true" || text == "1"
          if kind == .text { binary.text = sink.table.symbols.intern(text.base, count: text.count) }
        } else if key == "endpoint" {
          binary.endpoint = try endpoint(&reader, &record, in: &sink)
        } else {
          try reader.skipValue()
        }
      }
      record.binaryAnnotations.append(binary)
    }
  }

  /// The endpoint that stands here; nil for one without fields.
  private static func endpoint(
    _ reader: inout JSONReader, _ record: inout ZipkinV1Record, in sink: inout SpanSink
  ) throws(JSONFault) -> Endpoint? {
    let endpoint = try ZipkinJSON.endpoint(&reader, &record.draft, in: &sink)
    return endpoint.isAbsent && !endpoint.isNamedUnknown ? nil : endpoint
  }
}

/// A record of Zipkin v1 as it is written.
struct ZipkinV1Record {
  /// The two-letter values that say what happened.
  enum Mark {
    case clientSend
    case clientReceive
    case serverReceive
    case serverSend
    case messageSend
    case messageReceive
    case wireSend
    case wireReceive

    init?(_ text: JSONText) {
      if text == "cs" {
        self = .clientSend
      } else if text == "cr" {
        self = .clientReceive
      } else if text == "sr" {
        self = .serverReceive
      } else if text == "ss" {
        self = .serverSend
      } else if text == "ms" {
        self = .messageSend
      } else if text == "mr" {
        self = .messageReceive
      } else if text == "ws" {
        self = .wireSend
      } else if text == "wr" {
        self = .wireReceive
      } else {
        return nil
      }
    }
  }

  /// The keys that name an address.
  enum Address {
    case client
    case server
    case broker

    init?(_ text: JSONText) {
      if text == "ca" {
        self = .client
      } else if text == "sa" {
        self = .server
      } else if text == "ma" {
        self = .broker
      } else {
        return nil
      }
    }
  }

  /// Something that happened at a time and a place.
  struct Annotation {
    var time: Int64 = 0
    var value = Symbol.empty
    var mark: Mark?
    var endpoint: Endpoint?
  }

  /// A tag or an address.
  struct BinaryAnnotation {
    var key = Symbol.empty
    var address: Address?
    var isLocalComponent = false
    /// Nil for values that are no text.
    var text: Symbol?
    var isTrue = false
    var endpoint: Endpoint?
  }

  /// Ids, name and flags, common to all spans of the record.
  var draft = ZipkinSpan()
  /// In nanoseconds; 0 when absent.
  var timestamp: Int64 = 0
  /// In nanoseconds; 0 when absent.
  var duration: Int64 = 0
  var annotations: [Annotation] = []
  var binaryAnnotations: [BinaryAnnotation] = []
}
