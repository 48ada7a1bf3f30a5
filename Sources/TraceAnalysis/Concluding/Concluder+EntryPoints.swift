import TraceModel

extension Concluder {
  func entryPoints() -> [EntryPointResult] {
    digest.entryPoints.indices.map(entryPoint).sorted {
      if $0.latency.count != $1.latency.count { return $0.latency.count > $1.latency.count }
      return $0.service != $1.service ? $0.service < $1.service : $0.operation < $1.operation
    }
  }

  private func entryPoint(_ number: Int) -> EntryPointResult {
    let row = digest.entryPoints[number]
    var result = EntryPointResult()
    result.service = name(row.service)
    result.operation = name(row.operation)
    result.slug = Slug.make(result.service, result.operation)
    result.errors = row.errors
    result.rate = Double(row.durations.count) / seconds
    result.incomplete = row.incomplete
    result.latency = row.durations.summary
    result.series = series(.entryPoint, Int32(number))
    result.profileByService = profileByService(number)
    result.gaps = gaps(number)
    result.profileByOperation = profileByOperation(number)
    let cohorts = Cohorts(digest, bandsOfEntry[number], row.durations)
    result.typical = cohorts.result(of: cohorts.typical)
    result.slow = cohorts.result(of: cohorts.slow)
    result.cohortRows = cohortRows(number, cohorts)
    result.callPaths = callPaths(number, cohorts)
    result.whatIf = whatIf(number)
    result.slowShared = sharedValues(.slow, number, against: .typical, [number])
    result.examples = examples(number)
    return result
  }

  private func profileByService(_ number: Int) -> [ProfileRow] {
    let variance = VarianceShares(digest, bandsOfEntry[number])
    return profile(number, { $0.callee.isEmpty }) { place in
      variance?.share(of: digest.componentBands[bandsOfComponent[place]])
    }
  }

  /// Time beside calls to other services, by caller and callee.
  private func gaps(_ number: Int) -> [ProfileRow] {
    profile(number) { !$0.callee.isEmpty }
  }

  private func profile(
    _ number: Int, _ isWanted: (ComponentRow) -> Bool, varianceShare: (Int) -> Double? = { _ in nil }
  ) -> [ProfileRow] {
    let entry = digest.entryPoints[number].durations
    let places = componentsOfEntry[number].filter {
      isWanted(digest.components[$0]) && digest.components[$0].times.count > 0
    }
    return places.map { place in
      let component = digest.components[place]
      var row = ProfileRow()
      row.service = name(component.service)
      row.callee = name(component.callee)
      row.total = Nanoseconds(component.times.sum)
      row.mean = Nanoseconds(component.times.sum / Int64(max(entry.count, 1)))
      row.share = Self.share(component.times.sum, of: entry.sum)
      row.occurrence = Self.share(component.times.count, of: entry.count)
      let zeros = entry.count - component.times.count
      row.p50 = Nanoseconds(component.times.percentile(0.5, zeros: zeros))
      row.p95 = Nanoseconds(component.times.percentile(0.95, zeros: zeros))
      row.p99 = Nanoseconds(component.times.percentile(0.99, zeros: zeros))
      row.varianceShare = varianceShare(place)
      row.worst = component.worst.example("slowest")
      return row
    }.sorted(by: Self.isLarger)
  }

  private func profileByOperation(_ number: Int) -> [ProfileRow] {
    let entry = digest.entryPoints[number].durations
    return digest.entryOperations[operationsOfEntry[number]].map { part in
      let operation = digest.operations[Int(part.operation)]
      var row = ProfileRow()
      row.service = name(operation.service)
      row.operation = name(operation.name)
      row.kind = operation.kind
      row.total = Nanoseconds(part.sum)
      row.mean = Nanoseconds(part.sum / Int64(max(entry.count, 1)))
      row.share = Self.share(part.sum, of: entry.sum)
      row.occurrence = Self.share(part.count, of: entry.count)
      row.worst = part.worst.example("slowest")
      return row
    }.sorted(by: Self.isLarger)
  }

  private static func isLarger(_ left: ProfileRow, _ right: ProfileRow) -> Bool {
    if left.total != right.total { return left.total > right.total }
    if left.service != right.service { return left.service < right.service }
    if left.operation != right.operation { return left.operation < right.operation }
    if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
    return left.callee < right.callee
  }

  private func examples(_ number: Int) -> [ExampleTrace] {
    let row = digest.entryPoints[number]
    var examples = row.slowest.compactMap { $0.example("slowest") }
    examples += row.failing.compactMap { $0.example("failing") }
    if let typical = typical(number) { examples.append(typical) }
    return examples
  }

  /// A trace of the duration band in which the median lies.
  func typical(_ number: Int) -> ExampleTrace? {
    let bands = digest.durationBands[bandsOfEntry[number]]
    let rank = (digest.entryPoints[number].durations.count + 1) / 2
    var seen = 0
    for band in bands {
      seen += band.count
      guard seen >= rank, !band.typical.isAbsent else { continue }
      var example = band.typical.example("typical")
      let place = traceLengths[band.typical.traceID]
      example?.duration = Nanoseconds(place.map { digest.traces[$0].length } ?? band.sum / Int64(band.count))
      return example
    }
    return nil
  }
}
