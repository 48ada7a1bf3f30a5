/// What the metadata of a trace store says of its blocks: their number, size and traces by day.
///
/// Takes one entry a day, however many blocks there are.
public struct StoredBlocks: Sendable, Equatable {
  /// The blocks that begin on one day.
  public struct Day: Sendable, Equatable {
    /// The number of blocks.
    public var blocks: Int = 0
    /// Their size in bytes.
    public var bytes: Int64 = 0
    /// The traces in them.
    public var traces: Int64 = 0
  }

  private var days: [Int64: Day] = [:]

  /// Starts with none.
  public init() {}

  /// True when no block was met.
  public var isEmpty: Bool { days.isEmpty }

  /// The days on which blocks begin, as days since 1970 in UTC, in their order.
  public var byDay: [(day: Int64, blocks: Day)] { days.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

  /// Adds a block; impossible numbers count as 0, sums are held at the largest number.
  public mutating func add(start: UnixNanoseconds, bytes: Int64, traces: Int64) {
    let number = start.rawValue / 86_400_000_000_000
    var day = days[number] ?? Day()
    day.blocks += 1
    day.bytes = Self.sum(day.bytes, max(0, bytes))
    day.traces = Self.sum(day.traces, max(0, traces))
    days[number] = day
  }

  private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}
