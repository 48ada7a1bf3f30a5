import TraceModel

/// The lanes of one service, on each of which spans follow one another: viewers of threads know no overlap.
///
/// - Complexity: O(log lanes) to take one.
struct PerfettoLanes {
  /// A lane and when it is free again; the ones that are free earliest first (a binary heap).
  private var heap: [(freeAt: Int64, thread: Int)] = []
  /// The number of lanes.
  private(set) var count = 0

  /// Takes a lane that is free at `start` until `end`: the one that has been free longest, else nil.
  mutating func reuse(from start: Int64, to end: Int64) -> Int? {
    guard let first = heap.first, first.freeAt <= start else { return nil }
    heap[0].freeAt = end
    siftDown()
    return first.thread
  }

  /// Adds a lane that is taken until `end`.
  mutating func add(_ thread: Int, to end: Int64) {
    count += 1
    heap.append((end, thread))
    var place = heap.count - 1
    while place > 0, heap[place] < heap[(place - 1) / 2] {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func siftDown() {
    var place = 0
    while true {
      let left = 2 * place + 1
      var least = place
      for child in [left, left + 1] where child < heap.count && heap[child] < heap[least] { least = child }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
