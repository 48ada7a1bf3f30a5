/// The spans of one trace, as a range of all places.
public struct TraceGroup: Sendable, BitwiseCopyable {
  /// The id the trace is shown under: the 128-bit one where a 64-bit id was joined to it.
  public var id: TraceID
  /// Where its spans begin among all places; among those of its partition until traces are arranged.
  public var start: Int
  /// How many spans it has.
  public var count: UInt32
  /// A 64-bit and the 128-bit form of the id were joined.
  public var wasJoined: Bool
  /// A 64-bit id that fits several 128-bit ids.
  public var isAmbiguous: Bool
  /// It begins outside the window that was asked for, and takes no part.
  public var isOutside = false
  /// A span of it was refused, so that it is not complete.
  public var hasRefusedSpans = false
}

/// Decides which spans of a sorted partition make a trace.
///
///     low half     aaaa aaaa aaaa | bbbb bbbb | cccc cccc cccc
///     high half       0    7    7 |    0    0 |    0    7    9
///     traces       [ joined      ]  [ plain  ]  [ ]  [ ]  [ ]       the 64-bit cccc is ambiguous
///
/// A 64-bit id joins the only 128-bit id that ends in the same digits. Zipkin does so only when told to, Jaeger never;
/// but fleets half way to 128-bit ids report one trace under both, and a false join needs two random halves to meet.
enum TraceGrouping {
  /// The traces of a partition. Of the spans of each, that which begins first is put first.
  static func groups(of entries: UnsafeMutableBufferPointer<PartitionEntry>, strictTraceID: Bool)
    -> [TraceGroup]
  {
    var groups: [TraceGroup] = []
    var start = 0
    while start < entries.count {
      let key = entries[start].key
      var end = start
      var distinctHighs = 0
      while end < entries.count, entries[end].key == key {
        let isNew = end == start || entries[end].high != entries[end &- 1].high
        if isNew, entries[end].high != 0 { distinctHighs += 1 }
        end += 1
      }
      append(entries, start..<end, distinctHighs, strictTraceID, to: &groups)
      start = end
    }
    return groups
  }

  /// Appends the traces of one low half: `distinctHighs` counts its different 128-bit ids.
  private static func append(
    _ entries: UnsafeMutableBufferPointer<PartitionEntry>, _ range: Range<Int>, _ distinctHighs: Int,
    _ strictTraceID: Bool, to groups: inout [TraceGroup]
  ) {
    let has64Bit = entries[range.lowerBound].high == 0
    if distinctHighs == 0 || distinctHighs == 1 && (!has64Bit || !strictTraceID) {
      groups.append(group(entries, range, wasJoined: has64Bit && distinctHighs == 1))
      return
    }
    var start = range.lowerBound
    for place in range where place + 1 == range.upperBound || entries[place + 1].high != entries[start].high {
      var found = group(entries, start..<place + 1, wasJoined: false)
      found.isAmbiguous = !strictTraceID && found.id.is64Bit
      groups.append(found)
      start = place + 1
    }
  }

  /// The highest id stands last, and it is the one shown.
  private static func group(
    _ entries: UnsafeMutableBufferPointer<PartitionEntry>, _ range: Range<Int>, wasJoined: Bool
  ) -> TraceGroup {
    let id = entries[range.upperBound - 1].traceID
    var first = range.lowerBound
    for place in range where entries[place].slotAndPlace < entries[first].slotAndPlace { first = place }
    entries.swapAt(range.lowerBound, first)
    return TraceGroup(
      id: id, start: range.lowerBound, count: UInt32(range.count), wasJoined: wasJoined, isAmbiguous: false)
  }
}
