/// Finds the first node of a span id: open addressing with linear probing, emptied for each trace.
///
/// Ids are mixed with random numbers, so that hostile ids cannot be made to collide; no output depends on them.
struct IDIndex: ~Copyable {
  private var slots = Column<Int32>()
  private var mask = 0
  private let salt = UInt64.random(in: .min ... .max)
  private let multiplier = UInt64.random(in: .min ... .max) | 1

  /// Empties it and makes room for so many ids.
  @inline(__always)
  mutating func reset(for count: Int) {
    var capacity = 8
    while capacity < count &* 2 { capacity &*= 2 }
    slots.reset(to: capacity, repeating: -1)
    mask = capacity &- 1
  }

  /// The node of an id; −1 when there is none.
  @inline(__always)
  func find(_ id: UInt64, in nodes: UnsafeMutableBufferPointer<SpanNode>) -> Int32 {
    var slot = firstSlot(of: id)
    let slots = slots.elements
    while true {
      let node = slots[slot]
      if node < 0 || nodes[Int(node)].id == id { return node }
      slot = (slot &+ 1) & mask
    }
  }

  /// Adds a node, unless its id has one already: then that one is returned, otherwise −1.
  @inline(__always)
  mutating func insert(_ number: Int32, in nodes: UnsafeMutableBufferPointer<SpanNode>) -> Int32 {
    let id = nodes[Int(number)].id
    var slot = firstSlot(of: id)
    let slots = slots.mutableElements
    while true {
      let node = slots[slot]
      if node < 0 {
        slots[slot] = number
        return -1
      }
      if nodes[Int(node)].id == id { return node }
      slot = (slot &+ 1) & mask
    }
  }

  /// Puts another node of the same id in the place of one.
  mutating func replace(_ old: Int32, by new: Int32, in nodes: UnsafeMutableBufferPointer<SpanNode>) {
    var slot = firstSlot(of: nodes[Int(old)].id)
    while slots[slot] != old { slot = (slot &+ 1) & mask }
    slots[slot] = new
  }

  @inline(__always)
  private func firstSlot(of id: UInt64) -> Int {
    let product = (id ^ salt).multipliedFullWidth(by: multiplier)
    return Int(truncatingIfNeeded: product.high ^ product.low) & mask
  }
}
