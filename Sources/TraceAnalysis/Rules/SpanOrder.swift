import TraceModel

/// The spans of a store by a key, and those of one key in the order of the data: by archive, then by place in it.
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

  }

  private struct PlaceOrder: RowOrder {
    func isBefore(_ left: Place, _ right: Place) -> Bool {
      if left.key != right.key { return left.key < right.key }
      if left.archive != right.archive { return left.archive < right.archive }
      if left.offset != right.offset { return left.offset < right.offset }
      // Spans of one line may share an offset; within a table they lie in reading order.
      return left.index != right.index ? left.index < right.index : left.table < right.table
    }
  }

  /// Spans lie anywhere: after so many, pages are let go of.
  private static let spansInMemory = 1 << 13

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
    self.places = places.sorted(threads: walk.threadCount)
  }

  /// Shows all spans in order.
  func forEach(_ body: (Key, SpanRecord) -> Void) {
    for number in 0..<places.count {
      let place = places[number]
      body(place.key, store.shards[Int(place.table)].table.spans[Int(place.index)])
      if number % Self.spansInMemory == 0 {
        places.leaveMemory()
        store.leaveMemory()
      }
    }
  }
}
