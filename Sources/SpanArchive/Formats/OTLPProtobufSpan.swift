import TraceModel

/// The span, event, link and status messages of OTLP protobuf.
enum OTLPProtobufSpan {
  /// Reads the span that begins here with its length; a fault leaves nothing of it behind.
  @inline(__always)
  static func decode(
    _ reader: inout ProtobufReader, resource: UInt32, scope: UInt32, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    let mark = sink.table.mark
    do {
      let outer = try reader.enter()
      try decodeFields(&reader, mark, resource: resource, scope: scope, into: &sink)
      reader.leave(outer)
    } catch {
      sink.table.rollBack(to: mark)
      throw error
    }
  }

  // The scanning loop of the most frequent record: one branch a field.
  private static func decodeFields(
    _ reader: inout ProtobufReader, _ mark: SpanTable.Mark, resource: UInt32, scope: UInt32,
    into sink: inout SpanSink
  ) throws(ProtobufFault) {
    let position = reader.position
    var span = SpanRecord()
    span.resource = resource
    span.scope = scope
    var parts = SpanParts()
    var ranges = Ranges(in: sink.table)
    sink.binaryGuesses.begin(.empty)
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a: parts.takeTraceID(try reader.bytes(), &span)
      case 0x12: parts.takeSpanID(try reader.bytes(), &span)
      case 0x1a: parts.extra.traceState = sink.symbol(try reader.bytes())
      case 0x22: parts.takeParentID(try reader.bytes(), &span, in: &sink)
      case 0x2a:
        span.name = sink.symbol(try reader.bytes())
        sink.binaryGuesses.begin(span.name)
      case 0x30: takeKind(try reader.varint(), &span)
      case 0x39: span.start = UnixNanoseconds(Int64(clamping: try reader.fixed64()))
      case 0x41: parts.end = Int64(clamping: try reader.fixed64())
      case 0x4a: try ranges.appendAttribute(&reader, into: &sink)
      case 0x5a: try decodeEvent(&reader, &span, &ranges, into: &sink)
      case 0x6a: try decodeLink(&reader, &ranges, into: &sink)
      case 0x7a: try decodeStatus(&reader, &span, &parts.extra, into: &sink)
      case 0x85: parts.flags = try reader.fixed32()
      default: try decodeRareField(tag, &reader, &parts)
      }
    }
    if let problem = parts.problem {
      return sink.quarantine(problem.code, at: position, backTo: mark, of: span.traceID, problem.message)
    }
    ranges.settle(&span, &parts.extra, in: &sink)
    parts.settleTimes(&span)
    sink.accept(span, parts, at: position, to: reader.position, since: mark)
  }

  @inline(never)
  private static func decodeRareField(
    _ tag: UInt64, _ reader: inout ProtobufReader, _ parts: inout SpanParts
  ) throws(ProtobufFault) {
    switch tag {
    case 0x50: parts.rare.droppedAttributes = UInt32(clamping: try reader.varint())
    case 0x60: parts.rare.droppedEvents = UInt32(clamping: try reader.varint())
    case 0x70: parts.rare.droppedLinks = UInt32(clamping: try reader.varint())
    default: try reader.skip(tag)
    }
  }

  private static func takeKind(_ value: UInt64, _ span: inout SpanRecord) {
    span.kind = UInt8(exactly: value).flatMap { SpanKind(rawValue: $0) } ?? .unspecified
    if value > 5 { span.traits.insert(.unknownEnum) }
  }

  /// Where the attributes, events and links of a span lie while fields of all three may come in any order.
  ///
  /// Encoders write the attributes of a span together and before its events, so they lie together in the table, too.
  /// Those that come later are copied to one place by `settle`.
  private struct Ranges {
    private let firstAttribute: Int
    private let firstEvent: Int
    private let firstLink: Int
    /// Where the attributes at the front end, once something else follows them.
    private var attributeEnd: Int?
    private var laterPieces: [Range<Int>] = []
    private var hasRepeatedKeys = false

    init(in table: borrowing SpanTable) {
      firstAttribute = table.attributes.count
      firstEvent = table.events.count
      firstLink = table.links.count
    }

    @inline(__always)
    mutating func appendAttribute(
      _ reader: inout ProtobufReader, into sink: inout SpanSink
    ) throws(ProtobufFault) {
      if attributeEnd == nil { return try OTLPProtobufValue.decodeAttribute(&reader, into: &sink) }
      let start = sink.table.attributes.count
      try OTLPProtobufValue.decodeAttribute(&reader, into: &sink)
      laterPieces.append(start..<sink.table.attributes.count)
    }

    /// Ends the attributes at the front, before those of an event or link are appended.
    @inline(__always)
    mutating func endAttributes(in sink: inout SpanSink) {
      guard attributeEnd == nil else { return }
      hasRepeatedKeys = sink.table.dropRepeatedKeys(from: firstAttribute)
      attributeEnd = sink.table.attributes.count
    }

    @inline(__always)
    mutating func settle(
      _ span: inout SpanRecord, _ extra: inout ExtraFields, in sink: inout SpanSink
    ) {
      endAttributes(in: &sink)
      let end = attributeEnd ?? firstAttribute
      span.attributeStart = UInt32(truncatingIfNeeded: firstAttribute)
      span.attributeCount = UInt32(truncatingIfNeeded: end &- firstAttribute)
      if !laterPieces.isEmpty { gather(&span, in: &sink) }
      if hasRepeatedKeys { span.traits.insert(.duplicateAttribute) }
      extra.takeEvents(from: firstEvent, of: sink.table)
      extra.takeLinks(from: firstLink, of: sink.table)
    }

    @inline(never)
    private mutating func gather(_ span: inout SpanRecord, in sink: inout SpanSink) {
      let start = sink.table.attributes.count
      for range in [firstAttribute..<(attributeEnd ?? firstAttribute)] + laterPieces {
        for place in range { sink.table.attributes.append(sink.table.attributes[place]) }
      }
      if sink.table.dropRepeatedKeys(from: start) { hasRepeatedKeys = true }
      span.takeAttributes(from: start, of: sink.table)
    }
  }

  // MARK: Parts

  private static func decodeStatus(
    _ reader: inout ProtobufReader, _ span: inout SpanRecord, _ extra: inout ExtraFields,
    into sink: inout SpanSink
  ) throws(ProtobufFault) {
    let outer = try reader.enter()
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x12: extra.statusMessage = sink.symbol(try reader.bytes())
      case 0x18:
        let code = try reader.varint()
        span.reportedStatus = UInt8(exactly: code).flatMap { SpanStatus(rawValue: $0) } ?? .unset
        if code > 2 { span.traits.insert(.unknownEnum) }
      default: try reader.skip(tag)
      }
    }
    reader.leave(outer)
  }

  private static func decodeEvent(
    _ reader: inout ProtobufReader, _ span: inout SpanRecord, _ ranges: inout Ranges,
    into sink: inout SpanSink
  ) throws(ProtobufFault) {
    ranges.endAttributes(in: &sink)
    let outer = try reader.enter()
    var event = SpanEvent()
    let start = sink.table.attributes.count
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x09: event.time = UnixNanoseconds(Int64(clamping: try reader.fixed64()))
      case 0x12:
        event.name = sink.symbol(try reader.bytes())
        sink.binaryGuesses.begin(event.name)
        if event.name == AttributeKey.exception { span.traits.insert(.exceptionEvent) }
      case 0x1a: try OTLPProtobufValue.decodeAttribute(&reader, into: &sink)
      case 0x20: event.droppedAttributes = UInt32(clamping: try reader.varint())
      default: try reader.skip(tag)
      }
    }
    reader.leave(outer)
    _ = sink.table.dropRepeatedKeys(from: start)
    event.takeAttributes(from: start, of: sink.table)
    sink.table.events.append(event)
  }

  private static func decodeLink(
    _ reader: inout ProtobufReader, _ ranges: inout Ranges, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    ranges.endAttributes(in: &sink)
    let outer = try reader.enter()
    var link = SpanLink()
    let start = sink.table.attributes.count
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a: if case .id(let id) = IdentifierBytes.traceID(try reader.bytes()) { link.traceID = id }
      case 0x12: if case .id(let id) = IdentifierBytes.spanID(try reader.bytes()) { link.spanID = id }
      case 0x1a: link.traceState = sink.symbol(try reader.bytes())
      case 0x22: try OTLPProtobufValue.decodeAttribute(&reader, into: &sink)
      case 0x28: link.droppedAttributes = UInt32(clamping: try reader.varint())
      case 0x35: link.flags = try reader.fixed32()
      default: try reader.skip(tag)
      }
    }
    reader.leave(outer)
    _ = sink.table.dropRepeatedKeys(from: start)
    link.takeAttributes(from: start, of: sink.table)
    sink.table.links.append(link)
  }
}
