import TraceModel

/// A condition over the symbols of a store.
struct PreparedCondition: Sendable {
  /// A span, or an event of it, of which a condition is asked.
  struct Subject {
    var trace: Trace
    var span: TraceSpan
    var event: SpanEvent?
    var store: SpanStore
  }

  private let condition: SpanCondition
  private let symbols: [String: Symbol]

  init(_ condition: SpanCondition, _ store: SpanStore) {
    self.condition = condition
    var symbols: [String: Symbol] = [:]
    for key in Self.keys(of: condition) { symbols[key] = store.symbols.find(key) }
    self.symbols = symbols
  }

  /// Recursion here and below only follows a condition, whose nesting its parser bounds.
  private static func keys(of condition: SpanCondition) -> [String] {
    switch condition {
    case .all(let parts), .any(let parts): parts.flatMap { keys(of: $0) }
    case .not(let part): keys(of: part)
    case .compare(let left, _, let right): keys(of: left) + keys(of: right)
    case .matches(let operand, _), .affix(let operand, _, _), .holds(let operand): keys(of: operand)
    }
  }

  private static func keys(of operand: SpanCondition.Operand) -> [String] {
    switch operand {
    case .path(.attribute(let key, _)): [key]
    case .constant, .path: []
    case .sum(let left, let right, _): keys(of: left) + keys(of: right)
    }
  }

  /// Whether it holds.
  func holds(for subject: borrowing Subject) -> Bool { holds(condition, subject) }

  private func holds(_ condition: SpanCondition, _ subject: borrowing Subject) -> Bool {
    switch condition {
    case .all(let parts):
      for part in parts where !holds(part, subject) { return false }
      return true
    case .any(let parts):
      for part in parts where holds(part, subject) { return true }
      return false
    case .not(let part): return !holds(part, subject)
    case .compare(let left, let comparison, let right):
      return value(left, subject).compares(comparison, to: value(right, subject))
    case .matches(let operand, let pattern):
      guard case .text(let text) = value(operand, subject) else { return false }
      return pattern.isFound(in: text)
    case .affix(let operand, let affix, let isPrefix):
      guard case .text(let text) = value(operand, subject) else { return false }
      return isPrefix ? text.hasPrefix(affix) : text.hasSuffix(affix)
    case .holds(let operand): return value(operand, subject) == .boolean(true)
    }
  }

  private func value(_ operand: SpanCondition.Operand, _ subject: borrowing Subject) -> ConditionValue {
    switch operand {
    case .constant(let value): value
    case .path(let path): value(path, subject)
    case .sum(let left, let right, let isDifference):
      Self.sum(value(left, subject), value(right, subject), isDifference)
    }
  }

  private static func sum(
    _ left: ConditionValue, _ right: ConditionValue, _ isDifference: Bool
  ) -> ConditionValue {
    switch (left, right) {
    case (.integer(let left), .integer(let right)):
      .integer(isDifference ? left &- right : left &+ right)
    case (.double(let left), .double(let right)): .double(isDifference ? left - right : left + right)
    case (.integer(let left), .double(let right)):
      .double(isDifference ? Double(left) - right : Double(left) + right)
    case (.double(let left), .integer(let right)):
      .double(isDifference ? left - Double(right) : left + Double(right))
    default: .null
    }
  }

  private func value(_ path: SpanCondition.Path, _ subject: borrowing Subject) -> ConditionValue {
    let record = subject.span.record
    let store = subject.store
    func symbols(_ symbol: Symbol) -> ConditionValue { .text(store.symbols.text(symbol)) }
    switch path {
    case .attribute(let key, let owner): return attribute(key, of: owner, subject)
    case .name: return symbols(record.name)
    case .eventName: return subject.event.map { symbols($0.name) } ?? .null
    case .eventTime: return subject.event.map { .integer($0.time.rawValue) } ?? .null
    case .kind: return .integer(Int64(record.kind.rawValue))
    case .kindText: return .text(record.kind == .unspecified ? "Unspecified" : record.kind.name.capitalised)
    case .statusCode: return .integer(Int64(record.reportedStatus.rawValue))
    case .statusMessage: return symbols(subject.trace.statusMessage(of: subject.span, in: store))
    case .start: return .integer(record.start.rawValue)
    case .end: return .integer(record.reportedEnd)
    case .traceID: return .text(record.traceID.description)
    case .spanID: return .text(record.spanID.description)
    case .parentSpanID: return .text(record.parentSpanID.isAbsent ? "" : record.parentSpanID.description)
    case .traceState: return symbols(subject.trace.traceState(of: subject.span, in: store))
    case .scopeName: return symbols(subject.store.scope(at: record.scope).name)
    case .scopeVersion: return symbols(subject.store.scope(at: record.scope).version)
    }
  }

  private func attribute(
    _ key: String, of owner: SpanCondition.Owner, _ subject: borrowing Subject
  ) -> ConditionValue {
    guard let symbol = symbols[key] else { return .null }
    let (store, record) = (subject.store, subject.span.record)
    switch owner {
    case .span:
      return subject.trace.withAttributes(of: subject.span, in: store) {
        Self.value($0, symbol, record.table, store)
      }
    case .event:
      guard let event = subject.event, event.attributeCount > 0 else { return .null }
      let attributes = store.attributes(from: event.attributeStart, count: event.attributeCount, of: record)
      return Self.value(attributes, symbol, record.table, store)
    case .resource:
      let resource = store.resource(at: record.resource)
      return Self.value(store.attributes(of: resource), symbol, resource.table, store)
    case .scope:
      let scope = store.scope(at: record.scope)
      return Self.value(store.attributes(of: scope), symbol, scope.table, store)
    }
  }

  private static func value(
    _ attributes: UnsafeBufferPointer<Attribute>, _ key: Symbol, _ table: UInt16, _ store: SpanStore
  ) -> ConditionValue {
    guard let found = attributes.last(where: { $0.key == key }) else { return .null }
    return switch store.value(of: found, table: table) {
    case .empty: .null
    case .text(let text): .text(text)
    case .integer(let value): .integer(value)
    case .double(let value): .double(value)
    case .boolean(let value): .boolean(value)
    case .bytes, .array, .map: .other
    }
  }
}

extension String {
  /// `SERVER` as `Server`.
  fileprivate var capitalised: String { prefix(1) + dropFirst().lowercased() }
}

extension SpanRecord {
  /// The end as reported, 0 when there was none.
  var reportedEnd: Int64 { traits.contains(.missingEnd) ? 0 : end.rawValue }
}
