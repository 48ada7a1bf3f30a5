/// Where a span of a store is: the number of its table and its row there, in 8 bytes.
package struct SpanPlace: BitwiseCopyable, Sendable, Hashable {
  /// The table in the upper half, the row in the lower.
  package var rawValue: UInt64

  /// Makes a place of its parts.
  @inline(__always)
  package init(table: Int, row: Int) {
    rawValue = UInt64(truncatingIfNeeded: table) << 32 | UInt64(truncatingIfNeeded: row)
  }

  init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The number of the table.
  @inline(__always)
  package var table: Int { Int(truncatingIfNeeded: rawValue >> 32) }

  /// The row in the table.
  @inline(__always)
  package var row: Int { Int(truncatingIfNeeded: rawValue & 0xffff_ffff) }
}

/// A span among those of its partition, with what it is grouped by.
struct PartitionEntry: BitwiseCopyable, Sendable {
  /// The low half of the trace id, multiplied by an odd number: spreads ids over the partitions, and can be undone.
  var key: UInt64
  /// The high half of the trace id.
  var high: UInt64
  /// The slot in which it begins in the upper 16 bits, the number of its table in the next 16, and its row.
  private(set) var slotAndPlace: UInt64

  private static let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15
  /// The number that undoes a multiplication by `multiplier`.
  private static let inverse: UInt64 = 0xf1de_83e1_9937_733d

  /// - `slot`: a number of `TimeSlots`.
  @inline(__always)
  init(_ record: SpanRecord, key: UInt64, place: SpanPlace, slot: Int) {
    self.key = key
    high = record.traceID.high
    slotAndPlace = UInt64(truncatingIfNeeded: slot << 48 | place.table << 32 | place.row)
  }

  /// Where the span is.
  @inline(__always)
  var place: SpanPlace {
    SpanPlace(
      table: Int(truncatingIfNeeded: slotAndPlace >> 32 & 0xffff),
      row: Int(truncatingIfNeeded: slotAndPlace & 0xffff_ffff))
  }

  /// The slot in which it begins.
  @inline(__always)
  var slot: Int { Int(truncatingIfNeeded: slotAndPlace >> 48) }

  /// The key of a low half.
  @inline(__always)
  static func key(ofLow low: UInt64) -> UInt64 { low &* multiplier }

  /// The trace id as it was read.
  var traceID: TraceID { TraceID(high: high, low: key &* Self.inverse) }

  @inline(__always)
  func isOfSameTrace(as other: PartitionEntry) -> Bool { key == other.key && high == other.high }

  @inline(__always)
  static func isOrdered(_ left: PartitionEntry, _ right: PartitionEntry) -> Bool {
    left.key != right.key ? left.key < right.key : left.high < right.high
  }
}
