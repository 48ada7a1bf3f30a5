import TraceModel

/// One span of Jaeger API JSON.
enum JaegerSpan {
  /// Reads the span that begins here; a fault leaves nothing of it behind.
  static func decode(
    _ reader: inout JSONReader, _ processes: inout JaegerProcesses, into sink: inout SpanSink
  ) throws(JSONFault) {
    let position = reader.position
    let mark = sink.table.mark
    do {
      try decodeFields(&reader, position, mark, &processes, into: &sink)
    } catch {
      sink.table.rollBack(to: mark)
      throw error
    }
  }

  private static func decodeFields(
    _ reader: inout JSONReader, _ position: Int, _ mark: SpanTable.Mark, _ processes: inout JaegerProcesses,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else {
      return sink.quarantine(.invalidField, at: position, backTo: mark, "a span is not an object")
    }
    var span = SpanRecord()
    span.traits = [.microseconds]
    var parts = SpanParts()
    var meaning = JaegerTags.Meaning()
    var start: Int64 = 0
    var duration: Int64?
    var process: Symbol?
    while let key = try reader.nextKey() {
      if key == "traceID" {
        try parts.readTraceID(&reader, &span)
      } else if key == "spanID" {
        try parts.readSpanID(&reader, &span)
      } else if key == "parentSpanID" {
        try parts.readParentID(&reader, &span, in: &sink)
      } else if key == "operationName" {
        span.name = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "references" {
        try decodeReferences(&reader, &span, into: &sink)
      } else if key == "startTime" {
        start = nanoseconds(try reader.lenientInteger()) ?? 0
      } else if key == "duration" {
        duration = nanoseconds(try reader.lenientInteger())
      } else if key == "tags" {
        let first = sink.table.attributes.count
        try JaegerTags.decode(&reader, of: .span, &span, &meaning, into: &sink)
        if sink.table.dropRepeatedKeys(from: first) { span.traits.insert(.duplicateAttribute) }
        span.attributeStart = UInt32(truncatingIfNeeded: first)
        span.attributeCount = UInt32(truncatingIfNeeded: sink.table.attributes.count - first)
      } else if key == "logs" {
        try decodeLogs(&reader, &span, into: &sink)
      } else if key == "processID" {
        process = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "process", reader.peekKind() == .object {
        span.resource = try JaegerProcesses.decodeProcess(&reader, into: &sink)
      } else if key == "flags" {
        span.flags = try reader.lenientCount()
        if span.flags & 2 != 0 { span.traits.insert(.debug) }
      } else {
        try reader.skipValue()
      }
    }
    if let problem = parts.problem {
      return sink.quarantine(
        problem.code, at: position, backTo: mark, of: span.traceID, problem.message)
    }
    parts.settle(start: start, duration: duration, &span)
    settleReferences(&span, in: &sink)
    if !meaning.scope.name.isEmpty || !meaning.scope.version.isEmpty {
      span.scope = sink.table.internScope(meaning.scope, attributesFrom: sink.table.attributes.count)
    }
    if parts.hasRareFields { span.rare = parts.appendRareFields(&sink) }
    if let process, span.resource == 0 { processes.note(process, ofSpan: sink.table.spans.count) }
    sink.accept(span, at: position, since: mark)
  }

  private static func nanoseconds(_ microseconds: Int64?) -> Int64? {
    guard let microseconds else { return nil }
    let (product, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
    return overflow ? nil : product
  }

  /// Appends every reference as a link; embedded spans inside references are passed over.
  private static func decodeReferences(
    _ reader: inout JSONReader, _ span: inout SpanRecord, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    span.linkStart = UInt32(truncatingIfNeeded: sink.table.links.count)
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var link = SpanLink()
      link.kind = .childOf
      while let key = try reader.nextKey() {
        if key == "refType" {
          if let text = try reader.lenientText(), text.equalsIgnoringCase("follows_from") {
            link.kind = .followsFrom
          }
        } else if key == "traceID" {
          guard let text = try reader.lenientText() else { continue }
          if case .id(let id) = IdentifierText.traceID(text, allowsBase64: true) { link.traceID = id }
        } else if key == "spanID" {
          guard let text = try reader.lenientText() else { continue }
          if case .id(let id) = IdentifierText.spanID(text, allowsBase64: true) { link.spanID = id }
        } else {
          try reader.skipValue()
        }
      }
      if !link.spanID.isAbsent { sink.table.links.append(link) }
    }
    span.linkCount = UInt32(truncatingIfNeeded: sink.table.links.count) &- span.linkStart
  }

  /// Makes the only reference, when it points into the same trace, the parent; several are left to assembly.
  private static func settleReferences(_ span: inout SpanRecord, in sink: inout SpanSink) {
    guard span.linkCount > 0 else { return }
    let first = sink.table.links[Int(span.linkStart)]
    let isSameTrace = first.traceID.isAbsent || first.traceID.low == span.traceID.low
    if span.linkCount == 1, isSameTrace {
      span.parentSpanID = first.spanID
      if first.kind == .followsFrom { span.traits.insert(.followsFrom) }
      sink.table.links.truncate(to: Int(span.linkStart))
      span.linkStart = 0
      span.linkCount = 0
    } else {
      span.traits.insert(.references)
    }
  }

  private static func decodeLogs(
    _ reader: inout JSONReader, _ span: inout SpanRecord, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.events.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var event = SpanEvent()
      var meaning = JaegerTags.Meaning()
      while let key = try reader.nextKey() {
        if key == "timestamp" {
          event.time = UnixNanoseconds(nanoseconds(try reader.lenientInteger()) ?? 0)
        } else if key == "fields" {
          let start = sink.table.attributes.count
          var ignored = SpanRecord()
          try JaegerTags.decode(&reader, of: .log, &ignored, &meaning, into: &sink)
          _ = sink.table.dropRepeatedKeys(from: start)
          event.attributeStart = UInt32(truncatingIfNeeded: start)
          event.attributeCount = UInt32(truncatingIfNeeded: sink.table.attributes.count - start)
        } else {
          try reader.skipValue()
        }
      }
      if meaning.event == AttributeKey.exception { span.traits.insert(.exceptionEvent) }
      event.name = meaning.event.isEmpty ? sink.table.symbols.intern("log") : meaning.event
      sink.table.events.append(event)
    }
    span.eventStart = UInt32(truncatingIfNeeded: first)
    span.eventCount = UInt32(truncatingIfNeeded: sink.table.events.count - first)
  }
}
