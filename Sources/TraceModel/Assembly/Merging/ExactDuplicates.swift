/// A member of an id with the hash of its content and its place in input order.
struct HashedMember: BitwiseCopyable {
  var hash: UInt64
  var place: Int32
  var node: Int32
}

/// An attribute with a number that is equal for equal values, whichever tables they are from.
struct AttributeBits: BitwiseCopyable {
  var attribute: Attribute
  /// The value, or the hash of its text.
  var value: UInt64

  static func isOrdered(_ left: AttributeBits, _ right: AttributeBits) -> Bool {
    let (one, other) = (left.attribute.keyAndType, right.attribute.keyAndType)
    return one != other ? one < other : left.value < right.value
  }
}

extension TraceAssembler {
  /// Drops records that equal an earlier one of the same id in all but the order of attributes and the archive.
  ///
  /// As Jaeger's de-duplication, but compared in full once the hashes match.
  ///
  /// - Complexity: O(m log m) in the records of the id.
  mutating func dropCopies(from trace: inout Trace) {
    if members.count == 2 {
      if isCopy(members[1], of: members[0]) {
        drop(members[1], &trace)
        members.truncate(to: 1)
      }
      return
    }
    merging.hashes.removeAll()
    for place in 0..<members.count {
      let hash = contentHash(of: members[place])
      merging.hashes.append(HashedMember(hash: hash, place: Int32(place), node: members[place]))
    }
    let hashed = merging.hashes.mutableElements
    SmallSort.sort(hashed) { $0.hash != $1.hash ? $0.hash < $1.hash : $0.place < $1.place }
    var start = 0
    while start < hashed.count {
      var end = start + 1
      while end < hashed.count, hashed[end].hash == hashed[start].hash { end += 1 }
      dropCopies(among: UnsafeMutableBufferPointer(rebasing: hashed[start..<end]), &trace)
      start = end
    }
    SmallSort.sort(hashed) { $0.place < $1.place }
    members.removeAll()
    let nodes = nodes.mutableElements
    for member in hashed where !nodes[Int(member.node)].marks.contains(.dropped) {
      members.append(member.node)
    }
  }

  /// Among records of one hash the first is kept; another one is kept only if it differs from the first.
  ///
  /// Different content of one seeded 64-bit hash does not happen; if it did, at worst a copy would stay.
  private mutating func dropCopies(
    among hashed: UnsafeMutableBufferPointer<HashedMember>, _ trace: inout Trace
  ) {
    for later in hashed.dropFirst() where isCopy(later.node, of: hashed[0].node) { drop(later.node, &trace) }
  }

  private mutating func drop(_ node: Int32, _ trace: inout Trace) {
    nodes.mutableElements[Int(node)].marks.insert(.dropped)
    liveCount -= 1
    trace.duplicateSpans += 1
    totals.addDuplicates(1, of: Int(recordPointer(of: nodes[Int(node)]).pointee.archive))
  }

  private mutating func isCopy(_ later: Int32, of earlier: Int32) -> Bool {
    let a = recordPointer(of: nodes[Int(earlier)]).pointee
    let b = recordPointer(of: nodes[Int(later)]).pointee
    guard a.start == b.start, a.end == b.end, a.name == b.name, a.parentSpanID == b.parentSpanID,
      a.kind == b.kind, a.traceID == b.traceID, a.traits == b.traits,
      a.lowerFlags == b.lowerFlags, a.reportedStatus == b.reportedStatus,
      a.attributeCount == b.attributeCount
    else { return false }
    guard haveEqualResources(a, b), haveEqualScopes(a, b), haveEqualExtraFields(a, b) else { return false }
    return haveEqualAttributes(
      store.attributes(of: a), Int(a.table), store.attributes(of: b), Int(b.table))
      && haveEqualEvents(a, b) && haveEqualLinks(a, b)
  }

