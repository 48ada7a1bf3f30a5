import TraceModel

/// AWS X-Ray JSON: `BatchGetTraces` replies, and segment documents by themselves.
///
/// Source: the X-Ray developer guide and the contrib X-Ray receiver. Segments are spans of their service, subsegments
/// spans below them, nested or alone. Times are decimal seconds, read digit by digit. What was sent to X-Ray's daemon
/// has a header before each document, `{"format":"json","version":1}`, which says nothing.
enum XRayJSON: JSONSpanFormat {
  static let label = FormatLabel.xrayJSON
  static let order = 8

  static func recognises(_ document: DocumentKeys) -> Bool {
    document.contains(.xray) || document == .xrayHeader
  }

  static func decode(
    _ reader: inout JSONReader, _ keys: DocumentKeys, into sink: inout SpanSink
  ) throws(JSONFault) {
    let readBefore = sink.summary.spansRead
    defer { sink.count(spans: sink.summary.spansRead - readBefore, of: label) }
    if keys == .xrayHeader { return try reader.skipValue() }
    if keys.contains(.xraySegment) {
      var segments = XRaySegments(position: reader.position)
      try segments.decode(&reader, into: &sink)
    } else {
      try decodeReply(&reader, into: &sink)
    }
  }

  /// Reads `{"Traces":[{"Id":…,"Segments":[{"Id":…,"Document":"…"}]}]}`, or what stands in one of its lists.
  private static func decodeReply(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      if key == "Traces" {
        guard try reader.enterArrayOrSkip() else { continue }
        while try reader.nextElement() { try decodeTrace(&reader, into: &sink) }
      } else {
        try decodeTraceMember(key, &reader, into: &sink)
      }
    }
  }

  private static func decodeTrace(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    while let key = try reader.nextKey() { try decodeTraceMember(key, &reader, into: &sink) }
  }

  private static func decodeTraceMember(
    _ key: JSONText, _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard key == "Segments" else { return try decodeHolderMember(key, &reader, into: &sink) }
    guard try reader.enterArrayOrSkip() else { return }
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      while let inner = try reader.nextKey() { try decodeHolderMember(inner, &reader, into: &sink) }
    }
  }

  private static func decodeHolderMember(
    _ key: JSONText, _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    if key == "Document", reader.peekKind() == .text {
      try decodeDocument(&reader, into: &sink)
    } else {
      try reader.skipValue()
    }
  }

  /// Reads the segment that is written as JSON inside a text.
  private static func decodeDocument(_ reader: inout JSONReader, into sink: inout SpanSink) throws(JSONFault)
  {
    let position = reader.position
    let text = try reader.readString()
    // Readers look up to 16 bytes behind the end.
    let bytes = Array(text.bytes) + [UInt8](repeating: 0, count: 16)
    let count = text.count
    let isRead = bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      var inner = JSONReader(base: base, position: 0, end: count, scratch: TextScratch())
      var segments = XRaySegments(position: position)
      return (try? segments.decode(&inner, into: &sink)) != nil
    }
    if !isRead {
      let offset = sink.offset(position)
      sink.damage(
        .unreadableRecord, at: offset, "record at byte \(offset) does not parse: its document is no segment")
    }
  }
}
