import TraceModel

extension Digest {
  /// Takes up all that another digest holds.
  ///
  /// - Complexity: O(*n* log *n*) in the rows of both.
  package mutating func merge(_ other: consuming Digest) {
    append(other)
    canonicalise()
  }

  /// The digest of all that several digests hold.
  package init(merging digests: consuming [Digest]) {
    // Each is let go of as soon as it is taken up.
    self = digests.popLast() ?? Digest()
    while let digest = digests.popLast() { append(digest) }
    canonicalise()
  }

  /// Puts the rows of another digest behind the own ones; the order is lost.
  private mutating func append(_ other: consuming Digest) {
    var shift = Shift(names: names.count)
    for table in ReferenceTable.allCases {
      shift.tables[table.rawValue] = Int32(count(of: table))
    }
    other.visitFields(&shift)
    let pathShift = Int32(callPaths.count)
    let bandShift = Int32(durationBands.count)
    for index in other.callPaths.indices {
      let parent = other.callPaths[index].parent
      other.callPaths[index].parent = parent >= 0 ? parent + pathShift : ~(~parent + bandShift)
    }
    names += other.names
    totals.merge(other.totals)
    appendSeries(other)
    operations += other.operations
    entryPoints += other.entryPoints
    durationBands += other.durationBands
    components += other.components
    errorGroups += other.errorGroups
    traceClasses += other.traceClasses
    callees += other.callees
    classParts += other.classParts
    calls += other.calls
    ownTimes += other.ownTimes
    patterns += other.patterns
    services += other.services
    resources += other.resources
    componentBands += other.componentBands
    entryOperations += other.entryOperations
    callPaths += other.callPaths
    errorEntries += other.errorEntries
    errorPaths += other.errorPaths
    reach += other.reach
    errorReach += other.errorReach
    links += other.links
    producers += other.producers
    consumers += other.consumers
    warnings += other.warnings
    traces += other.traces
    sightings += other.sightings
    hostPairs += other.hostPairs
    probes += other.probes
    whatIfs += other.whatIfs
    attributes += other.attributes
    estimates += other.estimates
  }

  /// Brings two series to one grid and puts one behind the other.
  mutating func appendSeries(_ other: Digest) {
    let old = grid
    grid.merge(other.grid)
    Self.widen(&series, from: old, to: grid)
    var rows = other.series
    Self.widen(&rows, from: other.grid, to: grid)
    series += rows
  }

  private static func widen(_ series: inout [SeriesRow], from old: TimeGrid, to new: TimeGrid) {
    let factor = new.width / old.width
    guard factor > 1 else { return }
    for index in series.indices { series[index].stretch /= factor }
  }

