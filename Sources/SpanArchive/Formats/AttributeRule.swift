import TraceModel

extension SpanTable {
  /// Leaves the last of several attributes with one key, and says whether there were any.
  ///
  /// - Complexity: O(attributes) when all keys differ, nearly always.
  @inline(__always)
  mutating func dropRepeatedKeys(from start: Int) -> Bool {
    mayRepeatKeys(from: start) && dropRepeatedKeysSlowly(from: start)
  }

  /// False when all keys differ; may be true then, too, but hardly ever is.
  @inline(__always)
  func mayRepeatKeys(from start: Int) -> Bool {
    let count = attributes.count &- start
    guard count > 1 else { return false }
    var low: UInt64 = 0
    var high: UInt64 = 0
    var mayRepeat = false
    for attribute in attributes.elements(from: start, count: count) {
      let bit = UInt64(1) << UInt64(attribute.key.index & 63)
      if attribute.key.index & 64 == 0 {
        mayRepeat = mayRepeat || low & bit != 0
        low |= bit
      } else {
        mayRepeat = mayRepeat || high & bit != 0
        high |= bit
      }
    }
    return mayRepeat
  }

  @inline(never)
  private mutating func dropRepeatedKeysSlowly(from start: Int) -> Bool {
    var seen: Set<UInt32> = []
    var kept: [Attribute] = []
    for place in stride(from: attributes.count - 1, through: start, by: -1)
    where seen.insert(attributes[place].key.index).inserted {
      kept.append(attributes[place])
    }
    guard kept.count < attributes.count - start else { return false }
    attributes.truncate(to: start)
    for attribute in kept.reversed() { attributes.append(attribute) }
    return true
  }
}
