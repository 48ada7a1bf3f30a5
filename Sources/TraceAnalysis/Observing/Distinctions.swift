import TraceModel

/// What is told apart in figures, and what is joined.
///
/// Usually everything is told apart, but for the names of services that have over a thousand. If figures would take more
/// memory than `Digest.sizeLimit`, the most frequent of each `Subject` are told apart, and the rest is one. Traces and
/// their tables keep all names.
struct Distinctions: Sendable {
  /// How many of each subject are told apart.
  struct Limits: Sendable {
    var services, operations, ends, links, failures, instances, hosts, messages: Int
    /// Down to which depth call paths are told apart, and how many steps of a failure's way.
    var depth, steps: Int

    /// Down to which depth call paths are told apart where everything is.
    static let usualDepth = 64

    /// From mild to harsh: the harshest leaves so few rows of each kind that any archive has room.
    static let levels = [
      Limits(
        services: 1_000, operations: 5_000, ends: 1_000, links: 4_000, failures: 2_000, instances: 2_000,
        hosts: 200,
        messages: 50_000, depth: 16, steps: 16),
      Limits(
        services: 500, operations: 2_000, ends: 500, links: 2_000, failures: 1_000, instances: 1_000,
        hosts: 100,
        messages: 20_000, depth: 6, steps: 6),
      Limits(
        services: 100, operations: 300, ends: 100, links: 400, failures: 100, instances: 200, hosts: 50,
        messages: 5_000, depth: 3, steps: 3),
      Limits(
        services: 10, operations: 20, ends: 10, links: 40, failures: 20, instances: 20, hosts: 10,
        messages: 1_000,
        depth: 1, steps: 2),
    ]

    func limit(of subject: Subject) -> Int {
      switch subject {
      case .services: services
      case .operations: operations
      case .ends: ends
      case .links: links
      case .failures: failures
      case .instances: instances
      case .hosts: hosts
      case .messages: messages
      }
    }
  }

  /// How names are joined; nil as long as no service is known to have too many.
  var joinedNames: JoinedNames?
  let depth: Int
  let steps: Int
  /// True when things are only counted, for a census; then nothing is told apart.
  let isCounting: Bool
  /// The services that are told apart.
  private let services: Set<UInt64>
  /// By subject the things that are told apart; nil for all.
  private let kept: [Set<UInt64>?]

  /// Everything is told apart.
  init() {
    depth = Limits.usualDepth
    steps = ErrorPathRow.limit
    isCounting = false
    services = []
    kept = Subject.allCases.map { _ in nil }
  }

  /// Nothing is told apart, and things are counted, names as they are joined.
  init(countingBy joinedNames: JoinedNames) {
    self.joinedNames = joinedNames
    depth = 1
    steps = 1
    isCounting = true
    services = []
    kept = Subject.allCases.map { _ in [] }
  }

  /// The most frequent things of a census, within limits.
  init(_ census: Census, _ limits: Limits, _ joinedNames: JoinedNames) {
    self.joinedNames = joinedNames
    depth = limits.depth
    steps = limits.steps
    isCounting = false
    services = Set(census.things(of: .services).prefix(limits.services))
    kept = Subject.allCases.map { census.mostFrequent($0, limits.limit(of: $0)) }
  }

  /// True when a thing is a service that is told apart; asked only where other ends of calls are not.
  func isService(_ thing: UInt64) -> Bool { services.contains(thing) }

  /// True when all of a subject are told apart.
  func tellsAllApart(_ subject: Subject) -> Bool { kept[subject.rawValue] == nil }

  /// True when a thing is told apart from others.
  func tellsApart(_ thing: UInt64, _ subject: Subject) -> Bool {
    kept[subject.rawValue]?.contains(thing) ?? true
  }
}
