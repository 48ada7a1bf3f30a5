import TraceModel

// What belongs to a span lies behind one another in its table: it is appended, and then taken up to the end.
//
//     attributes   … of others │ own own own │
//                              ▲ start       ▲ end of the table

/// What has attributes: spans, events and links.
protocol AttributeOwner {
  var attributeStart: UInt32 { get set }
  var attributeCount: UInt32 { get set }
}

extension SpanRecord: AttributeOwner {}
extension SpanEvent: AttributeOwner {}
extension SpanLink: AttributeOwner {}

extension AttributeOwner {
  /// Makes all attributes from a place on its own.
  @inline(__always)
  mutating func takeAttributes(from start: Int, of table: borrowing SpanTable) {
    attributeStart = UInt32(truncatingIfNeeded: start)
    attributeCount = UInt32(truncatingIfNeeded: table.attributes.count &- start)
  }
}

extension ExtraFields {
  /// Makes all events from a place on its own.
  @inline(__always)
  mutating func takeEvents(from start: Int, of table: borrowing SpanTable) {
    eventStart = UInt32(truncatingIfNeeded: start)
    eventCount = UInt32(truncatingIfNeeded: table.events.count &- start)
  }

  /// Makes all links from a place on its own.
  @inline(__always)
  mutating func takeLinks(from start: Int, of table: borrowing SpanTable) {
    linkStart = UInt32(truncatingIfNeeded: start)
    linkCount = UInt32(truncatingIfNeeded: table.links.count &- start)
  }
}
