import CMemory
import Dispatch

/// Everything that was read, frozen: the tables of all workers over one set of symbols, resources and scopes.
///
/// Making it renumbers the symbols, resources and scopes of every table but the first. Any number of threads may
/// read it. What it hands out as buffers is valid as long as the store.
public final class SpanStore: Sendable {
  /// Owns one table, so that tables can stand in an array.
  public final class Shard: @unchecked Sendable {
    /// The table; written by one worker, then frozen.
    public internal(set) var table: SpanTable

    /// Takes over a table.
    public init(_ table: consuming SpanTable) { self.table = table }
  }

  /// The tables by their numbers.
  public let shards: [Shard]
  /// Every text.
  public let symbols: SymbolTable
  /// Distinct resources.
  public let resources: Column<Resource>
  /// Distinct scopes.
  public let scopes: Column<InstrumentationScope>
  /// The archives as they were read, ordered by path.
  public let archives: [ArchiveSummary]
  /// The number of spans in all tables.
  public let spanCount: Int
  /// Where spans went that did not fit into memory; nil when all of them are there.
  public let spill: SpillSpace?

  /// Joins tables, numbered 0, 1, …, into a store; they may not be used afterwards.
  ///
  /// - Complexity: O(distinct texts) in one thread, then O(spans + attributes) on all.
  public init(joining tables: [Shard], archives: [ArchiveSummary], spill: SpillSpace? = nil) {
    var symbols = SymbolTable()
    var mappings: [SymbolMapping] = []
    for (number, shard) in tables.enumerated() {
      precondition(Int(shard.table.number) == number)
      var own = SymbolTable()
      swap(&own, &shard.table.symbols)
      if number == 0 {
        symbols = own
        mappings.append(.identity)
      } else {
        if let spill, own.isInFiles { symbols.moveToFiles(in: spill) }
        mappings.append(symbols.absorb(own))
      }
    }
    let sharedSpill = tables.contains { $0.table.hasSharedInFiles } ? spill : nil
    var joiner = SharedJoiner(in: sharedSpill)
    var work: [@Sendable () -> Void] = []
    for (shard, mapping) in zip(tables, mappings) {
      shard.table.renumberShared(by: mapping)
      shard.table.resourceIndex = PlaceIndex()
      shard.table.scopeIndex = PlaceIndex()
      work += TableRenumbering(mapping, joiner.join(shard.table, tables)).pieces(of: shard)
      // Spans have the new places as soon as the work is done.
      shard.table.resources = Column()
      shard.table.scopes = Column()
    }
    DispatchQueue.concurrentPerform(iterations: work.count) { [work] in work[$0]() }
    self.spill = tables.contains { $0.table.isSealed } ? spill : nil
    shards = tables
    resources = joiner.takeResources()
    scopes = joiner.takeScopes()
    self.archives = archives
    if let spill = self.spill { symbols.watchReadings(in: spill) }
    let spanCount = tables.reduce(0) { $0 + $1.table.spans.count }
    let textBytes = (symbols.byteCount + symbols.loneByteCount) / max(spanCount, 1)
    spansInMemory = self.spill == nil ? .max : max(20_000_000 / (250 + textBytes), 64)
    self.symbols = symbols
    self.spanCount = spanCount
  }

  /// After so many spans were looked at, what lies in temporary files should leave memory: some 20 MB, of spans as of
  /// their texts. None need if nothing does.
  let spansInMemory: Int

  /// Lets go of what lies in temporary files: it comes back as it is touched. Any thread may call it at any time.
  package func leaveMemory() {
    guard spill != nil else { return }
    for shard in shards { shard.table.leaveMemory() }
    resources.leaveMemory()
    scopes.leaveMemory()
    symbols.leaveMemory()
  }

  /// The same, now and then while so many texts are read that lie anywhere.
  package func leaveMemory(afterTexts count: Int) {
    if count & (SpillSpace.scatteredRows - 1) == 0 { leaveMemory() }
  }

  /// The same, and gives back what analyses have freed: for a moment at which much is done with.
  package func leaveMemoryWithFreed() {
    guard spill != nil else { return }
    leaveMemory()
    SpillSpace.giveBackFreed()
  }

  /// Notes that a span of temporary files was looked at, with its attributes and its resource; true when it is time to let go.
  package func areTooMany(
    _ touched: inout TouchedRegions, with span: SpanRecord, _ place: UInt32
  ) -> Bool {
    let shard = shards[Int(span.table)]
    return touched.areTooMany(with: shard.table.spans.address(of: Int(place)))
      || touched.areTooMany(with: shard.table.attributes.address(of: Int(span.attributeStart)))
      || touched.areTooMany(with: resources.address(of: Int(span.resource)))
  }

  /// Shows all spans of a table, stretch by stretch; after each, pages are let go of.
  package func forEachStretch(of table: Int, _ body: (UnsafeBufferPointer<SpanRecord>) -> Void) {
    let spans = shards[table].table.spans.elements
    for start in stride(from: 0, to: spans.count, by: 1 << 15) {
      let rows = start..<min(start + 1 << 15, spans.count)
      fetchSpans(rows, of: table)
      body(UnsafeBufferPointer(rebasing: spans[rows]))
      leaveMemory()
    }
  }

