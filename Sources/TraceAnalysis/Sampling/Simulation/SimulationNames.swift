import TraceModel

/// The names that all threads met, in their order, and the numbers that each thread gave them.
struct SimulationNames {
  let operations: [OperationKey]
  let links: [LinkKey]
  let operationNumbers: [[Int32]]
  let linkNumbers: [[Int32]]

  init(_ parts: [TraceCollector], _ store: SpanStore) {
    let operationKeys = parts.map { part in
      part.operationKeys.map { key in
        OperationKey(
          service: Self.text(UInt32(key >> 32), .services, store),
          operation: Self.text(UInt32(truncatingIfNeeded: key), .operations, store))
      }
    }
    let linkKeys = parts.map { part in
      part.linkKeys.map { key in
        LinkKey(
          parent: Self.text(UInt32(key >> 32), .services, store),
          child: Self.text(UInt32(truncatingIfNeeded: key), .services, store))
      }
    }
    (operations, operationNumbers) = Self.numbered(operationKeys)
    (links, linkNumbers) = Self.numbered(linkKeys)
  }

  private static func text(_ index: UInt32, _ subject: Subject, _ store: SpanStore) -> String {
    index == ToldNames.rest ? subject.rest : store.symbols.text(Symbol(index))
  }

  /// How many services there are.
  var services: Int {
    // Ordered by service.
    operations.indices.count { $0 == 0 || operations[$0].service != operations[$0 - 1].service }
  }

  private static func numbered<Key: Hashable & Comparable>(_ parts: [[Key]]) -> ([Key], [[Int32]]) {
    let all = Set(parts.flatMap(\.self)).sorted()
    var numbers: [Key: Int32] = [:]
    for (number, key) in all.enumerated() { numbers[key] = Int32(truncatingIfNeeded: number) }
    return (all, parts.map { $0.map { numbers[$0] ?? 0 } })
  }
}
