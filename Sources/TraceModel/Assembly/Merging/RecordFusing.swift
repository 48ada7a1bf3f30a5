/// An attribute of a fused record: where its key came first, and where its value came last.
struct FusedTag: BitwiseCopyable {
  var attribute: Attribute
  var turn: Int32
}

extension TraceAssembler {
  /// Makes one record of a head and its fragments: fields from the head, else from the first fragment that has them.
  ///
  /// Annotations are united and sorted, equal ones kept once; of tags with one key the last record's wins, as in
  /// Zipkin. Records that were fused are accepted spans and are counted as fused besides.
  mutating func fuse(_ head: FragmentHead, _ fragments: UnsafeBufferPointer<Fragment>, _ trace: inout Trace) {
    let nodes = nodes.mutableElements
    var record = recordPointer(of: nodes[Int(head.node)]).pointee
    var extra = extraFields(of: record)
    var times = ReportedTimes(record)
    var pair = endpoints(of: nodes[Int(head.node)])
    for fragment in fragments {
      let other = recordPointer(of: nodes[Int(fragment.node)]).pointee
      fill(&record, from: other)
      let otherExtra = extraFields(of: other)
      if extra.statusMessage.isEmpty { extra.statusMessage = otherExtra.statusMessage }
      if extra.traceState.isEmpty { extra.traceState = otherExtra.traceState }
      times.fill(from: ReportedTimes(other))
      let otherPair = endpoints(of: nodes[Int(fragment.node)])
      pair.local.collect(otherPair.local)
      pair.remote.collect(otherPair.remote)
      nodes[Int(fragment.node)].marks.insert(.dropped)
    }
    uniteAttributes(of: &record, with: fragments, nodes, &trace)
    uniteEvents(of: record, &extra, with: fragments, nodes, &trace)
    uniteLinks(of: record, &extra, with: fragments, nodes, &trace)
    times.apply(to: &record)
    record.traits.insert(.fused)
    extra.endpoints = UInt32(trace.fusedEndpoints.count)
    trace.fusedEndpoints.append(pair)
    fusedEndpoints.append(pair)
    record.extra = UInt32(trace.fusedExtraFields.count)
    record.presence = extra.presence
    trace.fusedExtraFields.append(extra)
    fusedExtraFields.append(extra)

    let isShared = nodes[Int(head.node)].marks.contains(.shared)
    let source = UInt64(fused.count)
    fused.append(record)
    let place = fused.elements.baseAddress.unsafelyUnwrapped + Int(source)
    var node = SpanNode(place, source: source, service: store.service(of: record))
    node.marks = isShared ? [.shared, .fused] : .fused
    if !TimeRule.isPlain(node) { needsTimeRepair = true }
    nodes[Int(head.node)] = node
    liveCount -= fragments.count
    trace.fusedSpans += fragments.count
    trace.note(.fragmentsMerged, node: Int(head.node), detail: UInt64(fragments.count + 1))
  }

  private func fill(_ record: inout SpanRecord, from other: SpanRecord) {
    if record.parentSpanID.isAbsent || record.parentSpanID == record.spanID {
      record.parentSpanID = other.parentSpanID
    }
    if record.kind == .unspecified { record.kind = other.kind }
    if record.name.isEmpty { record.name = other.name }
    if store.service(of: record).isEmpty { record.resource = other.resource }
    if record.reportedStatus == .unset { record.reportedStatus = other.reportedStatus }
    if record.status != .error, other.status != .unset { record.status = other.status }
    record.hasDatabase = record.hasDatabase || other.hasDatabase
    // Only Zipkin spans are fused, which have no flags beyond the debug bit.
    record.lowerFlags |= other.lowerFlags
    record.byteCount = UInt32(clamping: UInt64(record.byteCount) + UInt64(other.byteCount))
    record.traits.formUnion(other.traits)
  }

