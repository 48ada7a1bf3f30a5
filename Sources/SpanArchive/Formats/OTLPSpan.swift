import TraceModel

/// The span, event, link and status messages of OTLP JSON.
enum OTLPSpan {
  /// Reads the span that begins here; a fault leaves nothing of it behind.
  @inline(__always)
  static func decode(
    _ reader: inout JSONReader, resource: UInt32, scope: UInt32, into sink: inout SpanSink
  ) throws(JSONFault) {
    let position = reader.position
    let mark = sink.table.mark
    do {
      try decodeFields(&reader, position, mark, resource: resource, scope: scope, into: &sink)
    } catch {
      sink.takeBack(to: mark)
      throw error
    }
  }

  // The scanning loop of the most frequent record: one branch a key, ordered as exporters write them.
  private static func decodeFields(
    _ reader: inout JSONReader, _ position: Int, _ mark: SpanTable.Mark, resource: UInt32, scope: UInt32,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else {
      return sink.quarantine(.invalidField, at: position, backTo: mark, "a span is not an object")
    }
    var span = SpanRecord()
    span.resource = resource
    span.scope = scope
    var parts = SpanParts()
    sink.guesses.begin(.empty)
    takeUsualIDs(&reader, &span, &parts)
    while let key = try reader.nextKey() {
      switch key.count {
      case 4:
        if key == "name" {
          span.name = try OTLPJSON.symbol(&reader, in: &sink)
          sink.guesses.begin(span.name)
          takeUsualTimes(&reader, &span, &parts)
          try takeUsualAttributes(&reader, &span, into: &sink)
        } else if key == "kind" {
          try decodeKind(&reader, &span)
        } else {
          try reader.skipValue()
        }
      case 5:
        if key == "flags" {
          parts.flags = try reader.lenientCount()
        } else if key == "links" {
          try decodeLinks(&reader, &parts.extra, into: &sink)
        } else {
          try reader.skipValue()
        }
      case 6:
        if key == "spanId" {
          try parts.readSpanID(&reader, &span)
        } else if key == "events" {
          try decodeEvents(&reader, &span, &parts.extra, into: &sink)
        } else if key == "status" {
          try decodeStatus(&reader, &span, &parts.extra, into: &sink)
        } else {
          try reader.skipValue()
        }
      default: try decodeLongKey(key, &reader, &span, &parts, into: &sink)
      }
    }
    if let problem = parts.problem {
      return sink.quarantine(
        problem.code, at: position, backTo: mark, of: span.traceID, problem.message)
    }
    parts.settleTimes(&span)
    sink.accept(span, parts, at: position, to: reader.position, since: mark)
  }

  /// Takes the ids at the front when they are written as all exporters write them; else takes nothing, or fewer.
  ///
  ///     "traceId":"5b8e…0c","spanId":"eee1…74","parentSpanId":"eee1…73"
  ///     0          11     43 44       55    71 72              89    105
  @inline(__always)
  private static func takeUsualIDs(
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ parts: inout SpanParts
  ) {
    let start = reader.position
    guard start &+ 128 < reader.end, reader.load(start) == UsualText.traceID,
      reader.load(start &+ 3) == UsualText.traceIDEnd, reader.base[start &+ 43] == 0x22,
      let high = Digits.hex16(reader.base + (start &+ 11)),
      let low = Digits.hex16(reader.base + (start &+ 27)),
      reader.load(start &+ 44) == UsualText.spanID, reader.load(start &+ 47) == UsualText.spanIDEnd,
      reader.base[start &+ 71] == 0x22, let id = Digits.hex16(reader.base + (start &+ 55))
    else { return }
    span.traceID = TraceID(high: high, low: low)
    span.spanID = SpanID(id)
    reader.position = start &+ 72
    guard reader.load(start &+ 72) == UsualText.parent, reader.load(start &+ 80) == UsualText.parentEnd,
      reader.base[start &+ 88] == 0x22, reader.base[start &+ 105] == 0x22,
      let parent = Digits.hex16(reader.base + (start &+ 89))
    else { return }
    span.parentSpanID = SpanID(parent)
    reader.position = start &+ 106
    takeUsualFlags(&reader, &parts)
  }

