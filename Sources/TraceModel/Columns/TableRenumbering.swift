/// Puts spans and what belongs to them under the numbers that all tables share.
///
///     spans        | piece | piece | piece |     each on whichever thread is free
///     attributes   | piece | piece | piece | piece | piece |
///     the rest     | piece |
///
/// - Complexity: O(rows), on as many threads as there are pieces.
struct TableRenumbering: Sendable {
  private let symbols: SymbolMapping
  private let places: SharedPlaces

  /// - Parameter symbols: the new ones, by the old.
  init(_ symbols: SymbolMapping, _ places: SharedPlaces) {
    self.symbols = symbols
    self.places = places
  }

  private static let rows = 1 << 16

  /// The work on a table, in pieces that may be done at the same time; the table must not be used meanwhile.
  func pieces(of shard: SpanStore.Shard) -> [@Sendable () -> Void] {
    nonisolated(unsafe) let spans = shard.table.spans.mutableElements
    var pieces = Self.stretches(of: spans.count).map { rows in
      { @Sendable in
        shard.table.spans.fetch(from: rows.lowerBound, count: rows.count)
        renumber(UnsafeMutableBufferPointer(rebasing: spans[rows]))
        shard.table.spans.leaveMemory()
        places.leaveMemory()
      }
    }
    guard !symbols.isIdentity else { return pieces }
    nonisolated(unsafe) let attributes = shard.table.attributes.mutableElements
    pieces += Self.stretches(of: attributes.count).map { rows in
      { @Sendable in
        shard.table.attributes.fetch(from: rows.lowerBound, count: rows.count)
        var numbers = SymbolRenumbering(symbols)
        for index in rows { numbers.renumber(&attributes[index]) }
        shard.table.attributes.leaveMemory()
      }
    }
    return pieces + restPieces(of: shard)
  }

  private func restPieces(of shard: SpanStore.Shard) -> [@Sendable () -> Void] {
    nonisolated(unsafe) let events = shard.table.events.mutableElements
    nonisolated(unsafe) let links = shard.table.links.mutableElements
    nonisolated(unsafe) let rare = shard.table.rare.mutableElements
    nonisolated(unsafe) let extra = shard.table.extra.mutableElements
    nonisolated(unsafe) let endpoints = shard.table.endpoints.mutableElements
    let most = max(events.count, links.count, rare.count, extra.count, endpoints.count)
    return Self.stretches(of: most).map { rows in
      { @Sendable in
        var numbers = SymbolRenumbering(symbols)
        for index in rows.clamped(to: events.indices) { numbers.renumber(&events[index].name) }
        for index in rows.clamped(to: links.indices) { numbers.renumber(&links[index].traceState) }
        for index in rows.clamped(to: rare.indices) { numbers.renumber(&rare[index].invalidParent) }
        for index in rows.clamped(to: extra.indices) {
          numbers.renumber(&extra[index].statusMessage)
          numbers.renumber(&extra[index].traceState)
        }
        for index in rows.clamped(to: endpoints.indices) {
          Self.renumber(&endpoints[index].local, &numbers)
          Self.renumber(&endpoints[index].remote, &numbers)
        }
        shard.table.events.leaveMemory()
        shard.table.links.leaveMemory()
        shard.table.rare.leaveMemory()
        shard.table.extra.leaveMemory()
        shard.table.endpoints.leaveMemory()
      }
    }
  }

  private static func stretches(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: rows).map { $0..<min($0 + rows, count) }
  }

  private func renumber(_ spans: UnsafeMutableBufferPointer<SpanRecord>) {
    places.renumber(spans)
    guard !symbols.isIdentity else { return }
    var numbers = SymbolRenumbering(symbols)
    for index in spans.indices { numbers.renumber(&spans[index].name) }
  }

  private static func renumber(_ endpoint: inout Endpoint, _ numbers: inout SymbolRenumbering) {
    numbers.renumber(&endpoint.service)
    numbers.renumber(&endpoint.ipv4)
    numbers.renumber(&endpoint.ipv6)
  }
}
