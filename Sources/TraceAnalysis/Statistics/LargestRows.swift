/// The first rows of an order, of any number that are added.
///
/// - Complexity: O(*n* log *n*) in the rows that are added; at most twice as many as are wanted are held and compared.
package struct LargestRows<Row> {
  private var rows: [Row] = []
  private let most: Int
  private let isBefore: (Row, Row) -> Bool

  /// - `isBefore`: the order; of equal rows it is open which stay.
  package init(_ most: Int, by isBefore: @escaping (Row, Row) -> Bool) {
    self.most = most
    self.isBefore = isBefore
  }

  /// Adds a row; true when rows were compared.
  @discardableResult
  package mutating func add(_ row: Row) -> Bool {
    rows.append(row)
    if rows.count < 2 * most { return false }
    rows = ordered
    return true
  }

  /// The rows in their order.
  package var ordered: [Row] { Array(rows.sorted(by: isBefore).prefix(most)) }
}
