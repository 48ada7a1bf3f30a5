import CMemory

/// Builds the tree of a trace from its records: merging, parents, times, clock skew, order, self time, critical path.
///
/// The rules run in a fixed order, one file each, and every one is a loop: traces hold tens of thousands of levels.
///
///     gather ▸ merge records of one id ▸ choose parents ▸ order, cutting cycles ▸ repair times ▸ correct skew
///            ▸ order again if anything moved ▸ fill the trace ▸ self time ▸ intervals ▸ critical path ▸ warnings
///
/// All memory is kept from trace to trace: an ordinary trace costs no allocation. One assembler serves one thread.
///
/// - Complexity: O(n log n) in the spans of the trace, whatever its shape.
package struct TraceAssembler: ~Copyable {
  /// The choices of the user.
  package let options: AssemblyOptions
  /// What was dropped and joined in all traces so far.
  package internal(set) var totals: AssemblyTotals

  let store: SpanStore
  let hosts: HostProfiles
  /// The records of every table; valid as long as the store.
  let tables: ContiguousArray<UnsafeBufferPointer<SpanRecord>>
  private let attributes: ContiguousArray<UnsafeBufferPointer<Attribute>>

  var nodes = Column<SpanNode>()
  var index = IDIndex()
  /// First nodes of ids that occur more than once.
  var repeated = Column<Int32>()
  var members = Column<Int32>()
  var idGroups = Column<IDGroup>()
  var groupMembers = Column<Int32>()
  var fused = Column<SpanRecord>()
  var fusedExtraFields = Column<ExtraFields>()
  var fusedEndpoints = Column<EndpointPair>()
  var merging = MergeScratch()
  /// The nodes in display order.
  var order = Column<Int32>()
  var keys = Column<OrderKey>()
  /// Memory to sort them with.
  var otherKeys = Column<OrderKey>()
  var climbing = Column<Int32>()
  var hostsMet = Column<HostMet>()
  var carried = Column<Int32>()
  var path = PathScratch()
  /// Spans that are neither copies nor joined into others.
  var liveCount = 0
  /// What was peculiar about any record of the trace.
  var anyTraits: SpanTraits = []
  var needsTimeRepair = false
  var needsReordering = false
  /// Keeps `touch` from being optimised away.
  private var touched: UInt64 = 0
  var firstRoot: Int32 = -1

  /// Makes an assembler for the traces of a store.
  ///
  /// - Parameter hosts: of the same store; it can be shared by all assemblers.
  package init(_ store: SpanStore, options: AssemblyOptions, hosts: HostProfiles) {
    self.store = store
    self.options = options
    self.hosts = hosts
    tables = ContiguousArray(store.shards.map { $0.table.spans.elements })
    attributes = ContiguousArray(store.shards.map { $0.table.attributes.elements })
    totals = AssemblyTotals(archives: store.archives.count)
  }

  /// Assembles the trace of a group into `trace`, which keeps its memory.
  package mutating func assemble(
    _ group: TraceGroup, of partitions: TracePartitions, into trace: inout Trace
  ) {
    trace.clear(for: group.id)
    gather(partitions.places(of: group))
    if repeated.count > 0 { mergeRepeatedIDs(into: &trace) }
    if anyTraits.contains(.shared) || idGroups.count > 0 { settleSharedHalves(into: &trace) }
    chooseParents(of: group, into: &trace)

    sortByStart()
    putInOrder()
    if order.count < liveCount { cutCycles(into: &trace) }
    if needsTimeRepair { repairTimes(into: &trace) }
    if options.skew != .off { correctSkew(into: &trace) }
    if needsReordering {
      sortByStart()
      putInOrder()
    }
    fill(&trace)
    if group.hasRefusedSpans { trace.isComplete = false }
    measureSelfTimes(&trace)
    findCriticalPath(&trace)
    if group.wasJoined { trace.note(.traceIDsJoined) }
    if group.isAmbiguous { trace.note(.traceIDAmbiguous) }
    finishNotes(of: &trace)
    totals.count(trace)
  }

  /// Reads what the rules look at out of the records, and indexes the span ids.
  private mutating func gather(_ places: UnsafeBufferPointer<SpanPlace>) {
    nodes.removeAll()
    nodes.reserveAtLeast(places.count)
    repeated.removeAll()
    idGroups.removeAll()
    groupMembers.removeAll()
    fused.removeAll()
    fusedExtraFields.removeAll()
    fusedEndpoints.removeAll()
    anyTraits = []
    needsTimeRepair = false
    needsReordering = false
    liveCount = places.count
    touch(places)
    for place in places {
      let record = recordPointer(at: place)
      let node = SpanNode(
        record, source: place.rawValue, service: store.service(of: record.pointee))
      anyTraits.formUnion(node.recordTraits)
      if !TimeRule.isPlain(node) { needsTimeRepair = true }
      nodes.append(node)
    }
    index.reset(for: nodes.count)
    let nodes = nodes.mutableElements
    for number in nodes.indices {
      let first = index.insert(Int32(truncatingIfNeeded: number), in: nodes)
      guard first >= 0 else { continue }
      if nodes[Int(first)].sameID < 0 { repeated.append(first) }
      nodes[number].sameID = nodes[Int(first)].sameID
      nodes[Int(first)].sameID = Int32(truncatingIfNeeded: number)
    }
  }

  /// Fetches what assembling and observing the traces that come next will look at: the records of one, and the attributes
  /// of the one before it, whose records have come meanwhile.
  ///
  ///     place    assembled now
  ///     + 1      attributes
  ///     + 2      records
  ///
  /// They lie at several places in memory, and nothing waits for them here. What is in files is not fetched: it may not be in
  /// memory, and see `TurnFetcher`.
  @inline(__always)
  func prefetch(after place: Int, of partitions: TracePartitions) {
    guard store.readings == nil else { return }
    if place &+ 2 < partitions.order.count {
      for place in partitions.places(of: partitions.group(at: place &+ 2)).prefix(Self.mostPrefetched) {
        let record = UnsafeRawPointer(recordPointer(at: place))
        tracebook_prefetch(record)
        tracebook_prefetch(record + 64)
        tracebook_prefetch(record + MemoryLayout<SpanRecord>.stride - 1)
      }
    }
    if place &+ 1 < partitions.order.count {
      for place in partitions.places(of: partitions.group(at: place &+ 1)).prefix(Self.mostPrefetched) {
        let record = recordPointer(at: place)
        let attributes = attributes[place.table]
        let first = Int(record.pointee.attributeStart)
        if first < attributes.count, let base = attributes.baseAddress { tracebook_prefetch(base + first) }
      }
    }
  }

  /// What is fetched must not push out what is being worked on.
  private static let mostPrefetched = 64

  /// Reads a byte of every cache line of every record: in a loop this tight many reads from memory are under way at
  /// once, where the loop that follows would wait for them one by one. The records of a trace lie far apart.
  private mutating func touch(_ places: UnsafeBufferPointer<SpanPlace>) {
    var bits: UInt64 = 0
    for place in places {
      let record = recordPointer(at: place)
      bits ^= record.pointee.traceID.low ^ UInt64(record.pointee.name.index) ^ UInt64(record.pointee.packed)
    }
    touched = bits
  }

  @inline(__always)
  func recordPointer(at place: SpanPlace) -> UnsafePointer<SpanRecord> {
    let table = tables[place.table]
    precondition(place.row < table.count)
    let record = table.baseAddress.unsafelyUnwrapped + place.row
    store.willRead(UnsafeBufferPointer(start: record, count: 1))
    return record
  }

  /// The record of a node; valid until the next record is fused.
  @inline(__always)
  func recordPointer(of node: SpanNode) -> UnsafePointer<SpanRecord> {
    guard node.marks.contains(.fused) else { return recordPointer(at: SpanPlace(rawValue: node.source)) }
    return fused.elements.baseAddress.unsafelyUnwrapped + Int(node.source)
  }

  /// The fields of a record that not every span has; a fused one has its own.
  func extraFields(of record: SpanRecord) -> ExtraFields {
    record.traits.contains(.fused) ? fusedExtraFields[Int(record.extra)] : store.extraFields(of: record)
  }

  /// The rare fields of a record; a fused one has those of its first record.
  func rareFields(of record: SpanRecord) -> RareFields {
    guard record.presence.contains(.rare) else { return RareFields() }
    return store.rareFields(of: record, extraFields(of: record))
  }
}
