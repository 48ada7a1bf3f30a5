import TraceModel

/// OTLP protobuf: `TracesData` and export requests, which are one message.
///
/// Source: opentelemetry-proto `trace/v1/trace.proto`; field numbers never moved, so older archives parse unchanged.
enum OTLPProtobuf: ProtobufSpanFormat {
  static let label = FormatLabel.otlpProto
  static let order = 1

  /// True when the fields at hand are those of a `ResourceSpans`, or of its like for another signal.
  static func recognises(_ element: ProtobufReader) -> Bool {
    var element = element
    var fields = 0
    var field = element
    do {
      while let tag = try element.nextTag() {
        field = element
        switch tag {
        case 0x0a:
          guard isResource(try element.bytes()) else { return false }
        case 0x12, 0x1a, 0x1f42: _ = try element.bytes()
        default: return false
        }
        fields += 1
      }
    } catch {
      return error.reason == .endOfInput && (fields > 0 || beginsScopeSpans(field))
    }
    return true
  }

  /// True when the field that begins here is cut, and begins as `ScopeSpans` without a resource before them do.
  private static func beginsScopeSpans(_ field: ProtobufReader) -> Bool {
    var field = field
    guard field.isCut, (try? field.enter()) != nil, let tag = try? field.nextTag() else { return false }
    return tag == 0x0a || tag == 0x12
  }

  /// True when the bytes are a message with the fields of a `Resource`.
  private static func isResource(_ text: JSONText) -> Bool {
    var reader = ProtobufReader(base: text.base, position: 0, end: text.count)
    do {
      while let tag = try reader.nextTag() {
        guard (1...3).contains(tag >> 3) else { return false }
        try reader.skip(tag)
      }
      return true
    } catch {
      return false
    }
  }

  static func decode(_ reader: inout ProtobufReader, into sink: inout SpanSink) throws(ProtobufFault) {
    if OTLPSignal.isOther(reader) {
      sink.summary.diagnostics.add(
        .otherSignal, at: sink.offset(reader.position), "records of other signals skipped")
      return
    }
    var batch = OTLPBatch(firstSpan: sink.table.spans.count)
    let readBefore = sink.summary.spansRead
    defer {
      batch.settle(in: &sink)
      sink.count(spans: sink.summary.spansRead - readBefore, of: label)
    }
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a:
        let outer = try reader.enter()
        batch.resource = try decodeResource(&reader, into: &sink)
        reader.leave(outer)
      case 0x12, 0x1f42:
        let outer = try reader.enter()
        try decodeScopeSpans(&reader, batch.resource, into: &sink)
        reader.leave(outer)
      case 0x1a: batch.schema = sink.symbol(try reader.bytes())
      default: try reader.skip(tag)
      }
    }
  }

  private static func decodeResource(
    _ reader: inout ProtobufReader, into sink: inout SpanSink
  ) throws(ProtobufFault) -> UInt32 {
    var resource = Resource()
    let start = sink.table.attributes.count
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a: try OTLPProtobufValue.decodeAttribute(&reader, into: &sink)
      case 0x10: resource.droppedAttributes = UInt32(clamping: try reader.varint())
      default: try reader.skip(tag)
      }
    }
    return OTLPBatch.intern(&resource, attributesFrom: start, in: &sink)
  }

  private static func decodeScopeSpans(
    _ reader: inout ProtobufReader, _ resource: UInt32, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    var scope = OTLPScope(firstSpan: sink.table.spans.count)
    defer { scope.settle(in: &sink) }
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x12:
        try OTLPProtobufSpan.decode(&reader, resource: resource, scope: scope.place, into: &sink)
      case 0x0a:
        let outer = try reader.enter()
        try decodeScope(&reader, &scope, into: &sink)
        reader.leave(outer)
      case 0x1a: scope.scope.schemaURL = sink.symbol(try reader.bytes())
      default: try reader.skip(tag)
      }
    }
  }

  private static func decodeScope(
    _ reader: inout ProtobufReader, _ scope: inout OTLPScope, into sink: inout SpanSink
  ) throws(ProtobufFault) {
    let start = sink.table.attributes.count
    while let tag = try reader.nextTag() {
      switch tag {
      case 0x0a: scope.scope.name = sink.symbol(try reader.bytes())
      case 0x12: scope.scope.version = sink.symbol(try reader.bytes())
      case 0x1a: try OTLPProtobufValue.decodeAttribute(&reader, into: &sink)
      case 0x20: scope.scope.droppedAttributes = UInt32(clamping: try reader.varint())
      default: try reader.skip(tag)
      }
    }
    scope.intern(attributesFrom: start, in: &sink)
  }
}

/// Tells requests of traces from those of metrics, logs and profiles, whose outer fields have the same numbers.
enum OTLPSignal {
  /// True when the first record of the element cannot be a span: it has neither ids of their lengths nor times.
  static func isOther(_ element: ProtobufReader) -> Bool {
    var element = element
    do {
      while let tag = try element.nextTag() {
        guard tag == 0x12 else {
          try element.skip(tag)
          continue
        }
        let outer = try element.enter()
        while let inner = try element.nextTag() {
          if inner == 0x12 { return try !looksLikeSpan(element) }
          try element.skip(inner)
        }
        element.leave(outer)
      }
    } catch {
      return false
    }
    return false
  }

  private static func looksLikeSpan(_ element: ProtobufReader) throws(ProtobufFault) -> Bool {
    var element = element
    _ = try element.enter()
    var fields = 0
    while let tag = try element.nextTag() {
      switch tag {
      case 0x0a where try element.bytes().count == 16: return true
      case 0x12 where try element.bytes().count == 8: return true
      case 0x39, 0x41: return true  // start and end, of 8 bytes each
      case 0x0a, 0x12: break
      default: try element.skip(tag)
      }
      fields += 1
    }
    return fields == 0
  }
}
