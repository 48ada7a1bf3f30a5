package import TraceModel

/// What search over nights knows of one trace: enough to find it, and to show it in a list.
package struct IndexedTrace: Sendable {
  /// An operation of a service that takes part in a trace.
  package struct Operation: Hashable, Sendable {
    /// The service; empty when none is named.
    package var service: Symbol
    /// The span name.
    package var name: Symbol
  }

  /// A key and a value, as archives hold them; equal ones have equal symbols.
  package struct Attribute: Hashable, Sendable {
    /// The key.
    package var key: Symbol
    /// What the payload is.
    package var type: AttributeType
    /// A symbol, a number, or 0 and 1.
    package var payload: Int64

    /// The symbol of a text; nil for other values.
    package var text: Symbol? { type == .text ? Symbol(UInt32(truncatingIfNeeded: payload)) : nil }
  }

  /// Its id.
  package var id: TraceID = .absent
  /// Its least start.
  package var start: UnixNanoseconds = .unknown
  /// From least start to greatest end.
  package var duration: Nanoseconds = .zero
  /// The number of its spans.
  package var spanCount = 0
  /// The number of its failed spans.
  package var errorCount = 0
  /// True when its primary root failed.
  package var rootFailed = false
  /// Service and operation of its primary root.
  package var root = Operation(service: .empty, name: .empty)
  /// The text of its first error; empty when there is none.
  package var errorText = Symbol.empty
  /// Its operations, each once.
  package var operations: [Operation] = []
  /// Those of them that failed.
  package var failing: [Operation] = []
  /// Attributes of its root, of requests, of failed spans and of resources, each once.
  package var attributes: [Attribute] = []

  init() {}

  /// Puts other symbols of the same texts in place of lone ones.
  mutating func replaceLoneValues(by symbol: (Symbol) -> Symbol) {
    for place in attributes.indices {
      guard let value = attributes[place].text, value.isLone else { continue }
      attributes[place].payload = Int64(symbol(value).index)
    }
  }
}

/// Picks what search over nights knows of each trace, with bounded work and memory.
///
/// Beyond a limit failing traces are kept first, then a sample by the hash of the id, so what is kept depends on
/// nothing but the traces.
struct TraceIndexer: Sendable {
  /// The most operations and attributes of one trace.
  private static let mostOperations = 200
  private static let mostAttributes = 48
  /// Longer values are texts to be read, in bytes.
  private static let longestValue = 80

  private static let dullKeys: Set<String> = [
    "service.name", "error", "otel.status_code", "otel.status_description", "span.kind", "sampler.type",
    "sampler.param", "w3c.tracestate", "exception.stacktrace", "internal.span.format",
    // The caller's port is another one for each connection.
    "client.port", "network.peer.port", "net.peer.port", "net.sock.peer.port", "peer.port",
  ]
  private static let dullPrefixes = [
    "telemetry.", "process.", "thread.", "otel.scope.", "otel.library.", "code.",
  ]

  private let store: SpanStore
  private let limit: Int
  private(set) var entries: [IndexedTrace] = []
  /// The starts of all traces.
  private(set) var starts: [Int64] = []
  private var worst: Priority?
  private var searchedKeys: [UInt32: Bool] = [:]
  private var searchedValues: [UInt32: Bool] = [:]
  /// The resources of the trace at hand.
  private var resources: Set<UInt32> = []

  init(_ store: SpanStore, limit: Int) {
    self.store = store
    self.limit = limit
  }

  /// What decides which traces are kept: failing ones first, then chance.
  struct Priority: Comparable, Sendable {
    var isHealthy: Bool
    var hash: UInt64

    init(id: TraceID, isFailing: Bool) {
      isHealthy = !isFailing
      // The finalizer of MurmurHash3: ids made by counting are spread out, too.
      var mixed = id.low ^ id.high
      mixed ^= mixed >> 33
      mixed = mixed &* 0xff51_afd7_ed55_8ccd
      mixed ^= mixed >> 33
      mixed = mixed &* 0xc4ce_b9fe_1a85_ec53
      hash = mixed ^ mixed >> 33
    }

    static func < (left: Self, right: Self) -> Bool {
      left.isHealthy != right.isHealthy ? right.isHealthy : left.hash < right.hash
    }
  }

  mutating func observe(_ trace: Trace) {
    starts.append(trace.start.rawValue)
    let errors = trace.errorCount
    let priority = Priority(id: trace.id, isFailing: errors > 0)
    if let worst, worst < priority { return }
    entries.append(entry(trace, errors))
    if entries.count >= 2 * limit { cut() }
  }

  private mutating func cut() {
    entries = Self.first(limit, of: entries)
    worst = entries.last.map { Priority(id: $0.id, isFailing: $0.errorCount > 0) }
  }

  /// The traces that come first by priority.
  static func first(_ limit: Int, of entries: [IndexedTrace]) -> [IndexedTrace] {
    let order = entries.indices.map { place in
      (priority: Priority(id: entries[place].id, isFailing: entries[place].errorCount > 0), place: place)
    }.sorted {
      $0.priority != $1.priority ? $0.priority < $1.priority : entries[$0.place].id < entries[$1.place].id
    }
    return order.prefix(limit).map { entries[$0.place] }
  }

