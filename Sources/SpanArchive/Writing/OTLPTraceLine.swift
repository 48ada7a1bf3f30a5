package import TraceModel

/// One trace as a line of OTLP JSON, with everything that was read of its spans.
///
/// Times and status are those that were reported, not the repaired ones. Spans are grouped by resource and scope, in
/// the order in which they are displayed, so equal traces give equal bytes.
package struct OTLPTraceLine {
  private let store: SpanStore
  /// How many spans each span of the next trace stands for, written as an attribute; nil for none.
  package var adjustedCount: Double?
  /// What is left out to see how much smaller spans become; nil to write everything.
  package var reduction: AttributeReduction?

  /// Writes spans of a store.
  package init(store: SpanStore) { self.store = store }

  /// Appends the export request that holds a trace's spans, without an end of line.
  ///
  /// - Complexity: O(spans × log spans).
  package func append(_ trace: Trace, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("resourceSpans")
      writer.array { writer in
        for resource in groups(trace.spans.indices.map { (trace.spans[$0].record.resource, $0) }) {
          append(resource.places, of: resource.key, in: trace, to: &writer)
        }
      }
    }
  }

  /// Places by key, keys in the order of their first place.
  private func groups(_ pairs: [(UInt32, Int)]) -> [(key: UInt32, places: [Int])] {
    var groups: [(key: UInt32, places: [Int])] = []
    var numbers: [UInt32: Int] = [:]
    for (key, place) in pairs {
      if let number = numbers[key] {
        groups[number].places.append(place)
      } else {
        numbers[key] = groups.count
        groups.append((key, [place]))
      }
    }
    return groups
  }

  private func append(
    _ places: [Int], of number: UInt32, in trace: Trace, to writer: inout JSONWriter
  ) {
    let resource = store.resource(at: number)
    writer.object { writer in
      writer.key("resource")
      writer.object { writer in
        if reduction != .omittingResources {
          append(attributes: store.attributes(of: resource), table: resource.table, to: &writer)
        }
        append(dropped: resource.droppedAttributes, "droppedAttributesCount", to: &writer)
      }
      writer.key("scopeSpans")
      writer.array { writer in
        for scope in groups(places.map { (trace.spans[$0].record.scope, $0) }) {
          append(scope.places, ofScope: scope.key, in: trace, to: &writer)
        }
      }
      writer.member("schemaUrl", resource.schemaURL, in: store)
    }
  }

  private func append(
    _ places: [Int], ofScope number: UInt32, in trace: Trace, to writer: inout JSONWriter
  ) {
    let scope = store.scope(at: number)
    writer.object { writer in
      writer.key("scope")
      writer.object { writer in
        writer.member("name", scope.name, in: store)
        writer.member("version", scope.version, in: store)
        append(attributes: store.attributes(of: scope), table: scope.table, to: &writer)
        append(dropped: scope.droppedAttributes, "droppedAttributesCount", to: &writer)
      }
      writer.key("spans")
      writer.array { writer in
        for place in places {
          append(trace.spans[place], of: trace, to: &writer)
          writer.endPiece()
        }
      }
      writer.member("schemaUrl", scope.schemaURL, in: store)
    }
  }

  private func append(_ span: TraceSpan, of trace: Trace, to writer: inout JSONWriter) {
    let record = span.record
    let rare = trace.rareFields(of: span, in: store)
    writer.object { writer in
      writer.key("traceId")
      writer.id(record.traceID)
      writer.key("spanId")
      writer.id(record.spanID)
      writer.member("traceState", trace.traceState(of: span, in: store), in: store)
      let parent = trace.namedParent(of: span)
      if !parent.isAbsent {
        writer.key("parentSpanId")
        writer.id(parent)
      } else if record.traits.contains(.invalidParent) {
        // The text that is no id makes it an orphan again.
        writer.member("parentSpanId", rare.invalidParent, in: store)
      }
      append(dropped: trace.flags(of: span, in: store), "flags", to: &writer)
      writer.key("name")
      writer.string(store.symbols.bytes(record.name))
      if record.kind != .unspecified {
        writer.key("kind")
        writer.integer(record.kind.rawValue)
      }
      appendTimes(record, to: &writer)
      if reduction != .omittingAttributes {
        trace.withAttributes(of: span, in: store) {
          append(attributes: $0, table: record.table, adjustedCount: adjustedCount, to: &writer)
        }
      }
      append(dropped: rare.droppedAttributes, "droppedAttributesCount", to: &writer)
      append(events: trace.events(of: span, in: store), of: span, in: trace, to: &writer)
      append(dropped: rare.droppedEvents, "droppedEventsCount", to: &writer)
      append(links: trace.links(of: span, in: store), of: span, in: trace, to: &writer)
      append(dropped: rare.droppedLinks, "droppedLinksCount", to: &writer)
      writer.key("status")
      writer.object { writer in
        writer.member("message", trace.statusMessage(of: span, in: store), in: store)
        if record.reportedStatus != .unset {
          writer.key("code")
          writer.integer(record.reportedStatus.rawValue)
        }
      }
    }
  }

  /// Raw times; a duration without a start is given as an end after 0.
  private func appendTimes(_ record: SpanRecord, to writer: inout JSONWriter) {
    if record.start != .unknown {
      writer.key("startTimeUnixNano")
      writer.decimalText(record.start.rawValue)
    }
    if !record.traits.contains(.missingEnd) {
      writer.key("endTimeUnixNano")
      writer.decimalText(record.end.rawValue)
    }
  }

  private func append(
    events: [SpanEvent], of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter
  ) {
    guard !events.isEmpty, reduction != .omittingEvents else { return }
    writer.key("events")
    writer.array { writer in
      for event in events {
        writer.object { writer in
          if event.time != .unknown {
            writer.key("timeUnixNano")
            writer.decimalText(event.time.rawValue)
          }
          writer.member("name", event.name, in: store)
          append(attributesFrom: event.attributeStart, event.attributeCount, of: span, in: trace, to: &writer)
          append(dropped: event.droppedAttributes, "droppedAttributesCount", to: &writer)
        }
        writer.endPiece()
      }
    }
  }

  private func append(
    links: [SpanLink], of span: TraceSpan, in trace: Trace, to writer: inout JSONWriter
  ) {
    guard !links.isEmpty else { return }
    writer.key("links")
    writer.array { writer in
      for link in links {
        writer.object { writer in
          writer.key("traceId")
          writer.id(link.traceID.isAbsent ? span.record.traceID : link.traceID)
          writer.key("spanId")
          writer.id(link.spanID)
          writer.member("traceState", link.traceState, in: store)
          append(attributesFrom: link.attributeStart, link.attributeCount, of: span, in: trace, to: &writer)
          append(dropped: link.droppedAttributes, "droppedAttributesCount", to: &writer)
          append(dropped: link.flags, "flags", to: &writer)
        }
        writer.endPiece()
      }
    }
  }

  // MARK: Pieces

  private func append(dropped count: UInt32, _ key: StaticString, to writer: inout JSONWriter) {
    guard count > 0 else { return }
    writer.key(key)
    writer.integer(count)
  }

  private func append(
    attributesFrom start: UInt32, _ count: UInt32, of span: TraceSpan, in trace: Trace,
    to writer: inout JSONWriter
  ) {
    guard count > 0 else { return }
    // Events of joined records are Zipkin annotations, which have no attributes.
    append(
      attributes: store.attributes(from: start, count: count, of: span.record), table: span.record.table,
      to: &writer)
  }

  private func append(
    attributes: UnsafeBufferPointer<Attribute>, table: UInt16, adjustedCount: Double? = nil,
    to writer: inout JSONWriter
  ) {
    guard !attributes.isEmpty || adjustedCount != nil else { return }
    writer.key("attributes")
    writer.array { writer in
      if let adjustedCount { append(adjustedCount, to: &writer) }
      // A count that was written before holds no longer.
      for attribute in attributes
      where adjustedCount == nil || !isAdjustedCount(attribute.key) {
        if let reduction, case .omitting(attribute.key) = reduction { continue }
        append(attribute, table: table, to: &writer)
        writer.endPiece()
      }
    }
  }

  private static let adjustedCountKey: StaticString = "sampling.adjusted_count"

  private func isAdjustedCount(_ key: Symbol) -> Bool {
    store.symbols.isText(key, Self.adjustedCountKey.utf8Start, count: Self.adjustedCountKey.utf8CodeUnitCount)
  }

  private func append(_ adjustedCount: Double, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("key")
      writer.string("sampling.adjusted_count")
      writer.key("value")
      writer.object { writer in
        writer.key("doubleValue")
        writer.double(adjustedCount)
      }
    }
  }

  private func append(_ attribute: Attribute, table: UInt16, to writer: inout JSONWriter) {
    let key = store.symbols.bytes(attribute.key)
    switch attribute.type {
    // Nearly all are texts and small numbers.
    case .text:
      writer.value(#"{"key":"#, key, #","value":{"stringValue":"#, text(of: attribute), "}}")
    case .smallInteger:
      DecimalDigits.with(Int64(Int32(bitPattern: attribute.payload))) { digits in
        writer.value(#"{"key":"#, key, #","value":{"intValue":"#, digits, "}}")
      }
    case .bytes:
      let base64 = store.symbols.bytes(Symbol(attribute.payload))
      writer.value(#"{"key":"#, key, #","value":{"bytesValue":"#, base64, "}}")
    case .array:
      append(key, to: &writer) { writer in
        writer.key("arrayValue")
        writer.raw(store.symbols.bytes(Symbol(attribute.payload)))
      }
    case .map:
      append(key, to: &writer) { writer in
        writer.key("kvlistValue")
        writer.raw(store.symbols.bytes(Symbol(attribute.payload)))
      }
    case .boolean:
      append(key, to: &writer) { writer in
        writer.key("boolValue")
        writer.boolean(attribute.payload != 0)
      }
    case .integer, .double:
      append(key, to: &writer) { append(number: attribute, table: table, to: &$0) }
    case .empty: append(key, to: &writer) { _ in }
    }
  }

  /// Writes an attribute the member of whose value `body` writes.
  private func append(
    _ key: UnsafeBufferPointer<UInt8>, to writer: inout JSONWriter, value body: (inout JSONWriter) -> Void
  ) {
    writer.object { writer in
      writer.key("key")
      writer.string(key)
      writer.key("value")
      writer.object(body)
    }
  }

  @inline(__always)
  private func text(of attribute: Attribute) -> UnsafeBufferPointer<UInt8> {
    let text = store.symbols.bytes(Symbol(attribute.payload))
    guard let reduction, case .shortening(attribute.key, let most) = reduction, text.count > most else {
      return text
    }
    return UnsafeBufferPointer(rebasing: text.prefix(most))
  }

  private func append(number attribute: Attribute, table: UInt16, to writer: inout JSONWriter) {
    switch store.value(of: attribute, table: table) {
    case .integer(let value):
      writer.key("intValue")
      writer.decimalText(value)
    case .double(let value):
      writer.key("doubleValue")
      if value.isFinite {
        writer.double(value)
      } else {
        writer.string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
      }
    default: break
    }
  }
}
