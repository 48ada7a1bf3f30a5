import TraceModel

/// Which traces are looked at more closely, and what for.
struct ProbePlan {
  /// What a trace is wanted for.
  struct Wish: Sendable {
    /// The entry point whose what-if it takes part in, and for how many requests it stands; −1 for none.
    var entryPoint = -1
    var weight = 0
    /// The numbers of the sets whose attributes it is counted in.
    var sets: [Int] = []
  }

  struct SetKey: Hashable, Sendable {
    var set: ProbeSet
    var place: Int32
  }

  /// Entry points are looked at by the time of their requests, error groups by their failed requests.
  static let entryPoints = 10
  static let errorGroups = 8
  /// Services of an entry point that are asked "what if".
  static let services = 3
  /// Traces of an entry point that stand for healthy ones, from all its duration bands alike.
  static let healthyTraces = 64
  /// Traces of each duration band that are timed anew.
  static let tracesOfBand = 3
  /// The retiming of a trace of more spans would take longer than it is worth.
  static let largestTrace = 20_000

  private(set) var wishes: [TraceID: Wish] = [:]
  /// The sets of traces whose attributes are counted.
  private(set) var sets: [SetKey] = []
  private var setNumbers: [SetKey: Int] = [:]
  /// The names of the services asked about, by entry point.
  private(set) var services: [Int: [Symbol]] = [:]

  init(_ digest: Digest) {
    let probes = Dictionary(
      digest.probes.filter { $0.subject == .durationBand }.map { (Int($0.place), $0.traces) },
      uniquingKeysWith: { first, _ in first })
    let bands = Concluder.ranges(digest.durationBands, digest.entryPoints.count) { Int($0.entryPoint) }
    for entry in Self.busiest(digest) { planEntry(entry, digest, bands[entry], probes) }
    planGroups(digest, bands, probes)
  }

  private static func busiest(_ digest: Digest) -> [Int] {
    let order = digest.entryPoints.indices.sorted {
      let (left, right) = (digest.entryPoints[$0].durations.sum, digest.entryPoints[$1].durations.sum)
      return left != right ? left > right : $0 < $1
    }
    return order.prefix(entryPoints).filter { digest.entryPoints[$0].durations.count >= 5 }
  }

  private mutating func planEntry(
    _ entry: Int, _ digest: Digest, _ bands: Range<Int>, _ probes: [Int: [ProbedTrace]]
  ) {
    let row = digest.entryPoints[entry]
    services[entry] = Self.largestServices(entry, digest)
    let cohorts = Cohorts(digest, bands, row.durations)
    for band in bands {
      let all = probes[band] ?? []
      let traces = all.prefix(Self.tracesOfBand)
      // Weights are whole, and add up to the requests of the band.
      let count = digest.durationBands[band].count
      for (place, probe) in traces.enumerated() {
        wishes[probe.id, default: Wish()].entryPoint = entry
        wishes[probe.id, default: Wish()].weight =
          count / traces.count + (place < count % traces.count ? 1 : 0)
      }
      if cohorts.typical.contains(band) { for probe in all { add(probe.id, .typical, entry) } }
      if cohorts.slow.contains(band) { for probe in all { add(probe.id, .slow, entry) } }
    }
  }

  private static func largestServices(_ entry: Int, _ digest: Digest) -> [Symbol] {
    let rows = digest.components.filter {
      Int($0.entryPoint) == entry && $0.callee.isEmpty && $0.times.count > 0
    }
    return rows.sorted {
      $0.times.sum != $1.times.sum ? $0.times.sum > $1.times.sum : $0.service.index < $1.service.index
    }.prefix(services).map(\.service)
  }

  /// Error groups are set against healthy requests of the entry points they hurt.
  private mutating func planGroups(_ digest: Digest, _ bands: [Range<Int>], _ probes: [Int: [ProbedTrace]]) {
    let order = digest.errorGroups.indices.sorted {
      let (left, right) = (digest.errorGroups[$0], digest.errorGroups[$1])
      if left.rootFailures != right.rootFailures { return left.rootFailures > right.rootFailures }
      return left.traces != right.traces ? left.traces > right.traces : $0 < $1
    }
    let wanted = Set(order.prefix(Self.errorGroups))
    for row in digest.probes where row.subject == .errorGroup && wanted.contains(Int(row.place)) {
      for probe in row.traces { add(probe.id, .errorGroup, Int(row.place)) }
    }
    for entry in Self.mainEntries(digest, wanted) {
      let perBand = max(Self.healthyTraces / max(bands[Int(entry)].count, 1), Self.tracesOfBand)
      for band in bands[Int(entry)] {
        for probe in (probes[band] ?? []).prefix(perBand) { add(probe.id, .healthy, Int(entry)) }
      }
    }
  }

  /// For each group the entry point that it hurts most.
  static func mainEntries(_ digest: Digest, _ groups: Set<Int>) -> [Int32] {
    var best: [Int32: ErrorEntryRow] = [:]
    for row in digest.errorEntries where groups.contains(Int(row.group)) {
      if let known = best[row.group], (known.rootFailures, known.traces) >= (row.rootFailures, row.traces) {
        continue
      }
      best[row.group] = row
    }
    return Set(best.values.map(\.entryPoint)).sorted()
  }

  private mutating func add(_ id: TraceID, _ set: ProbeSet, _ place: Int) {
    let number = number(of: SetKey(set: set, place: Int32(place)))
    if wishes[id]?.sets.contains(number) != true { wishes[id, default: Wish()].sets.append(number) }
  }

  private mutating func number(of set: SetKey) -> Int {
    if let known = setNumbers[set] { return known }
    setNumbers[set] = sets.count
    sets.append(set)
    return sets.count - 1
  }

  /// The sets that a trace is counted in.
  func sets(of wish: Wish, isHealthy: Bool) -> [Int] {
    wish.sets.filter { sets[$0].set != .healthy || isHealthy }
  }
}
