import TraceModel

/// One Jaeger span, in any of its forms.
enum JaegerSpan {
  /// Reads the span that begins here; a fault leaves nothing of it behind.
  static func decode(
    _ reader: inout JSONReader, _ form: JaegerForm, _ trace: inout JaegerTrace, into sink: inout SpanSink
  ) throws(JSONFault) {
    let position = reader.position
    try sink.whole { (sink, mark) throws(JSONFault) in
      try decodeFields(&reader, form, position, mark, &trace, into: &sink)
    }
  }

  /// What a span says besides the fields of a record.
  private struct Extras {
    var meaning = JaegerTags.Meaning()
    var start: Int64 = 0
    var duration: Int64?
    var process: Symbol?
    var scopeAttributes: (start: Int, count: Int) = (0, 0)
  }

  private static func decodeFields(
    _ reader: inout JSONReader, _ form: JaegerForm, _ position: Int, _ mark: SpanTable.Mark,
    _ trace: inout JaegerTrace, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else {
      return sink.quarantine(.invalidField, at: position, backTo: mark, "a span is not an object")
    }
    var span = SpanRecord()
    if form != .proto { span.traits = [.microseconds] }
    var parts = SpanParts()
    parts.allowsBase64 = form == .proto
    var extras = Extras()
    while let key = try reader.nextKey() {
      if key == "traceID" || key == "traceId" {
        try parts.readTraceID(&reader, &span)
      } else if key == "spanID" || key == "spanId" {
        try parts.readSpanID(&reader, &span)
      } else if key == "parentSpanID" || key == "parentSpanId" {
        try parts.readParentID(&reader, &span, in: &sink)
      } else if key == "operationName" {
        span.name = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "references" {
        try decodeReferences(&reader, form, &parts.extra, into: &sink)
      } else if key == "startTime" {
        extras.start = try moment(&reader, form) ?? 0
      } else if key == "duration" {
        extras.duration = try length(&reader, form)
      } else if key == "tags" {
        let joined = beginTags(&span, in: &sink)
        try JaegerTags.decode(&reader, form, of: .span, &span, &extras.meaning, into: &sink)
        endTags(&span, from: joined, in: &sink)
      } else if key == "logs" {
        try decodeLogs(&reader, form, &span, &parts.extra, into: &sink)
      } else {
        try decodeRareKey(key, &reader, form, &span, &parts, &extras, into: &sink)
      }
    }
    if let problem = parts.problem {
      return sink.quarantine(
        problem.code, at: position, backTo: mark, of: span.traceID, problem.message)
    }
    parts.settle(start: extras.start, duration: extras.duration, &span)
    settleReferences(&span, &parts.extra, in: &sink)
    settleScope(extras, &span, in: &sink)
    parts.extra.statusMessage = extras.meaning.statusMessage
    parts.extra.traceState = extras.meaning.traceState
    if let process = extras.process, span.resource == 0 {
      trace.note(process, ofSpan: sink.table.spans.count)
    }
    sink.accept(span, parts, at: position, to: reader.position, since: mark)
  }

  @inline(never)
  private static func decodeRareKey(
    _ key: JSONText, _ reader: inout JSONReader, _ form: JaegerForm, _ span: inout SpanRecord,
    _ parts: inout SpanParts, _ extras: inout Extras, into sink: inout SpanSink
  ) throws(JSONFault) {
    if key == "processID" || key == "processId" {
      extras.process = try OTLPJSON.symbol(&reader, in: &sink)
    } else if key == "process", reader.peekKind() == .object {
      span.resource = try JaegerTrace.decodeProcess(&reader, form, into: &sink)
    } else if key == "flags" {
      parts.flags = try reader.lenientCount()
      if parts.flags & 2 != 0 { span.traits.insert(.debug) }
    } else if key == "tag", form == .elasticsearch {
      let joined = beginTags(&span, in: &sink)
      try JaegerTags.decodeObject(&reader, of: .span, &span, &extras.meaning, into: &sink)
      endTags(&span, from: joined, in: &sink)
    } else if key == "scopeTag", form == .elasticsearch {
      var ignored = JaegerTags.Meaning()
      let start = sink.table.attributes.count
      try JaegerTags.decodeObject(&reader, of: .process, &span, &ignored, into: &sink)
      extras.scopeAttributes = (start, sink.table.attributes.count - start)
    } else {
      try reader.skipValue()
    }
  }

  // MARK: Times

  /// Nanoseconds since 1970: microseconds in most forms, RFC 3339 in proto-JSON.
  private static func moment(_ reader: inout JSONReader, _ form: JaegerForm) throws(JSONFault) -> Int64? {
    guard form == .proto else { return nanoseconds(try reader.lenientInteger()) }
    return try reader.lenientText().flatMap { RFC3339.nanoseconds($0.bytes) }
  }

  /// A length in nanoseconds: microseconds in most forms, `1.5ms` in proto-JSON.
  private static func length(_ reader: inout JSONReader, _ form: JaegerForm) throws(JSONFault) -> Int64? {
    guard form == .proto else { return nanoseconds(try reader.lenientInteger()) }
    return try reader.lenientText().flatMap { DurationParser.nanoseconds($0.string)?.rawValue }
  }

  private static func nanoseconds(_ microseconds: Int64?) -> Int64? {
    guard let microseconds else { return nil }
    let (product, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
    return overflow ? nil : product
  }

  // MARK: Tags

  /// Where the span's attributes begin once more are appended; those it has are moved there when others lie between.
  private static func beginTags(_ span: inout SpanRecord, in sink: inout SpanSink) -> Int {
    let count = Int(span.attributeCount)
    let start = Int(span.attributeStart)
    if count > 0, start + count == sink.table.attributes.count { return start }
    let moved = sink.table.attributes.count
    for offset in 0..<count { sink.table.attributes.append(sink.table.attributes[start + offset]) }
    return moved
  }

  private static func endTags(_ span: inout SpanRecord, from start: Int, in sink: inout SpanSink) {
    if sink.table.dropRepeatedKeys(from: start) { span.traits.insert(.duplicateAttribute) }
    span.takeAttributes(from: start, of: sink.table)
  }

  private static func settleScope(_ extras: Extras, _ span: inout SpanRecord, in sink: inout SpanSink) {
    let scope = extras.meaning.scope
    guard !scope.name.isEmpty || !scope.version.isEmpty || extras.scopeAttributes.count > 0 else { return }
    let start = sink.table.attributes.count
    for offset in 0..<extras.scopeAttributes.count {
      sink.table.attributes.append(sink.table.attributes[extras.scopeAttributes.start + offset])
    }
    span.scope = sink.table.internScope(scope, attributesFrom: start)
  }

  // MARK: References

  /// Appends every reference as a link; embedded spans inside references are passed over.
  private static func decodeReferences(
    _ reader: inout JSONReader, _ form: JaegerForm, _ extra: inout ExtraFields, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.links.count
    let allowsBase64 = form == .proto
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var link = SpanLink()
      link.kind = .childOf
      while let key = try reader.nextKey() {
        if key == "refType" {
          if let text = try reader.lenientText(), text.equalsIgnoringCase("follows_from") || text == "1" {
            link.kind = .followsFrom
          }
        } else if key == "traceID" || key == "traceId" {
          guard let text = try reader.lenientText() else { continue }
          if case .id(let id) = IdentifierText.traceID(text, allowsBase64: allowsBase64) { link.traceID = id }
        } else if key == "spanID" || key == "spanId" {
          guard let text = try reader.lenientText() else { continue }
          if case .id(let id) = IdentifierText.spanID(text, allowsBase64: allowsBase64) { link.spanID = id }
        } else {
          try reader.skipValue()
        }
      }
      if !link.spanID.isAbsent { sink.table.links.append(link) }
    }
    extra.takeLinks(from: first, of: sink.table)
  }

  /// Makes the only reference, when it points into the same trace, the parent; several are left to assembly.
  private static func settleReferences(
    _ span: inout SpanRecord, _ extra: inout ExtraFields, in sink: inout SpanSink
  ) {
    guard extra.linkCount > 0 else { return }
    let first = sink.table.links[Int(extra.linkStart)]
    let isSameTrace = first.traceID.isAbsent || first.traceID.low == span.traceID.low
    if extra.linkCount == 1, isSameTrace {
      span.parentSpanID = first.spanID
      if first.kind == .followsFrom { span.traits.insert(.followsFrom) }
      sink.table.links.truncate(to: Int(extra.linkStart))
      (extra.linkStart, extra.linkCount) = (0, 0)
    } else {
      span.traits.insert(.references)
      settleParent(&span, extra, in: sink.table)
    }
  }

  /// Names the first reference into the same trace as parent, a CHILD_OF before others, unless the span names one
  /// itself; assembly, which knows what spans there are, may choose another.
  private static func settleParent(
    _ span: inout SpanRecord, _ extra: ExtraFields, in table: borrowing SpanTable
  ) {
    guard span.parentSpanID.isAbsent else { return }
    for kind in [SpanLinkKind.childOf, .followsFrom] {
      for offset in 0..<Int(extra.linkCount) {
        let link = table.links[Int(extra.linkStart) + offset]
        if link.kind == kind, link.traceID.isAbsent || link.traceID.low == span.traceID.low {
          span.parentSpanID = link.spanID
          return
        }
      }
    }
  }

  // MARK: Logs

  private static func decodeLogs(
    _ reader: inout JSONReader, _ form: JaegerForm, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.events.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var event = SpanEvent()
      var meaning = JaegerTags.Meaning()
      while let key = try reader.nextKey() {
        if key == "timestamp" {
          event.time = UnixNanoseconds(try moment(&reader, form) ?? 0)
        } else if key == "fields" {
          let start = sink.table.attributes.count
          var ignored = SpanRecord()
          try JaegerTags.decode(&reader, form, of: .log, &ignored, &meaning, into: &sink)
          _ = sink.table.dropRepeatedKeys(from: start)
          event.takeAttributes(from: start, of: sink.table)
        } else {
          try reader.skipValue()
        }
      }
      if meaning.event == AttributeKey.exception { span.traits.insert(.exceptionEvent) }
      event.name = meaning.event.isEmpty ? sink.table.symbols.intern("log") : meaning.event
      sink.table.events.append(event)
    }
    extra.takeEvents(from: first, of: sink.table)
  }
}
