import TraceModel

extension Concluder {
  /// The most findings of one shape; the page shows all.
  private static let announcedPatterns = 5

  /// Shapes of calls that cost something.
  func patternFindings(_ conclusions: Conclusions) -> [Finding] {
    var findings: [Finding] = []
    for kind in PatternKind.allCases {
      findings += conclusions.patterns.filter { $0.kind == kind && Self.isAnnounced($0) }
        .prefix(Self.announcedPatterns).map { finding(about: $0, conclusions) }
    }
    return findings
  }

  private static func isAnnounced(_ pattern: PatternResult) -> Bool {
    switch pattern.kind {
    case .repeatedCalls:
      pattern.isSequential && pattern.meanChildren >= 10 && pattern.traceCount >= 3
        && pattern.savingShare >= 0.01
    case .retries: pattern.traceCount >= 3
    case .gap: pattern.traceCount * 10 >= pattern.requestCount && pattern.requestCount >= 5
    case .sequentialCalls:
      pattern.traceCount * 2 >= pattern.requestCount && pattern.requestCount >= 5
        && pattern.savingShare >= 0.25
    }
  }

  private func finding(about pattern: PatternResult, _ conclusions: Conclusions) -> Finding {
    var finding = Self.finding(
      Self.findingKind(pattern.kind), pattern.entryService, pattern.entryOperation, pattern.service,
      pattern.operation, pattern.childService, pattern.childOperation)
    finding.service = pattern.service
    finding.operation = pattern.operation
    finding.entryService = pattern.entryService
    finding.entryOperation = pattern.entryOperation
    finding.score = pattern.savingShare
    finding.evidence = pattern.evidence.map { [$0] } ?? []
    finding.page = "latency.html#\(Slug.make(pattern.entryService, pattern.entryOperation))"
    let entry = Words.entryPoint(
      pattern.entryService, pattern.entryOperation, sharing: conclusions.sharedOperations)
    describe(pattern, entry, &finding)
    return finding
  }

  private static func findingKind(_ kind: PatternKind) -> String {
    switch kind {
    case .repeatedCalls: "n-plus-one"
    case .retries: "retry-storm"
    case .gap: "unexplained-gap"
    case .sequentialCalls: "sequential-calls"
    }
  }

  private func describe(_ pattern: PatternResult, _ entry: String, _ finding: inout Finding) {
    let service = Words.name(pattern.service)
    let operation = Words.name(pattern.operation, "an unnamed operation")
    let child = Words.name(pattern.childOperation, "an unnamed operation")
    let perRequest = Nanoseconds(pattern.time.rawValue / Int64(max(pattern.traceCount, 1)))
    let seen =
      "\(Words.count(pattern.traceCount)) of \(Words.count(pattern.requestCount, "request")) of \(entry) show it"
    switch pattern.kind {
    case .repeatedCalls:
      finding.severity = options.thresholds.severity(
        requests: 0, latency: pattern.savingShare, isCertain: pattern.traceCount >= 20)
      finding.title =
        "\(service) calls \(child) \(Words.decimal(pattern.meanChildren)) times in a row for \(entry)"
      finding.proof = [
        "\(seen), up to \(Words.count(pattern.mostChildren)) calls below one \(operation).",
        "They take \(Words.length(perRequest)) a request; one call as long as the longest would save "
          + "\(Words.percent(pattern.savingShare)) of the time of all requests.",
      ]
      finding.nextStep = "Ask for all at once: a join, a batch, or a cache."
      finding.rule = "at least 10 calls of one operation below one parent, one after the other"
    case .retries:
      finding.severity = options.thresholds.severity(
        requests: 0, latency: pattern.savingShare, isCertain: pattern.traceCount >= 20)
      finding.title = "\(service) tries \(child) again after failures"
      finding.proof = [
        "\(seen): \(Words.decimal(pattern.meanChildren)) calls on average, all but the last failed.",
        "Waiting for the last one takes \(Words.percent(pattern.savingShare)) of the time of all requests.",
      ]
      finding.nextStep = "See why the first try fails, and whether trying again is bounded."
      finding.rule = "calls of one operation below one parent of which all but the last failed"
    case .gap:
      finding.severity = pattern.savingShare >= 0.25 ? .medium : .low
      finding.title = "\(operation) of \(service) spends \(Words.length(perRequest)) without a child span"
      finding.proof = ["\(seen): \(Words.percent(pattern.savingShare)) of the time of all requests."]
      finding.nextStep = "Either it works or waits there itself, or something it calls is not instrumented."
      finding.rule = "longest stretch not covered by children: at least 30 % of the request and 10 ms"
    case .sequentialCalls:
      finding.severity = .info
      finding.title =
        "\(operation) of \(service) makes \(Words.decimal(pattern.meanChildren)) calls one after the other"
      finding.proof = [
        "\(seen). If they did not wait for each other, \(Words.percent(pattern.savingShare)) of the time of all "
          + "requests would be saved at most."
      ]
      finding.nextStep = "See which of them need the results of others; the rest can run at once."
      finding.rule =
        "at least 3 calls to other services below one parent, none overlapping, half of the request"
    }
  }

  /// Messages that wait long for their consumers.
  func queueWaits(_ conclusions: Conclusions) -> [Finding] {
    conclusions.links.filter {
      $0.connectionType == .messagingSystem && $0.callCount >= 20 && $0.latency.p50 >= .milliseconds(1_000)
        && $0.latency.p50.rawValue > 5 * $0.calleeLatency.p50.rawValue && $0.calleeLatency.count > 0
    }.prefix(Self.announcedPatterns).map { link in
      var finding = Self.finding("queue-wait", link.parent, link.child)
      finding.severity = .low
      finding.title =
        "messages from \(Words.name(link.parent)) wait \(Words.length(link.latency.p50)) for \(Words.name(link.child))"
      finding.proof = [
        "Half of \(Words.count(link.callCount, "message")) wait longer, 5 % longer than "
          + "\(Words.length(link.latency.p95)); handling one takes \(Words.length(link.calleeLatency.p50))."
      ]
      finding.nextStep = "More consumers, or smaller batches."
      finding.rule =
        "time from the producer's end to the consumer's start, median at least 1 s and 5 times the handling"
      finding.service = link.child
      finding.evidence = link.examples.map(\.evidence)
      finding.page = "dependencies.html"
      return finding
    }
  }
}
