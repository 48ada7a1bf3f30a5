extension RandomAccessCollection where Index == Int {
  /// The place of the first element that does not come before what is looked for; the end when all do.
  ///
  ///     a a b c │ d d e        looking for d
  ///     before    ▲
  ///
  /// - Parameter isBefore: true for the elements of a first stretch, and false for all behind them.
  /// - Complexity: O(log *n*).
  @inlinable
  package func partitionPoint(where isBefore: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
