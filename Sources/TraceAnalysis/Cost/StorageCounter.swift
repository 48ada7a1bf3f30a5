import TraceModel

/// Sums up bytes by resource, operation and attribute key, over the spans of one table.
struct StorageCounter: Sendable {
  /// About so many spans are looked at closely.
  static let sampledSpans = 1 << 16

  /// Sums of one attribute key.
  struct Values: Sendable {
    var count = 0
    var bytes = 0
    var beyond80 = 0
    var inLongValues = 0

    mutating func add(_ other: Self) {
      count += other.count
      bytes += other.bytes
      beyond80 += other.beyond80
      inLongValues += other.inLongValues
    }
  }

  /// Spans and their bytes.
  struct Amount: Sendable {
    var spans = 0
    var failed = 0
    var bytes = 0

    mutating func add(_ other: Self) {
      spans += other.spans
      failed += other.failed
      bytes += other.bytes
    }
  }

  /// Spans that could be left out.
  enum LeverKind: Int, CaseIterable {
    case healthChecks
    case staticFiles
    case shortInternal
  }

  let store: SpanStore
  private let sampleBits: UInt64
  /// By the places of resources.
  private(set) var amounts: [Amount]
  private(set) var sampled: [Int]
  /// By service and span name.
  private(set) var operations: [UInt64: Amount] = [:]
  /// By symbol of the key.
  private(set) var values: [UInt32: Values] = [:]
  private(set) var levers = [Amount](repeating: Amount(), count: LeverKind.allCases.count)
  private let averageBytes: [Int]
  /// What names say, by symbol.
  private var kinds: [UInt32: LeverKind?] = [:]

  init(_ store: SpanStore, sampleBits: Int) {
    self.store = store
    self.sampleBits = UInt64(sampleBits)
    amounts = Array(repeating: Amount(), count: store.resources.count)
    sampled = Array(repeating: 0, count: store.resources.count)
    averageBytes = store.archives.map { $0.inflatedBytes / max($0.spansRead, 1) }
  }

  mutating func add(_ span: SpanRecord) {
    let resource = Int(span.resource)
    var bytes = Int(span.byteCount)
    if bytes == 0, averageBytes.indices.contains(Int(span.archive)) {
      bytes = averageBytes[Int(span.archive)]
    }
    amounts[resource].spans += 1
    amounts[resource].bytes += bytes
    // By a bit mixer's upper bits, so that ids that count up are spread, too.
    guard sampleBits == 0 || (span.spanID.rawValue &* 0x9e37_79b9_7f4a_7c15) >> (64 - sampleBits) == 0 else {
      return
    }
    look(at: span, bytes)
  }

  private mutating func look(at span: SpanRecord, _ bytes: Int) {
    sampled[Int(span.resource)] += 1
    let one = Amount(spans: 1, failed: span.status == .error ? 1 : 0, bytes: bytes)
    let service = store.service(of: span)
    operations[UInt64(service.index) << 32 | UInt64(span.name.index), default: Amount()].add(one)
    if let kind = lever(span) { levers[kind.rawValue].add(one) }
    for attribute in store.attributes(of: span) { count(attribute, table: span.table) }
    for event in store.events(of: span) where event.attributeCount > 0 {
      let attributes = store.attributes(from: event.attributeStart, count: event.attributeCount, of: span)
      for attribute in attributes { count(attribute, table: span.table) }
    }
  }

  private mutating func lever(_ span: SpanRecord) -> LeverKind? {
    if let kind = kinds[span.name.index] {
      if let kind { return kind }
    } else {
      let kind = Self.kind(store.symbols.text(span.name))
      // Bounded, since hostile archives have as many names as they like.
      if kinds.count < 100_000 { kinds[span.name.index] = .some(kind) }
      if let kind { return kind }
    }
    let length = span.end.rawValue.subtractingReportingOverflow(span.start.rawValue)
    let isShort = !length.overflow && length.partialValue < 1_000_000
    return span.kind == .internal && isShort && span.status != .error ? .shortInternal : nil
  }

  private static func kind(_ name: String) -> LeverKind? {
    let name = name.prefix(200).lowercased()
    let path = name.split(separator: " ").last.map(String.init) ?? name
    let parts = path.split(whereSeparator: { $0 == "/" || $0 == "?" || $0 == "." })
    let checks: Set<Substring> = [
      "health", "healthz", "healthcheck", "health-check", "livez", "liveness", "readyz", "readiness", "ready",
      "ping",
      "favicon",
    ]
    if parts.contains(where: checks.contains) || path == "/metrics" { return .healthChecks }
    let files = [
      ".css", ".js", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".woff", ".woff2", ".map", ".webp",
    ]
    return path.contains("/") && files.contains { path.hasSuffix($0) } ? .staticFiles : nil
  }

  // MARK: Attributes

  private mutating func count(_ attribute: Attribute, table: UInt16) {
    values[attribute.key.index, default: Values()].add(size(of: attribute, times: 1))
  }

  /// What an attribute takes as OTLP JSON, so many times: the value, and `{"key":"","value":{"…Value":}},` around it.
  func size(of attribute: Attribute, times: Int) -> Values {
    let (length, around) = length(of: attribute)
    let bytes = store.symbols.bytes(attribute.key).count + length + around
    return Values(
      count: times, bytes: times * bytes, beyond80: times * max(0, length - 80),
      inLongValues: length > 1_000 ? times * length : 0)
  }