  /// What is known of a trace.
  mutating func entry(_ trace: Trace, _ errors: Int) -> IndexedTrace {
    let root = trace.spans[trace.primaryRoot]
    var entry = IndexedTrace()
    entry.id = trace.id
    entry.start = trace.start
    entry.duration = trace.duration
    entry.spanCount = trace.spans.count
    entry.errorCount = errors
    entry.rootFailed = root.isError
    entry.root = IndexedTrace.Operation(service: root.service, name: root.record.name)
    if errors > 0 { entry.errorText = TraceListAnalysis.firstErrorText(trace, trace.spans.span, store) }
    var seen: Set<IndexedTrace.Operation> = [entry.root]
    var failed: Set<IndexedTrace.Operation> = []
    entry.operations.append(entry.root)
    for span in trace.spans {
      let operation = IndexedTrace.Operation(service: span.service, name: span.record.name)
      if span.isError, failed.insert(operation).inserted, failed.count <= Self.mostOperations {
        entry.failing.append(operation)
      }
      if seen.count < Self.mostOperations, seen.insert(operation).inserted {
        entry.operations.append(operation)
      }
    }
    addAttributes(of: trace, to: &entry)
    return entry
  }

  // MARK: attributes

  private mutating func addAttributes(of trace: Trace, to entry: inout IndexedTrace) {
    var seen: Set<IndexedTrace.Attribute> = []
    resources.removeAll(keepingCapacity: true)
    // The root and what failed come first, should there be too many.
    add(trace.spans[trace.primaryRoot], of: trace, to: &entry, &seen)
    for span in trace.spans where span.isError { add(span, of: trace, to: &entry, &seen) }
    for span in trace.spans {
      if entry.attributes.count >= Self.mostAttributes { return }
      if span.record.kind == .server || span.record.kind == .consumer {
        add(span, of: trace, to: &entry, &seen)
      }
      let resource = span.record.resource
      guard resources.insert(resource).inserted else { continue }
      let shared = store.resource(at: resource)
      for attribute in store.attributes(of: shared) {
        add(attribute, table: shared.table, to: &entry, &seen)
      }
    }
  }

  private mutating func add(
    _ span: TraceSpan, of trace: Trace, to entry: inout IndexedTrace,
    _ seen: inout Set<IndexedTrace.Attribute>
  ) {
    guard entry.attributes.count < Self.mostAttributes else { return }
    trace.withAttributes(of: span, in: store) { attributes in
      for attribute in attributes { add(attribute, table: span.record.table, to: &entry, &seen) }
    }
  }

  private mutating func add(
    _ attribute: Attribute, table: UInt16, to entry: inout IndexedTrace,
    _ seen: inout Set<IndexedTrace.Attribute>
  ) {
    guard entry.attributes.count < Self.mostAttributes, isSearched(key: attribute.key) else { return }
    let payload: Int64
    switch attribute.type {
    case .text:
      guard isSearched(value: Symbol(attribute.payload)) else { return }
      payload = Int64(symbol(of: Symbol(attribute.payload), in: entry).index)
    case .boolean: payload = Int64(attribute.payload)
    case .smallInteger, .integer:
      guard case .integer(let number) = store.value(of: attribute, table: table) else { return }
      payload = number
    case .empty, .double, .bytes, .array, .map: return
    }
    let type = attribute.type == .integer ? .smallInteger : attribute.type
    let found = IndexedTrace.Attribute(key: attribute.key, type: type, payload: payload)
    if seen.insert(found).inserted { entry.attributes.append(found) }
  }

  /// The symbol of a value, the same for all equal values of a trace.
  private func symbol(of value: Symbol, in entry: IndexedTrace) -> Symbol {
    let distinct = store.symbols.distinct(value)
    guard distinct.isLone else { return distinct }
    return entry.attributes.lazy.compactMap(\.text).first { store.symbols.areEqual($0, distinct) } ?? distinct
  }

  private mutating func isSearched(key: Symbol) -> Bool {
    if let known = searchedKeys[key.index] { return known }
    let text = store.symbols.text(key)
    let isSearched =
      !text.isEmpty && text.utf8.count <= Self.longestValue && !Self.dullKeys.contains(text)
      && !Self.dullPrefixes.contains { text.hasPrefix($0) } && !SensitiveData.isSecret(key: text)
      && !SensitiveData.isQuery(key: text)
    searchedKeys[key.index] = isSearched
    return isSearched
  }

  private mutating func isSearched(value: Symbol) -> Bool {
    let bytes = store.symbols.bytes(value)
    guard !bytes.isEmpty, bytes.count <= Self.longestValue else { return false }
    if let known = searchedValues[value.index] { return known }
    let isSearched = SensitiveData.sign(of: bytes) == nil
    // Bounded: what is forgotten is only found out again.
    if searchedValues.count >= 1 << 16 { searchedValues.removeAll(keepingCapacity: true) }
    searchedValues[value.index] = isSearched
    return isSearched
  }
}
