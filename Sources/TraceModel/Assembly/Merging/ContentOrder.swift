extension TraceAssembler {
  /// Orders two records by everything they hold, texts by their bytes; 0 when nothing but the archive differs.
  ///
  /// The last resort before input order where the rules leave records equal: so shuffled input gives the same trace.
  func compareContent(_ left: SpanNode, _ right: SpanNode) -> Int {
    let (a, b) = (recordPointer(of: left).pointee, recordPointer(of: right).pointee)
    let (extra, otherExtra) = (extraFields(of: a), extraFields(of: b))
    let numbers: [(UInt64, UInt64)] = [
      (UInt64(bitPattern: a.end.rawValue), UInt64(bitPattern: b.end.rawValue)),
      (UInt64(a.kind.rawValue), UInt64(b.kind.rawValue)),
      (UInt64(a.status.rawValue), UInt64(b.status.rawValue)),
      (left.parentID, right.parentID), (a.traceID.high, b.traceID.high),
      (UInt64(a.traits.rawValue), UInt64(b.traits.rawValue)),
      (UInt64(rareFields(of: a).upperFlags), UInt64(rareFields(of: b).upperFlags)),
      (UInt64(a.lowerFlags), UInt64(b.lowerFlags)),
      (UInt64(a.attributeCount), UInt64(b.attributeCount)),
      (UInt64(extra.eventCount), UInt64(otherExtra.eventCount)),
      (UInt64(extra.linkCount), UInt64(otherExtra.linkCount)),
    ]
    for (one, other) in numbers where one != other { return one < other ? -1 : 1 }
    let texts = [(extra.statusMessage, otherExtra.statusMessage), (extra.traceState, otherExtra.traceState)]
    for (one, other) in texts where one != other { return store.symbols.compare(one, other) }
    let endpoint = compareEndpoints(endpoints(of: left), endpoints(of: right))
    if endpoint != 0 { return endpoint }
    let resource = compareResources(store.resource(at: a.resource), store.resource(at: b.resource))
    if resource != 0 { return resource }
    // A fused record's parts lie in the trace; those of its head decide nothing more here.
    if left.marks.contains(.fused) || right.marks.contains(.fused) { return 0 }
    return compareParts(a, b)
  }

  private func compareEndpoints(_ left: EndpointPair, _ right: EndpointPair) -> Int {
    for (one, other) in [(left.local, right.local), (left.remote, right.remote)] where one != other {
      for (text, otherText) in [
        (one.service, other.service), (one.ipv4, other.ipv4), (one.ipv6, other.ipv6),
      ] where text != otherText {
        return store.symbols.compare(text, otherText)
      }
      return one.port < other.port ? -1 : 1
    }
    return 0
  }

  private func compareResources(_ left: Resource, _ right: Resource) -> Int {
    compareAttributes(store.attributes(of: left), left.table, store.attributes(of: right), right.table)
  }

  private func compareParts(_ a: SpanRecord, _ b: SpanRecord) -> Int {
    let attributes = compareAttributes(store.attributes(of: a), a.table, store.attributes(of: b), b.table)
    if attributes != 0 { return attributes }
    for (one, other) in zip(store.links(of: a), store.links(of: b)) {
      if one.traceID != other.traceID { return one.traceID < other.traceID ? -1 : 1 }
      if one.spanID != other.spanID { return one.spanID < other.spanID ? -1 : 1 }
      if one.kind != other.kind { return one.kind.rawValue < other.kind.rawValue ? -1 : 1 }
    }
    for (one, other) in zip(store.events(of: a), store.events(of: b)) {
      if one.time != other.time { return one.time < other.time ? -1 : 1 }
      if one.name != other.name { return store.symbols.compare(one.name, other.name) }
    }
    return 0
  }

  private func compareAttributes(
    _ left: UnsafeBufferPointer<Attribute>, _ leftTable: UInt16,
    _ right: UnsafeBufferPointer<Attribute>, _ rightTable: UInt16
  ) -> Int {
    if left.count != right.count { return left.count < right.count ? -1 : 1 }
    for (one, other) in zip(left, right) {
      if one.key != other.key { return store.symbols.compare(one.key, other.key) }
      if one.type != other.type { return one.type.rawValue < other.type.rawValue ? -1 : 1 }
      if one.type.isSymbol {
        let order = store.symbols.compare(Symbol(one.payload), Symbol(other.payload))
        if order != 0 { return order }
      } else {
        let (value, otherValue) = (value(of: one, Int(leftTable)), value(of: other, Int(rightTable)))
        if value != otherValue { return value < otherValue ? -1 : 1 }
      }
    }
    return 0
  }
}
