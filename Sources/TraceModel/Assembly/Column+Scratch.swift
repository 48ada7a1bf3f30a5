extension Column {
  /// Makes it hold so many copies of an element, in the memory it has.
  @inline(__always)
  mutating func reset(to newCount: Int, repeating element: Element) {
    reserveAtLeast(newCount)
    storedCount = newCount
    guard newCount > 0 else { return }
    base.unsafelyUnwrapped.initialize(repeating: element, count: newCount)
  }

  /// Adds so many copies of an element at the end.
  mutating func append(repeating element: Element, count added: Int) {
    guard added > 0 else { return }
    reserve(count + added)
    base.unsafelyUnwrapped.advanced(by: count).initialize(repeating: element, count: added)
    storedCount = count &+ added
  }

  /// Takes memory for so many elements, and half as many again so that growing step by step stays cheap.
  @inline(__always)
  mutating func reserveAtLeast(_ elements: Int) {
    if elements > capacity { reserve(max(elements, capacity + capacity / 2)) }
  }

  /// Makes it hold so many elements, all of which the caller puts down.
  mutating func fill(_ newCount: Int) -> UnsafeMutableBufferPointer<Element> {
    reserve(newCount)
    storedCount = newCount
    return mutableElements
  }

  /// Memory for so many elements, which must have been reserved; what it holds is not defined.
  func memory(for elements: Int) -> UnsafeMutablePointer<Element> {
    precondition(elements <= capacity && base != nil)
    return base.unsafelyUnwrapped
  }

  /// The last element, taken off; nil when there is none.
  @inline(__always)
  mutating func popLast() -> Element? {
    guard storedCount > 0 else { return nil }
    storedCount &-= 1
    return base.unsafelyUnwrapped[storedCount]
  }
}