  /// Takes the flags when they are written as all exporters write them; else takes nothing.
  ///
  ///     ,"flags":257,
  ///     0        9
  @inline(__always)
  private static func takeUsualFlags(_ reader: inout JSONReader, _ parts: inout SpanParts) {
    let at = reader.position
    guard reader.load(at) == UsualText.flags, reader.base[at &+ 8] == 0x3a else { return }
    var place = at &+ 9
    var flags: UInt32 = 0
    while place < at &+ 13, reader.base[place] &- 0x30 < 10 {
      flags = flags &* 10 &+ UInt32(reader.base[place] &- 0x30)
      place &+= 1
    }
    guard place > at &+ 9, reader.base[place] == 0x2c else { return }
    parts.flags = flags
    reader.position = place
  }

  /// Reads the attributes behind the times, and an empty status behind them, when they stand there; else takes nothing.
  ///
  ///     ,"attributes":[ … ],"status":{}
  ///     0             14    0         10
  @inline(__always)
  private static func takeUsualAttributes(
    _ reader: inout JSONReader, _ span: inout SpanRecord, into sink: inout SpanSink
  ) throws(JSONFault) {
    let at = reader.position
    guard at &+ 16 < reader.end, reader.load(at) == UsualText.attributes,
      reader.load(at &+ 6) == UsualText.attributesEnd
    else { return }
    reader.position = at &+ 14
    try takeAttributes(&reader, &span, into: &sink)
    let end = reader.position
    if end &+ 16 < reader.end, reader.load(end) == UsualText.status,
      reader.load(end &+ 4) == UsualText.statusEnd
    {
      reader.position = end &+ 12
    }
  }

  /// Reads the attributes that begin here.
  @inline(__always)
  private static func takeAttributes(
    _ reader: inout JSONReader, _ span: inout SpanRecord, into sink: inout SpanSink
  ) throws(JSONFault) {
    let start = sink.table.attributes.count
    try OTLPJSON.decodeAttributes(&reader, into: &sink)
    if sink.dropRepeatedKeys(from: start) { span.traits.insert(.duplicateAttribute) }
    span.takeAttributes(from: start, of: sink.table)
  }

  /// Takes kind and times behind the name when they are written as all exporters write them; else takes nothing.
  ///
  ///     ,"kind":3,"startTimeUnixNano":"1793577601280178192","endTimeUnixNano":"1793577601284838469"
  ///     0       8 9                    31                 50 51                 71                 90
  @inline(__always)
  private static func takeUsualTimes(
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ parts: inout SpanParts
  ) {
    let at = reader.position
    guard at &+ 96 < reader.end, reader.load(at) == UsualText.kind,
      let kind = SpanKind(rawValue: reader.base[at &+ 8] &- 0x30),
      reader.load(at &+ 9) == UsualText.start, reader.load(at &+ 17) == UsualText.startEnd,
      reader.load(at &+ 23) == UsualText.nano, reader.base[at &+ 50] == 0x22,
      let start = Digits.decimal(reader.base + (at &+ 31), 19).flatMap({ Int64(exactly: $0) }),
      reader.load(at &+ 51) == UsualText.end, reader.load(at &+ 59) == UsualText.endEnd,
      reader.load(at &+ 63) == UsualText.nano, reader.base[at &+ 90] == 0x22,
      let end = Digits.decimal(reader.base + (at &+ 71), 19).flatMap({ Int64(exactly: $0) })
    else { return }
    span.kind = kind
    span.start = UnixNanoseconds(start)
    parts.end = end
    reader.position = at &+ 91
  }

