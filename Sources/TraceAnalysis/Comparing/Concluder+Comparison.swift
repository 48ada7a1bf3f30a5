import TraceModel

extension Concluder {
  /// What changed since a baseline.
  func comparison(with baseline: Digest, _ conclusions: Conclusions) -> ComparisonResult {
    let old = Concluder(baseline, ConclusionOptions())
    var earlier = Conclusions()
    earlier.window = old.window
    earlier.errorGroups = old.errorGroups()
    earlier.links = old.links()
    return Comparer(baseline: baseline, current: digest).result(earlier, conclusions)
  }

  /// The least score with which a service is listed as a suspect.
  private static let leastScore = 0.001
  /// The most suspects.
  private static let mostSuspects = 10

  /// Services ranked by what changed, with the reasons in words.
  func suspects(_ comparison: ComparisonResult, _ conclusions: Conclusions) -> [Suspect] {
    let ranked = comparison.services.filter { $0.score >= Self.leastScore }.prefix(Self.mostSuspects).map {
      change in
      var suspect = Suspect()
      suspect.service = change.service
      suspect.score = change.score
      suspect.reasons = reasons(change, comparison)
      suspect.evidence = evidence(about: change.service, conclusions)
      return suspect
    }
    return ranked.filter { !$0.reasons.isEmpty }
  }

  private func reasons(_ change: ServiceChange, _ comparison: ComparisonResult) -> [String] {
    var reasons: [String] = []
    if change.excess > .zero {
      reasons.append(
        "\(Words.length(change.excess)) a request more than before, gaps of calls to it included; "
          + "\(Words.length(change.perCallAfter)) instead of \(Words.length(change.perCallBefore)) a span "
          + "(\(Words.count(change.spansAfter, "span")), \(Words.count(change.spansBefore)) before)")
      reasons += change.parts.prefix(2).map { Self.words($0) }
    }
    for call in comparison.calls where call.presence == .gone && call.parentService == change.service {
      reasons.append(
        "\(Words.name(call.parentOperation, "an unnamed operation")) no longer calls "
          + "\(Words.name(call.childOperation, "an unnamed operation")) of \(Words.name(call.childService)): "
          + "\(Words.count(call.seen)) calls where \(Words.count(call.expected)) were to be expected")
      if reasons.count >= 5 { break }
    }
    if change.errorZ > 3 {
      reasons.append("failures begin with it more often than before")
    }
    return reasons
  }

  func evidence(about service: String, _ conclusions: Conclusions) -> [Evidence] {
    var evidence: [Evidence] = []
    for entry in conclusions.entryPoints {
      for row in entry.profileByService where row.service == service {
        if let worst = row.worst?.evidence { evidence.append(worst) }
      }
      for row in entry.gaps where row.callee == service {
        if let worst = row.worst?.evidence { evidence.append(worst) }
      }
      if evidence.count >= 2 { break }
    }
    return Array(evidence.prefix(2))
  }
}