  private func haveEqualExtraFields(_ a: SpanRecord, _ b: SpanRecord) -> Bool {
    guard !a.presence.union(b.presence).isEmpty else { return true }
    let (extra, other) = (store.extraFields(of: a), store.extraFields(of: b))
    return extra.statusMessage == other.statusMessage && extra.traceState == other.traceState
      && extra.eventCount == other.eventCount && extra.linkCount == other.linkCount
      && store.endpoints(of: a) == store.endpoints(of: b) && rareFields(of: a) == rareFields(of: b)
  }

  private mutating func haveEqualResources(_ a: SpanRecord, _ b: SpanRecord) -> Bool {
    guard a.resource != b.resource else { return true }
    let (left, right) = (store.resource(at: a.resource), store.resource(at: b.resource))
    return left.serviceName == right.serviceName && left.schemaURL == right.schemaURL
      && left.droppedAttributes == right.droppedAttributes
      && haveEqualAttributes(
        store.attributes(of: left), Int(left.table), store.attributes(of: right), Int(right.table))
  }

  private mutating func haveEqualScopes(_ a: SpanRecord, _ b: SpanRecord) -> Bool {
    guard a.scope != b.scope else { return true }
    let (left, right) = (store.scope(at: a.scope), store.scope(at: b.scope))
    return left.name == right.name && left.version == right.version && left.schemaURL == right.schemaURL
      && left.droppedAttributes == right.droppedAttributes
      && haveEqualAttributes(
        store.attributes(of: left), Int(left.table), store.attributes(of: right), Int(right.table))
  }

  private mutating func haveEqualEvents(_ a: SpanRecord, _ b: SpanRecord) -> Bool {
    for (left, right) in zip(store.events(of: a), store.events(of: b)) {
      guard left.time == right.time, left.name == right.name,
        left.droppedAttributes == right.droppedAttributes,
        haveEqualAttributes(
          store.attributes(from: left.attributeStart, count: left.attributeCount, of: a), Int(a.table),
          store.attributes(from: right.attributeStart, count: right.attributeCount, of: b), Int(b.table))
      else { return false }
    }
    return true
  }

  private mutating func haveEqualLinks(_ a: SpanRecord, _ b: SpanRecord) -> Bool {
    for (left, right) in zip(store.links(of: a), store.links(of: b)) {
      guard left.traceID == right.traceID, left.spanID == right.spanID, left.kind == right.kind,
        left.traceState == right.traceState, left.flags == right.flags,
        left.droppedAttributes == right.droppedAttributes,
        haveEqualAttributes(
          store.attributes(from: left.attributeStart, count: left.attributeCount, of: a), Int(a.table),
          store.attributes(from: right.attributeStart, count: right.attributeCount, of: b), Int(b.table))
      else { return false }
    }
    return true
  }

  /// Compares attributes without regard to their order.
  private mutating func haveEqualAttributes(
    _ left: UnsafeBufferPointer<Attribute>, _ leftTable: Int,
    _ right: UnsafeBufferPointer<Attribute>, _ rightTable: Int
  ) -> Bool {
    guard left.count == right.count else { return false }
    if left.indices.allSatisfy({ areEqual(left[$0], leftTable, right[$0], rightTable) }) { return true }
    merging.leftAttributes.removeAll()
    merging.rightAttributes.removeAll()
    for attribute in left { merging.leftAttributes.append(bits(of: attribute, leftTable)) }
    for attribute in right { merging.rightAttributes.append(bits(of: attribute, rightTable)) }
    SmallSort.sort(merging.leftAttributes.mutableElements, by: AttributeBits.isOrdered)
    SmallSort.sort(merging.rightAttributes.mutableElements, by: AttributeBits.isOrdered)
    return merging.leftAttributes.elements.elementsEqual(merging.rightAttributes.elements) {
      areEqual($0.attribute, leftTable, $1.attribute, rightTable)
    }
  }

  private func areEqual(_ one: Attribute, _ table: Int, _ other: Attribute, _ otherTable: Int) -> Bool {
    guard one.keyAndType == other.keyAndType else { return false }
    return one.type.isSymbol
      ? store.symbols.areEqual(Symbol(one.payload), Symbol(other.payload))
      : value(of: one, table) == value(of: other, otherTable)
  }

