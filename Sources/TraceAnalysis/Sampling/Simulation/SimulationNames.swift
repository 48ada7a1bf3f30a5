import TraceModel

/// The names that all threads met, in their order, and the numbers that each thread gave them.
struct SimulationNames {
  let operations: [OperationKey]
  let links: [LinkKey]
  let operationNumbers: [[Int32]]
  let linkNumbers: [[Int32]]

  init(_ parts: [TraceCollector], _ store: SpanStore) {
    var texts: [UInt32: String] = [:]
    // Many names hold the same text, which is one for all.
    func text(_ index: UInt32, _ subject: Subject) -> String {
      guard index != ToldNames.rest else { return subject.rest }
      if let known = texts[index] { return known }
      let text = store.symbols.name(Symbol(index))
      texts[index] = text
      return text
    }
    let operationKeys = parts.map { part in
      part.operationKeys.map { key in
        OperationKey(
          service: text(UInt32(key >> 32), .services),
          operation: text(UInt32(truncatingIfNeeded: key), .operations))
      }
    }
    let linkKeys = parts.map { part in
      part.linkKeys.map { key in
        LinkKey(
          parent: text(UInt32(key >> 32), .services),
          child: text(UInt32(truncatingIfNeeded: key), .services))
      }
    }
    (operations, operationNumbers) = Self.numbered(operationKeys)
    (links, linkNumbers) = Self.numbered(linkKeys)
  }

  /// What the names of all threads take, with the rows of so many policies, before any text is made.
  ///
  /// - Complexity: O(names).
  static func bytes(_ parts: [TraceCollector], _ store: SpanStore, policies: Int) -> Int64 {
    func length(_ index: UInt32) -> Int {
      index == ToldNames.rest ? 0 : min(store.symbols.bytes(Symbol(index)).count, NameText.longest)
    }
    func ends(_ key: UInt64) -> (UInt32, UInt32) { (UInt32(key >> 32), UInt32(truncatingIfNeeded: key)) }
    var size = NameSize(policies: policies)
    let entryPoints = Set(parts.flatMap(\.entryPointKeys))
    let operations = Set(parts.flatMap(\.operationKeys))
    for key in operations {
      let (service, name) = ends(key)
      size.add(length(service) + length(name), hasRows: entryPoints.contains(key))
    }
    for service in Set(operations.map { ends($0).0 }) { size.add(length(service), hasRows: true) }
    for key in Set(parts.flatMap(\.linkKeys)) {
      let (parent, child) = ends(key)
      size.add(length(parent) + length(child), hasRows: false)
    }
    return size.bytes
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
