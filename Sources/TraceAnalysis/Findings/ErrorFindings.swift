import TraceModel

extension Concluder {
  /// The most findings of one kind about errors; the page shows all groups.
  private static let announcedGroups = 20

  /// Failures that reach the root, by where they begin.
  func errorOrigins(_ conclusions: Conclusions) -> [Finding] {
    let failedRoots = conclusions.entryPoints.reduce(0) { $0 + $1.errors }
    return conclusions.errorGroups.filter { $0.rootFailures > 0 }.prefix(Self.announcedGroups).map {
      errorOrigin($0, failedRoots, conclusions)
    }
  }

  private func errorOrigin(_ group: ErrorGroup, _ failedRoots: Int, _ conclusions: Conclusions) -> Finding {
    let reporting = conclusions.services.contains { $0.name == group.blamedService }
    var finding = Self.finding("error-origin", group.id)
    let worst = worstEntry(group)
    let share = worst.map { Self.share($0.rootFailures, of: $0.total) } ?? 0
    finding.severity = options.thresholds.severity(
      requests: share, latency: 0, isCertain: group.rootFailures >= 3)
    // An outside system has no page and no spans: the finding is about the service that saw it fail.
    finding.service = reporting ? group.blamedService : group.service
    finding.operation = group.operation
    finding.entryService = worst?.service ?? ""
    finding.entryOperation = worst?.operation ?? ""
    let entryTitle = worst.map {
      Words.entryPoint($0.service, $0.operation, sharing: conclusions.sharedOperations)
    }
    finding.title = errorTitle(group, reporting, entryTitle)
    finding.proof = errorProof(group, worst, entryTitle, failedRoots)
    finding.nextStep = errorNextStep(group, reporting)
    finding.rule = "failed span without a failed child; a caller without an answer blames its peer"
    finding.score = share * Self.share(group.rootFailures, of: max(failedRoots, 1))
    finding.evidence = group.examples.map(\.evidence)
    finding.page = "errors.html#error-\(group.id)"
    return finding
  }

  private func worstEntry(_ group: ErrorGroup) -> AffectedEntryPoint? { group.entryPoints.first }

  private func errorTitle(_ group: ErrorGroup, _ reporting: Bool, _ entryTitle: String?) -> String {
    let words = failureWords(group)
    var title: String
    if group.blamedService == group.service {
      title = "\(Words.name(group.service)) failed\(words)"
    } else if reporting {
      title = "\(Words.name(group.blamedService)) did not answer \(Words.name(group.service))\(words)"
    } else {
      title =
        "\(Words.name(group.service)) failed\(words) calling \(Words.name(group.blamedService, "its peer"))"
    }
    if let entryTitle {
      title += "; \(entryTitle) fails"
      if !group.consequence.isEmpty, group.consequence != group.exampleMessage {
        title += ": \(group.consequence)"
      }
    }
    let missing = missingNames(group)
    if !missing.isEmpty { title += "; \(Words.list(missing)) not reached" }
    return title
  }

  private func failureWords(_ group: ErrorGroup) -> String {
    if !group.message.isEmpty { return " with \(Words.quote(group.message))" }
    if !group.type.isEmpty { return " with \(Words.name(group.type))" }
    return group.operation.isEmpty ? "" : " in \(Words.name(group.operation))"
  }

