/// Numbers that were found lately for keys, to be found again without work; each has one place where it may stand.
///
/// Takes memory when the first one is kept. The key of all ones is not allowed.
struct RecentNumbers: ~Copyable {
  private static let size = 1 << 12

  private var keys: [UInt64] = []
  private var numbers: [UInt64] = []

  init() {}

  /// The number of a key if it was kept and no other has taken its place.
  func find(_ key: UInt64) -> UInt64? {
    guard !keys.isEmpty else { return nil }
    let place = Self.place(of: key)
    return keys[place] == key ? numbers[place] : nil
  }

  /// Keeps the number of a key.
  mutating func keep(_ number: UInt64, for key: UInt64) {
    if keys.isEmpty {
      keys = Array(repeating: .max, count: Self.size)
      numbers = Array(repeating: 0, count: Self.size)
    }
    let place = Self.place(of: key)
    (keys[place], numbers[place]) = (key, number)
  }

  /// The number of a key, which is asked for when it is not known.
  mutating func number(of key: UInt64, or make: () -> UInt64) -> UInt64 {
    if let known = find(key) { return known }
    let number = make()
    keep(number, for: key)
    return number
  }

  private static func place(of key: UInt64) -> Int {
    Int(truncatingIfNeeded: KeyIndex.scatter(key)) & (size - 1)
  }
}
