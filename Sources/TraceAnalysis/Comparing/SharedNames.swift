import TraceModel

/// Gives the names and operations of two digests common numbers.
struct SharedNames {
  /// The names, by number.
  private(set) var names: [String] = []
  private var numbers: [[UInt8]: Int] = [:]
  /// The operations, by number: service, name and kind.
  private(set) var operations: [Operation] = []
  private var operationNumbers: [Operation: Int] = [:]

  struct Operation: Hashable {
    var service: Int
    var name: Int
    var kind: SpanKind
  }

  mutating func number(_ name: String) -> Int {
    let bytes = Array(name.utf8)
    if let known = numbers[bytes] { return known }
    numbers[bytes] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The common number of each name of a digest.
  mutating func numbers(of digest: Digest) -> [Int] { digest.names.map { number($0) } }

  /// The common number of each operation of a digest.
  mutating func operationNumbers(of digest: Digest, _ names: [Int]) -> [Int] {
    digest.operations.map { row in
      let operation = Operation(
        service: names[row.service.number], name: names[row.name.number], kind: row.kind)
      if let known = operationNumbers[operation] { return known }
      operationNumbers[operation] = operations.count
      operations.append(operation)
      return operations.count - 1
    }
  }
}
