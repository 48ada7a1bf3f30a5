import Synchronization
import TraceModel

extension Digest {
  /// Looks again at a few traces of each busy entry point and error group, now that it is known what matters: what
  /// would help, and what slow and failing requests share.
  ///
  /// - Complexity: O(spans of the chosen traces), bounded by the number of entry points and groups looked at.
  mutating func deepen(with walk: TraceWalk) {
    let plan = ProbePlan(self)
    probes = []
    guard !plan.wishes.isEmpty else { return }
    let ids = plan.wishes.keys.sorted()
    let digest = self
    let slices = Swift.min(8, ids.count)
    let parts = Mutex([Digest?](repeating: nil, count: slices))
    ParallelLoop.run(slices, threads: walk.threadCount) { slice in
      var prober = Prober(plan, digest, walk.store)
      let range = slice * ids.count / slices..<(slice + 1) * ids.count / slices
      walk.assemble(traceIDs: ids[range]) { prober.look(at: $0) }
      let part = prober.finish()
      parts.withLock { $0[slice] = part }
    }
    var index = NameIndex(names)
    // In the order of the slices, whichever thread was first.
    for case let part? in parts.withLock({ $0 }) { appendDeepened(part, &index) }
    // Most values are rare: they are counted and dropped before everything is put in order.
    _ = Self.order(&attributes)
    dropRareValues()
    canonicalise()
  }

  /// Takes over the rows of a closer look, whose references are this digest's own.
  private mutating func appendDeepened(_ part: Digest, _ index: inout NameIndex) {
    var part = part
    var renaming = Renaming(symbols: part.names.map { index.symbol(of: $0, in: &names) })
    part.visitFields(&renaming)
    whatIfs += part.whatIfs
    attributes += part.attributes
  }

  /// A value must be on so many requests of one of the sets that it is counted in.
  private static let leastCount = 3

  private struct AttributeKeyOfSets: Hashable {
    var service: Symbol
    var attribute: Symbol
  }

  private struct PairKey: Hashable {
    var service: Symbol
    var attribute: Symbol
    var value: Symbol
  }

  /// Drops ids and values that hardly ever occur: they explain nothing, and would fill files.
  private mutating func dropRareValues() {
    var most: [PairKey: Int] = [:]
    var values: [AttributeKeyOfSets: Set<Symbol>] = [:]
    for row in attributes {
      let key = PairKey(service: row.service, attribute: row.attribute, value: row.value)
      most[key] = max(most[key] ?? 0, row.count)
      values[AttributeKeyOfSets(service: row.service, attribute: row.attribute), default: []].insert(
        row.value)
    }
    attributes.removeAll { row in
      guard !row.attribute.isEmpty else { return false }
      let key = PairKey(service: row.service, attribute: row.attribute, value: row.value)
      let distinct = values[AttributeKeyOfSets(service: row.service, attribute: row.attribute)]?.count ?? 0
      return most[key] ?? 0 < Self.leastCount || distinct > AttributeCounter.mostValues
    }
    // Names that are no longer used go, too.
    dropUnusedNames()
  }

  private mutating func dropUnusedNames() {
    var collector = SymbolUse(isUsed: Array(repeating: false, count: names.count))
    collector.isUsed[0] = true
    visitFields(&collector)
    var renaming = Renaming(symbols: [])
    var kept: [String] = []
    for place in names.indices {
      renaming.symbols.append(Symbol(UInt32(kept.count)))
      if collector.isUsed[place] { kept.append(names[place]) }
    }
    visitFields(&renaming)
    names = kept
  }
}

/// The names of a digest by their bytes.
private struct NameIndex {
  /// A text that is equal to those of the same bytes, not to those of the same look.
  private struct Key: Hashable {
    var text: String

    static func == (left: Key, right: Key) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  private var symbols: [Key: Symbol] = [:]

  init(_ names: [String]) {
    for (place, name) in names.enumerated() { symbols[Key(text: name)] = Symbol(UInt32(place)) }
  }

  /// The symbol of a name, which is added to `names` when it is new.
  mutating func symbol(of name: String, in names: inout [String]) -> Symbol {
    let key = Key(text: name)
    if let known = symbols[key] { return known }
    let symbol = Symbol(UInt32(names.count))
    names.append(name)
    symbols[key] = symbol
    return symbol
  }
}

/// Finds out which names are used.
private struct SymbolUse: NumberVisitor {
  var isUsed: [Bool]

  mutating func symbol(_ field: inout Symbol) { isUsed[field.number] = true }
}
