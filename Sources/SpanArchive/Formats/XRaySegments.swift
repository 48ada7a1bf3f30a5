import TraceModel

/// One X-Ray segment document: a segment and the subsegments that nest in it.
///
/// Subsegments are put aside and read after the segment around them, whose ids may stand behind them.
struct XRaySegments {
  /// A list of subsegments to be read, with what they take from the segment around them.
  private struct Pending {
    var list: JSONReader
    var traceID: TraceID
    var parentID: SpanID
    var resource: UInt32
  }

  /// What is known of the segment being read.
  private struct Segment {
    var span = SpanRecord()
    var parts = SpanParts()
    var start: Int64 = 0
    var end: Int64 = 0
    var isSubsegment = false
    var isRemote = false
    /// It calls what it is named after, which is no part of AWS.
    var isNamedByPeer = false
    var isFault = false
    var isClientFault = false
    var name = Symbol.empty
    var attributes: [Attribute] = []
    var exceptions: [[Attribute]] = []
    var subsegments: JSONReader?
    /// Bytes of the segment without those of its subsegments.
    var bytes = 0
  }

  /// Where the document lies in the archive's reader.
  private let position: Int
  private var pending: [Pending] = []

  init(position: Int) { self.position = position }

  /// Reads the segment that begins here and all below it.
  mutating func decode(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try decodeSegment(&reader, below: nil, into: &sink)
    while var next = pending.popLast() {
      try next.list.enterArray()
      while try next.list.nextElement() { try decodeSegment(&next.list, below: next, into: &sink) }
    }
  }

  private mutating func decodeSegment(
    _ reader: inout JSONReader, below parent: Pending?, into sink: inout SpanSink
  ) throws(JSONFault) {
    let start = reader.position
    guard try reader.enterObjectOrSkip() else { return }
    var segment = Segment()
    segment.isSubsegment = parent != nil
    while let key = try reader.nextKey() { try decodeMember(key, &reader, &segment, into: &sink) }
    segment.bytes += reader.position - start
    if let parent {
      segment.span.traceID = parent.traceID
      segment.span.parentSpanID = parent.parentID
      segment.span.resource = parent.resource
    } else if segment.isSubsegment {
      segment.span.resource = sink.segments.resource(below: segment.span, in: &sink.table)
    } else {
      segment.span.resource = ZipkinSpan.service(segment.name, in: &sink)
    }
    sink.segments.note(segment.span, in: &sink.table)
    let resource = segment.span.resource
    let ids = (segment.span.traceID, segment.span.spanID)
    accept(&segment, into: &sink)
    if let list = segment.subsegments {
      pending.append(Pending(list: list, traceID: ids.0, parentID: ids.1, resource: resource))
    }
  }

  private mutating func decodeMember(
    _ key: JSONText, _ reader: inout JSONReader, _ segment: inout Segment, into sink: inout SpanSink
  ) throws(JSONFault) {
    if key == "trace_id" {
      if let text = try reader.lenientText() { Self.takeTraceID(text, &segment) }
    } else if key == "id" {
      try segment.parts.readSpanID(&reader, &segment.span)
    } else if key == "parent_id" {
      try segment.parts.readParentID(&reader, &segment.span, in: &sink)
    } else if key == "name" {
      segment.name = try OTLPJSON.symbol(&reader, in: &sink)
      segment.span.name = segment.name
    } else if key == "start_time" {
      segment.start = try Self.seconds(&reader)
    } else if key == "end_time" {
      segment.end = try Self.seconds(&reader)
    } else if key == "type" {
      if let text = try reader.lenientText(), text == "subsegment" { segment.isSubsegment = true }
    } else if key == "namespace" {
      guard let text = try reader.lenientText() else { return }
      segment.isNamedByPeer = text == "remote"
      segment.isRemote = segment.isNamedByPeer || text == "aws"
    } else if key == "fault" {
      segment.isFault = try reader.lenientBoolean() == true
    } else if key == "error" || key == "throttle" {
      if try reader.lenientBoolean() == true { segment.isClientFault = true }
    } else if key == "subsegments", reader.peekKind() == .array {
      segment.subsegments = reader
      let start = reader.position
      try reader.skipValue()
      segment.bytes -= reader.position - start
    } else {
      try XRayDetails.decodeMember(
        key, &reader, &segment.attributes, &segment.exceptions, into: &sink)
    }
  }

  /// Puts a segment into the sink, or refuses it.
  private func accept(_ segment: inout Segment, into sink: inout SpanSink) {
    let mark = sink.table.mark
    if let problem = segment.parts.problem {
      return sink.quarantine(
        problem.code, at: position, backTo: mark, of: segment.span.traceID, problem.message)
    }
    segment.span.kind = segment.isRemote ? .client : segment.isSubsegment ? .internal : .server
    // An `error` is the client's fault: it fails whoever called, not who was called.
    if segment.isFault || segment.isClientFault && segment.span.kind != .server {
      segment.span.reportedStatus = .error
    }
    segment.parts.end = segment.end
    segment.span.start = UnixNanoseconds(max(0, segment.start))
    segment.parts.settleTimes(&segment.span)
    appendParts(of: &segment, in: &sink)
    // Segments lie within each other: the offset is that of the outermost one, the bytes are each one's own.
    sink.accept(segment.span, segment.parts, at: position, to: position + segment.bytes, since: mark)
  }

  private func appendParts(of segment: inout Segment, in sink: inout SpanSink) {
    let firstAttribute = sink.table.attributes.count
    if segment.isNamedByPeer, !segment.name.isEmpty {
      sink.table.appendAttribute(AttributeKey.peerName, text: segment.name)
    }
    for attribute in segment.attributes { sink.table.attributes.append(attribute) }
    if sink.table.dropRepeatedKeys(from: firstAttribute) { segment.span.traits.insert(.duplicateAttribute) }
    segment.span.takeAttributes(from: firstAttribute, of: sink.table)
    let firstEvent = sink.table.events.count
    for exception in segment.exceptions {
      segment.span.traits.insert(.exceptionEvent)
      var event = SpanEvent()
      event.name = AttributeKey.exception
      event.time = UnixNanoseconds(max(segment.start, segment.end, 0))
      event.attributeStart = UInt32(truncatingIfNeeded: sink.table.attributes.count)
      event.attributeCount = UInt32(truncatingIfNeeded: exception.count)
      for attribute in exception { sink.table.attributes.append(attribute) }
      sink.table.events.append(event)
    }
    segment.parts.extra.takeEvents(from: firstEvent, of: sink.table)
  }

  /// `1-5759e988-bd862e3fe1be46a994272793` without the version and the dash between.
  private static func takeTraceID(_ text: JSONText, _ segment: inout Segment) {
    let bytes = text.bytes
    guard bytes.count == 35, text.hasPrefix("1-"), bytes[10] == 0x2d,
      let first = Digits.hex(text.base + 2, 8), let second = Digits.hex(text.base + 11, 8),
      let low = Digits.hex(text.base + 19, 16)
    else { return segment.parts.takeTraceID(text: text, &segment.span) }
    segment.span.traceID = TraceID(high: first << 32 | second, low: low)
  }

  /// Decimal seconds as nanoseconds; 0 when there are none.
  private static func seconds(_ reader: inout JSONReader) throws(JSONFault) -> Int64 {
    guard let text = try reader.lenientText(), let number = DecimalNumber(text.bytes) else { return 0 }
    return number.whole(timesTenTo: 9) ?? 0
  }
}
