/// A trace among all others, by the slot in which it begins, and by where the span is that begins it.
///
///     slot      table     row          number of the group
///     16 bits   16 bits   32 bits      64 bits
///
/// Slots cannot tell times apart where clocks are wrong or missing: those traces are in the order of the archives, so that what
/// one of them touches lies beside what the one before it touched.
struct TraceOrderKey: BitwiseCopyable, Comparable {
  private var slotAndPlace: UInt64
  /// The number of the group: its place among all that there is room for.
  private(set) var group: Int

  /// - `first`: the span of the group that begins first.
  init(_ first: PartitionEntry, group: Int) {
    slotAndPlace = first.slotAndPlace
    self.group = group
  }

  static func < (left: TraceOrderKey, right: TraceOrderKey) -> Bool { left.slotAndPlace < right.slotAndPlace }
}
