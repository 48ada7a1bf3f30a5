/// The telling keys of a JSON document, by which its format is known.
///
/// Keys are read from the front until what was seen decides; their order does not matter.
struct DocumentKeys: OptionSet {
  var rawValue: UInt64

  static let resourceSpans = DocumentKeys(rawValue: 1 << 0)
  static let batches = DocumentKeys(rawValue: 1 << 1)
  /// `result` or `trace` holding `resourceSpans`.
  static let wrappedResourceSpans = DocumentKeys(rawValue: 1 << 2)
  /// `resourceMetrics`, `resourceLogs`, `resourceProfiles`.
  static let otherSignal = DocumentKeys(rawValue: 1 << 3)
  /// `data` whose elements, or which itself, hold `spans`.
  static let dataWithSpans = DocumentKeys(rawValue: 1 << 4)
  /// `data` whose elements hold `parent` and `child`, or nothing.
  static let dataWithoutSpans = DocumentKeys(rawValue: 1 << 5)
  static let spans = DocumentKeys(rawValue: 1 << 6)
  /// `traceID`, as Jaeger writes it.
  static let jaegerTraceID = DocumentKeys(rawValue: 1 << 7)
  /// `spanID`, as Jaeger writes it.
  static let jaegerSpanID = DocumentKeys(rawValue: 1 << 8)
  static let startTimeMillis = DocumentKeys(rawValue: 1 << 9)
  static let process = DocumentKeys(rawValue: 1 << 10)
  /// `traceId`, as Zipkin and OTLP write it.
  static let traceID = DocumentKeys(rawValue: 1 << 11)
  static let id = DocumentKeys(rawValue: 1 << 12)
  static let spanID = DocumentKeys(rawValue: 1 << 13)
  static let operationName = DocumentKeys(rawValue: 1 << 14)
  static let binaryAnnotations = DocumentKeys(rawValue: 1 << 15)
  /// `trace_id` as a text.
  static let nativeTraceID = DocumentKeys(rawValue: 1 << 16)
  /// `trace_id` as a number (Datadog).
  static let numericTraceID = DocumentKeys(rawValue: 1 << 17)
  static let nativeSpanID = DocumentKeys(rawValue: 1 << 18)
  /// `operation_name`, `start_time`, `tags` or `logs`.
  static let nativeField = DocumentKeys(rawValue: 1 << 19)
  /// `hits` of an Elasticsearch search reply.
  static let hits = DocumentKeys(rawValue: 1 << 20)
  /// X-Ray's `Traces`, `Segments` or `Document`, or a segment.
  static let xray = DocumentKeys(rawValue: 1 << 21)
  /// `blockID` of Tempo's block metadata.
  static let blockID = DocumentKeys(rawValue: 1 << 22)
  /// `serviceName` beside `operationName`: a Jaeger service document.
  static let serviceName = DocumentKeys(rawValue: 1 << 23)
  /// `_source`, as elasticdump and search replies hold documents.
  static let source = DocumentKeys(rawValue: 1 << 24)
  /// `index` or `create` holding `_index`: an action line of Elasticsearch's bulk form.
  static let bulkAction = DocumentKeys(rawValue: 1 << 25)
  /// An annotation that holds an endpoint: Zipkin v1.
  static let annotationEndpoint = DocumentKeys(rawValue: 1 << 28)
  /// `kind`, `tags` or an endpoint of the span itself: Zipkin v2.
  static let zipkinV2 = DocumentKeys(rawValue: 1 << 29)
  /// `trace_id` as X-Ray writes it.
  static let xraySegment = DocumentKeys(rawValue: 1 << 30)
  /// `tenantID` of Tempo's block metadata.
  static let tenantID = DocumentKeys(rawValue: 1 << 31)
  /// `meta` or `compacted` holding block metadata: Tempo's index of a tenant.
  static let tempoIndex = DocumentKeys(rawValue: 1 << 32)
  /// `traces` holding lists, as Datadog's log writer prints them.
  static let datadogTraces = DocumentKeys(rawValue: 1 << 33)
  /// `format` of what is sent to X-Ray's daemon: it heads each document.
  static let xrayHeader = DocumentKeys(rawValue: 1 << 34)
  /// `startTime` as RFC 3339 text.
  static let startTime = DocumentKeys(rawValue: 1 << 26)
  /// `spans` whose elements hold `traceId` and `spanId`: a trace of Jaeger's proto-JSON.
  static let protoSpans = DocumentKeys(rawValue: 1 << 27)

