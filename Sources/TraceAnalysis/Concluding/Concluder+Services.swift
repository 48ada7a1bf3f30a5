import TraceModel

extension Concluder {
  func services() -> [ServiceResult] {
    let operations = Self.ranges(digest.operations, digest.names.count) { $0.service.number }
    let resources = Self.ranges(digest.resources, digest.names.count) { $0.service.number }
    let origins = blamedCounts()
    return digest.services.map { row in
      var result = ServiceResult()
      result.name = name(row.service)
      for operation in digest.operations[operations[row.service.number]] {
        result.spanCount += operation.durations.count
        result.errorSpanCount += operation.errors
        result.selfTime += Nanoseconds(operation.selfTime)
        result.criticalPathTime += Nanoseconds(operation.pathTime)
      }
      result.requestCount = row.requests.count
      result.requestErrors = row.requestErrors
      result.latency = row.requests.summary
      result.criticalPathShare = Self.share(result.criticalPathTime.rawValue, of: requestTime)
      result.traceCount = row.traces
      result.errorOrigins = origins[result.name] ?? 0
      result.series = series(.service, Int32(bitPattern: row.service.index))
      let rows = digest.resources[resources[row.service.number]]
      result.versions = Self.counts(rows.map { (name($0.version), $0.spans) })
      result.instances = Array(Self.counts(rows.map { (name($0.instance), $0.spans) }).prefix(50))
      result.examples = [row.slowest.example("slowest"), row.failing.example("failing")].compactMap { $0 }
      return result
    }
  }

  /// Values with how often, most frequent first; the empty one is left out.
  private static func counts(_ pairs: [(String, Int)]) -> [ValueCount] {
    var counts: [String: Int] = [:]
    for (value, count) in pairs where !value.isEmpty { counts[value, default: 0] += count }
    return counts.map { ValueCount(value: $0.key, count: $0.value) }.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.value < $1.value
    }
  }

  /// Failures by the service that is to blame.
  private func blamedCounts() -> [String: Int] {
    var counts: [String: Int] = [:]
    for row in digest.errorGroups { counts[blamedService(row), default: 0] += row.count }
    return counts
  }

  func operations() -> [OperationResult] {
    digest.operations.map { row in
      var result = OperationResult()
      result.service = name(row.service)
      result.operation = name(row.name)
      result.kind = row.kind
      result.errors = row.errors
      result.latency = row.durations.summary
      result.selfTime = Nanoseconds(row.selfTime)
      result.criticalPathTime = Nanoseconds(row.pathTime)
      result.examples = [row.slowest.example("slowest"), row.failing.example("failing")].compactMap { $0 }
      return result
    }
  }
}
