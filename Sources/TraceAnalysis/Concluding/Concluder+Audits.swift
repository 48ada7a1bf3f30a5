import TraceModel

/// The spans of one service, by name: what audits of names look at.
private struct ServiceNames {
  var spans = 0
  /// How many names there were, when they were joined; else 0.
  var joined = 0
  /// Spans and an example of each name, in the order of the names.
  var names: [(name: String, spans: Int, evidence: Evidence?)] = []
}

extension Concluder {
  /// The most things shown of one check in one service.
  private static let shownSubjects = 12

  /// What distinct operations, resources and warnings say about instrumentation; covers all spans.
  func audits() -> [AuditResult] {
    let services = serviceNames()
    var audits: [AuditResult] = []
    for (service, names) in services {
      audits += nameAudits(service, names)
      if service.isEmpty || name(service).hasPrefix("unknown_service") {
        audits.append(missingService(service, names))
      }
    }
    audits += missingKinds(services)
    audits += sightingAudits(services)
    audits += warningAudits(services)
    audits += resourceAudits()
    audits += silentErrors(services)
    audits.sort(by: AuditResult.isOrdered)
    return audits
  }

  private func serviceNames() -> [Symbol: ServiceNames] {
    var services: [Symbol: ServiceNames] = [:]
    for row in digest.operations {
      var service = services.removeValue(forKey: row.service) ?? ServiceNames()
      service.spans += row.durations.count
      let text = name(row.name)
      if let last = service.names.indices.last, service.names[last].name == text {
        service.names[last].spans += row.durations.count
      } else {
        service.names.append((text, row.durations.count, row.slowest.evidence))
      }
      services[row.service] = service
    }
    for row in digest.sightings where row.sign == .joinedNames {
      services[row.service]?.joined = row.count
    }
    return services
  }

  private func nameAudits(_ service: Symbol, _ all: ServiceNames) -> [AuditResult] {
    var audits: [AuditResult] = []
    let distinct = max(all.names.count, all.joined)
    if distinct > JoinedNames.limit || (all.spans >= 200 && distinct * 10 > all.spans) {
      var audit = AuditResult(.nameCardinality, service: name(service))
      audit.count = distinct
      audit.total = distinct
      audit.subjects = all.names.prefix(Self.shownSubjects).map {
        AuditResult.Subject(text: $0.name, count: $0.spans, evidence: $0.evidence)
      }
      audit.evidence = all.names.first?.evidence
      audits.append(audit)
    }
    let withID = all.names.compactMap { one in
      NameForm.normalised(one.name).map {
        AuditResult.Subject(text: one.name, advice: $0, count: one.spans, evidence: one.evidence)
      }
    }
    if !withID.isEmpty, withID.count * 100 >= distinct {
      var audit = AuditResult(.nameHasID, service: name(service))
      audit.count = withID.count
      audit.total = distinct
      audit.subjects = Self.largest(withID)
      audit.evidence = audit.subjects.first?.evidence
      audits.append(audit)
    }
    if let unnamed = all.names.first(where: \.name.isEmpty) {
      var audit = AuditResult(.emptyName, service: name(service))
      audit.count = unnamed.spans
      audit.total = all.spans
      audit.evidence = unnamed.evidence
      audits.append(audit)
    }
    return audits
  }

  private static func largest(_ subjects: [AuditResult.Subject]) -> [AuditResult.Subject] {
    Array(
      subjects.sorted { $0.count != $1.count ? $0.count > $1.count : $0.text < $1.text }
        .prefix(shownSubjects))
  }

  private func missingService(_ service: Symbol, _ names: ServiceNames) -> AuditResult {
    var audit = AuditResult(.missingService, service: name(service))
    audit.count = names.spans
    audit.total = names.spans
    audit.subjects = Self.largest(
      names.names.map { AuditResult.Subject(text: $0.name, count: $0.spans, evidence: $0.evidence) })
    audit.evidence = audit.subjects.first?.evidence
    return audit
  }

  /// Operations without a kind that begin traces or call other services.
  private func missingKinds(_ services: [Symbol: ServiceNames]) -> [AuditResult] {
    var exits: Set<Int> = []
    for row in digest.callees where !row.callee.isEmpty { exits.insert(Int(row.operation)) }
    let entries = Set(digest.entryPoints.map { [$0.service, $0.operation] })
    var found: [Symbol: [AuditResult.Subject]] = [:]
    for (place, row) in digest.operations.enumerated() where row.kind == .unspecified {
      let isEntry = entries.contains([row.service, row.name])
      guard isEntry || exits.contains(place) else { continue }
      found[row.service, default: []].append(
        AuditResult.Subject(
          text: name(row.name), advice: isEntry ? "SERVER or CONSUMER" : "CLIENT or PRODUCER",
          count: row.durations.count, evidence: row.slowest.evidence))
    }
    return found.map { service, subjects in
      audit(.missingKind, service, subjects, of: services[service]?.spans ?? 0)
    }
  }

