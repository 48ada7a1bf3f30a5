import TraceModel

/// Zipkin proto3: a `ListOfSpans`.
///
/// Source: zipkin-api `zipkin.proto`. Its kinds have other numbers than OpenTelemetry's.
enum ZipkinProtobuf: ProtobufSpanFormat {
  static let label = FormatLabel.zipkinProto
  static let order = 2

  static func recognises(_ element: ProtobufReader) -> Bool {
    var element = element
    var hasTraceID = false
    var hasID = false
    do {
      while let tag = try element.nextTag() {
        switch tag {
        case 0x0a:
          let count = try element.bytes().count
          guard count == 8 || count == 16 else { return false }
          hasTraceID = true
        case 0x1a:
          guard try element.bytes().count == 8 else { return false }
          hasID = true
        default: try element.skip(tag)
        }
      }
    } catch {
      return error.reason == .endOfInput && hasTraceID && hasID
    }
    return hasTraceID && hasID
  }

  static func decode(_ reader: inout ProtobufReader, into sink: inout SpanSink) throws(ProtobufFault) {
    let position = reader.position
    try sink.whole { (sink, mark) throws(ProtobufFault) in
      try decodeSpan(&reader, position, mark, into: &sink)
    }
    sink.count(spans: 1, of: label)
  }

  private static func decodeSpan(
    _ reader: inout ProtobufReader, _ position: Int, _ mark: SpanTable.Mark, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    var draft = ZipkinSpan()
    let firstEvent = sink.table.events.count
    let firstTag = sink.table.attributes.count
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a: draft.parts.takeTraceID(try reader.bytes(), &draft.span, allows64Bits: true)
      case 0x12: draft.parts.takeParentID(try reader.bytes(), &draft.span, in: &sink)
      case 0x1a: draft.parts.takeSpanID(try reader.bytes(), &draft.span)
      case 0x20: takeKind(try reader.varint(), &draft.span)
      case 0x2a: draft.span.name = ZipkinSpan.name(try reader.bytes(), in: &sink)
      case 0x31: draft.start = ZipkinSpan.nanoseconds(Int64(clamping: try reader.fixed64()))
      case 0x38: draft.duration = ZipkinSpan.nanoseconds(Int64(clamping: try reader.varint()))
      case 0x42: draft.pair.local = try endpoint(&reader, &draft, in: &sink)
      case 0x4a: draft.pair.remote = try endpoint(&reader, &draft, in: &sink)
      case 0x52: try decodeAnnotation(&reader, into: &sink)
      case 0x5a: try decodeTag(&reader, into: &sink)
      case 0x60: if try reader.varint() != 0 { draft.span.traits.insert(.debug) }
      case 0x68: if try reader.varint() != 0 { draft.span.traits.insert(.shared) }
      default: try reader.skip(tag)
      }
    }
    if sink.table.dropRepeatedKeys(from: firstTag) { draft.span.traits.insert(.duplicateAttribute) }
    draft.span.takeAttributes(from: firstTag, of: sink.table)
    draft.parts.extra.takeEvents(from: firstEvent, of: sink.table)
    draft.accept(at: position, to: reader.position, since: mark, into: &sink)
  }

  private static func takeKind(_ value: UInt64, _ span: inout SpanRecord) {
    switch value {
    case 0: break
    case 1: span.kind = .client
    case 2: span.kind = .server
    case 3: span.kind = .producer
    case 4: span.kind = .consumer
    default: span.traits.insert(.unknownEnum)
    }
  }

  private static func endpoint(
    _ reader: inout ProtobufReader, _ draft: inout ZipkinSpan, in sink: inout SpanSink
  ) throws(ProtobufFault) -> Endpoint {
    var endpoint = Endpoint()
    let outer = try reader.enter()
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a: ZipkinSpan.takeService(try reader.bytes(), &endpoint, in: &sink)
      case 0x12, 0x1a: IPAddress.take(bytes: try reader.bytes().bytes, &endpoint, in: &sink)
      case 0x20: draft.takePort(Int64(Int32(truncatingIfNeeded: try reader.varint())), &endpoint)
      default: try reader.skip(tag)
      }
    }
    reader.leave(outer)
    return endpoint
  }

  /// Appends an annotation; one without time or value is dropped.
  private static func decodeAnnotation(
    _ reader: inout ProtobufReader, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    let outer = try reader.enter()
    var event = SpanEvent()
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x09:
        event.time = UnixNanoseconds(ZipkinSpan.nanoseconds(Int64(clamping: try reader.fixed64())))
      case 0x12: event.name = sink.symbol(try reader.bytes())
      default: try reader.skip(tag)
      }
    }
    reader.leave(outer)
    if event.time.rawValue > 0, !event.name.isEmpty { sink.table.events.append(event) }
  }

  private static func decodeTag(
    _ reader: inout ProtobufReader, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    let outer = try reader.enter()
    var key = Symbol.empty
    var value = Symbol.empty
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a: key = sink.symbol(try reader.bytes())
      case 0x12: value = sink.valueSymbol(try reader.bytes(), of: key)
      default: try reader.skip(tag)
      }
    }
    reader.leave(outer)
    if key.index <= Attribute.largestKey { sink.table.appendAttribute(key, text: value) }
  }
}