  private func missingNames(_ group: ErrorGroup) -> [String] {
    group.notReached.map(\.service).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func errorProof(
    _ group: ErrorGroup, _ worst: AffectedEntryPoint?, _ entryTitle: String?, _ failedRoots: Int
  ) -> [String] {
    var proof: [String] = []
    if let worst, let entryTitle {
      proof.append(
        "\(Words.count(worst.rootFailures)) of \(Words.count(worst.total, "request")) of \(entryTitle) failed "
          + "with it (\(Words.percent(Self.share(worst.rootFailures, of: worst.total)))); it accounts for "
          + "\(Words.count(group.rootFailures)) of \(Words.count(failedRoots, "failed request")) in all.")
    }
    let kind = group.kind == .unspecified ? "" : " (\(group.kind.name))"
    proof.append(
      "It begins in \(Words.name(group.operation, "an unnamed operation")) of \(Words.name(group.service))\(kind)"
        + (group.peer.isEmpty ? "." : ", which calls \(Words.name(group.peer)) and gets no good answer."))
    let way = group.path.map(\.service).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    if way.count > 1 {
      proof.append("It reaches the root by \(way.map { Words.name($0) }.joined(separator: " → ")).")
    }
    for missing in group.notReached {
      proof.append(
        "\(Words.name(missing.service)) is not reached: \(Words.count(missing.seenCount)) of "
          + "\(Words.count(missing.failingCount, "failed trace")) where \(Words.percent(missing.usualShare)) of "
          + "\(Words.count(missing.healthyCount)) healthy ones reach it.")
    }
    return proof
  }

  private func errorNextStep(_ group: ErrorGroup, _ reporting: Bool) -> String {
    if group.blamedService == group.service {
      return "Open the example and read the failed span of \(Words.name(group.service)), its events and logs."
    }
    if reporting {
      return
        "See whether \(Words.name(group.blamedService)) was up and how long it took; no span of it shows the call."
    }
    return "See whether \(Words.name(group.blamedService, "the peer")) was up, and how long "
      + "\(Words.name(group.service)) waits for it."
  }

  /// Failures that a healthy span above caught, when they are many.
  func swallowedErrors(_ conclusions: Conclusions) -> [Finding] {
    let traces = max(conclusions.traceCount, 1)
    return conclusions.errorGroups.filter { $0.swallowed > 0 && $0.rootFailures == 0 }
      .sorted { $0.swallowed != $1.swallowed ? $0.swallowed > $1.swallowed : $0.id < $1.id }
      .prefix(Self.announcedGroups).map { swallowedError($0, traces, conclusions) }
  }

  private func swallowedError(_ group: ErrorGroup, _ traces: Int, _ conclusions: Conclusions) -> Finding {
    var finding = Self.finding("swallowed-errors", group.id)
    let worst = group.entryPoints.first
    let share = worst.map { Self.share($0.count, of: $0.total) } ?? Self.share(group.swallowed, of: traces)
    finding.severity = share >= 0.05 && group.swallowed >= 3 ? .medium : .low
    finding.service = group.blamedService.isEmpty ? group.service : group.blamedService
    finding.operation = group.operation
    finding.entryService = worst?.service ?? ""
    finding.entryOperation = worst?.operation ?? ""
    let entryTitle =
      worst.map { Words.entryPoint($0.service, $0.operation, sharing: conclusions.sharedOperations) }
      ?? "requests"
    finding.title =
      "\(Words.name(finding.service)) failed\(failureWords(group)) unnoticed: \(entryTitle) succeeded all the same"
    finding.proof = [
      "\(Words.count(group.swallowed, "trace")) hide such a failure"
        + (worst.map { " (\(Words.percent(share)) of \(Words.count($0.total, "request")))" } ?? "")
        + ": a healthy span stands above it.",
      "On the critical path it cost \(Words.length(group.swallowedTime)) in all.",
    ]
    finding.nextStep = "Decide whether the fallback is wanted; if so, nothing is to be done."
    finding.rule = "failed span below a healthy one, in traces whose root is healthy"
    finding.score = share * 0.5
    finding.evidence = group.examples.map(\.evidence)
    finding.page = "errors.html#error-\(group.id)"
    return finding
  }

  /// Services that failing requests do not reach, for each entry point.
  func missingCalls(_ conclusions: Conclusions) -> [Finding] {
    var findings: [Finding] = []
    for entry in conclusions.entryPoints {
      let missing = conclusions.notReached.filter {
        $0.entryService == entry.service && $0.entryOperation == entry.operation
      }
      if !missing.isEmpty { findings.append(missingCall(entry, missing, conclusions)) }
    }
    return findings
  }

  private func missingCall(
    _ entry: EntryPointResult, _ missing: [NotReached], _ conclusions: Conclusions
  ) -> Finding {
    let names = missing.map { Words.name($0.service) }
    let title = Words.entryPoint(entry.service, entry.operation, sharing: conclusions.sharedOperations)
    var finding = Self.finding("missing-call", entry.service, entry.operation)
    finding.severity = .info
    finding.title =
      "\(Words.list(names)) \(names.count == 1 ? "is" : "are") not reached when \(title) fails"
    finding.proof = missing.map {
      "\(Words.name($0.service)): seen in \(Words.count($0.seenCount)) of "
        + "\(Words.count($0.failingCount, "failed trace")), where \(Words.count($0.expectedCount)) would be usual "
        + "(\(Words.percent($0.usualShare)) of \(Words.count($0.healthyCount, "healthy trace")))."
    }
    finding.nextStep = "An observation, not a cause: see what fails before them."
    finding.rule =
      "in at least 95 % of an entry point's healthy traces, and in at most half as many failed ones as expected"
    finding.service = missing[0].service
    finding.entryService = entry.service
    finding.entryOperation = entry.operation
    finding.score = Self.share(entry.errors, of: entry.latency.count)
    finding.evidence = missing.compactMap(\.evidence).reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
    finding.page = "errors.html#not-reached"
    return finding
  }

  /// Traces that are not whole, when they are many enough to doubt the rest.
  func incompleteTraces(_ conclusions: Conclusions) -> [Finding] {
    let traces = conclusions.traceCount
    let broken = traces - conclusions.input.completeTraces
    let share = Self.share(broken, of: traces)
    guard share >= 0.05, broken >= 3 else { return [] }
    var finding = Self.finding("data-quality", "incomplete")
    finding.severity = share >= 0.25 ? .medium : .low
    finding.title = "\(Words.percent(share)) of traces are incomplete"
    finding.proof = [
      "\(Words.count(broken)) of \(Words.count(traces, "trace")) have several roots, an absent parent or a cut."
    ]
    finding.nextStep =
      "Look for the missing archive, a narrow window, sampling, or broken context propagation."
    finding.rule = "at least 5 % of traces without one connected tree"
    finding.score = share
    finding.page = "quality.html"
    return [finding]
  }
}