  private func audit(
    _ check: AuditCheck, _ service: Symbol, _ subjects: [AuditResult.Subject], of total: Int
  ) -> AuditResult {
    var audit = AuditResult(check, service: name(service))
    audit.count = subjects.reduce(0) { $0 + $1.count }
    audit.total = max(total, audit.count)
    audit.subjects = Self.largest(subjects)
    audit.evidence = audit.subjects.first?.evidence
    return audit
  }

  /// What was seen while all spans passed by.
  private func sightingAudits(_ services: [Symbol: ServiceNames]) -> [AuditResult] {
    var found: [SightingRow.Sign: [Symbol: [AuditResult.Subject]]] = [:]
    for row in digest.sightings {
      found[row.sign, default: [:]][row.service, default: []].append(
        AuditResult.Subject(
          text: name(row.operation), advice: Self.largestSeen(row), count: row.count,
          evidence: row.example.evidence))
    }
    var audits: [AuditResult] = []
    for (sign, check) in Self.checks {
      for (service, subjects) in found[sign] ?? [:] {
        let spans = services[service]?.spans ?? 0
        let isTraces = check == .tooManySpans
        let result = audit(check, service, subjects, of: isTraces ? digest.totals.traces : spans)
        if check != .orphans || result.count * 100 >= spans { audits.append(result) }
      }
    }
    return audits
  }

  private static let checks: [(SightingRow.Sign, AuditCheck)] = [
    (.tooManySpans, .tooManySpans), (.longSpan, .longSpan), (.tooManyTags, .tooManyTags),
    (.derivedStatus, .statusMismatch), (.orphan, .orphans),
  ]

  private static func largestSeen(_ row: SightingRow) -> String {
    switch row.sign {
    case .tooManySpans: "up to " + Words.count(Int(row.example.value), "span")
    case .longSpan: "up to " + Words.length(Nanoseconds(row.example.value))
    case .tooManyTags: "up to " + Words.count(Int(row.example.value), "attribute")
    case .derivedStatus: "a failure by its code, status not set"
    default: ""
    }
  }

  /// What repairs say about instrumentation.
  private func warningAudits(_ services: [Symbol: ServiceNames]) -> [AuditResult] {
    digest.warnings.compactMap { row in
      let check: AuditCheck
      switch DiagnosticCode(rawValue: name(row.code)) {
      case .clockSkewAdjusted: check = .clock
      case .droppedBySDK: check = .dropped
      default: return nil
      }
      var audit = AuditResult(check, service: name(row.service))
      audit.count = row.count
      audit.total = max(services[row.service]?.spans ?? 0, row.count)
      audit.evidence = row.example.evidence
      return audit
    } + duplicateAudit()
  }

  /// Exact copies are counted over all services: they come from pipelines and archives.
  private func duplicateAudit() -> [AuditResult] {
    let all = digest.totals.spans + digest.totals.fusedSpans + digest.totals.duplicateSpans
    guard digest.totals.duplicateSpans > 0, digest.totals.duplicateSpans * 100 >= all else { return [] }
    var audit = AuditResult(.duplicate, service: "")
    audit.count = digest.totals.duplicateSpans
    audit.total = all
    audit.evidence =
      digest.warnings.first { name($0.code) == DiagnosticCode.duplicateSpan.rawValue }?.example.evidence
    return [audit]
  }

  /// Services of which some spans name no version.
  private func resourceAudits() -> [AuditResult] {
    var spans: [Symbol: (without: Int, all: Int)] = [:]
    for row in digest.resources where !row.service.isEmpty {
      spans[row.service, default: (0, 0)].all += row.spans
      if row.version.isEmpty { spans[row.service, default: (0, 0)].without += row.spans }
    }
    return spans.compactMap { service, count in
      guard count.without > 0 else { return nil }
      var audit = AuditResult(.noVersion, service: name(service))
      audit.count = count.without
      audit.total = count.all
      return audit
    }
  }

  /// Failures without a word about what failed.
  private func silentErrors(_ services: [Symbol: ServiceNames]) -> [AuditResult] {
    var found: [Symbol: [AuditResult.Subject]] = [:]
    for row in digest.errorGroups where row.type.isEmpty && row.message.isEmpty {
      let operation = digest.operations[Int(row.operation)]
      found[operation.service, default: []].append(
        AuditResult.Subject(
          text: name(operation.name), count: row.count, evidence: row.fullest.evidence))
    }
    return found.map { service, subjects in
      audit(.errorWithoutDetail, service, subjects, of: services[service]?.spans ?? 0)
    }
  }
}