  /// Reads the telling keys of the object that begins at the reader's position, which is not moved.
  static func read(_ reader: JSONReader) throws(JSONFault) -> DocumentKeys {
    var reader = reader
    var keys: DocumentKeys = []
    try reader.enterObject()
    while let key = try reader.nextKey() {
      try keys.note(key, &reader)
      if keys.isDecisive { break }
      try reader.skipValue()
    }
    return keys
  }

  /// The first keys of the object that begins here, for a message.
  static func firstKeys(_ reader: JSONReader) -> [String] {
    var reader = reader
    var names: [String] = []
    do {
      try reader.enterObject()
      while names.count < 6, let key = try reader.nextKey() {
        names.append(String(decoding: key.bytes.prefix(40), as: UTF8.self))
        try reader.skipValue()
      }
    } catch {
      return names
    }
    return names
  }

  /// True when no further key can change the format.
  private var isDecisive: Bool {
    !isDisjoint(with: [
      .resourceSpans, .batches, .wrappedResourceSpans, .dataWithSpans, .dataWithoutSpans, .xray,
      .hits, .source, .bulkAction, .numericTraceID, .protoSpans, .tempoIndex, .datadogTraces,
    ]) || isSuperset(of: [.traceID, .id, .zipkinV2]) || isSuperset(of: [.traceID, .id, .binaryAnnotations])
      || isSuperset(of: [.traceID, .id, .annotationEndpoint]) || isSuperset(of: [.jaegerTraceID, .spans])
      || isSuperset(of: [.nativeTraceID, .nativeSpanID, .nativeField])
      || isSuperset(of: [.jaegerTraceID, .jaegerSpanID, .startTimeMillis])
      || isSuperset(of: [.jaegerTraceID, .jaegerSpanID, .process])
      || isSuperset(of: [.traceID, .spanID, .operationName])
      || isSuperset(of: [.traceID, .spanID, .startTime])
  }

  /// True for a record that only Zipkin v1 can have written.
  var isZipkinV1: Bool { contains(.binaryAnnotations) || contains(.annotationEndpoint) }

  private mutating func note(_ key: JSONText, _ reader: inout JSONReader) throws(JSONFault) {
    if key == "resourceSpans" || key == "resource_spans" {
      insert(.resourceSpans)
    } else if key == "batches" {
      insert(.batches)
    } else if key == "result" || key == "trace" {
      if try Self.holds("resourceSpans", or: "resource_spans", reader) {
        insert(.wrappedResourceSpans)
      } else if try Self.holds("batches", or: "batches", reader) {
        insert(.wrappedResourceSpans)
      }
    } else if key == "resourceMetrics" || key == "resourceLogs" || key == "resourceProfiles"
      || key == "resource_metrics" || key == "resource_logs"
    {
      insert(.otherSignal)
    } else if key == "data" {
      insert(
        try Self.firstElementHolds("spans", reader, whenEmpty: true) ? .dataWithSpans : .dataWithoutSpans)
    } else if key == "spans" {
      insert(.spans)
      if try Self.firstElementHolds("spanId", reader, whenEmpty: false) { insert(.protoSpans) }
    } else if key == "traceID" {
      insert(.jaegerTraceID)
    } else if key == "spanID" {
      insert(.jaegerSpanID)
    } else if key == "hits" {
      if reader.peekKind() == .object { insert(.hits) }
    } else if key == "index" || key == "create" {
      if try Self.holds("_index", or: "_id", reader) { insert(.bulkAction) }
    } else {
      try noteSpanKey(key, &reader)
    }
  }