  /// Eight bytes of text as the number they are when loaded at once.
  private enum UsualText {
    /// `,"kind":`
    static var kind: UInt64 { 0x3a22_646e_696b_222c }
    /// `,"startT`
    static var start: UInt64 { 0x5474_7261_7473_222c }
    /// `imeUnixN`
    static var startEnd: UInt64 { 0x4e78_696e_5565_6d69 }
    /// `xNano":"`
    static var nano: UInt64 { 0x223a_226f_6e61_4e78 }
    /// `,"endTim`
    static var end: UInt64 { 0x6d69_5464_6e65_222c }
    /// `eUnixNan`
    static var endEnd: UInt64 { 0x6e61_4e78_696e_5565 }
    /// `,"flags"`
    static var flags: UInt64 { 0x2273_6761_6c66_222c }
    /// `,"attrib`
    static var attributes: UInt64 { 0x6269_7274_7461_222c }
    /// `ibutes":`
    static var attributesEnd: UInt64 { 0x3a22_7365_7475_6269 }
    /// `,"status`
    static var status: UInt64 { 0x7375_7461_7473_222c }
    /// `atus":{}`
    static var statusEnd: UInt64 { 0x7d7b_3a22_7375_7461 }
    /// `"traceId`
    static var traceID: UInt64 { 0x6449_6563_6172_7422 }
    /// `aceId":"`
    static var traceIDEnd: UInt64 { 0x223a_2264_4965_6361 }
    /// `,"spanId`
    static var spanID: UInt64 { 0x6449_6e61_7073_222c }
    /// `panId":"`
    static var spanIDEnd: UInt64 { 0x223a_2264_496e_6170 }
    /// `,"parent`
    static var parent: UInt64 { 0x746e_6572_6170_222c }
    /// `SpanId":`
    static var parentEnd: UInt64 { 0x3a22_6449_6e61_7053 }
  }

  @inline(__always)
  private static func decodeLongKey(
    _ key: JSONText, _ reader: inout JSONReader, _ span: inout SpanRecord, _ parts: inout SpanParts,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    if key == "traceId" {
      try parts.readTraceID(&reader, &span)
    } else if key == "parentSpanId" {
      try parts.readParentID(&reader, &span, in: &sink)
    } else if key == "startTimeUnixNano" {
      span.start = UnixNanoseconds(try reader.lenientInteger() ?? 0)
    } else if key == "endTimeUnixNano" {
      parts.end = try reader.lenientInteger() ?? 0
    } else if key == "attributes" {
      try takeAttributes(&reader, &span, into: &sink)
    } else {
      try decodeRareKey(key, &reader, &span, &parts, into: &sink)
    }
  }

  @inline(never)
  private static func decodeRareKey(
    _ key: JSONText, _ reader: inout JSONReader, _ span: inout SpanRecord, _ parts: inout SpanParts,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    if key == "traceState" || key == "trace_state" {
      parts.extra.traceState = try OTLPJSON.symbol(&reader, in: &sink)
    } else if key == "droppedAttributesCount" || key == "dropped_attributes_count" {
      parts.rare.droppedAttributes = try reader.lenientCount()
    } else if key == "droppedEventsCount" || key == "dropped_events_count" {
      parts.rare.droppedEvents = try reader.lenientCount()
    } else if key == "droppedLinksCount" || key == "dropped_links_count" {
      parts.rare.droppedLinks = try reader.lenientCount()
    } else if key == "trace_id" {
      try parts.readTraceID(&reader, &span)
    } else if key == "span_id" {
      try parts.readSpanID(&reader, &span)
    } else if key == "parent_span_id" {
      try parts.readParentID(&reader, &span, in: &sink)
    } else if key == "start_time_unix_nano" {
      span.start = UnixNanoseconds(try reader.lenientInteger() ?? 0)
    } else if key == "end_time_unix_nano" {
      parts.end = try reader.lenientInteger() ?? 0
    } else {
      try reader.skipValue()
    }
  }

