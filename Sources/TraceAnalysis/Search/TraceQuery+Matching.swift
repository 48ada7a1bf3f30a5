package import TraceModel

extension TraceQuery {
  /// True when the trace fulfils the query.
  ///
  /// - Complexity: O(spans × terms), and their attributes for terms about those.
  package func matches(_ trace: Trace, in store: SpanStore) -> Bool {
    guard traceTerms.allSatisfy({ matches($0.term, trace, store) != $0.isNegated }) else { return false }
    if !forbiddenTerms.isEmpty {
      for span in trace.spans where forbiddenTerms.contains(where: { matches($0, span, trace, store) }) {
        return false
      }
    }
    if spanTerms.isEmpty { return true }
    return trace.spans.contains { span in
      spanTerms.allSatisfy { matches($0, span, trace, store) }
    }
  }

  private func matches(_ term: TraceTerm, _ trace: Trace, _ store: SpanStore) -> Bool {
    let root = trace.spans[trace.primaryRoot]
    return switch term {
    case .duration(let comparison, let duration):
      comparison.holds(trace.duration.rawValue, duration.rawValue)
    case .spanCount(let comparison, let count): comparison.holds(Int64(trace.spans.count), count)
    case .id(let id): trace.id == id || (id.is64Bit && trace.id.low == id.low)
    case .rootService(let name): store.symbols.text(root.service) == name
    case .rootOperation(let name): store.symbols.text(root.record.name) == name
    }
  }

  private func matches(_ term: SpanTerm, _ span: TraceSpan, _ trace: Trace, _ store: SpanStore) -> Bool {
    switch term {
    case .service(let name): store.symbols.text(span.service) == name
    case .operation(let name): store.symbols.text(span.record.name) == name
    case .kind(let kind): span.record.kind.name == kind.name
    case .status(let status): span.record.status == status
    case .duration(let comparison, let duration):
      comparison.holds(span.duration.rawValue, duration.rawValue)
    case .attribute(let key, let value): hasAttribute(key, value, span, trace, store)
    case .word(let word):
      store.symbols.text(span.service).localizedContains(word)
        || store.symbols.text(span.record.name).localizedContains(word)
    }
  }

  private func hasAttribute(
    _ key: String, _ value: String, _ span: TraceSpan, _ trace: Trace, _ store: SpanStore
  ) -> Bool {
    guard let symbol = store.symbols.find(key) else { return false }
    let isOwn = trace.withAttributes(of: span, in: store) { attributes in
      attributes.contains {
        $0.key == symbol && AttributeText.plain(store.value(of: $0, table: span.record.table)) == value
      }
    }
    if isOwn { return true }
    let resource = store.resource(at: span.record.resource)
    return store.attributes(of: resource).contains {
      $0.key == symbol && AttributeText.plain(store.value(of: $0, table: resource.table)) == value
    }
  }
}

/// Values as people write them.
package enum AttributeText {
  /// The value without quotes or type.
  package static func plain(_ value: AttributeValue) -> String {
    switch value {
    case .empty: ""
    case .text(let text): text
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .double(let number): number.description
    case .bytes(let base64): base64
    case .array(let json), .map(let json): json
    }
  }
}

extension String {
  /// True when the other text stands somewhere in this one, whatever the case of letters.
  fileprivate func localizedContains(_ other: String) -> Bool {
    lowercased().contains(other.lowercased())
  }
}
