import TraceModel

/// Sums up bytes by resource, operation and attribute key.
///
/// Resources are the only things that all spans are counted by, and there may be as many: their sums go where they went.
/// All else is of a sample.
struct StorageCounter: ~Copyable {
  /// About so many spans are looked at closely, or fewer where these have more keys than `mostKeys`.
  static let sampledSpans = 1 << 16
  /// The most attribute keys that are told apart, of spans and of resources each.
  static let mostKeys = 1 << 17

  /// Sums of one attribute key.
  struct Values: BitwiseCopyable {
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
  struct Amount: BitwiseCopyable {
    var spans = 0
    var failed = 0
    var bytes = 0

    mutating func add(_ other: Self) {
      spans += other.spans
      failed += other.failed
      bytes += other.bytes
    }
  }

  /// Spans of a resource or service and their bytes.
  struct Sum: BitwiseCopyable {
    var spans = 0
    var bytes = 0

    mutating func add(_ other: Self) {
      spans += other.spans
      bytes += other.bytes
    }

    mutating func subtract(_ other: Self) {
      spans -= other.spans
      bytes -= other.bytes
    }
  }

  /// Spans of a resource, and how many of them are in the sample.
  struct Own: BitwiseCopyable {
    var all = Sum()
    var sampled = 0

    mutating func add(_ other: Self) {
      all.add(other.all)
      sampled += other.sampled
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
  /// The most attribute keys that are told apart.
  let mostKeys: Int
  /// By the places of resources.
  private(set) var resources: Column<Own>
  /// By service and span name in one number.
  private(set) var operations = KeyedSums<Amount>(empty: Amount())
  /// By symbol of the key.
  private(set) var values = KeyedSums<Values>(empty: Values())
  private(set) var levers = [Amount](repeating: Amount(), count: LeverKind.allCases.count)
  private let averageBytes: ContiguousArray<Int>
  /// The places of spans of the sample in the stretch that is being added.
  private var sample = Column<Int>()
  /// What names say, by symbol.
  private var kinds: [UInt32: LeverKind?] = [:]

  init(_ store: SpanStore, sampleBits: Int, mostKeys: Int) {
    self.store = store
    self.sampleBits = UInt64(sampleBits)
    self.mostKeys = mostKeys
    resources = Column(zeroes: store.resources.count, in: store.resourceSpill)
    averageBytes = ContiguousArray(store.archives.lazy.map { $0.inflatedBytes / max($0.spansRead, 1) })
  }

  /// True when the sample is too large; then nothing that was counted counts.
  var hasTooManyKeys: Bool { values.count > mostKeys }

  /// Adds those of the spans, which lie in one table, whose traces take part.
  ///
  /// Those of the sample are looked at last: what they point to lies anywhere in memory, and is fetched some spans ahead.
  mutating func add(_ spans: UnsafeBufferPointer<SpanRecord>, of walk: TraceWalk) {
    sample.removeAll()
    for place in spans.indices where walk.takesPart(spans[place]) {
      let bytes = bytes(of: spans[place])
      resources[Int(spans[place].resource)].all.add(Sum(spans: 1, bytes: bytes))
      if isSampled(spans[place].spanID) { sample.append(place) }
    }
    for number in 0..<sample.count {
      if hasTooManyKeys { return }
      fetch(spans, number)
      look(at: spans[sample[number]])
    }
  }

  /// By a bit mixer's upper bits, so that ids that count up are spread, too.
  @inline(__always)
  private func isSampled(_ id: SpanID) -> Bool {
    sampleBits == 0 || (id.rawValue &* 0x9e37_79b9_7f4a_7c15) >> (64 - sampleBits) == 0
  }

  /// The bytes of a span's record; the average of its archive where they are not known.
  @inline(__always)
  private func bytes(of span: SpanRecord) -> Int {
    let archive = Int(span.archive)
    return span.byteCount == 0 && archive < averageBytes.count
      ? averageBytes[archive] : Int(span.byteCount)
  }

  /// Fetches what looking at sampled spans that come soon will read.
  ///
  ///     number       looked at now
  ///     + 2          lengths of texts
  ///     + 4          attributes, which have come by then
  @inline(__always)
  private func fetch(_ spans: UnsafeBufferPointer<SpanRecord>, _ number: Int) {
    if number &+ 4 < sample.count {
      store.prefetchAttributes(of: spans[sample[number &+ 4]])
    }
    guard number &+ 2 < sample.count else { return }
    for attribute in store.attributes(of: spans[sample[number &+ 2]]).prefix(Self.mostFetched)
    where attribute.type.isSymbol {
      store.symbols.prefetchLength(of: Symbol(attribute.payload))
    }
  }

  /// What is fetched must not push out what is being worked on.
  private static let mostFetched = 32

  /// Takes in what another one counted of the same store.
  mutating func add(_ other: borrowing Self) {
    for number in 0..<resources.count {
      resources[number].add(other.resources[number])
      if number & 0xffff == 0 {
        leaveMemory()
        other.leaveMemory()
      }
    }
    other.operations.forEach { key, more in operations.update(key) { $0.add(more) } }
    other.values.forEach { key, more in values.update(key) { $0.add(more) } }
    for kind in LeverKind.allCases { levers[kind.rawValue].add(other.levers[kind.rawValue]) }
  }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() { resources.leaveMemory() }

  private mutating func look(at span: SpanRecord) {
    resources[Int(span.resource)].sampled += 1
    let one = Amount(spans: 1, failed: span.status == .error ? 1 : 0, bytes: bytes(of: span))
    let service = store.service(of: span)
    operations.update(UInt64(service.index) << 32 | UInt64(span.name.index)) { $0.add(one) }
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
    // A single span may have a million keys.
    guard !hasTooManyKeys else { return }
    let size = size(of: attribute, times: 1)
    values.update(UInt64(attribute.key.index)) { $0.add(size) }
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
