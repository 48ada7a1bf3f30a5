import TraceModel

/// The spans of a store in the order of the data: by archive, then by place in it.
enum SpanOrder {
  /// Where a span is.
  struct Place: BitwiseCopyable {
    var archive: UInt32
    var table: UInt16
    var index: UInt32
    var offset: UInt64
  }

  /// The places of all spans whose traces take part.
  static func places(of walk: TraceWalk) -> [Place] {
    let store = walk.store
    var places: [Place] = []
    places.reserveCapacity(store.spanCount)
    for (table, shard) in store.shards.enumerated() {
      for index in 0..<shard.table.spans.count {
        let span = shard.table.spans[index]
        guard walk.takesPart(span) else { continue }
        places.append(
          Place(
            archive: span.archive, table: UInt16(truncatingIfNeeded: table),
            index: UInt32(truncatingIfNeeded: index), offset: span.archiveOffset))
      }
    }
    // Spans of one line may share an offset; within a table they lie in reading order.
    places.sort {
      if $0.archive != $1.archive { return $0.archive < $1.archive }
      return $0.offset != $1.offset ? $0.offset < $1.offset : $0.index < $1.index
    }
    return places
  }

  static func span(_ place: Place, in store: SpanStore) -> SpanRecord {
    store.shards[Int(place.table)].table.spans[Int(place.index)]
  }
}
