/// What siblings are ordered by: start, span id, unshared first, ordinal. Unique within a trace.
struct OrderKey: BitwiseCopyable {
  var start: Int64
  var id: UInt64
  /// The ordinal, above it one bit for a shared half.
  var number: UInt32
  var node: Int32

  @inline(__always)
  init(_ node: SpanNode, number: Int32) {
    start = max(node.start, 0)
    id = node.id
    self.number = UInt32(bitPattern: node.ordinal) | (node.marks.contains(.shared) ? 1 << 31 : 0)
    self.node = number
  }

  /// So many neighbours are sorted by insertion before such runs are merged.
  private static let run = 16

  /// Sorts keys with the memory of a second column, which ends up with either of the two.
  ///
  ///     runs by insertion     [ 3 7 9 … ] [ 1 4 8 … ] [ 2 5 6 … ]
  ///     merged two by two     [ 1 3 4 7 8 9 … ] [ 2 5 6 … ]           until there is one
  ///
  /// - Complexity: O(n log n).
  static func sort(_ keys: inout Column<OrderKey>, with other: inout Column<OrderKey>) {
    let count = keys.count
    if count <= run, sortByRank(&keys, with: &other) { return }
    for start in stride(from: 0, to: count, by: run) {
      SmallSort.sort(
        UnsafeMutableBufferPointer(rebasing: keys.mutableElements[start..<min(start + run, count)]),
        by: isOrdered)
    }
    var width = run
    while width < count {
      let source = keys.elements
      let target = other.fill(count)
      for start in stride(from: 0, to: count, by: width * 2) {
        let middle = min(start + width, count)
        merge(source, start..<middle, middle..<min(middle + width, count), into: target)
      }
      swap(&keys, &other)
      width *= 2
    }
  }

  /// Puts few keys in order by how many come before each: counting has no branches that depend on the keys, as moving
  /// them about has. False, with nothing done, when two spans start at once.
  @inline(__always)
  private static func sortByRank(_ keys: inout Column<OrderKey>, with other: inout Column<OrderKey>) -> Bool {
    let count = keys.count
    let source = keys.elements
    let target = other.fill(count)
    var areEqual = 0
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: run) { ranks in
      for place in 0..<count {
        let start = source[place].start
        var before = 0
        for earlier in 0..<place {
          let isBefore = source[earlier].start < start ? 1 : 0
          areEqual |= source[earlier].start == start ? 1 : 0
          before &+= isBefore
          ranks[earlier] &+= 1 &- isBefore
        }
        ranks[place] = before
      }
      guard areEqual == 0 else { return false }
      for place in 0..<count { target[ranks[place]] = source[place] }
      swap(&keys, &other)
      return true
    }
  }

  /// Merges two sorted neighbours into the same places elsewhere.
  private static func merge(
    _ source: UnsafeBufferPointer<OrderKey>, _ left: Range<Int>, _ right: Range<Int>,
    into target: UnsafeMutableBufferPointer<OrderKey>
  ) {
    var (a, b) = (left.lowerBound, right.lowerBound)
    for place in left.lowerBound..<right.upperBound {
      let takesRight =
        a == left.upperBound || b < right.upperBound && isOrdered(source[b], source[a])
      target[place] = source[takesRight ? b : a]
      if takesRight { b &+= 1 } else { a &+= 1 }
    }
  }

  @inline(__always)
  static func isOrdered(_ left: OrderKey, _ right: OrderKey) -> Bool {
    if left.start != right.start { return left.start < right.start }
    if left.id != right.id { return left.id < right.id }
    return left.number < right.number
  }
}

extension TraceAssembler {
  /// Sorts all spans by start and id: linking them in this order makes every list of siblings sorted.
  mutating func sortByStart() {
    keys.removeAll()
    keys.reserveAtLeast(nodes.count)
    let nodes = nodes.mutableElements
    for number in nodes.indices where !nodes[number].marks.contains(.dropped) {
      keys.append(OrderKey(nodes[number], number: Int32(truncatingIfNeeded: number)))
    }
    OrderKey.sort(&keys, with: &otherKeys)
  }

  /// Links siblings in the order of `keys`, then lists the nodes depth first. What is in a cycle stays unlisted.
  ///
  ///     root ─▸ firstChild A ─▸ firstChild A.1
  ///               │ nextSibling   │ nextSibling
  ///               ▾               ▾
  ///               B               A.2
  mutating func putInOrder() {
    let nodes = nodes.mutableElements
    let keys = keys.elements
    for key in keys {
      nodes[Int(key.node)].firstChild = -1
      nodes[Int(key.node)].place = -1
    }
    firstRoot = -1
    for key in keys.reversed() {
      let parent = nodes[Int(key.node)].parent
      if parent < 0 {
        nodes[Int(key.node)].nextSibling = firstRoot
        firstRoot = key.node
      } else {
        nodes[Int(key.node)].nextSibling = nodes[Int(parent)].firstChild
        nodes[Int(parent)].firstChild = key.node
      }
    }
    order.removeAll()
    order.reserveAtLeast(keys.count)
    var current = firstRoot
    while current >= 0 {
      nodes[Int(current)].place = Int32(truncatingIfNeeded: order.count)
      order.append(current)
      if nodes[Int(current)].firstChild >= 0 {
        current = nodes[Int(current)].firstChild
        continue
      }
      while current >= 0, nodes[Int(current)].nextSibling < 0 { current = nodes[Int(current)].parent }
      if current >= 0 { current = nodes[Int(current)].nextSibling }
    }
  }
}

/// Sorts short lists by insertion, long ones as the standard library does.
enum SmallSort {
  /// - Complexity: O(n log n), O(n) for what is sorted already.
  @inline(__always)
  static func sort<Element>(
    _ elements: UnsafeMutableBufferPointer<Element>, by isOrdered: (Element, Element) -> Bool
  ) {
    guard elements.count > 1 else { return }
    guard elements.count <= 40 else {
      var elements = elements
      return elements.sort(by: isOrdered)
    }
    for place in 1..<elements.count {
      let element = elements[place]
      var hole = place
      while hole > 0, isOrdered(element, elements[hole &- 1]) {
        elements[hole] = elements[hole &- 1]
        hole &-= 1
      }
      elements[hole] = element
    }
  }
}