  /// Visits the fields of all rows.
  mutating func visitFields<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    var rows = RowsVisitor(fields: visitor)
    visitTables(&rows)
    visitor = rows.fields
  }

  /// Numbers names by their texts, orders rows by their keys, and merges rows with equal keys.
  mutating func canonicalise() {
    canonicaliseNames()
    for index in traces.indices { traces[index].services.sort { $0.index < $1.index } }
    canonicalise(\.operations, .operations)
    canonicalise(\.entryPoints, .entryPoints)
    let bands = canonicalise(\.durationBands, .durationBands)
    canonicalise(\.components, .components)
    canonicalise(\.errorGroups, .errorGroups)
    canonicalise(\.traceClasses, .traceClasses)
    canonicaliseCallPaths(bands: bands)
    var order = OrderVisitor()
    let paths = callPaths
    callPaths = []
    visitTables(&order)
    callPaths = paths
    keepReferencedTraces()
  }

  /// Drops the traces that no row points to any more, and the names that only they had: which traces were examples
  /// for a while depends on how all were dealt out.
  mutating func keepReferencedTraces() {
    var collector = ExemplarCollector()
    collector.traces.reserveCapacity(traces.count)
    visitFields(&collector)
    let count = traces.count
    traces.removeAll { !collector.traces.contains($0.id) }
    if traces.count < count { dropUnusedNames() }
  }

  /// The order of names stays, so that of rows does.
  private mutating func dropUnusedNames() {
    var collector = SymbolUse(isUsed: Array(repeating: false, count: names.count))
    collector.isUsed[0] = true
    visitFields(&collector)
    guard collector.isUsed.contains(false) else { return }
    var renaming = Renaming(symbols: [])
    var kept: [String] = []
    for place in names.indices {
      renaming.symbols.append(Symbol(UInt32(kept.count)))
      if collector.isUsed[place] { kept.append(names[place]) }
    }
    visitFields(&renaming)
    names = kept
  }

  private mutating func canonicaliseNames() {
    if zip(names, names.dropFirst()).allSatisfy({ $0.utf8.lexicographicallyPrecedes($1.utf8) }) { return }
    // Compared as UTF-8, so that the order is that of bytes and not of Unicode's equivalences.
    let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    var renaming = Renaming(symbols: Array(repeating: .empty, count: names.count))
    var sorted: [String] = []
    for place in order {
      if let last = sorted.last, last.utf8.elementsEqual(names[place].utf8) {
      } else {
        sorted.append(names[place])
      }
      renaming.symbols[place] = Symbol(UInt32(sorted.count - 1))
    }
    names = sorted
    visitFields(&renaming)
  }

  /// Orders one table that others refer to, mends the references, and returns the new numbers by the old ones; nil
  /// when they are the same.
  @discardableResult
  private mutating func canonicalise<Row: DigestRow>(
    _ path: WritableKeyPath<Digest, [Row]>, _ table: ReferenceTable
  ) -> [Int32]? {
    guard let mapping = Self.order(&self[keyPath: path]) else { return nil }
    var renumbering = Renumbering(table: table, mapping: mapping)
    visitFields(&renumbering)
    return mapping
  }

  /// Orders rows and merges those with equal keys; returns the new numbers by the old ones, nil when they are the
  /// same.
  static func order<Row: DigestRow>(_ rows: inout [Row]) -> [Int32]? {
    let keys = rows.map(\.key)
    let isOrdered = zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 }
    if isOrdered { return nil }
    var mapping = [Int32](repeating: 0, count: rows.count)
    var merged: [Row] = []
    merged.reserveCapacity(rows.count)
    var lastKey: Row.Key?
    for place in Row.Key.order(of: keys) {
      if keys[place] == lastKey {
        merged[merged.count - 1].merge(rows[place])
      } else {
        merged.append(rows[place])
        lastKey = keys[place]
      }
      mapping[place] = Int32(merged.count - 1)
    }
    rows = merged
    return mapping
  }

  /// True when levels follow one another, and each is ordered.
  private var areCallPathsOrdered: Bool {
    var level: Int32 = 0
    var levelStart = 0
    var levels: [Int32] = []
    levels.reserveCapacity(callPaths.count)
    for (place, row) in callPaths.enumerated() {
      let own = row.parent < 0 ? 0 : levels[Int(row.parent)] + 1
      levels.append(own)
      if own != level {
        guard own == level + 1 else { return false }
        level = own
        levelStart = place
      }
      if place > levelStart, callPaths[place - 1].key >= row.key { return false }
    }
    return true
  }

  /// Orders the trees of call paths level by level, so that a row stands behind the one it hangs under.
  private mutating func canonicaliseCallPaths(bands: [Int32]?) {
    if bands == nil, areCallPathsOrdered { return }
    var level = [Int](repeating: 0, count: callPaths.count)
    var levels: [[Int]] = []
    for index in callPaths.indices {
      let parent = Int(callPaths[index].parent)
      level[index] = parent < 0 ? 0 : level[parent] + 1
      if level[index] == levels.count { levels.append([]) }
      levels[level[index]].append(index)
    }
    var mapping = [Int32](repeating: 0, count: callPaths.count)
    var ordered: [CallPathNodeRow] = []
    ordered.reserveCapacity(callPaths.count)
    for members in levels {
      var rows = members.map { index in
        var row = callPaths[index]
        let band = Int(~row.parent)
        row.parent = row.parent < 0 ? ~(bands?[band] ?? Int32(band)) : mapping[Int(row.parent)]
        return row
      }
      let places = Self.order(&rows)
      for (place, index) in members.enumerated() {
        mapping[index] = Int32(ordered.count) + (places?[place] ?? Int32(place))
      }
      ordered += rows
    }
    callPaths = ordered
  }
}

extension Digest {
  /// Replaces the symbols of a run by names of the digest's own.
  mutating func takeNames(from store: SpanStore, _ own: borrowing OwnTexts) {
    var collector = SymbolCollector(below: own.end)
    visitFields(&collector)
    names = collector.symbols.map { own.name($0, in: store) }
  }
}
