import TraceAnalysis

extension Array {
  /// The first elements in an order, which must tell all of them apart; the others are not copied, of which there may be a
  /// hundred thousand large ones.
  ///
  /// - Complexity: O(*n* log *n*).
  func first(_ count: Int, by isBefore: @escaping (Element, Element) -> Bool) -> [Element] {
    var largest = LargestRows<Int>(count) { isBefore(self[$0], self[$1]) }
    for place in indices { largest.add(place) }
    return largest.ordered.map { self[$0] }
  }
}
