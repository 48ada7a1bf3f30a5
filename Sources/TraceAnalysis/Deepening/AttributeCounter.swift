import TraceModel

/// Counts in how many requests of each set a value of an attribute occurs.
///
/// Values are numbered as they come; in a request each counts once. Keys with too many values are dropped on the way.
/// What is told does not depend on the order of requests.
///
/// Counts lie one set beside the other, and one value below the other:
///
///              set 0   set 1   set 2
///     value 0      3       0      12
///     value 1      0       1       4
struct AttributeCounter: ~Copyable {
  /// The most values of one attribute; attributes with more are ids of some kind.
  static let mostValues = 40
  /// A value must be on so many requests of one of the sets that it is counted in: rare ones explain nothing, and would
  /// fill files.
  static let leastCount = 3
  /// The most values of all attributes. With more, or with more counts or rows than there is room for, no value is told,
  /// since they would fill memory.
  private static let mostPairs = 1 << 18
  private static let mostCounts = 1 << 22
  private static let mostRows = 1 << 18

  private let sets: [ProbePlan.SetKey]
  private let mostPairs: Int
  private let mostRows: Int
  private var hasTooMany = false
  private var sizes: [Int]
  private var attributeIndex = KeyIndex()
  private var valueCounts = Column<Int32>()
  private var pairIndex = KeyIndex()
  private var lastRequest = Column<Int32>()
  private var counts = Column<Int32>()
  private var request: Int32 = 0
  private var current: [Int] = []

  /// - `sets`: those that requests are counted in, by number.
  init(sets: [ProbePlan.SetKey], mostPairs: Int = Self.mostPairs, mostRows: Int = Self.mostRows) {
    self.sets = sets
    self.mostPairs = min(mostPairs, Self.mostCounts / max(1, sets.count))
    self.mostRows = mostRows
    sizes = Array(repeating: 0, count: sets.count)
  }

  /// Turns to the next request.
  mutating func begin() {
    request += 1
    current.removeAll(keepingCapacity: true)
  }

  /// A value that the request carries; asked for only while the attribute has few of them. Not lone.
  mutating func add(_ service: Symbol, _ attribute: Symbol, _ value: () -> Symbol) {
    guard !hasTooMany else { return }
    let key = attributeIndex.place(of: UInt64(service.index) << 32 | UInt64(attribute.index))
    if key == valueCounts.count { valueCounts.append(0) }
    guard valueCounts[key] <= Int32(Self.mostValues) else { return }
    let pair = pairIndex.place(of: UInt64(key) << 32 | UInt64(value().index))
    if pair == lastRequest.count {
      guard pair < mostPairs else { return forget() }
      lastRequest.append(0)
      for _ in sets { counts.append(0) }
      valueCounts[key] += 1
    }
    guard lastRequest[pair] != request else { return }
    lastRequest[pair] = request
    current.append(pair)
  }

  private mutating func forget() {
    hasTooMany = true
    attributeIndex = KeyIndex()
    valueCounts = Column()
    pairIndex = KeyIndex()
    lastRequest = Column()
    counts = Column()
    current = []
  }

  /// Counts the request in a set.
  mutating func count(in set: Int) {
    sizes[set] += 1
    for pair in current { counts[pair * sets.count + set] &+= 1 }
  }

  /// What was counted, as rows; the row without an attribute holds the size of its set.
  ///
  /// - Complexity: O(values × sets).
  func rows() -> [AttributeRow] {
    let ofSets = sets.indices.map { set in
      var row = AttributeRow()
      row.set = sets[set].set
      row.place = sets[set].place
      row.count = sizes[set]
      return row
    }
    let met = ofSets.filter { $0.count > 0 }
    var rows = met
    for pair in 0..<lastRequest.count where isTold(pair) {
      let attribute = Int(pairIndex.keys[pair] >> 32)
      for set in sets.indices where counts[pair * sets.count + set] > 0 {
        guard rows.count < mostRows else { return met }
        var row = ofSets[set]
        row.service = Symbol(UInt32(truncatingIfNeeded: attributeIndex.keys[attribute] >> 32))
        row.attribute = Symbol(UInt32(truncatingIfNeeded: attributeIndex.keys[attribute]))
        row.value = Symbol(UInt32(truncatingIfNeeded: pairIndex.keys[pair]))
        row.count = Int(counts[pair * sets.count + set])
        rows.append(row)
      }
    }
    return rows
  }

  private func isTold(_ pair: Int) -> Bool {
    guard valueCounts[Int(pairIndex.keys[pair] >> 32)] <= Int32(Self.mostValues) else { return false }
    let start = pair * sets.count
    return (start..<start + sets.count).contains { counts[$0] >= Int32(Self.leastCount) }
  }
}
