import TraceModel

/// Large values, taken apart: their lists are entered, so that memory is bounded by one element.
///
///     {"data":[{"traceID":…,"spans":[ span, span, … ],"processes":{…}}, … ]}
///      document            document   jaegerSpans
///
/// What belongs to all elements of a list, such as a resource, may stand before or behind it: it is remembered, and
/// put into the elements when the object around the list is left.
extension JSONArchiveReader {
  /// Steps into the object at the position, of which more is to come than should be held.
  mutating func enter(_ context: JSONContext, in sink: inout SpanSink) {
    let firstSpan = sink.table.spans.count
    switch context {
    case .document: openTrace = JaegerTrace(firstSpan: firstSpan)
    case .batch: openBatch = OTLPBatch(firstSpan: firstSpan)
    case .scope: openScope = OTLPScope(firstSpan: firstSpan)
    case .documents, .batches, .scopes, .spans, .jaegerSpans: break
    }
    contexts.append(context)
    window.position += 1
  }

  /// Steps out of what the reader stands in, at its closing bracket.
  mutating func leave(in sink: inout SpanSink) {
    settleLast(in: &sink)
    window.position += 1
  }

  /// Steps out of everything, where the bytes end or cannot be read on.
  mutating func leaveAll(in sink: inout SpanSink) {
    while !contexts.isEmpty { settleLast(in: &sink) }
  }

  private mutating func settleLast(in sink: inout SpanSink) {
    switch contexts.popLast() {
    case .document:
      openTrace.settle(in: &sink)
      openTrace = JaegerTrace(firstSpan: sink.table.spans.count)
    case .batch: openBatch.settle(in: &sink)
    case .scope: openScope.settle(in: &sink)
    case nil, .documents, .batches, .scopes, .spans, .jaegerSpans: break
    }
  }

  /// Reads an element of a list of a large value.
  mutating func decodePiece(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    let readBefore = sink.summary.spansRead
    switch contexts.last {
    case .batches: return try OTLPJSON.decodeResourceSpans(&reader, into: &sink)
    case .scopes: try OTLPJSON.decodeScopeSpans(&reader, openBatch.resource, into: &sink)
    case .spans:
      try OTLPSpan.decode(&reader, resource: openBatch.resource, scope: openScope.place, into: &sink)
      sink.settleTexts()
    case .jaegerSpans(let form):
      openTrace.forgetSpans(from: sink.table.spans.count)
      try JaegerSpan.decode(&reader, form, &openTrace, into: &sink)
      let label: FormatLabel = form == .proto ? .jaegerProtoJSON : .jaegerJSON
      return sink.count(spans: sink.summary.spansRead - readBefore, of: label)
    case nil, .documents, .document, .batch, .scope: return
    }
    sink.count(spans: sink.summary.spansRead - readBefore, of: .otlpJSON)
  }

  /// Reads one member of a large object: lists of spans are entered, anything else is read whole.
  mutating func readMember(into sink: inout SpanSink) {
    while true {
      var reader = JSONReader(
        base: window.memory, position: window.position, end: window.end, scratch: sink.scratch)
      do {
        if let entered = try readMember(&reader, into: &sink) {
          contexts.append(entered)
          reader.position += 1
        }
        window.position = reader.position
        return
      } catch {
        guard error.reason == .endOfInput, !window.isAtEnd else { return endMember(error, into: &sink) }
        if window.fill() == .full { return skipTooLarge(into: &sink) }
      }
    }
  }

  /// The list or object to enter, with the reader at its bracket; nil when the member was read.
  private mutating func readMember(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) -> JSONContext? {
    guard let key = try reader.nextKey() else { return nil }
    let kind = reader.peekKind()
    guard reader.position < reader.end else {
      throw JSONFault(reason: .endOfInput, position: reader.position)
    }
    switch contexts.last {
    case .batch:
      if OTLPBatch.isScopeList(key), kind == .array { return .scopes }
      try openBatch.decodeMember(key, &reader, into: &sink)
      return nil
    case .scope:
      if key == "spans", kind == .array { return .spans }
      try openScope.decodeMember(key, &reader, into: &sink)
      return nil
    default:
      if kind == .array, let list = try Self.list(key, reader) { return list }
      if kind == .object, Self.wraps(key) { return .document }
      if key == "processes" || key == "processMap" || key == "process_map" {
        try openTrace.decodeProcesses(&reader, .api, into: &sink)
      } else {
        try reader.skipValue()
      }
      return nil
    }
  }

  /// True for keys of a document that wrap another one.
  private static func wraps(_ key: JSONText) -> Bool {
    key == "data" || key == "result" || key == "trace" || key == "hits"
  }

  /// True when the document at the position, of which the end is not there yet, has shown a list to be entered.
  ///
  /// Others are one span each, however large: those must be held whole.
  func holdsList(in sink: borrowing SpanSink) -> Bool {
    var reader = JSONReader(
      base: window.memory, position: window.position, end: window.end, scratch: sink.scratch)
    do {
      try reader.enterObject()
      while let key = try reader.nextKey() {
        if Self.namesList(key) || Self.wraps(key) { return true }
        try reader.skipValue()
      }
    } catch {
      return false
    }
    return false
  }

  private static func namesList(_ key: JSONText) -> Bool {
    key == "resourceSpans" || key == "resource_spans" || key == "batches" || key == "Traces" || key == "spans"
  }

  /// What the elements of a document's list are, by its key and, where that does not tell, by its first element.
  private static func list(_ key: JSONText, _ reader: JSONReader) throws(JSONFault) -> JSONContext? {
    if key == "resourceSpans" || key == "resource_spans" || key == "batches" { return .batches }
    if wraps(key) || key == "Traces" { return .documents }
    guard key == "spans" else { return nil }
    var reader = reader
    try reader.enterArray()
    guard try reader.nextElement(), reader.peekKind() == .object else { return .documents }
    let keys = try DocumentKeys.read(reader)
    if keys.contains(.jaegerTraceID) || keys.contains(.jaegerSpanID) { return .jaegerSpans(.api) }
    if keys.isSuperset(of: [.traceID, .spanID]) { return .jaegerSpans(.proto) }
    return .documents
  }

  private mutating func endMember(_ fault: JSONFault, into sink: inout SpanSink) {
    guard fault.reason == .endOfInput else { return damageRecord(fault, into: &sink) }
    // The archive ends here: the loop that reads it says so, as the contexts are still open.
    window.position = window.end
  }
}