  private static func decodeKind(_ reader: inout JSONReader, _ span: inout SpanRecord) throws(JSONFault) {
    guard let text = try reader.lenientText() else { return }
    if let number = Digits.integer(text) {
      span.kind = UInt8(exactly: number).flatMap { SpanKind(rawValue: $0) } ?? .unspecified
      if number < 0 || number > 5 { span.traits.insert(.unknownEnum) }
    } else {
      span.kind = KindName.kind(text, &span)
    }
  }

  private static func decodeStatus(
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    while let key = try reader.nextKey() {
      if key == "code" {
        guard let text = try reader.lenientText() else { continue }
        if text == "2" || text == "STATUS_CODE_ERROR" || text == "ERROR" {
          span.reportedStatus = .error
        } else if text == "1" || text == "STATUS_CODE_OK" || text == "OK" {
          span.reportedStatus = .ok
        } else if !(text == "0" || text == "STATUS_CODE_UNSET" || text == "UNSET" || text.count == 0) {
          span.traits.insert(.unknownEnum)
        }
      } else if key == "message" {
        extra.statusMessage = try OTLPJSON.symbol(&reader, in: &sink)
      } else {
        try reader.skipValue()
      }
    }
  }

  private static func decodeEvents(
    _ reader: inout JSONReader, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.events.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var event = SpanEvent()
      while let key = try reader.nextKey() {
        if key == "timeUnixNano" || key == "time_unix_nano" {
          event.time = UnixNanoseconds(try reader.lenientInteger() ?? 0)
        } else if key == "name" {
          let text = try reader.lenientText()
          if let text {
            if text == "exception" { span.traits.insert(.exceptionEvent) }
            event.name = sink.table.symbols.intern(text.base, count: text.count)
            sink.guesses.begin(event.name)
          }
        } else if key == "attributes" {
          let start = sink.table.attributes.count
          try OTLPJSON.decodeAttributes(&reader, into: &sink)
          _ = sink.dropRepeatedKeys(from: start)
          event.takeAttributes(from: start, of: sink.table)
        } else if key == "droppedAttributesCount" || key == "dropped_attributes_count" {
          event.droppedAttributes = try reader.lenientCount()
        } else {
          try reader.skipValue()
        }
      }
      sink.table.events.append(event)
    }
    extra.takeEvents(from: first, of: sink.table)
  }

  private static func decodeLinks(
    _ reader: inout JSONReader, _ extra: inout ExtraFields, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterArrayOrSkip() else { return }
    let first = sink.table.links.count
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var link = SpanLink()
      while let key = try reader.nextKey() {
        if key == "traceId" || key == "trace_id" {
          guard let text = try reader.lenientText() else { continue }
          if case .id(let id) = IdentifierText.traceID(text, allowsBase64: true) { link.traceID = id }
        } else if key == "spanId" || key == "span_id" {
          guard let text = try reader.lenientText() else { continue }
          if case .id(let id) = IdentifierText.spanID(text, allowsBase64: true) { link.spanID = id }
        } else if key == "traceState" || key == "trace_state" {
          link.traceState = try OTLPJSON.symbol(&reader, in: &sink)
        } else if key == "attributes" {
          let start = sink.table.attributes.count
          try OTLPJSON.decodeAttributes(&reader, into: &sink)
          _ = sink.dropRepeatedKeys(from: start)
          link.takeAttributes(from: start, of: sink.table)
        } else if key == "droppedAttributesCount" || key == "dropped_attributes_count" {
          link.droppedAttributes = try reader.lenientCount()
        } else if key == "flags" {
          link.flags = try reader.lenientCount()
        } else {
          try reader.skipValue()
        }
      }
      sink.table.links.append(link)
    }
    extra.takeLinks(from: first, of: sink.table)
  }
}
