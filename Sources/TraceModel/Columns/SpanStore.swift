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
  /// Where goes what does not fit into memory; nil without a limit.
  public let spill: SpillSpace?
  /// True when spans went there; else all of them are in memory.
  public let isSpilled: Bool
  /// What counts readings of rows in files; nil where none are. Texts have their own.
  let readings: FileReadings?

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
    self.spill = spill
    isSpilled = tables.contains { $0.table.isSealed }
    shards = tables
    resources = joiner.takeResources()
    scopes = joiner.takeScopes()
    self.archives = archives
    // A trace whose spans lie anywhere is looked at several times over, and should not be let go of in between.
    readings = isSpilled ? spill.map { FileReadings(in: $0, parts: 2) } : nil
    if let readings {
      for shard in tables { shard.table.add(to: readings) }
      readings.add(resources)
      readings.add(scopes)
    }
    if isSpilled, let spill { symbols.watchReadings(in: spill) }
    let spanCount = tables.reduce(0) { $0 + $1.table.spans.count }
    let textBytes = (symbols.byteCount + symbols.loneByteCount) / max(spanCount, 1)
    spansInMemory = !isSpilled ? .max : max(20_000_000 / (250 + textBytes), 64)
    self.symbols = symbols
    self.spanCount = spanCount
  }

  /// After so many spans were looked at, what lies in temporary files should leave memory: some 20 MB, of spans as of
  /// their texts. None need if nothing does.
  let spansInMemory: Int

  /// Lets go of what lies in temporary files: it comes back as it is touched. Any thread may call it at any time.
  package func leaveMemory() {
    guard isSpilled else { return }
    for shard in shards { shard.table.leaveMemory() }
    resources.leaveMemory()
    scopes.leaveMemory()
    symbols.leaveMemory()
  }

  /// The same, and gives back what analyses have freed: for a moment at which much is done with.
  package func leaveMemoryWithFreed() {
    guard spill != nil else { return }
    leaveMemory()
    SpillSpace.giveBackFreed()
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
}
