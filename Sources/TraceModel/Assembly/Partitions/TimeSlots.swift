/// Cuts the time that the spans of a store take into up to 65,536 slots of equal length, to put traces in order by.
///
///     spans    ·        · ··· ·· ····· ··· ···· ·  ·            ·
///     slots         0 0 | 1 | 2 | 3 | … … | n n n
///
/// The slots are laid where nearly all spans are, as a sample shows: a few wrong clocks do not stretch them. What begins
/// before or after falls into the first or the last one.
struct TimeSlots {
  /// A slot's number takes so many bits.
  static let bits = 16

  private static let samples = 1_024
  // Moments as numbers from 0 up, so that no difference overflows.
  private let start: UInt64
  private let end: UInt64
  /// 2 to this power is the length of a slot in nanoseconds.
  private let shift: UInt64

  /// Lays slots over the spans of a store.
  init(_ store: SpanStore) {
    var starts: [UInt64] = []
    for (number, shard) in store.shards.enumerated() {
      let count = shard.table.spans.count
      let wanted = max(Self.samples * count / max(store.spanCount, 1), min(count, 1))
      for sample in 0..<wanted {
        let place = SpanPlace(table: number, row: count * sample / wanted)
        starts.append(Self.offset(store.record(at: place).start))
      }
    }
    starts.sort()
    let low = starts.isEmpty ? 0 : starts[starts.count / 64]
    let high = starts.isEmpty ? 0 : starts[starts.count - 1 - starts.count / 64]
    // As much on both sides as the sample leaves out there, and some more.
    let margin = (high - low) / 32
    start = low - min(low, margin)
    end = high + min(UInt64.max - high, margin)
    shift = UInt64(max(0, UInt64.bitWidth - Self.bits - (end - start).leadingZeroBitCount))
  }

  /// The slot in which a span begins.
  @inline(__always)
  func number(_ moment: UnixNanoseconds) -> Int {
    Int(truncatingIfNeeded: (min(max(Self.offset(moment), start), end) &- start) >> shift)
  }

  @inline(__always)
  private static func offset(_ moment: UnixNanoseconds) -> UInt64 {
    UInt64(bitPattern: moment.rawValue) ^ (1 << 63)
  }
}
