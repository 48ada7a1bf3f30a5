import TraceModel

/// What an audit of single spans adds to the conclusions.
package struct SampleAudit: Sendable {
  /// What was found, by service.
  package var audits: [AuditResult] = []
  /// How services are instrumented, by service.
  package var instrumentation: [ServiceInstrumentation] = []
  /// How much was looked at.
  package var sample = AuditSample()

  /// Makes an audit of nothing.
  package init() {}
}

extension SpanAuditor {
  /// The most things shown of one check in one service.
  private static let shownSubjects = 12
  /// The most resources whose kits are looked up.
  private static let resourceLimit = 100_000

  /// What was found out.
  package func finish() -> SampleAudit {
    var audit = SampleAudit()
    audit.sample.traces = traces
    audit.sample.spans = spans
    audit.audits = cells.map { key, cell in result(key, cell) }
    audit.instrumentation = instrumentation()
    audit.audits += kitMixes(audit.instrumentation)
    return audit
  }

  private func result(_ key: CellKey, _ cell: Cell) -> AuditResult {
    var result = AuditResult(key.check, service: store.symbols.name(key.service))
    result.count = cell.count
    result.total = max(samples[key.service]?.spans ?? 0, cell.count)
    result.evidence = cell.evidence
    result.isSampled = true
    result.subjects = cell.subjects.map { subject, found in
      AuditResult.Subject(
        text: store.symbols.name(subject.text), advice: subject.advice, count: found.count,
        evidence: found.evidence)
    }.sorted { $0.count != $1.count ? $0.count > $1.count : ($0.text, $0.advice) < ($1.text, $1.advice) }
    result.subjects = Array(result.subjects.prefix(Self.shownSubjects))
    return result
  }

  private func instrumentation() -> [ServiceInstrumentation] {
    let kits = kits()
    return samples.map { service, sample in
      var result = ServiceInstrumentation()
      result.service = store.symbols.name(service)
      result.sampledSpans = sample.spans
      result.cleanSpans = sample.clean
      result.scopes = scopes(of: sample)
      result.kits = kits[service]?.kits.sorted() ?? []
      result.distributions = kits[service]?.distributions.sorted() ?? []
      return result
    }.sorted { $0.service < $1.service }
  }

  private func scopes(of sample: ServiceSample) -> [ServiceInstrumentation.Scope] {
    var counts: [[String]: Int] = [:]
    for (place, count) in sample.scopes {
      let scope = store.scope(at: place)
      counts[[store.symbols.name(scope.name), store.symbols.name(scope.version)], default: 0] += count
    }
    return counts.map { names, count in
      ServiceInstrumentation.Scope(
        name: names[0], version: names[1], isAutomatic: ScopeNames.isAutomatic(names[0]), count: count)
    }.sorted { $0.count != $1.count ? $0.count > $1.count : ($0.name, $0.version) < ($1.name, $1.version) }
  }

  private struct Kits {
    var kits: Set<String> = []
    var distributions: Set<String> = []
  }

  /// What resources say about the kits of their services.
  private func kits() -> [Symbol: Kits] {
    var kits: [Symbol: Kits] = [:]
    for resource in store.resources.elements.prefix(Self.resourceLimit) {
      let attributes = store.attributes(of: resource)
      func text(_ key: String) -> String? {
        guard let symbol = store.symbols.find(key),
          let found = attributes.last(where: { $0.key == symbol }), found.type == .text, found.payload != 0
        else { return nil }
        return store.symbols.name(Symbol(found.payload))
      }
      if let name = text("telemetry.sdk.name") ?? text("jaeger.version").map({ "jaeger \($0)" }) {
        let parts = [name, text("telemetry.sdk.language"), text("telemetry.sdk.version")].compactMap { $0 }
        kits[resource.serviceName, default: Kits()].kits.insert(parts.joined(separator: " "))
      }
      if let name = text("telemetry.distro.name") {
        let parts = [name, text("telemetry.distro.version")].compactMap { $0 }
        kits[resource.serviceName, default: Kits()].distributions.insert(parts.joined(separator: " "))
      } else if let version = text("telemetry.auto.version") {
        kits[resource.serviceName, default: Kits()].distributions.insert("agent " + version)
      }
    }
    return kits
  }

  /// Services whose spans come from several versions of a kit for one language.
  private func kitMixes(_ all: [ServiceInstrumentation]) -> [AuditResult] {
    all.compactMap { one in
      var versions: [String: Int] = [:]
      for kit in one.kits {
        let words = kit.split(separator: " ")
        if words.count == 3 { versions[words.dropLast().joined(separator: " "), default: 0] += 1 }
      }
      guard versions.values.contains(where: { $0 > 1 }) else { return nil }
      var result = AuditResult(.kitMix, service: one.service)
      result.count = one.sampledSpans
      result.total = one.sampledSpans
      result.isSampled = true
      result.subjects = one.kits.prefix(Self.shownSubjects).map { AuditResult.Subject(text: $0, count: 0) }
      return result
    }
  }
}

extension Conclusions {
  /// Takes in what an audit of single spans found, and announces what is serious.
  package mutating func add(_ audit: SampleAudit) {
    quality.audits += audit.audits
    quality.audits.sort(by: AuditResult.isOrdered)
    quality.instrumentation = audit.instrumentation
    quality.sample = audit.sample
    quality.sample.isEverything = audit.sample.spans == input.spansAccepted - input.spansFused
    findings += AuditFindings.findings(about: audit.audits, in: self)
    findings.sort(by: Finding.isOrdered)
  }
}