  private mutating func noteSpanKey(_ key: JSONText, _ reader: inout JSONReader) throws(JSONFault) {
    if key == "traceId" {
      insert(.traceID)
    } else if key == "id" {
      insert(.id)
    } else if key == "spanId" {
      insert(.spanID)
    } else if key == "startTimeMillis" {
      insert(.startTimeMillis)
    } else if key == "process" {
      insert(.process)
    } else if key == "operationName" {
      insert(.operationName)
    } else if key == "startTime" {
      if reader.peekKind() == .text { insert(.startTime) }
    } else if key == "annotations" {
      if try Self.firstElementHolds("endpoint", reader, whenEmpty: false) { insert(.annotationEndpoint) }
    } else if key == "kind" || key == "localEndpoint" || key == "remoteEndpoint" {
      insert(.zipkinV2)
    } else if key == "binaryAnnotations" {
      insert(.binaryAnnotations)
    } else if key == "trace_id" {
      insert(reader.peekKind() == .number ? .numericTraceID : .nativeTraceID)
      if reader.base[reader.position] == 0x22, reader.position + 2 < reader.end,
        reader.base[reader.position + 1] == 0x31, reader.base[reader.position + 2] == 0x2d
      {
        insert([.xray, .xraySegment])
      }
    } else if key == "span_id" {
      insert(.nativeSpanID)
    } else if key == "operation_name" || key == "start_time" || key == "tags" || key == "logs" {
      insert(.nativeField)
      if key == "tags" { insert(.zipkinV2) }
    } else if key == "_source" {
      if reader.peekKind() == .object { insert(.source) }
    } else if key == "Traces" || key == "Segments" {
      if reader.peekKind() == .array { insert(.xray) }
    } else if key == "Document" {
      if reader.peekKind() == .text { insert(.xray) }
    } else if key == "blockID" {
      insert(.blockID)
    } else if key == "tenantID" {
      insert(.tenantID)
    } else if key == "meta" || key == "compacted" {
      if try Self.firstElementHolds("blockID", reader, whenEmpty: false) { insert(.tempoIndex) }
    } else if key == "serviceName" {
      insert(.serviceName)
    } else if key == "traces" {
      if try Self.holdsLists(reader) { insert(.datadogTraces) }
    } else if key == "format" {
      if try Self.isText("json", reader) { insert(.xrayHeader) }
    }
  }

  /// True when an array begins here whose first element is an array, or that has none.
  private static func holdsLists(_ reader: JSONReader) throws(JSONFault) -> Bool {
    var reader = reader
    guard reader.peekKind() == .array else { return false }
    try reader.enterArray()
    guard try reader.nextElement() else { return true }
    return reader.peekKind() == .array
  }

  /// True when this very text stands here.
  private static func isText(_ text: StaticString, _ reader: JSONReader) throws(JSONFault) -> Bool {
    var reader = reader
    guard reader.peekKind() == .text else { return false }
    return try reader.readString() == text
  }

  /// True when the object that begins here has one of two keys.
  private static func holds(
    _ first: StaticString, or second: StaticString, _ reader: JSONReader
  ) throws(JSONFault) -> Bool {
    var reader = reader
    guard reader.peekKind() == .object else { return false }
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == first || key == second { return true }
      try reader.skipValue()
    }
    return false
  }

  /// True when the object that begins here, or the first object of the array, has a key.
  private static func firstElementHolds(
    _ name: StaticString, _ reader: JSONReader, whenEmpty: Bool
  ) throws(JSONFault) -> Bool {
    var reader = reader
    if reader.peekKind() == .array {
      try reader.enterArray()
      guard try reader.nextElement() else { return whenEmpty }
    }
    return try holds(name, or: name, reader)
  }
}
