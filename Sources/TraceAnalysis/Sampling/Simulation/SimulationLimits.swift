import Synchronization
import TraceModel

/// How many names a simulation tells apart; beyond, the most frequent ones, and the rest is joined.
///
/// Figures are kept of each entry point and service for each policy, and of each operation and call. Which are joined
/// depends on the spans and policies alone, as in `Distinctions`.
struct SimulationLimits: Sendable {
  /// Distinct ones of each that are told apart without more ado.
  var most = Counts(services: 5_000, operations: 30_000, links: 30_000)
  /// How many are told apart where there are more, from mild to harsh: the harshest has room for any names.
  var told = [
    Counts(services: 1_000, operations: 5_000, links: 4_000),
    Counts(services: 200, operations: 500, links: 500),
    Counts(services: 20, operations: 50, links: 50),
    Counts(services: 0, operations: 0, links: 0),
  ]
  /// Bytes that names, and the rows of all policies about them, may take.
  var bytes: Int64 = 144 << 20

  /// A number for each kind of names.
  struct Counts: Sendable, Equatable {
    var services: Int
    var operations: Int
    var links: Int
  }
}

/// What names take: themselves, and the rows of policies about them.
///
/// Measured: an estimate takes some 900 bytes, with what JSON is made of it, and its name three times.
struct NameSize {
  private static let name: Int64 = 200
  private static let row: Int64 = 900

  private(set) var bytes: Int64 = 0
  private let policies: Int64

  /// - Parameter policies: those of which each name has a row.
  init(policies: Int) { self.policies = Int64(policies) }

  /// Takes up a name of so many bytes.
  mutating func add(_ length: Int, hasRows: Bool) {
    let length = Int64(length)
    bytes = bytes.saturatingSum(Self.name + length)
    if hasRows { bytes = bytes.saturatingSum((Self.row + 3 * length).multipliedOrMax(by: policies)) }
  }
}

/// What all threads that gather names know: whether one of them has met too many.
final class NameRoom: Sendable {
  private let limits: SimulationLimits.Counts
  private let isOver = Atomic(false)

  init(_ limits: SimulationLimits.Counts) { self.limits = limits }

  /// True when there are certainly too many names.
  var isTooSmall: Bool { isOver.load(ordering: .relaxed) }

  /// Notes how many one thread has met; all together have no fewer.
  func note(operations: Int, links: Int) {
    if operations > limits.operations || links > limits.links { isOver.store(true, ordering: .relaxed) }
  }

  /// Whether all together, with what is equal counted once, are too many.
  func isTooSmall(for names: SimulationNames) -> Bool {
    names.services > limits.services || names.operations.count > limits.operations
      || names.links.count > limits.links
  }
}

/// The names that are told apart where there are too many: the most frequent ones.
struct ToldNames: Sendable {
  /// Stands for what is joined, in place of a symbol.
  static let rest = UInt32.max

  /// Things by their numbers; nil for all.
  private let services: Set<UInt64>?
  private let operations: Set<UInt64>?
  private let links: Set<UInt64>?
  /// Whose names were met too often to tell all apart, with at least how many there were.
  let joined: [(subject: Subject, count: Int)]

  /// The most frequent ones of a sample.
  init(_ samples: NameSamples, _ limits: SimulationLimits.Counts) {
    var joined: [(subject: Subject, count: Int)] = []
    func told(_ sample: SubjectSample, _ subject: Subject, _ limit: Int) -> Set<UInt64>? {
      let things = sample.ranked()
      guard sample.halvings > 0 || things.count > limit else { return nil }
      joined.append((subject, things.count))
      return Set(things.prefix(limit))
    }
    services = told(samples.services, .services, limits.services)
    operations = told(samples.operations, .operations, limits.operations)
    links = told(samples.links, .links, limits.links)
    self.joined = joined
  }

  /// By what key an operation is known: its own, or one with `rest` in place of what is not told apart.
  func operation(_ service: Symbol, _ name: Symbol, _ store: SpanStore) -> UInt64 {
    let end = NameCounter.thing(service, store)
    guard services?.contains(end) ?? true else { return .max }
    let isTold = operations?.contains(NameCounter.thing(end, name, store)) ?? true
    return UInt64(service.index) << 32 | UInt64(isTold ? name.index : Self.rest)
  }

  /// The same for a call.
  func link(_ caller: Symbol, _ service: Symbol, _ store: SpanStore) -> UInt64 {
    let ends = (NameCounter.thing(caller, store), NameCounter.thing(service, store))
    guard links?.contains(Observed.thing(ends.0, ends.1)) ?? true else { return .max }
    let parent = services?.contains(ends.0) ?? true ? caller.index : Self.rest
    return UInt64(parent) << 32 | UInt64(services?.contains(ends.1) ?? true ? service.index : Self.rest)
  }
}

/// A sample for each kind of names.
struct NameSamples: Sendable {
  fileprivate(set) var services = SubjectSample()
  fileprivate(set) var operations = SubjectSample()
  fileprivate(set) var links = SubjectSample()

  fileprivate init() {}

  /// Looks at all traces once.
  ///
  /// - Complexity: O(spans); memory is bounded.
  init(_ walk: TraceWalk) {
    let store = walk.store
    let outcome = walk.walk {
      NameCounter(store)
    } body: { counter, trace in
      counter.count(trace)
    }
    for counter in outcome.states { merge(counter.samples) }
  }

  private mutating func merge(_ other: NameSamples) {
    services.merge(other.services)
    operations.merge(other.operations)
    links.merge(other.links)
  }
}

/// Samples the names that one thread meets; only that thread touches it until the walk is over.
private final class NameCounter: @unchecked Sendable {
  private(set) var samples = NameSamples()
  private let store: SpanStore

  init(_ store: SpanStore) { self.store = store }

  func count(_ trace: Trace) {
    for span in trace.spans {
      let lot = Observed.lot(span.record.spanID, trace)
      let caller = span.parent >= 0 ? trace.spans[Int(span.parent)].service : span.service
      // Most lots are too large: what they are of need not be known.
      let isCall = caller != span.service && samples.links.takes(lot)
      guard isCall || samples.services.takes(lot) || samples.operations.takes(lot) else { continue }
      let end = Self.thing(span.service, store)
      samples.services.add(end, lot: lot)
      samples.operations.add(Self.thing(end, span.record.name, store), lot: lot)
      if isCall { samples.links.add(Observed.thing(Self.thing(caller, store), end), lot: lot) }
    }
  }

  static func thing(_ symbol: Symbol, _ store: SpanStore) -> UInt64 {
    StableHash.number(of: store.symbols.name(symbol))
  }

  static func thing(_ end: UInt64, _ name: Symbol, _ store: SpanStore) -> UInt64 {
    Observed.thing(end, thing(name, store))
  }
}
