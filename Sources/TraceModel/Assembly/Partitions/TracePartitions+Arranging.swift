/// Puts traces into the order in which they are walked: large ones first, so that no thread is left with one at the end,
/// then by the time at which they begin.
///
///     groups by id    t u v | w x            counted by stretch of time, then dealt out
///     by stretch      | w | v t | u x        each stretch sorted by time, then cut into turns
///                       └ large
///
/// Their places move along: those of a stretch lie together afterwards.
extension TracePartitions {
  /// So many spans are looked at in one turn, about. A trace of more is a turn of its own.
  private static let turn = 1 << 12

  /// Fills `places` and `order`, and gives the turns.
  ///
  /// - Complexity: O(spans) in two parallel passes, and sorts of the traces of each stretch.
  func arrange(_ scattered: ScatteredSpans, threads: Int) -> [Range<Int>] {
    let stretches = Stretches(bits: bits)
    // A piece of work is some partitions, and has cursors of its own: where its next trace of each stretch goes.
    let pieces = min(count, threads * 2)
    let cursors = Column<Cursor>(zeroes: pieces * stretches.count)
    nonisolated(unsafe) let base = cursors.memory(for: pieces * stretches.count)
    let partitions = { @Sendable [count] (piece: Int) in
      count * piece / pieces..<count * (piece + 1) / pieces
    }

    ParallelLoop.run(pieces, threads: threads) { piece in
      countTraces(of: partitions(piece), scattered, stretches, base + piece * stretches.count)
    }
    // Counts become places: stretch by stretch, and within one, piece by piece.
    var next = Cursor()
    var ends: [Cursor] = []
    for stretch in 0..<stretches.count {
      for cursor in stride(from: stretch, to: pieces * stretches.count, by: stretches.count) {
        let counted = base[cursor]
        base[cursor] = next
        next.traces += counted.traces
        next.spans += counted.spans
      }
      ends.append(next)
    }
    nonisolated(unsafe) let places = places.fill(next.spans)
    nonisolated(unsafe) let order = order.fill(next.traces)
    nonisolated(unsafe) let ordered = ordered.fill(hasOrderedGroups ? next.traces : 0)
    ParallelLoop.run(pieces, threads: threads) { piece in
      deal(
        partitions(piece), scattered, stretches, base + piece * stretches.count, to: places, order, ordered)
    }
    withExtendedLifetime(cursors) {}

    let turns = Slots<[Range<Int>]>(count: stretches.count)
    let stretchesInMemory = max(1, Self.mostSortedAlong * stretches.count / max(next.traces, 1))
    ParallelLoop.run(stretches.count, threads: threads) { [ends] stretch in
      if stretch % stretchesInMemory == 0 { leaveMemory() }
      let start = stretch == 0 ? Cursor() : ends[stretch - 1]
      let range = start.traces..<ends[stretch].traces
      if ordered.isEmpty {
        var keys = UnsafeMutableBufferPointer(rebasing: order[range])
        keys.sort()
      } else {
        sort(range, of: order, ordered)
      }
      let most = stretch == 0 ? range.count : (ends[stretch].spans - start.spans) / Self.turn + 1
      turns.set(stretch, Self.parts(of: range, min(most, range.count)))
    }
    leaveMemory()
    return turns.values.flatMap(\.self)
  }

  /// The most groups that are sorted along with their keys, 48 bytes each.
  private static let mostSortedAlong = 1 << 17

  /// Sorts groups along with their keys; where very many begin at about the same time, keys alone, and looks for the groups.
  private func sort(
    _ range: Range<Int>, of order: UnsafeMutableBufferPointer<TraceOrderKey>,
    _ ordered: UnsafeMutableBufferPointer<TraceGroup>
  ) {
    guard range.count <= Self.mostSortedAlong else {
      var keys = UnsafeMutableBufferPointer(rebasing: order[range])
      keys.sort()
      for place in range {
        if place % SpillSpace.scatteredRows == 0 { leaveMemory() }
        ordered[place] = groupEntries[order[place].group]
      }
      return
    }
    var rows = range.map { (key: order[$0], group: ordered[$0]) }
    rows.sort { $0.key < $1.key }
    for (place, row) in zip(range, rows) { (order[place], ordered[place]) = row }
  }

  private func countTraces(
    of partitions: Range<Int>, _ scattered: ScatteredSpans, _ stretches: Stretches,
    _ cursors: UnsafeMutablePointer<Cursor>
  ) {
    for partition in partitions {
      leaveMemory(with: scattered, at: partition)
      let entries = scattered[partition]
      for number in groupNumbers(of: partition) {
        let group = groupEntries[number]
        let stretch = stretches.number(of: group, slot: entries[group.start].slot)
        cursors[stretch].traces &+= 1
        cursors[stretch].spans &+= Int(group.count)
      }
    }
    leaveMemory(with: scattered)
  }

  private func deal(
    _ partitions: Range<Int>, _ scattered: ScatteredSpans, _ stretches: Stretches,
    _ cursors: UnsafeMutablePointer<Cursor>, to places: UnsafeMutableBufferPointer<SpanPlace>,
    _ order: UnsafeMutableBufferPointer<TraceOrderKey>, _ ordered: UnsafeMutableBufferPointer<TraceGroup>
  ) {
    for partition in partitions {
      leaveMemory(with: scattered, at: partition)
      let entries = scattered[partition]
      for number in groupNumbers(of: partition) {
        let group = groupEntries[number]
        let first = entries[group.start]
        let stretch = stretches.number(of: group, slot: first.slot)
        let cursor = cursors[stretch]
        for place in 0..<Int(group.count) {
          places[cursor.spans &+ place] = entries[group.start &+ place].place
        }
        order[cursor.traces] = TraceOrderKey(first, group: number)
        groupEntries[number].start = cursor.spans
        if !ordered.isEmpty { ordered[cursor.traces] = groupEntries[number] }
        cursors[stretch].traces &+= 1
        cursors[stretch].spans &+= Int(group.count)
      }
    }
    leaveMemory(with: scattered)
  }

  /// A range cut into so many parts of about equal length.
  private static func parts(of range: Range<Int>, _ count: Int) -> [Range<Int>] {
    (0..<count).map { part in
      range.lowerBound + range.count * part / count..<range.lowerBound + range.count * (part + 1) / count
    }
  }

  /// Numbers of traces and of their spans.
  private struct Cursor: BitwiseCopyable {
    var traces = 0
    var spans = 0
  }

  /// Slots side by side, numbered from 1; 0 is for large traces.
  private struct Stretches {
    /// More would be too many places to write to at the same time.
    private static let mostBits = 9

    let count: Int
    private let shift: Int

    /// - `bits`: 2 to this power is the number of partitions, and of stretches if they are not too many.
    init(bits: Int) {
      let bits = min(bits, Self.mostBits)
      count = 1 << bits + 1
      shift = TimeSlots.bits - bits
    }

    /// The stretch of a trace that begins in a slot.
    @inline(__always)
    func number(of group: TraceGroup, slot: Int) -> Int {
      Int(group.count) > TracePartitions.turn ? 0 : slot >> shift + 1
    }
  }
}
