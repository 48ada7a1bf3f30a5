extension Trace {
  /// The attributes of a span in this trace; valid only inside `body`.
  ///
  /// - Complexity: O(1).
  @inline(__always)
  public func withAttributes<Result>(
    of span: TraceSpan, in store: SpanStore, _ body: (UnsafeBufferPointer<Attribute>) throws -> Result
  ) rethrows -> Result {
    if span.traits.contains(.fused) {
      return try fusedAttributes.withUnsafeBufferPointer { all in
        let start = Int(span.record.attributeStart)
        return try body(UnsafeBufferPointer(rebasing: all[start..<start + Int(span.record.attributeCount)]))
      }
    }
    return try body(store.attributes(of: span.record))
  }

  /// The fields of a span in this trace that not every span has.
  @inline(__always)
  public func extraFields(of span: TraceSpan, in store: SpanStore) -> ExtraFields {
    span.traits.contains(.fused)
      ? fusedExtraFields[Int(span.record.extra)] : store.extraFields(of: span.record)
  }

  /// The reason given with the failed status of a span in this trace; empty for none.
  @inline(__always)
  public func statusMessage(of span: TraceSpan, in store: SpanStore) -> Symbol {
    guard span.record.presence.contains(.statusMessage) else { return .empty }
    return extraFields(of: span, in: store).statusMessage
  }

  /// The W3C trace state of a span in this trace; empty for none.
  @inline(__always)
  public func traceState(of span: TraceSpan, in store: SpanStore) -> Symbol {
    guard span.record.presence.contains(.traceState) else { return .empty }
    return extraFields(of: span, in: store).traceState
  }

  /// The rare fields of a span in this trace; those of a fused one are those of its first record.
  public func rareFields(of span: TraceSpan, in store: SpanStore) -> RareFields {
    guard span.record.presence.contains(.rare) else { return RareFields() }
    return store.rareFields(of: span.record, extraFields(of: span, in: store))
  }

  /// All flags of a span in this trace.
  public func flags(of span: TraceSpan, in store: SpanStore) -> UInt32 {
    UInt32(span.record.lowerFlags) | UInt32(rareFields(of: span, in: store).upperFlags) << 16
  }

  /// The events of a span in this trace, in the order of the archive.
  public func events(of span: TraceSpan, in store: SpanStore) -> [SpanEvent] {
    guard span.record.presence.contains(.events) else { return [] }
    if span.traits.contains(.fused) {
      let extra = extraFields(of: span, in: store)
      return Array(fusedEvents[Int(extra.eventStart)...].prefix(Int(extra.eventCount)))
    }
    return Array(store.events(of: span.record))
  }

  /// The links of a span in this trace, Jaeger references that are not its parent included.
  public func links(of span: TraceSpan, in store: SpanStore) -> [SpanLink] {
    guard span.record.presence.contains(.links) else { return [] }
    var links: [SpanLink]
    if span.traits.contains(.fused) {
      let extra = extraFields(of: span, in: store)
      links = Array(fusedLinks[Int(extra.linkStart)...].prefix(Int(extra.linkCount)))
    } else {
      links = Array(store.links(of: span.record))
    }
    guard span.record.traits.contains(.references), !span.record.parentSpanID.isAbsent else { return links }
    let parent = links.firstIndex {
      $0.kind != .link && $0.spanID == span.record.parentSpanID && $0.traceID.low == id.low
    }
    if let parent { links.remove(at: parent) }
    return links
  }

  /// The endpoints of a span in this trace.
  public func endpoints(of span: TraceSpan, in store: SpanStore) -> EndpointPair {
    span.traits.contains(.fused)
      ? fusedEndpoints[Int(extraFields(of: span, in: store).endpoints)] : store.endpoints(of: span.record)
  }

  /// The places of the children of a span, in display order.
  public func children(of place: Int) -> ChildPlaces { ChildPlaces(spans: spans, parent: place) }

  /// The last value of the first of these keys that a span carries.
  ///
  /// - Complexity: O(keys × attributes).
  public func attribute(_ keys: [Symbol], of span: TraceSpan, in store: SpanStore) -> Attribute? {
    withAttributes(of: span, in: store) { attributes in
      for key in keys {
        if let found = attributes.last(where: { $0.key == key }) { return found }
      }
      return nil
    }
  }
}

/// The places of the children of one span.
public struct ChildPlaces: Sequence, IteratorProtocol, Sendable {
  private let spans: [TraceSpan]
  private var following: Int32
  private let end: Int32

  init(spans: [TraceSpan], parent: Int) {
    self.spans = spans
    following = Int32(parent) + 1
    end = spans[parent].subtreeEnd
  }

  /// The next child's place.
  public mutating func next() -> Int? {
    guard following < end else { return nil }
    let place = Int(following)
    following = spans[place].subtreeEnd
    return place
  }
}
