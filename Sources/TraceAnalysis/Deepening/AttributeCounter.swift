import TraceModel

/// Counts in how many requests of each set a value of an attribute occurs.
///
/// Values are numbered as they come; in a request each counts once. Keys with too many values are dropped on the way.
struct AttributeCounter: ~Copyable {
  /// The most values of one attribute; attributes with more are ids of some kind.
  static let mostValues = 40
  /// The most values of all attributes; with more, none is counted, since they would fill memory.
  static let mostPairs = 1 << 19

  /// True when there are too many values; then only the sizes of sets are known.
  private(set) var hasTooMany = false
  private let mostPairs: Int
  private var attributeIndex = KeyIndex()
  private var valueCounts = Column<Int32>()
  private var pairIndex = KeyIndex()
  private var lastRequest = Column<Int32>()
  private var request: Int32 = 0
  private var current: [Int] = []
  private var counts = CellCounter()
  private var sets: [ProbePlan.SetKey] = []
  private var setNumbers: [ProbePlan.SetKey: Int] = [:]
  private var sizes: [Int] = []

  /// - `mostPairs`: the most values of all attributes.
  init(mostPairs: Int = Self.mostPairs) { self.mostPairs = mostPairs }

  /// Turns to the next request.
  mutating func begin() {
    request += 1
    current.removeAll(keepingCapacity: true)
  }

  /// A value that the request carries; asked for only while the attribute has few of them. Not lone.
  mutating func add(_ service: Symbol, _ attribute: Symbol, _ value: () -> Symbol) {
    guard !hasTooMany else { return }
    let key = attributeIndex.place(of: AttributeOfService(service: service, attribute: attribute).packed)
    if key == valueCounts.count { valueCounts.append(0) }
    guard valueCounts[key] <= Int32(Self.mostValues) else { return }
    let pair = pairIndex.place(of: UInt64(key) << 32 | UInt64(value().index))
    if pair == lastRequest.count {
      lastRequest.append(0)
      valueCounts[key] += 1
    }
    guard lastRequest[pair] != request else { return }
    lastRequest[pair] = request
    current.append(pair)
    if lastRequest.count > mostPairs { forget() }
  }

  private mutating func forget() {
    hasTooMany = true
    attributeIndex = KeyIndex()
    valueCounts = Column()
    pairIndex = KeyIndex()
    lastRequest = Column()
    current = []
    counts = CellCounter()
  }

  /// Counts the request in a set.
  mutating func count(in set: ProbePlan.SetKey) {
    let number = setNumbers[set] ?? sets.count
    if number == sets.count {
      setNumbers[set] = number
      sets.append(set)
      sizes.append(0)
    }
    sizes[number] += 1
    for pair in current { counts.add(UInt64(number) << 32 | UInt64(pair)) }
  }

  /// The attributes with too many values, which have no rows.
  func variedAttributes() -> [AttributeOfService] {
    (0..<valueCounts.count).filter { valueCounts[$0] > Int32(Self.mostValues) }.map {
      AttributeOfService(packed: attributeIndex.keys[$0])
    }
  }

  /// What was counted, as rows; the row without an attribute holds the size of its set.
  func rows() -> [AttributeRow] {
    var rows: [AttributeRow] = []
    for (number, set) in sets.enumerated() {
      var row = AttributeRow()
      row.set = set.set
      row.place = set.place
      row.count = sizes[number]
      rows.append(row)
    }
    for (key, count) in counts.sorted() {
      let pair = pairIndex.keys[Int(key & 0xffff_ffff)]
      guard valueCounts[Int(pair >> 32)] <= Int32(Self.mostValues) else { continue }
      var row = rows[Int(key >> 32)]
      row.attributeOfService = AttributeOfService(packed: attributeIndex.keys[Int(pair >> 32)])
      row.value = Symbol(UInt32(truncatingIfNeeded: pair))
      row.count = count
      rows.append(row)
    }
    return rows
  }
}
