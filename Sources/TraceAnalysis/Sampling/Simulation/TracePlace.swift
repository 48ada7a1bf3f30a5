import TraceModel

/// The place of a trace among all, to be put into another order.
struct TracePlace: BitwiseCopyable {
  var time: Int64
  var id: TraceID
  var place: Int

  /// By time, then id.
  struct Order: RowOrder {
    func isBefore(_ left: TracePlace, _ right: TracePlace) -> Bool {
      left.time != right.time ? left.time < right.time : left.id < right.id
    }
  }

  /// The places of traces in order.
  static func sorted(_ places: some Sequence<TracePlace>, in space: SpillSpace?) -> StoredRows<TracePlace> {
    var runs = SortedRuns(in: space, Order())
    for place in places { runs.add(place) }
    return StoredRows(runs.sorted(threads: 1))
  }
}