  private mutating func uniteAttributes(
    of record: inout SpanRecord, with fragments: UnsafeBufferPointer<Fragment>,
    _ nodes: UnsafeMutableBufferPointer<SpanNode>, _ trace: inout Trace
  ) {
    merging.tags.removeAll()
    addTags(of: record, table: record.table)
    for fragment in fragments {
      addTags(of: recordPointer(of: nodes[Int(fragment.node)]).pointee, table: record.table)
    }
    let tags = merging.tags.mutableElements
    SmallSort.sort(tags) {
      $0.attribute.key != $1.attribute.key
        ? $0.attribute.key.index < $1.attribute.key.index : $0.turn < $1.turn
    }
    // Of each key: the first turn, the last value.
    var kept = 0
    for place in tags.indices {
      if kept > 0, tags[kept - 1].attribute.key == tags[place].attribute.key {
        tags[kept - 1].attribute = tags[place].attribute
      } else {
        tags[kept] = tags[place]
        kept += 1
      }
    }
    let united = UnsafeMutableBufferPointer(rebasing: tags[..<kept])
    SmallSort.sort(united) { $0.turn < $1.turn }
    record.attributeStart = UInt32(trace.fusedAttributes.count)
    record.attributeCount = UInt32(kept)
    for tag in united { trace.fusedAttributes.append(tag.attribute) }
  }

  private mutating func addTags(of record: SpanRecord, table: UInt16) {
    for attribute in store.attributes(of: record) {
      merging.tags.append(
        FusedTag(
          attribute: Self.moved(attribute, from: record.table, to: table), turn: Int32(merging.tags.count)))
    }
  }

  /// Zipkin values are texts; a number too wide for its attribute cannot leave its table, and its value is let go.
  private static func moved(_ attribute: Attribute, from table: UInt16, to target: UInt16) -> Attribute {
    guard table != target, attribute.type == .integer || attribute.type == .double else { return attribute }
    return Attribute(key: attribute.key, type: .empty, payload: 0)
  }

  private func uniteEvents(
    of record: SpanRecord, _ extra: inout ExtraFields, with fragments: UnsafeBufferPointer<Fragment>,
    _ nodes: UnsafeMutableBufferPointer<SpanNode>, _ trace: inout Trace
  ) {
    var events = Array(store.events(of: record))
    for fragment in fragments {
      let other = recordPointer(of: nodes[Int(fragment.node)]).pointee
      for var event in store.events(of: other) {
        if other.table != record.table { event.attributeCount = 0 }
        events.append(event)
      }
    }
    events.sort {
      $0.time != $1.time ? $0.time < $1.time : store.symbols.isOrdered($0.name, before: $1.name)
    }
    extra.eventStart = UInt32(trace.fusedEvents.count)
    for event in events {
      if trace.fusedEvents.count > Int(extra.eventStart), let last = trace.fusedEvents.last,
        last.time == event.time, last.name == event.name
      {
        continue
      }
      trace.fusedEvents.append(event)
    }
    extra.eventCount = UInt32(trace.fusedEvents.count) - extra.eventStart
  }

  private func uniteLinks(
    of record: SpanRecord, _ extra: inout ExtraFields, with fragments: UnsafeBufferPointer<Fragment>,
    _ nodes: UnsafeMutableBufferPointer<SpanNode>, _ trace: inout Trace
  ) {
    let start = trace.fusedLinks.count
    trace.fusedLinks.append(contentsOf: store.links(of: record))
    for fragment in fragments {
      let other = recordPointer(of: nodes[Int(fragment.node)]).pointee
      for var link in store.links(of: other) {
        if other.table != record.table { link.attributeCount = 0 }
        trace.fusedLinks.append(link)
      }
    }
    extra.linkStart = UInt32(start)
    extra.linkCount = UInt32(trace.fusedLinks.count - start)
  }
}

/// Start and duration as reported, each known or not.
struct ReportedTimes {
  private var start: Int64?
  private var duration: Int64?

  init(_ record: SpanRecord) {
    start = record.start.rawValue > 0 ? record.start.rawValue : nil
    if record.traits.contains(.durationOnly) {
      duration = record.end.rawValue
    } else if start != nil, record.traits.isDisjoint(with: [.missingEnd, .negativeDuration]) {
      duration = (record.end - record.start).rawValue
    }
  }

  /// Takes over what is not known.
  mutating func fill(from other: ReportedTimes) {
    start = start ?? other.start
    duration = duration ?? other.duration
  }

  func apply(to record: inout SpanRecord) {
    record.traits.subtract([.durationOnly, .missingEnd, .negativeDuration])
    record.start = UnixNanoseconds(start ?? 0)
    switch (start, duration) {
    case (let start?, let duration?):
      let (end, overflow) = start.addingReportingOverflow(duration)
      record.end = UnixNanoseconds(overflow ? start : end)
      if overflow { record.traits.insert(.negativeDuration) }
    case (nil, let duration?):
      record.end = UnixNanoseconds(duration)
      record.traits.insert(.durationOnly)
    case (_, nil):
      record.end = record.start
      record.traits.insert(.missingEnd)
    }
  }
}
