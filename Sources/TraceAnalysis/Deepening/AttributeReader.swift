import TraceModel

/// The values of attributes that a request carries: of its root span, of the spans by which services answer, and of
/// the resources of its services.
struct AttributeReader {
  /// Whose attribute, which, and which value.
  struct Pair: Hashable {
    var service: Symbol
    var key: Symbol
    var value: Symbol
  }

  /// Longer values are ids or texts of some kind.
  private static let longestValue = 120
  /// Attributes that say nothing about one request, and those that only say again that it failed.
  private static let dull = Set(
    [
      "service.name", "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.distro.name", "error",
      "error.type", "error.message", "error.msg", "otel.status_code", "otel.status_description", "span.kind",
      "exception.type", "exception.message", "exception.stacktrace", "http.response.status_code",
      "http.status_code", "http.status_message", "rpc.status_code", "rpc.response.status_code",
      "rpc.grpc.status_code", "grpc.status_code", "grpc.status", "thread.id", "thread.name", "sampler.type",
      "sampler.param",
    ].map(AttributeKey.symbol))

  private let store: SpanStore
  private var pairsOfResource: [UInt32: [Pair]] = [:]

  init(_ store: SpanStore) { self.store = store }

  /// The values of a request, each once.
  mutating func pairs(of trace: Trace, _ texts: inout OwnTexts) -> Set<Pair> {
    var pairs: Set<Pair> = []
    var resources: Set<UInt32> = []
    for span in trace.spans where resources.insert(span.record.resource).inserted {
      pairs.formUnion(resourcePairs(span.record.resource, &texts))
    }
    add(trace.spans[trace.primaryRoot], trace, .empty, to: &pairs, &texts)
    for span in trace.spans where span.record.kind == .server || span.record.kind == .consumer {
      add(span, trace, span.service, to: &pairs, &texts)
    }
    return pairs
  }

  private func add(
    _ span: TraceSpan, _ trace: Trace, _ service: Symbol, to pairs: inout Set<Pair>, _ texts: inout OwnTexts
  ) {
    let attributes = trace.withAttributes(of: span, in: store) { Array($0) }
    for attribute in attributes where !Self.dull.contains(attribute.key) {
      if let pair = pair(attribute, service, table: span.record.table, &texts) { pairs.insert(pair) }
    }
  }

  private mutating func resourcePairs(_ place: UInt32, _ texts: inout OwnTexts) -> [Pair] {
    if let known = pairsOfResource[place] { return known }
    let resource = store.resources[Int(place)]
    var pairs: [Pair] = []
    for attribute in store.attributes(of: resource) where !Self.dull.contains(attribute.key) {
      if let pair = pair(attribute, resource.serviceName, table: resource.table, &texts) {
        pairs.append(pair)
      }
    }
    pairsOfResource[place] = pairs
    return pairs
  }

  private func pair(
    _ attribute: Attribute, _ service: Symbol, table: UInt16, _ texts: inout OwnTexts
  ) -> Pair? {
    guard !attribute.key.isEmpty else { return nil }
    switch attribute.type {
    case .text:
      let value = Symbol(attribute.payload)
      guard !value.isEmpty, store.symbols.bytes(value).count <= Self.longestValue else { return nil }
      return Pair(service: service, key: attribute.key, value: value)
    case .boolean, .smallInteger, .integer:
      let text = store.value(of: attribute, table: table).shortText
      return Pair(service: service, key: attribute.key, value: texts.symbol(text))
    case .empty, .double, .bytes, .array, .map:
      // Measured values are hardly ever equal.
      return nil
    }
  }
}
