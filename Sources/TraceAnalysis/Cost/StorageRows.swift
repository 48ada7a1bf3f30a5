import TraceModel

/// The sums of all spans as rows with names, largest first.
struct StorageRows {
  private(set) var services: [StorageMeasure.Service] = []
  private(set) var operations: [StorageMeasure.Operation] = []
  private(set) var attributes: [StorageMeasure.AttributeRow] = []
  private(set) var levers: [StorageMeasure.Lever] = []

  /// The most services and operations that are listed.
  private static let mostServices = 1_000
  private static let mostOperations = 200

  /// Puts names to sums; nil when the sample has too many attribute keys.
  init?(_ counter: borrowing StorageCounter, _ store: SpanStore, scale: Int) {
    guard !counter.hasTooManyKeys, let ofResources = Self.resourceValues(counter, store) else { return nil }
    services = Self.services(counter, store)
    operations = Self.operations(counter.operations, store, scale)
    attributes =
      Self.attributes(counter.values, store, scale, isOfResource: false)
      + Self.attributes(ofResources, store, scale, isOfResource: true)
    let words = [
      "health checks, by their names", "static files, by their names",
      "INTERNAL spans under 1 ms that did not fail",
    ]
    for kind in StorageCounter.LeverKind.allCases {
      let sum = counter.levers[kind.rawValue]
      guard sum.spans > 0 else { continue }
      levers.append(
        StorageMeasure.Lever(
          spans: words[kind.rawValue], count: sum.spans * scale, failed: sum.failed * scale,
          bytes: sum.bytes * scale))
    }
  }

  /// The services with the most bytes, and the sum of all others.
  private static func services(
    _ counter: borrowing StorageCounter, _ store: SpanStore
  ) -> [StorageMeasure.Service] {
    let sums = sumsOfServices(counter, store)
    var largest = LargestRows<(service: Symbol, sum: StorageCounter.Sum)>(mostServices) {
      $0.sum.bytes != $1.sum.bytes
        ? $0.sum.bytes > $1.sum.bytes : store.symbols.isOrdered($0.service, before: $1.service)
    }
    var rest = StorageCounter.Sum()
    for number in 0..<sums.count {
      if number & 0xffff == 0 { sums.leaveMemory() }
      guard sums[number].spans > 0 else { continue }
      rest.add(sums[number])
      if largest.add((Symbol(UInt32(truncatingIfNeeded: number)), sums[number])) { store.leaveMemory() }
    }
    var services = largest.ordered.map { row in
      rest.subtract(row.sum)
      return StorageMeasure.Service(
        service: store.symbols.name(row.service), spans: row.sum.spans, bytes: row.sum.bytes)
    }
    if rest.spans > 0 {
      services.append(
        StorageMeasure.Service(service: Subject.services.rest, spans: rest.spans, bytes: rest.bytes))
    }
    return services
  }

  /// By the symbols of services.
  private static func sumsOfServices(
    _ counter: borrowing StorageCounter, _ store: SpanStore
  ) -> Column<StorageCounter.Sum> {
    var sums = Column<StorageCounter.Sum>(zeroes: store.symbols.count, in: store.resourceSpill)
    for number in 0..<counter.resources.count {
      let own = counter.resources[number]
      let service = Int(store.resources[number].serviceName.index)
      sums[service].add(own.all)
      if number & 0xffff == 0 {
        sums.leaveMemory()
        counter.leaveMemory()
        store.leaveMemory()
      }
    }
    return sums
  }

  private static func operations(
    _ sums: borrowing KeyedSums<StorageCounter.Amount>, _ store: SpanStore, _ scale: Int
  ) -> [StorageMeasure.Operation] {
    var largest = LargestRows<(key: UInt64, sum: StorageCounter.Amount)>(mostOperations) { left, right in
      if left.sum.bytes != right.sum.bytes { return left.sum.bytes > right.sum.bytes }
      let order = store.symbols.compare(service(left.key), service(right.key))
      return order != 0 ? order < 0 : store.symbols.isOrdered(name(left.key), before: name(right.key))
    }
    sums.forEach { if largest.add(($0, $1)) { store.leaveMemory() } }
    return largest.ordered.map { key, sum in
      StorageMeasure.Operation(
        service: store.symbols.name(service(key)), operation: store.symbols.name(name(key)),
        spans: sum.spans * scale, bytes: sum.bytes * scale)
    }
  }

  private static func service(_ operation: UInt64) -> Symbol { Symbol(UInt32(operation >> 32)) }

  private static func name(_ operation: UInt64) -> Symbol { Symbol(UInt32(truncatingIfNeeded: operation)) }

  /// What the attributes of resources take if each span repeats them; nil when they have too many keys.
  private static func resourceValues(
    _ counter: borrowing StorageCounter, _ store: SpanStore
  ) -> KeyedSums<StorageCounter.Values>? {
    var values = KeyedSums(empty: StorageCounter.Values())
    for number in 0..<store.resources.count {
      if number & 0xffff == 0 {
        counter.leaveMemory()
        store.leaveMemory()
      }
      let resource = store.resources[number]
      let times = counter.resources[number].sampled
      guard times > 0 else { continue }
      for attribute in store.attributes(of: resource) {
        let size = counter.size(of: attribute, times: times)
        values.update(UInt64(attribute.key.index)) { $0.add(size) }
      }
      if values.count > counter.mostKeys { return nil }
    }
    return values
  }

  private static func attributes(
    _ sums: borrowing KeyedSums<StorageCounter.Values>, _ store: SpanStore, _ scale: Int, isOfResource: Bool
  ) -> [StorageMeasure.AttributeRow] {
    var largest = LargestRows<(key: Symbol, sum: StorageCounter.Values)>(StorageMeasure.mostAttributes) {
      $0.sum.bytes != $1.sum.bytes
        ? $0.sum.bytes > $1.sum.bytes : store.symbols.isOrdered($0.key, before: $1.key)
    }
    sums.forEach { if largest.add((Symbol(UInt32(truncatingIfNeeded: $0)), $1)) { store.leaveMemory() } }
    return largest.ordered.map { key, sum in
      StorageMeasure.AttributeRow(
        key: store.symbols.name(key), count: sum.count * scale, bytes: sum.bytes * scale,
        beyond80: sum.beyond80 * scale, inLongValues: sum.inLongValues * scale, isOfResource: isOfResource)
    }
  }
}
