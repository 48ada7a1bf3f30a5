import TraceModel

/// A span as Zipkin's dependency linker sees it: ids, kind, names in lower case, and whether it has a tag `error`.
struct ZipkinSpan {
  /// A local endpoint; numbers are those of `ZipkinNames`, 0 for absent.
  struct Endpoint: Equatable {
    var service = 0
    var ipv4 = Symbol.empty
    var ipv6 = Symbol.empty
    var port: UInt16 = 0

    var isAbsent: Bool { service == 0 && ipv4.isEmpty && ipv6.isEmpty && port == 0 }

    /// True unless a field is set on both and different.
    func agrees(with other: Endpoint) -> Bool {
      (service == 0 || other.service == 0 || service == other.service)
        && (ipv4.isEmpty || other.ipv4.isEmpty || ipv4 == other.ipv4)
        && (ipv6.isEmpty || other.ipv6.isEmpty || ipv6 == other.ipv6)
        && (port == 0 || other.port == 0 || port == other.port)
    }

    /// Takes fields that it lacks.
    mutating func fill(from other: Endpoint) {
      if service == 0 { service = other.service }
      if ipv4.isEmpty { ipv4 = other.ipv4 }
      if ipv6.isEmpty { ipv6 = other.ipv6 }
      if port == 0 { port = other.port }
    }
  }

  var id: UInt64
  var parent: UInt64
  var kind: SpanKind
  var isShared: Bool
  var local: Endpoint
  var remote: Int
  var hasError: Bool

  /// Takes up another record of the same span: its own values win, gaps are filled.
  mutating func absorb(_ other: ZipkinSpan) {
    if parent == 0 { parent = other.parent }
    if kind == .unspecified { kind = other.kind }
    local.fill(from: other.local)
    if remote == 0 { remote = other.remote }
    hasError = hasError || other.hasError
    isShared = (isShared || other.isShared) && kind != .client
  }
}

/// Numbers service names without regard to case; 0 is none.
final class ZipkinNames {
  private let names: LinkNames
  /// By the symbols that names have as written; 0 for those that were not met yet.
  private var numbers: Column<UInt32>
  /// What was touched of numbers in a file since they were let go of.
  private var touched: TouchedRegions

  init(_ names: LinkNames) {
    self.names = names
    let count = names.store.symbols.count
    let space = names.store.spill?.forTable(bytes: count * MemoryLayout<UInt32>.stride)
    numbers = Column(zeroes: count, in: space)
    touched = TouchedRegions(in: space)
  }

  /// The number of a name as written.
  func number(_ symbol: Symbol) -> Int {
    let symbol = names.distinct(symbol)
    guard !symbol.isEmpty else { return 0 }
    guard Int(symbol.index) < numbers.count else { return number(text: names.text(symbol).lowercased()) }
    if touched.areTooMany(with: numbers.address(of: Int(symbol.index))) { numbers.leaveMemory() }
    if numbers[Int(symbol.index)] == 0 {
      numbers[Int(symbol.index)] = UInt32(
        truncatingIfNeeded: number(text: names.text(symbol).lowercased()))
    }
    return Int(numbers[Int(symbol.index)])
  }

  /// The number of a name in lower case: that of its symbol.
  func number(text: String) -> Int { Int(names.symbol(text).index) }

  /// Below, at or above zero as names are in the order of bytes.
  func compare(_ left: Int, _ right: Int) -> Int {
    names.compare(Symbol(UInt32(truncatingIfNeeded: left)), Symbol(UInt32(truncatingIfNeeded: right)))
  }
}

/// Reads spans of any format as Zipkin would have been told of them.
struct ZipkinReader {
  private let store: SpanStore
  let names: ZipkinNames
  private let peerKeys = ["service.peer.name", "peer.service"].map(AttributeKey.symbol)

  init(_ names: LinkNames) {
    store = names.store
    self.names = ZipkinNames(names)
  }

  func read(_ span: SpanRecord) -> ZipkinSpan {
    let isZipkin = span.traits.contains(.zipkin)
    let endpoints = store.endpoints(of: span)
    var local = ZipkinSpan.Endpoint()
    local.service = isZipkin ? number(of: endpoints.local) : names.number(store.service(of: span))
    if isZipkin {
      local.ipv4 = endpoints.local.ipv4
      local.ipv6 = endpoints.local.ipv6
      local.port = endpoints.local.port
    }
    let attributes = store.attributes(of: span)
    let hasTag = attributes.contains { $0.key == AttributeKey.error }
    let parent = span.parentSpanID.rawValue
    let kind: SpanKind = span.kind == .internal ? .unspecified : span.kind
    return ZipkinSpan(
      id: span.spanID.rawValue, parent: parent == span.spanID.rawValue ? 0 : parent, kind: kind,
      isShared: span.traits.contains(.shared) && kind != .client, local: local,
      remote: isZipkin ? number(of: endpoints.remote) : names.number(peer(attributes)),
      hasError: hasTag || (!isZipkin && span.reportedStatus == .error))
  }

  /// `unknown` is a name here.
  private func number(of endpoint: TraceModel.Endpoint) -> Int {
    endpoint.isNamedUnknown ? names.number(text: "unknown") : names.number(endpoint.service)
  }

  private func peer(_ attributes: UnsafeBufferPointer<Attribute>) -> Symbol {
    for key in peerKeys {
      if let found = attributes.last(where: { $0.key == key && $0.type == .text }) {
        return Symbol(found.payload)
      }
    }
    return .empty
  }
}