  /// Where tables about resources go; nil when they may be in memory, since resources are.
  package var resourceSpill: SpillSpace? { resources.isInFile ? spill : nil }

  /// Where tables about the spans go, such as their grouping; nil when they may be in memory, since spans are not.
  var tableSpill: SpillSpace? {
    spill.flatMap { spanCount * MemoryLayout<PartitionEntry>.stride <= $0.budget / 2 ? nil : $0 }
  }

  /// Begins to bring spans of a table, which are looked at soon, from temporary files into memory.
  package func fetchSpans(_ rows: Range<Int>, of table: Int) {
    shards[table].table.spans.fetch(from: rows.lowerBound, count: rows.count)
  }

  /// Gives the memory of spans and attributes back, which are all zeroes from then on: for the end of a run, where doing it
  /// beside other work is quicker than leaving it to the end of the process.
  package func discard() {
    for shard in shards {
      shard.table.spans.discard()
      shard.table.attributes.discard()
    }
  }

  /// The attributes of a span as read.
  @inline(__always)
  public func attributes(of span: SpanRecord) -> UnsafeBufferPointer<Attribute> {
    shards[Int(span.table)].table.attributes.elements(
      from: Int(span.attributeStart), count: Int(span.attributeCount))
  }

  /// Asks for the first attributes of a span, without waiting for them.
  @inline(__always)
  package func prefetchAttributes(of span: SpanRecord) {
    guard let attributes = attributes(of: span).baseAddress else { return }
    tracebook_prefetch(attributes)
  }

  /// The fields of a span as read that not every span has. Those of fused spans are in their trace.
  @inline(__always)
  public func extraFields(of span: SpanRecord) -> ExtraFields {
    span.extra == 0 ? ExtraFields() : shards[Int(span.table)].table.extra[Int(span.extra)]
  }

  /// The events of a span as read.
  @inline(__always)
  public func events(of span: SpanRecord) -> UnsafeBufferPointer<SpanEvent> {
    guard span.presence.contains(.events) else { return UnsafeBufferPointer(start: nil, count: 0) }
    let extra = extraFields(of: span)
    return shards[Int(span.table)].table.events.elements(
      from: Int(extra.eventStart), count: Int(extra.eventCount))
  }

  /// The links of a span as read.
  @inline(__always)
  public func links(of span: SpanRecord) -> UnsafeBufferPointer<SpanLink> {
    guard span.presence.contains(.links) else { return UnsafeBufferPointer(start: nil, count: 0) }
    let extra = extraFields(of: span)
    return shards[Int(span.table)].table.links.elements(
      from: Int(extra.linkStart), count: Int(extra.linkCount))
  }

  /// The attributes of an event or a link of a span.
  public func attributes(from start: UInt32, count: UInt32, of span: SpanRecord) -> UnsafeBufferPointer<
    Attribute
  > {
    shards[Int(span.table)].table.attributes.elements(from: Int(start), count: Int(count))
  }

  /// The attributes of a resource.
  public func attributes(of resource: Resource) -> UnsafeBufferPointer<Attribute> {
    shards[Int(resource.table)].table.sharedAttributes.elements(
      from: Int(resource.attributeStart), count: Int(resource.attributeCount))
  }

  /// The attributes of a scope.
  public func attributes(of scope: InstrumentationScope) -> UnsafeBufferPointer<Attribute> {
    shards[Int(scope.table)].table.sharedAttributes.elements(
      from: Int(scope.attributeStart), count: Int(scope.attributeCount))
  }

  /// The endpoints of a span as read.
  @inline(__always)
  public func endpoints(of span: SpanRecord) -> EndpointPair {
    guard span.presence.contains(.endpoints) else { return EndpointPair() }
    return shards[Int(span.table)].table.endpoints[Int(extraFields(of: span).endpoints)]
  }

  /// The rare fields of a span, whose extra fields name their place.
  @inline(__always)
  func rareFields(of span: SpanRecord, _ extra: ExtraFields) -> RareFields {
    shards[Int(span.table)].table.rare[Int(extra.rare)]
  }

  /// The value of an attribute from the table with the given number.
  public func value(of attribute: Attribute, table: UInt16) -> AttributeValue {
    switch attribute.type {
    case .text: .text(symbols.text(Symbol(attribute.payload)))
    case .bytes: .bytes(base64: symbols.text(Symbol(attribute.payload)))
    case .array: .array(json: symbols.text(Symbol(attribute.payload)))
    case .map: .map(json: symbols.text(Symbol(attribute.payload)))
    default: shards[Int(table)].table.value(of: attribute)
    }
  }

  /// The service a span belongs to; empty when none is named.
  @inline(__always)
  public func service(of span: SpanRecord) -> Symbol { resources[Int(span.resource)].serviceName }
}
