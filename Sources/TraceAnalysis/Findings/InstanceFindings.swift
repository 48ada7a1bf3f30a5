import TraceModel

extension Concluder {
  private static let announcedInstances = 5

  /// One pod or version that takes longer than its siblings for the same work.
  ///
  /// What is compared is a service's own time for one request (self time of all its spans over requests answered), so
  /// neither slow callees nor more requests make an instance slow. A version is named where it explains its instances.
  ///
  /// - Complexity: O(*n* log *n*) in the instances of each service.
  func slowInstances() -> [Finding] {
    var findings: [Finding] = []
    for rows in Self.ranges(digest.resources, digest.names.count, { $0.service.number }) where rows.count > 1
    {
      let rows = digest.resources[rows]
      let versions = Self.groups(rows.map { ($0.version, $0) })
      let slowVersions = Self.slow(versions)
      for version in slowVersions { findings.append(finding("version", version)) }
      let explained = Set(slowVersions.map(\.name))
      let instances = Self.groups(rows.filter { !explained.contains($0.version) }.map { ($0.instance, $0) })
      for instance in Self.slow(instances) { findings.append(finding("instance", instance)) }
    }
    return Array(findings.sorted(by: Finding.isOrdered).prefix(Self.announcedInstances))
  }

  /// What the rows of one name sum up to.
  private struct Group {
    var name: Symbol
    var own: OwnTime
    var row: ResourceRow
    /// What the other groups sum up to.
    var others = OwnTime()
  }

  private static func groups(_ rows: [(Symbol, ResourceRow)]) -> [Group] {
    var groups: [Group] = []
    for (name, row) in rows.sorted(by: { $0.0.index < $1.0.index }) where !name.isEmpty {
      if let last = groups.indices.last, groups[last].name == name {
        groups[last].own = groups[last].own + OwnTime(row)
        groups[last].row.slowest.merge(row.slowest)
      } else {
        groups.append(Group(name: name, own: OwnTime(row), row: row))
      }
    }
    return groups
  }

  /// The groups that take longer than all others together.
  private static func slow(_ groups: [Group]) -> [Group] {
    guard groups.count > 1 else { return [] }
    let all = groups.map(\.own).reduce(OwnTime(), +)
    return groups.compactMap { group in
      var group = group
      group.others = all - group.own
      return group.own.isClearlyMore(than: group.others) ? group : nil
    }
  }

  private func finding(_ what: String, _ group: Group) -> Finding {
    let others = group.others
    let service = name(group.row.service)
    let value = name(group.name)
    var finding = Self.finding("slow-\(what)", service, value)
    let excess = (group.own.mean - others.mean) * Double(group.own.requests) * 1_000
    finding.score = requestTime > 0 ? excess / Double(requestTime) : 0
    finding.severity = options.thresholds.severity(requests: 0, latency: finding.score, isCertain: true)
    finding.service = service
    finding.title =
      "\(Words.name(service)) is slower in \(what) \(Words.name(value)) than in its siblings"
    finding.proof = [
      "\(Words.length(group.own.length)) of its own time a request instead of \(Words.length(others.length)), over "
        + "\(Words.count(group.own.requests, "request")) against \(Words.count(others.requests))."
    ]
    finding.evidence = group.row.slowest.evidence.map { [$0] } ?? []
    finding.page = "services/"
    finding.nextStep =
      what == "version"
      ? "See what changed in this release." : "See what is different there: host, load, memory."
    finding.rule =
      "at least 20 requests each, 1.5 times the own time of the others, more than 4 standard errors apart"
    return finding
  }
}

/// Own time of one or several instances, for a request answered.
private struct OwnTime {
  private static let leastRequests = 20
  private static let leastRatio = 1.5
  private static let leastStandardErrors = 4.0

  var requests = 0
  private var spans = 0
  /// Microseconds.
  private var sum = 0.0
  private var squares = 0.0

  init() {}

  init(_ row: ResourceRow) {
    requests = row.requests
    spans = row.spans
    sum = Double(row.ownTime)
    squares = Double(row.ownSquares)
  }

  static func + (left: OwnTime, right: OwnTime) -> OwnTime {
    var both = left
    both.requests += right.requests
    both.spans += right.spans
    both.sum += right.sum
    both.squares += right.squares
    return both
  }

  static func - (all: OwnTime, part: OwnTime) -> OwnTime {
    var rest = all
    rest.requests -= part.requests
    rest.spans -= part.spans
    rest.sum -= part.sum
    rest.squares -= part.squares
    return rest
  }

  /// Microseconds a request.
  var mean: Double { requests > 0 ? sum / Double(requests) : 0 }

  var length: Nanoseconds { Nanoseconds(reckoned: max(mean * 1_000, 0)) }

  /// The standard error of the mean, were spans independent of each other.
  private var standardError: Double {
    guard spans > 0, requests > 0 else { return 0 }
    let variance = max(squares / Double(spans) - (sum / Double(spans)) * (sum / Double(spans)), 0)
    return (variance * Double(spans)).squareRoot() / Double(requests)
  }

  func isClearlyMore(than others: OwnTime) -> Bool {
    guard requests >= Self.leastRequests, others.requests >= Self.leastRequests,
      mean >= others.mean * Self.leastRatio
    else { return false }
    let error = (standardError * standardError + others.standardError * others.standardError).squareRoot()
    return mean - others.mean > Self.leastStandardErrors * error
  }
}
