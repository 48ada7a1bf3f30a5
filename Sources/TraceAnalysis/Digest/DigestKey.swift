import TraceModel

/// What a row of a digest is about; equal keys are one row.
protocol DigestKey: Comparable, Hashable, Sendable {
  /// The places of keys in their order.
  static func order(of keys: [Self]) -> [Int]
}

extension DigestKey {
  static func order(of keys: [Self]) -> [Int] { keys.indices.sorted { keys[$0] < keys[$1] } }
}

/// A key of several numbers, ordered by the first that differs.
struct RowKey: DigestKey {
  var first: Int
  var second: Int = 0
  var third: Int = 0
  var fourth: Int = 0
  var fifth: Int = 0

  init(_ first: Int, _ second: Int = 0, _ third: Int = 0, _ fourth: Int = 0, _ fifth: Int = 0) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
    self.fifth = fifth
  }

  static func < (left: RowKey, right: RowKey) -> Bool {
    if left.first != right.first { return left.first < right.first }
    if left.second != right.second { return left.second < right.second }
    if left.third != right.third { return left.third < right.third }
    if left.fourth != right.fourth { return left.fourth < right.fourth }
    return left.fifth < right.fifth
  }
}

/// A key of any number of numbers, ordered by the first that differs, then by length.
struct ListKey: DigestKey {
  var values: [Int]

  init(_ values: [Int]) { self.values = values }

  static func < (left: ListKey, right: ListKey) -> Bool {
    left.values.lexicographicallyPrecedes(right.values)
  }
}

extension RowKey {
  /// The places of keys in their order.
  ///
  /// Most tables have keys of few bits: they are packed into one number each, which is quicker to order.
  ///
  ///     first │ second │ third │ fourth │ fifth      each less its smallest, in as many bits as its largest needs
  static func order(of keys: [RowKey]) -> [Int] {
    guard let packing = RowKeyPacking(keys) else { return keys.indices.sorted { keys[$0] < keys[$1] } }
    var packed: [(key: UInt64, place: Int)] = []
    packed.reserveCapacity(keys.count)
    for place in keys.indices { packed.append((packing.pack(keys[place]), place)) }
    packed.sort { $0.key < $1.key }
    return packed.map(\.place)
  }
}

/// How many bits each part of a set of keys needs.
private struct RowKeyPacking {
  private var least: RowKey
  private var bits = (0, 0, 0, 0)

  /// Fails when the keys need more than 64 bits.
  init?(_ keys: [RowKey]) {
    guard let some = keys.first else { return nil }
    least = some
    var greatest = some
    for key in keys {
      least.first = min(least.first, key.first)
      least.second = min(least.second, key.second)
      least.third = min(least.third, key.third)
      least.fourth = min(least.fourth, key.fourth)
      least.fifth = min(least.fifth, key.fifth)
      greatest.first = max(greatest.first, key.first)
      greatest.second = max(greatest.second, key.second)
      greatest.third = max(greatest.third, key.third)
      greatest.fourth = max(greatest.fourth, key.fourth)
      greatest.fifth = max(greatest.fifth, key.fifth)
    }
    bits = (
      Self.bits(least.second, greatest.second), Self.bits(least.third, greatest.third),
      Self.bits(least.fourth, greatest.fourth), Self.bits(least.fifth, greatest.fifth)
    )
    let all = Self.bits(least.first, greatest.first) + bits.0 + bits.1 + bits.2 + bits.3
    guard all <= 64 else { return nil }
  }

  /// The bits that numbers between two need once the smaller is taken off.
  private static func bits(_ least: Int, _ greatest: Int) -> Int {
    64 - UInt64(bitPattern: Int64(greatest &- least)).leadingZeroBitCount
  }

  func pack(_ key: RowKey) -> UInt64 {
    var packed = UInt64(bitPattern: Int64(key.first &- least.first))
    packed = packed << UInt64(bits.0) | UInt64(bitPattern: Int64(key.second &- least.second))
    packed = packed << UInt64(bits.1) | UInt64(bitPattern: Int64(key.third &- least.third))
    packed = packed << UInt64(bits.2) | UInt64(bitPattern: Int64(key.fourth &- least.fourth))
    return packed << UInt64(bits.3) | UInt64(bitPattern: Int64(key.fifth &- least.fifth))
  }
}

extension TraceID: DigestKey {}
