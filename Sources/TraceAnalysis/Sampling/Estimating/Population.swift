import TraceModel

/// Requests that are looked at together, sorted by duration within each group, so that every policy finds percentiles
/// in one pass.
///
///     items   group 0: 2 ms of trace 7, 5 ms of trace 1, … | group 1: …       by group and duration
///     turns   trace 1: place 1 | trace 7: place 0 | …                         the same by trace
///
/// What is known by trace, such as weights, is read from the first to the last with the turns, and put into the order of
/// the items by sorting: looking it up from there would touch a page of a file for each.
struct Population: Sendable {
  /// A request.
  struct Item: PartOfTrace, Sendable {
    var group: Int32
    var traceAndError: UInt32
    var duration: Int64

    /// The same where all requests are one group.
    var inOneGroup: Item { Item(group: 0, traceAndError: traceAndError, duration: duration) }
  }

  /// Where a request is among the items.
  struct Turn: PartOfTrace, Sendable {
    var group: Int32
    var traceAndError: UInt32
    var place: Int
  }

  let items: StoredRows<Item>
  /// The items of each group.
  let groups: [Range<Int>]
  /// By trace, and by place within one.
  let turns: StoredRows<Turn>
  /// How many requests each item stands for in truth; nil when every one is one.
  let standings: StoredRows<Double>?

  private struct Order: RowOrder {
    func isBefore(_ left: Item, _ right: Item) -> Bool {
      (left.group, left.duration, left.traceAndError) < (right.group, right.duration, right.traceAndError)
    }
  }

  private struct TurnOrder: RowOrder {
    func isBefore(_ left: Turn, _ right: Turn) -> Bool {
      left.trace != right.trace ? left.trace < right.trace : left.place < right.place
    }
  }

  private struct Standing: BitwiseCopyable {
    var place: Int
    var traces: Double
  }

  private struct StandingOrder: RowOrder {
    func isBefore(_ left: Standing, _ right: Standing) -> Bool { left.place < right.place }
  }

  /// Sorts requests into groups numbered from 0.
  ///
  /// - Parameters:
  ///   - standing: how many traces each trace stands for in truth; nil when every trace is one.
  ///   - isEstimated: false when only lengths are asked for.
  ///   - space: where they go; nil for memory.
  /// - Complexity: O(n log n).
  init(
    _ unsorted: some Sequence<Item>, groups count: Int, standing: StoredRows<Double>? = nil,
    isEstimated: Bool = true, in space: SpillSpace? = nil
  ) {
    var runs = SortedRuns(in: space, Order())
    for item in unsorted { runs.add(item) }
    let items = StoredRows(runs.sorted(threads: 1))
    var turns = SortedRuns(in: space, TurnOrder())
    var groups = [Range<Int>](repeating: 0..<0, count: count)
    var (start, group) = (0, -1)
    for (place, item) in items.enumerated() {
      if isEstimated {
        turns.add(Turn(group: item.group, traceAndError: item.traceAndError, place: place))
      }
      guard Int(item.group) != group else { continue }
      if group >= 0 { groups[group] = start..<place }
      (start, group) = (place, Int(item.group))
    }
    if group >= 0 { groups[group] = start..<items.count }
    self.items = items
    self.groups = groups
    let sorted = StoredRows(turns.sorted(threads: 1))
    self.turns = sorted
    standings = standing.map { Self.standings(sorted, $0, in: space) }
  }

  private static func standings(
    _ turns: StoredRows<Turn>, _ standing: StoredRows<Double>, in space: SpillSpace?
  ) -> StoredRows<Double> {
    var runs = SortedRuns(in: space, StandingOrder())
    for (number, turn) in turns.enumerated() {
      if RowStretch.ends(behind: number) { standing.leaveMemory() }
      runs.add(Standing(place: turn.place, traces: standing[turn.trace]))
    }
    return StoredRows(StoredRows(runs.sorted(threads: 1)).lazy.map(\.traces), in: space)
  }
}