  private func length(of attribute: Attribute) -> (value: Int, around: Int) {
    switch attribute.type {
    case .empty: (0, 24)
    case .text: (store.symbols.bytes(Symbol(attribute.payload)).count, 40)
    case .bytes: (store.symbols.bytes(Symbol(attribute.payload)).count, 39)
    case .array, .map: (store.symbols.bytes(Symbol(attribute.payload)).count, 38)
    case .boolean: (attribute.payload != 0 ? 4 : 5, 36)
    case .smallInteger: (Self.digits(Int32(bitPattern: attribute.payload)), 37)
    case .integer, .double: (16, 38)
    }
  }

  private static func digits(_ value: Int32) -> Int {
    var (left, digits) = (value.magnitude / 10, value < 0 ? 2 : 1)
    while left > 0 {
      left /= 10
      digits += 1
    }
    return digits
  }
}

/// The sums of all tables as rows with names, largest first.
struct StorageRows {
  private(set) var services: [StorageMeasure.Service] = []
  private(set) var operations: [StorageMeasure.Operation] = []
  private(set) var attributes: [StorageMeasure.AttributeRow] = []
  private(set) var levers: [StorageMeasure.Lever] = []

  /// The most services and operations that are listed.
  private static let mostServices = 1_000
  private static let mostOperations = 200

  init(_ counters: [StorageCounter], _ store: SpanStore, scale: Int) {
    services = Self.services(counters, store)
    operations = Self.operations(counters, store, scale)
    attributes =
      Self.attributes(counters.map(\.values), store, scale, isOfResource: false)
      + Self.attributes(Self.resourceValues(counters, store), store, scale, isOfResource: true)
    let words = [
      "health checks, by their names", "static files, by their names",
      "INTERNAL spans under 1 ms that did not fail",
    ]
    for kind in StorageCounter.LeverKind.allCases {
      var sum = StorageCounter.Amount()
      for counter in counters { sum.add(counter.levers[kind.rawValue]) }
      guard sum.spans > 0 else { continue }
      levers.append(
        StorageMeasure.Lever(
          spans: words[kind.rawValue], count: sum.spans * scale, failed: sum.failed * scale,
          bytes: sum.bytes * scale))
    }
  }

  private static func services(_ counters: [StorageCounter], _ store: SpanStore) -> [StorageMeasure.Service] {
    var sums: [(service: Symbol, amount: StorageCounter.Amount)] = []
    let order = store.resources.indices.sorted {
      store.resources[$0].serviceName.index < store.resources[$1].serviceName.index
    }
    for number in order {
      let service = store.resources[number].serviceName
      if sums.last?.service != service { sums.append((service, StorageCounter.Amount())) }
      for counter in counters { sums[sums.count - 1].amount.add(counter.amounts[number]) }
    }
    sums.removeAll { $0.amount.spans == 0 }
    sums.sort {
      $0.amount.bytes != $1.amount.bytes
        ? $0.amount.bytes > $1.amount.bytes : store.symbols.isOrdered($0.service, before: $1.service)
    }
    var services = sums.prefix(mostServices).map { sum in
      var service = StorageMeasure.Service(service: store.symbols.text(sum.service))
      service.spans = sum.amount.spans
      service.bytes = sum.amount.bytes
      return service
    }
    if sums.count > mostServices {
      var rest = StorageMeasure.Service(service: Subject.services.rest)
      for sum in sums.dropFirst(mostServices) {
        rest.spans += sum.amount.spans
        rest.bytes += sum.amount.bytes
      }
      services.append(rest)
    }
    return services
  }

  private static func operations(
    _ counters: [StorageCounter], _ store: SpanStore, _ scale: Int
  ) -> [StorageMeasure.Operation] {
    var sums: [UInt64: StorageCounter.Amount] = [:]
    for counter in counters {
      for (key, amount) in counter.operations { sums[key, default: StorageCounter.Amount()].add(amount) }
    }
    let rows = sums.map { key, sum in
      StorageMeasure.Operation(
        service: store.symbols.text(Symbol(UInt32(key >> 32))),
        operation: store.symbols.text(Symbol(UInt32(truncatingIfNeeded: key))), spans: sum.spans * scale,
        bytes: sum.bytes * scale)
    }
    return Array(
      rows.sorted {
        $0.bytes != $1.bytes
          ? $0.bytes > $1.bytes : ($0.service, $0.operation) < ($1.service, $1.operation)
      }.prefix(mostOperations))
  }

  /// What the attributes of resources take if each span repeats them.
  private static func resourceValues(
    _ counters: [StorageCounter], _ store: SpanStore
  ) -> [[UInt32: StorageCounter.Values]] {
    guard let counter = counters.first else { return [] }
    var values: [UInt32: StorageCounter.Values] = [:]
    for (number, resource) in store.resources.enumerated() {
      let times = counters.reduce(0) { $0 + $1.sampled[number] }
      guard times > 0 else { continue }
      for attribute in store.attributes(of: resource) {
        values[attribute.key.index, default: StorageCounter.Values()].add(
          counter.size(of: attribute, times: times))
      }
    }
    return [values]
  }

  private static func attributes(
    _ parts: [[UInt32: StorageCounter.Values]], _ store: SpanStore, _ scale: Int, isOfResource: Bool
  ) -> [StorageMeasure.AttributeRow] {
    var sums: [UInt32: StorageCounter.Values] = [:]
    for part in parts {
      for (key, values) in part { sums[key, default: StorageCounter.Values()].add(values) }
    }
    return sums.map { key, sum in
      StorageMeasure.AttributeRow(
        key: store.symbols.text(Symbol(key)), count: sum.count * scale, bytes: sum.bytes * scale,
        beyond80: sum.beyond80 * scale, inLongValues: sum.inLongValues * scale, isOfResource: isOfResource)
    }.sorted { $0.bytes != $1.bytes ? $0.bytes > $1.bytes : $0.key < $1.key }
  }
}
