import TraceModel

extension Concluder {
  /// What was repaired, what is doubtful, and what instrumentation should do otherwise.
  func quality() -> QualityResult {
    var result = QualityResult()
    for row in digest.warnings {
      guard let code = DiagnosticCode(rawValue: name(row.code)) else { continue }
      result.warnings.append(
        QualityResult.WarningRow(
          code: code, service: name(row.service), count: row.count, evidence: row.example.evidence))
    }
    result.warnings.sort {
      if $0.code.severity != $1.code.severity { return $0.code.severity > $1.code.severity }
      return $0.code != $1.code ? $0.code < $1.code : $0.service < $1.service
    }
    result.hostPairs = hostPairs()
    result.propagation = propagationFaults()
    for row in digest.sightings where row.sign == .narrowID {
      result.narrowTraces += row.count
      if result.narrowExample == nil { result.narrowExample = row.example.evidence }
    }
    for row in digest.sightings where row.sign == .joinedThings {
      guard let subject = Subject.allCases.first(where: { $0.words == name(row.operation) }) else { continue }
      result.joined.append(JoinedThings(words: subject.words, rest: subject.rest, count: row.count))
    }
    result.audits = audits()
    return result
  }

  private func hostPairs() -> [HostPair] {
    digest.hostPairs.map { row in
      var pair = HostPair()
      pair.host = name(row.host)
      pair.against = name(row.against)
      pair.count = row.count
      pair.mean = Nanoseconds(row.sum / Int64(max(row.count, 1)))
      pair.least = Nanoseconds(row.least)
      pair.most = Nanoseconds(row.most)
      pair.evidence = row.example.evidence
      return pair
    }.sorted {
      $0.count != $1.count ? $0.count > $1.count : ($0.host, $0.against) < ($1.host, $1.against)
    }
  }

  private func propagationFaults() -> [PropagationFault] {
    var callers: [Symbol: (service: Symbol, count: Int)] = [:]
    for row in digest.links where row.parent != row.child {
      let known = callers[row.child]
      if known == nil || row.latency.count > (known?.count ?? 0) {
        callers[row.child] = (row.parent, row.latency.count)
      }
    }
    var totals: [[Symbol]: Int] = [:]
    for row in digest.operations { totals[[row.service, row.name], default: 0] += row.durations.count }
    return digest.sightings.compactMap { row in
      guard let sign = PropagationFault.Sign(row.sign) else { return nil }
      var fault = PropagationFault(sign)
      fault.service = name(row.service)
      fault.operation = name(row.operation)
      if let caller = callers[row.service] { fault.usualCaller = name(caller.service) }
      // A server that nobody calls is an entry point, alone or not.
      if sign == .loneServer, fault.usualCaller.isEmpty { return nil }
      fault.count = row.count
      fault.total = totals[[row.service, row.operation]] ?? row.count
      fault.evidence = row.example.evidence
      return fault
    }.sorted {
      if $0.count != $1.count { return $0.count > $1.count }
      return ($0.sign.rawValue, $0.service, $0.operation) < ($1.sign.rawValue, $1.service, $1.operation)
    }
  }
}

extension PropagationFault.Sign {
  init?(_ sign: SightingRow.Sign) {
    switch sign {
    case .orphan: self = .missingCaller
    case .loneServer: self = .loneServer
    case .unlinkedConsumer: self = .unlinkedConsumer
    case .weakID: self = .weakTraceID
    case .leakedContext: self = .leakedContext
    case .tooManySpans, .longSpan, .tooManyTags, .derivedStatus, .narrowID, .joinedNames, .joinedThings:
      return nil
    }
  }
}
