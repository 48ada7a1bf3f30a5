extension Array {
  /// The first elements in an order, as sorting would bring them; the others are not copied, of which there may be a hundred
  /// thousand large ones.
  ///
  /// - Complexity: O(*n* log *n*).
  func first(_ count: Int, by areInOrder: (Element, Element) -> Bool) -> [Element] {
    indices.sorted { areInOrder(self[$0], self[$1]) }.prefix(count).map { self[$0] }
  }
}
