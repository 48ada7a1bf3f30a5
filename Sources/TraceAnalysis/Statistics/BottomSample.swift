import TraceModel

/// For each number the few traces whose ids have the smallest hashes: a sample that does not depend on any order.
///
/// - Complexity: `add` is O(1) for most traces, since few are among the smallest.
struct BottomSample: ~Copyable {
  private let size: Int
  private var slots = Column<ProbedTrace>()

  /// Keeps so many traces of each number.
  init(size: Int) { self.size = size }

  @inline(__always)
  mutating func add(_ number: Int, _ trace: TraceID) {
    while slots.count < (number + 1) * size { slots.append(ProbedTrace.none) }
    let probe = ProbedTrace(trace)
    if probe.hash < slots[(number + 1) * size - 1].hash { insert(number, probe) }
  }

  @inline(never)
  private mutating func insert(_ number: Int, _ probe: ProbedTrace) {
    var place = (number + 1) * size - 1
    while place > number * size, probe.hash < slots[place - 1].hash {
      slots[place] = slots[place - 1]
      place -= 1
    }
    slots[place] = probe
  }

  /// The traces of a number, smallest hash first.
  func traces(_ number: Int) -> [ProbedTrace] {
    guard (number + 1) * size <= slots.count else { return [] }
    return slots.elements(from: number * size, count: size).filter { $0.hash != ProbedTrace.none.hash }
  }
}

/// A trace with the hash that samples are chosen by.
struct ProbedTrace: BitwiseCopyable, Sendable, Equatable {
  var hash: UInt64
  var id: TraceID

  static let none = ProbedTrace(hash: .max, id: .absent)

  private init(hash: UInt64, id: TraceID) {
    self.hash = hash
    self.id = id
  }

  @inline(__always)
  init(_ id: TraceID) {
    hash = min(KeyIndex.scatter(id.low ^ KeyIndex.scatter(id.high &+ 1)), .max - 1)
    self.id = id
  }
}
