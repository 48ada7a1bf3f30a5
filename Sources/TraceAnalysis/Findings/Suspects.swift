import TraceModel

extension Concluder {
  /// Services as the cause of tonight's trouble: what is slow in slow requests, and where failures begin.
  ///
  /// Each of the two is scaled to its largest value; the sum, scaled again, is the score. A slow cohort counts only
  /// if it is at least half as long again as the typical one, failures only if they reach a root or are swallowed.
  func suspects(_ conclusions: Conclusions) -> [Suspect] {
    var drafts: [String: Draft] = [:]
    addLatency(conclusions, &drafts)
    addErrors(conclusions, &drafts)
    let mostTime = drafts.values.map(\.time).max() ?? 0
    let mostFailures = drafts.values.map(\.failures).max() ?? 0
    func raw(_ draft: Draft) -> Double {
      (mostTime > 0 ? draft.time / mostTime : 0)
        + (mostFailures > 0 ? 1.5 * draft.failures / mostFailures : 0)
    }
    let best = drafts.values.map(raw).max() ?? 0
    guard best > 0 else { return [] }
    return drafts.map { name, draft in
      var suspect = Suspect()
      suspect.service = name
      suspect.score = (raw(draft) / best * 1_000).rounded() / 1_000
      suspect.reasons = draft.reasons
      suspect.evidence = Array(draft.evidence.prefix(2))
      return suspect
    }.filter { $0.score >= 0.05 }.sorted {
      $0.score != $1.score ? $0.score > $1.score : $0.service < $1.service
    }
  }

  private struct Draft {
    var time = 0.0
    var failures = 0.0
    var reasons: [String] = []
    var evidence: [Evidence] = []

    /// Adds failures and why they are held against it.
    mutating func blame(_ weight: Double, _ reason: String, _ examples: [ExampleTrace]) {
      failures += weight
      reasons.append(reason)
      evidence += examples.map(\.evidence)
    }
  }

  private func addLatency(_ conclusions: Conclusions, _ drafts: inout [String: Draft]) {
    for entry in conclusions.entryPoints {
      guard entry.slow.count >= 5, isHalfAgain(entry.slow.mean, entry.typical.mean) else { continue }
      let title = Words.entryPoint(entry.service, entry.operation, sharing: conclusions.sharedOperations)
      for row in entry.cohortRows where row.share >= 0.1 && (row.slow - row.typical) > row.margin {
        let added = row.slow - row.typical
        drafts[row.service, default: Draft()].time += Double(added.rawValue) * Double(entry.slow.count)
        drafts[row.service, default: Draft()].reasons.append(
          "adds \(Words.length(added)) to slow requests of \(title): \(Words.length(row.slow)) instead of "
            + "\(Words.length(row.typical)), \(Words.percent(row.share)) of what makes them slow "
            + "(\(Words.count(entry.slow.count)) slow, \(Words.count(entry.typical.count)) typical)")
        if let worst = entry.profileByService.first(where: { $0.service == row.service })?.worst {
          drafts[row.service, default: Draft()].evidence.append(worst.evidence)
        }
      }
    }
  }

  /// Whether one length is at least one and a half of another.
  private func isHalfAgain(_ length: Nanoseconds, _ other: Nanoseconds) -> Bool {
    Int128(length.rawValue) * 2 >= Int128(other.rawValue) * 3
  }

  private func addErrors(_ conclusions: Conclusions, _ drafts: inout [String: Draft]) {
    for group in conclusions.errorGroups where group.rootFailures > 0 || group.swallowed > 0 {
      let weight = Double(group.rootFailures) + 0.1 * Double(group.swallowed)
      let blamed = group.blamedService.isEmpty ? group.service : group.blamedService
      let words = group.message.isEmpty ? Words.name(group.type, "an error") : Words.quote(group.message)
      let place = blamed == group.service ? "" : ", seen by \(Words.name(group.service))"
      drafts[blamed, default: Draft()].blame(
        weight,
        "\(Words.count(group.count, "failure")) began here\(place): \(words); "
          + "\(Words.count(group.rootFailures, "request")) failed with it", group.examples)
      guard blamed != group.service else { continue }
      drafts[group.service, default: Draft()].blame(
        weight / 2, "\(Words.count(group.count, "failure")) of its calls to \(Words.name(blamed)): \(words)",
        group.examples)
    }
  }
}
