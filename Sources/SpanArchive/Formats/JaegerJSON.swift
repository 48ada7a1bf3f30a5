import TraceModel

/// Jaeger API JSON: what the query service answers and the UI downloads.
///
/// Source: jaeger `internal/uimodel`. `processes` may follow the spans or be absent when spans embed theirs.
enum JaegerJSON: JSONSpanFormat {
  static let label = "jaeger-json"
  static let order = 2

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.contains(.dataWithSpans) || document.isSuperset(of: [.jaegerTraceID, .spans])
      || document.isSuperset(of: [.jaegerTraceID, .jaegerSpanID, .operationName])
  }

  static func decode(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    let keys = try DocumentKeys.read(reader)
    if keys.contains(.dataWithSpans) {
      try decodeReply(&reader, into: &sink)
    } else if keys.contains(.spans) {
      try decodeTrace(&reader, into: &sink)
    } else {
      var processes = JaegerProcesses()
      let readBefore = sink.summary.spansRead
      try JaegerSpan.decode(&reader, &processes, into: &sink)
      sink.count(spans: sink.summary.spansRead - readBefore, of: label)
    }
  }

  private static func decodeReply(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "data", reader.peekKind() == .array {
        try reader.enterArray()
        while try reader.nextElement() { try decodeTrace(&reader, into: &sink) }
      } else if key == "data" {
        try decodeTrace(&reader, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
  }

  private static func decodeTrace(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var processes = JaegerProcesses()
    let firstSpan = sink.table.spans.count
    let readBefore = sink.summary.spansRead
    defer { sink.count(spans: sink.summary.spansRead - readBefore, of: label) }
    do {
      while let key = try reader.nextKey() {
        if key == "spans" {
          guard try reader.enterArrayOrSkip() else { continue }
          while try reader.nextElement() { try JaegerSpan.decode(&reader, &processes, into: &sink) }
        } else if key == "processes" {
          try processes.decode(&reader, into: &sink)
        } else {
          try reader.skipValue()
        }
      }
    } catch {
      processes.settle(from: firstSpan, in: &sink)
      throw error
    }
    processes.settle(from: firstSpan, in: &sink)
  }
}

/// The processes of one Jaeger trace, by their keys in it.
struct JaegerProcesses {
  private var resources: [Symbol: UInt32] = [:]
  /// The process keys of spans in the order of the table, for spans that name one.
  private var named: [(span: Int, process: Symbol)] = []

  /// Remembers that a span, the next one in the table, names a process.
  mutating func note(_ process: Symbol, ofSpan place: Int) { named.append((place, process)) }

  /// Reads `{"p1":{…},…}`.
  mutating func decode(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    while let key = try reader.nextKey() {
      let name = sink.table.symbols.intern(key.base, count: key.count)
      resources[name] = try Self.decodeProcess(&reader, into: &sink)
    }
  }

  /// Gives every span from a place on the resource of its process.
  func settle(from firstSpan: Int, in sink: inout SpanSink) {
    for (place, process) in named where place >= firstSpan && place < sink.table.spans.count {
      sink.table.spans[place].resource = resources[process] ?? 0
    }
  }

  /// Reads one process as a resource.
  static func decodeProcess(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) -> UInt32
  {
    guard try reader.enterObjectOrSkip() else { return 0 }
    var resource = Resource()
    var ignored = SpanRecord()
    var meaning = JaegerTags.Meaning()
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      if key == "serviceName" {
        guard let text = try reader.lenientText(), !(text == "OTLPResourceNoServiceName") else { continue }
        resource.serviceName = sink.table.symbols.intern(text.base, count: text.count)
      } else if key == "tags" {
        try JaegerTags.decode(&reader, of: .process, &ignored, &meaning, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
    if !resource.serviceName.isEmpty {
      sink.table.appendAttribute(AttributeKey.serviceName, text: resource.serviceName)
    }
    _ = sink.table.dropRepeatedKeys(from: start)
    return sink.table.internResource(resource, attributesFrom: start)
  }
}
