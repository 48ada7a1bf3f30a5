package import TraceModel

/// Looks at the attributes of single spans, one by one, for what instrumentation should do otherwise.
///
/// Meant for a sample: the main line never looks at all attributes. What a key means is found out once a key. Results
/// depend on the order of the traces only in which of several spans is the example: the first one.
///
/// - Complexity: O(attributes of the spans looked at).
package struct SpanAuditor {
  let store: SpanStore
  /// Services that report spans.
  private let reporting: ReportingServices
  private var verdicts: [UInt32: KeyVerdict] = [:]
  private(set) var cells: [CellKey: Cell] = [:]
  private(set) var samples: [Symbol: ServiceSample] = [:]
  private(set) var traces = 0
  private(set) var spans = 0

  struct CellKey: Hashable {
    var check: AuditCheck
    var service: Symbol
  }

  /// What one check found in one service.
  struct Cell {
    var count = 0
    var evidence: Evidence?
    var subjects: [Subject: SubjectCell] = [:]
  }

  struct Subject: Hashable {
    var text: Symbol
    var advice: String
  }

  struct SubjectCell {
    var count = 0
    var evidence: Evidence?
  }

  struct ServiceSample {
    var spans = 0
    var clean = 0
    /// By the place of the scope in the store.
    var scopes: [UInt32: Int] = [:]
  }

  /// The most things kept of one check in one service.
  private static let subjectLimit = 200
  private static let verdictLimit = 100_000
  /// Values longer than this are worth a word, in bytes.
  private static let longValue = 4_096

  /// Starts with nothing looked at.
  package init(_ store: SpanStore) {
    self.store = store
    reporting = ReportingServices(store)
  }

  /// Looks at no more than so many spans of a trace, spread evenly over it.
  package mutating func observe(_ trace: Trace, limit: Int) {
    guard limit > 0, !trace.spans.isEmpty else { return }
    traces += 1
    let count = trace.spans.count
    let step = limit >= count ? 1 : (count + limit - 1) / limit
    for place in stride(from: 0, to: count, by: step) { observe(place, of: trace) }
  }

  private mutating func observe(_ place: Int, of trace: Trace) {
    let span = trace.spans[place]
    var look = Look(span: span, trace: trace)
    trace.withAttributes(of: span, in: store) { attributes in
      for attribute in attributes { observe(attribute, among: attributes, &look) }
    }
    observeCalls(place, &look)
    observeStatus(&look)
    spans += 1
    samples[span.service, default: ServiceSample()].spans += 1
    if look.fired.isEmpty { samples[span.service, default: ServiceSample()].clean += 1 }
    samples[span.service, default: ServiceSample()].scopes[span.record.scope, default: 0] += 1
  }

  /// One span while it is looked at.
  private struct Look {
    var span: TraceSpan
    var trace: Trace
    var fired: Set<AuditCheck> = []
    var httpStatus: Int64 = 0
    var peer = Symbol.empty

    var evidence: Evidence { Evidence(traceID: trace.id, spanID: span.record.spanID) }
  }

  private mutating func observe(
    _ attribute: Attribute, among all: UnsafeBufferPointer<Attribute>, _ look: inout Look
  ) {
    let verdict = verdict(on: attribute.key)
    if let replacement = verdict.replacement {
      let hasBoth = verdict.replacementSymbol.map { new in all.contains { $0.key == new } } ?? false
      let advice =
        replacement.isEmpty ? "dropped" : hasBoth ? replacement + " (written beside it)" : replacement
      note(.oldKeys, attribute.key, advice, &look)
    }
    if verdict.isOwnForm { note(.ownKeys, attribute.key, "", &look) }
    if verdict.isSecret { note(.sensitive, attribute.key, SensitiveData.Sign.key.rawValue, &look) }
    if verdict.isTraceParent,
      let fault = RecordedTraceParent.fault(
        store.value(of: attribute, table: look.span.record.table), of: look.trace.id)
    {
      note(.propagation, attribute.key, fault, &look)
    }
    if attribute.type.isSymbol { observeText(attribute, verdict, &look) }
    remember(attribute, &look)
  }

  private mutating func observeText(_ attribute: Attribute, _ verdict: KeyVerdict, _ look: inout Look) {
    let bytes = store.symbols.bytes(Symbol(attribute.payload))
    if bytes.count > Self.longValue { note(.bigValue, attribute.key, "", &look) }
    guard attribute.type == .text, !verdict.isSecret else { return }
    if verdict.isQuery {
      if SensitiveData.hasLiterals(query: bytes) {
        note(.sensitive, attribute.key, SensitiveData.Sign.literal.rawValue, &look)
      }
    } else if let sign = SensitiveData.sign(of: bytes) {
      note(.sensitive, attribute.key, sign.rawValue, &look)
    }
  }

  private static let httpKeys = ["http.response.status_code", "http.status_code"].map(AttributeKey.symbol)
  private static let peerKeys = ["service.peer.name", "peer.service", "server.address", "net.peer.name"].map(
    AttributeKey.symbol)

  private func remember(_ attribute: Attribute, _ look: inout Look) {
    if Self.httpKeys.contains(attribute.key) {
      switch store.value(of: attribute, table: look.span.record.table) {
      case .integer(let code): look.httpStatus = code
      case .text(let text): look.httpStatus = Int64(text) ?? 0
      default: break
      }
    }
    if attribute.type == .text, Self.peerKeys.contains(attribute.key),
      reporting.contains(Symbol(attribute.payload))
    {
      look.peer = Symbol(attribute.payload)
    }
  }

  /// Calls of which one side has no span, though both services report.
  private mutating func observeCalls(_ place: Int, _ look: inout Look) {
    let span = look.span
    if span.record.kind == .client, span.childCount == 0, !look.peer.isEmpty, look.peer != span.service {
      note(.missingServer, look.peer, "called by " + store.symbols.name(span.service), &look, in: look.peer)
    }
    guard span.record.kind == .server, span.parent >= 0 else { return }
    let parent = look.trace.spans[Int(span.parent)]
    if parent.service != span.service, !parent.service.isEmpty, !span.service.isEmpty,
      parent.record.kind != .client, parent.record.kind != .producer
    {
      note(.missingClient, parent.record.name, "", &look, in: parent.service)
    }
  }

  private mutating func observeStatus(_ look: inout Look) {
    let record = look.span.record
    if record.reportedStatus == .error, (200..<300).contains(look.httpStatus) {
      note(.statusMismatch, record.name, "ERROR with status code \(look.httpStatus)", &look)
    }
  }

  /// Counts a span for a check, once however many things it shows, and the thing.
  private mutating func note(
    _ check: AuditCheck, _ text: Symbol, _ advice: String, _ look: inout Look, in service: Symbol? = nil
  ) {
    let key = CellKey(check: check, service: service ?? look.span.service)
    var cell = cells.removeValue(forKey: key) ?? Cell()
    if look.fired.insert(check).inserted { cell.count += 1 }
    if cell.evidence == nil { cell.evidence = look.evidence }
    let subject = Subject(text: text, advice: advice)
    if var found = cell.subjects.removeValue(forKey: subject) {
      found.count += 1
      cell.subjects[subject] = found
    } else if cell.subjects.count < Self.subjectLimit {
      cell.subjects[subject] = SubjectCell(count: 1, evidence: look.evidence)
    }
    cells[key] = cell
  }

  private mutating func verdict(on key: Symbol) -> KeyVerdict {
    if let known = verdicts[key.index] { return known }
    let verdict = KeyVerdict(key, in: store)
    // Bounded, since hostile archives have as many keys as they like.
    if verdicts.count < Self.verdictLimit { verdicts[key.index] = verdict }
    return verdict
  }
}
