import TraceModel

/// The spans of a store, those of one key together and in the order of the data: by archive, then by place in it.
///
///     in memory        a a | b b b | c          by key
///     in files         c | a a | b b b          by the first of each key as they were read: most lie near one another
///
/// Their places lie in temporary files where spans do. One owner; not copied.
///
/// - Complexity: O(*n* log *n*) in the spans.
struct SpanOrder: ~Copyable {
  /// What spans are ordered by.
  struct Key: BitwiseCopyable, Equatable {
    var trace = TraceID.absent
    var span: UInt64 = 0

    static func < (left: Key, right: Key) -> Bool {
      left.trace != right.trace ? left.trace < right.trace : left.span < right.span
    }
  }

  /// Where a span is.
  private struct Place: BitwiseCopyable {
    var key: Key
    var offset: UInt64
    var archive: UInt32
    var index: UInt32
    var table: UInt16
    /// The least of those of its key as they were read, once it is known.
    var home: UInt64 = 0

    /// Where it is among all as they were read.
    var readingPlace: UInt64 { UInt64(table) << 32 | UInt64(index) }
  }

  private struct PlaceOrder: RowOrder {
    func isBefore(_ left: Place, _ right: Place) -> Bool {
      if left.home != right.home { return left.home < right.home }
      if left.key != right.key { return left.key < right.key }
      if left.archive != right.archive { return left.archive < right.archive }
      if left.offset != right.offset { return left.offset < right.offset }
      // Spans of one line may share an offset; within a table they lie in reading order.
      return left.index != right.index ? left.index < right.index : left.table < right.table
    }
  }

  private let store: SpanStore
  private let places: Column<Place>

  /// Orders the spans that have a key, of those whose traces take part.
  init(_ walk: TraceWalk, by key: (SpanRecord) -> Key?) {
    store = walk.store
    var places = SortedRuns(in: store.spill, PlaceOrder())
    for table in store.shards.indices {
      var index: UInt32 = 0
      store.forEachStretch(of: table) { spans in
        for span in spans {
          if walk.takesPart(span), let key = key(span) {
            places.add(
              Place(
                key: key, offset: span.archiveOffset, archive: span.archive, index: index, table: span.table))
          }
          index += 1
        }
      }
    }
    let byKey = places.sorted(threads: walk.threadCount)
    self.places =
      store.isSpilled ? Self.inReadingOrder(byKey, in: store.spill, threads: walk.threadCount) : byKey
  }

  /// Orders keys by the first of their spans as they were read.
  private static func inReadingOrder(
    _ byKey: consuming Column<Place>, in space: SpillSpace?, threads: Int
  ) -> Column<Place> {
    var ordered = SortedRuns(in: space, PlaceOrder())
    var start = 0
    while start < byKey.count {
      var home = UInt64.max
      var end = start
      while end < byKey.count, byKey[end].key == byKey[start].key {
        home = min(home, byKey[end].readingPlace)
        end += 1
        if RowStretch.ends(behind: end) { byKey.leaveMemory() }
      }
      for number in start..<end {
        var place = byKey[number]
        place.home = home
        ordered.add(place)
        if RowStretch.ends(behind: number) { byKey.leaveMemory() }
      }
      start = end
    }
    return ordered.sorted(threads: threads)
  }

  /// Shows all spans, those of one key one after another.
  func forEach(_ body: (Key, SpanRecord) -> Void) {
    var touched = TouchedRegions(in: store.spill)
    for number in 0..<places.count {
      let place = places[number]
      body(place.key, store.record(at: SpanPlace(table: Int(place.table), row: Int(place.index))))
      if touched.areTooMany(with: places.address(of: number)) { places.leaveMemory() }
    }
  }
}
