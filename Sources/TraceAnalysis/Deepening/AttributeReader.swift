import TraceModel

/// The values of attributes that a request carries: of its root span, of the spans by which services answer, and of
/// the resources of its services.
struct AttributeReader: ~Copyable {
  /// Longer values are ids or texts of some kind.
  private static let longestValue = 120
  /// Attributes that say nothing about one request, and those that only say again that it failed.
  private static let dullKeys = [
    "service.name", "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.distro.name", "error",
    "error.type", "error.message", "error.msg", "otel.status_code", "otel.status_description", "span.kind",
    "exception.type", "exception.message", "exception.stacktrace", "http.response.status_code",
    "http.status_code", "http.status_message", "rpc.status_code", "rpc.response.status_code",
    "rpc.grpc.status_code", "grpc.status_code", "grpc.status", "thread.id", "thread.name", "sampler.type",
    "sampler.param",
  ]

  private let store: SpanStore
  private var isDull = [Bool](repeating: false, count: 256)
  /// The request that a resource was last met in.
  private var lastRequest: Column<Int32>
  private var request: Int32 = 0

  init(_ store: SpanStore) {
    self.store = store
    lastRequest = Column(zeroes: store.resources.count)
    isDull[0] = true
    for key in Self.dullKeys { isDull[min(AttributeKey.symbol(key).number, 255)] = true }
  }

  /// Tells a counter the values of a request.
  mutating func read(_ trace: Trace, into counter: inout AttributeCounter, _ texts: inout OwnTexts) {
    request += 1
    counter.begin()
    for place in trace.spans.indices {
      let span = trace.spans[place]
      let resource = Int(span.record.resource)
      if lastRequest[resource] != request {
        lastRequest[resource] = request
        let shared = store.resource(at: span.record.resource)
        add(store.attributes(of: shared), shared.serviceName, table: shared.table, to: &counter, &texts)
      }
      if place == trace.primaryRoot || span.record.kind == .server || span.record.kind == .consumer {
        let service = place == trace.primaryRoot ? Symbol.empty : span.service
        trace.withAttributes(of: span, in: store) {
          add($0, service, table: span.record.table, to: &counter, &texts)
        }
      }
    }
  }

  private func add(
    _ attributes: UnsafeBufferPointer<Attribute>, _ service: Symbol, table: UInt16,
    to counter: inout AttributeCounter, _ texts: inout OwnTexts
  ) {
    for attribute in attributes {
      if attribute.key.index < 256, isDull[attribute.key.number] { continue }
      switch attribute.type {
      case .text:
        let value = Symbol(attribute.payload)
        guard !value.isEmpty, store.symbols.bytes(value).count <= Self.longestValue else { continue }
        counter.add(service, attribute.key) { texts.distinct(value, in: store) }
      case .boolean, .smallInteger, .integer:
        counter.add(service, attribute.key) {
          texts.symbol(store.value(of: attribute, table: table).shortText)
        }
      case .empty, .double, .bytes, .array, .map:
        // Measured values are hardly ever equal.
        continue
      }
    }
  }
}
