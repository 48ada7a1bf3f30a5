import TraceModel

/// What an attribute key is worth saying about, found out once for each distinct key.
struct KeyVerdict {
  /// What it is called now; nil when it is not old, empty when it was dropped.
  var replacement: String?
  /// The symbol of the new key, to see whether both are written.
  var replacementSymbol: Symbol?
  /// It has no namespace, or a form that the conventions advise against.
  var isOwnForm = false
  var isSecret = false
  var isQuery = false
  /// It holds a W3C `traceparent` header.
  var isTraceParent = false

  init(_ symbol: Symbol, in store: SpanStore) {
    let key = store.symbols.text(symbol)
    replacement = RenamedAttributes.replacement(of: key)
    if let replacement, !replacement.isEmpty { replacementSymbol = store.symbols.find(replacement) }
    let isKnown = !AttributeKey.symbol(key).isEmpty || KeyForm.isForeign(key)
    isOwnForm = replacement == nil && !isKnown && !KeyForm.isConventional(key)
    isSecret = SensitiveData.isSecret(key: key)
    isQuery = SensitiveData.isQuery(key: key)
    isTraceParent = key.split(separator: ".").last?.lowercased() == "traceparent"
  }
}

/// The form of attribute keys (OpenTelemetry, "Attribute naming"): lower case, namespaces with dots, `_` between words.
enum KeyForm {
  static func isConventional(_ key: String) -> Bool {
    if hasFreeTail(key) { return true }
    guard key.utf8.contains(UInt8(ascii: ".")) else { return false }
    return key.utf8.allSatisfy { byte in
      (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2e || byte == 0x5f
    }
  }

  /// Namespaces whose last part is a name from elsewhere: a header, a label, a parameter.
  private static let freeTails = [
    "http.request.header.", "http.response.header.", "rpc.request.metadata.", "rpc.response.metadata.",
    "rpc.grpc.request.metadata.", "rpc.grpc.response.metadata.", "k8s.pod.label.", "k8s.pod.annotation.",
    "k8s.pod.labels.", "container.label.", "container.labels.", "db.query.parameter.",
    "db.operation.parameter.",
    "process.environment_variable.", "k8s.namespace.label.", "k8s.node.label.",
  ]

  private static func hasFreeTail(_ key: String) -> Bool { freeTails.contains { key.hasPrefix($0) } }

  /// Keys of older tracers, which instrumentation written for them cannot help.
  private static let foreign: Set<String> = [
    "component", "lc", "internal.span.format", "client-uuid", "jaeger.version", "opentracing.ref_type",
    "samplerType", "samplerParam", "idle.stop.at.nanos", "env", "lib", "language", "process_id", "runtime-id",
  ]

  static func isForeign(_ key: String) -> Bool {
    foreign.contains(key) || key.hasPrefix("_dd.") || key.hasPrefix("dd.") || key.hasPrefix("aws.")
  }
}

/// Reads `traceparent` headers that were recorded as attributes.
enum RecordedTraceParent {
  /// Why a recorded value is none, or not that of its trace; nil when it is in order.
  static func fault(_ value: AttributeValue, of trace: TraceID) -> String? {
    let texts: [String]
    switch value {
    case .text(let text): texts = [text]
    case .array(let json): texts = self.texts(inArray: json)
    default: return "no text"
    }
    guard let text = texts.first else { return "no value" }
    if texts.count > 1 { return "sent \(texts.count) times" }
    guard let parent = TraceParent(text) else { return "refused by W3C rules" }
    // A 64-bit hop keeps the lower half.
    return parent.traceID.low == trace.low ? nil : "names another trace"
  }

  /// The texts of an OTLP `ArrayValue` in JSON: what stands behind each `"stringValue":`.
  static func texts(inArray json: String) -> [String] {
    let bytes = Array(json.utf8.prefix(4_096))
    let label = Array("\"stringValue\":\"".utf8)
    var texts: [String] = []
    var place = 0
    while place + label.count <= bytes.count, texts.count < 8 {
      guard bytes[place...].starts(with: label) else {
        place += 1
        continue
      }
      let start = place + label.count
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")) ?? bytes.count
      texts.append(String(decoding: bytes[start..<end], as: UTF8.self))
      place = end
    }
    return texts
  }
}