  private func bits(of attribute: Attribute, _ table: Int) -> AttributeBits {
    AttributeBits(attribute: attribute, value: value(of: attribute, table))
  }

  /// A number that is equal for equal values: the value, or the hash of its text.
  ///
  /// Wide values lie in the tables: two of them are equal when what they point to is. So are lone texts.
  func value(of attribute: Attribute, _ table: Int) -> UInt64 {
    switch attribute.type {
    case .integer, .double: store.wideValue(of: attribute, table: UInt16(truncatingIfNeeded: table))
    case .text, .bytes, .array, .map: UInt64(store.symbols.hash(of: Symbol(attribute.payload)).rawValue)
    case .empty, .boolean, .smallInteger: UInt64(attribute.payload)
    }
  }
}

// MARK: - Hash

extension TraceAssembler {
  private static let seed = UInt64.random(in: .min ... .max)

  /// A number that is equal for copies, whatever the order of their attributes.
  private mutating func contentHash(of number: Int32) -> UInt64 {
    let record = recordPointer(of: nodes[Int(number)]).pointee
    var hash = Self.seed
    func add(_ value: UInt64) { hash = Self.mix(hash, value) }
    add(UInt64(bitPattern: record.start.rawValue))
    add(UInt64(bitPattern: record.end.rawValue))
    add(record.parentSpanID.rawValue)
    add(UInt64(record.name.index) << 32 | UInt64(record.traits.rawValue))
    let extra = store.extraFields(of: record)
    add(UInt64(extra.statusMessage.index) << 32 | UInt64(extra.traceState.index))
    add(UInt64(record.attributeCount) << 32 | UInt64(extra.eventCount))
    add(UInt64(extra.linkCount) << 32 | UInt64(record.lowerFlags))
    add(UInt64(record.kind.rawValue) << 8 | UInt64(record.reportedStatus.rawValue))
    add(sum(store.attributes(of: record), Int(record.table)))
    for event in store.events(of: record) {
      add(UInt64(bitPattern: event.time.rawValue))
      add(UInt64(event.name.index) << 32 | UInt64(event.attributeCount))
      add(
        sum(
          store.attributes(from: event.attributeStart, count: event.attributeCount, of: record),
          Int(record.table)))
    }
    for link in store.links(of: record) {
      add(link.traceID.low)
      add(link.spanID.rawValue)
    }
    if record.presence.contains(.endpoints) {
      let endpoints = store.endpoints(of: record)
      add(UInt64(endpoints.local.service.index) << 32 | UInt64(endpoints.local.ipv4.index))
      add(UInt64(endpoints.local.ipv6.index) << 32 | UInt64(endpoints.local.port))
      add(UInt64(endpoints.remote.service.index) << 32 | UInt64(endpoints.remote.ipv4.index))
    }
    add(resourceHash(record.resource))
    let scope = store.scope(at: record.scope)
    add(UInt64(scope.name.index) << 32 | UInt64(scope.version.index))
    return hash
  }

  private mutating func resourceHash(_ place: UInt32) -> UInt64 {
    if let known = merging.resourceHashes[place] { return known }
    let resource = store.resource(at: place)
    let hash = sum(store.attributes(of: resource), Int(resource.table)) &+ UInt64(resource.serviceName.index)
    merging.resourceHashes[place] = hash
    return hash
  }

  /// Adding does not depend on order.
  private func sum(_ attributes: UnsafeBufferPointer<Attribute>, _ table: Int) -> UInt64 {
    var sum: UInt64 = 0
    for attribute in attributes {
      sum &+= Self.mix(Self.seed ^ UInt64(attribute.keyAndType), value(of: attribute, table))
    }
    return sum
  }

  private static func mix(_ state: UInt64, _ value: UInt64) -> UInt64 {
    let product = (state ^ value ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(
      by: 0xbf58_476d_1ce4_e5b9 ^ seed | 1)
    return product.high ^ product.low
  }
}
