/// Writes planned spans as OTLP JSON, in the key order of the collector's file exporter.
struct SpanWriter {
  /// Pieces of one service that repeat in its spans, made once.
  struct Pieces {
    var name: [UInt8]
    var table: [UInt8]
    var port: [UInt8]
    var operations: [OperationPieces]
    var statements: [[UInt8]]
    var statementNames: [[UInt8]]
  }

  struct OperationPieces {
    var method: [UInt8]
    var route: [UInt8]
    var name: [UInt8]
    /// The route before and after its id.
    var before: [UInt8]
    var after: [UInt8]
  }

  let pieces: [Pieces]
  let attributeCount: Int?
  var random: RandomSource
  var written = 0

  init(landscape: Landscape, options: Options) {
    pieces = landscape.services.map(Self.makePieces)
    attributeCount = options.attributes
    random = RandomSource(seed: options.seed &+ 0xA77)
  }

  private static func makePieces(_ service: Landscape.Service) -> Pieces {
    let verbs = (0..<Landscape.statementCount).map { Vocabulary.statementVerb($0) }
    return Pieces(
      name: Array(service.name.utf8), table: Array(service.table.utf8), port: Array("\(service.port)".utf8),
      operations: service.operations.map { operation in
        let open = operation.route.firstIndex(of: "{") ?? operation.route.endIndex
        let close = operation.route.firstIndex(of: "}").map { operation.route.index(after: $0) } ?? open
        return OperationPieces(
          method: Array(operation.method.utf8), route: Array(operation.route.utf8),
          name: Array("\(operation.method) \(operation.route)".utf8),
          before: Array(operation.route[..<open].utf8), after: Array(operation.route[close...].utf8))
      },
      statements: (0..<Landscape.statementCount).map {
        Array(Vocabulary.statement($0, table: service.table).utf8)
      },
      statementNames: verbs.map { Array("\($0) \(service.table)".utf8) })
  }

  /// Appends one span's JSON object.
  mutating func write(
    _ span: PlannedSpan, of trace: [PlannedSpan], traceID: (high: UInt64, low: UInt64), skewNano: Int64,
    into json: ByteBuffer
  ) {
    json.append("{\"traceId\":\"")
    json.append(hex: traceID.high)
    json.append(hex: traceID.low)
    json.append("\",\"spanId\":\"")
    json.append(hex: span.id)
    json.append("\",\"parentSpanId\":\"")
    if span.parent >= 0 { json.append(hex: trace[span.parent].id) }
    json.append("\",\"flags\":257,\"name\":\"")
    writeName(span, json)
    json.append("\",\"kind\":")
    json.append(decimal: kind(span.role))
    json.append(",\"startTimeUnixNano\":\"")
    json.append(decimal: UInt64(span.startNano + skewNano))
    json.append("\",\"endTimeUnixNano\":\"")
    json.append(decimal: UInt64(span.startNano + skewNano + span.durationNano))
    json.append("\",\"attributes\":[")
    written = 0
    writeAttributes(span, json)
    json.append("]")
    writeEvents(span, skewNano: skewNano, json)
    if span.role == .consumer, span.parent >= 0 {
      json.append(",\"links\":[{\"traceId\":\"")
      json.append(hex: traceID.high)
      json.append(hex: traceID.low)
      json.append("\",\"spanId\":\"")
      json.append(hex: trace[span.parent].id)
      json.append("\",\"flags\":257}]")
    }
    writeStatus(span, json)
    json.append("}")
  }

  private func kind(_ role: PlannedSpan.Role) -> Int {
    switch role {
    case .compute: 1
    case .server: 2
    case .client, .outsideClient, .query, .cache: 3
    case .producer: 4
    case .consumer: 5
    }
  }

  private func writeName(_ span: PlannedSpan, _ json: ByteBuffer) {
    let own = pieces[span.service]
    switch span.role {
    case .server: json.append(own.operations[span.operation].name)
    case .client: json.append(pieces[span.detail].operations[span.operation].name)
    case .outsideClient: json.append("POST")
    case .query: json.append(own.statementNames[span.detail])
    case .cache: json.append("GET")
    case .producer:
      json.append("send ")
      json.append(pieces[span.detail].table)
    case .consumer:
      json.append("process ")
      json.append(own.table)
    case .compute:
      json.append("evaluate ")
      json.append(own.table)
    }
  }

  // MARK: Events and status

  private mutating func writeEvents(_ span: PlannedSpan, skewNano: Int64, _ json: ByteBuffer) {
    let isOrigin =
      span.failed && (span.role == .outsideClient || (span.role == .server && random.happens(0.6)))
    let isEnqueue = span.role == .compute && random.happens(0.1)
    guard isOrigin || isEnqueue else { return }
    json.append(",\"events\":[{\"timeUnixNano\":\"")
    json.append(decimal: UInt64(span.startNano + skewNano + span.durationNano / 2))
    if isEnqueue {
      json.append(
        "\",\"name\":\"rules.loaded\",\"attributes\":[{\"key\":\"app.rules.count\",\"value\":{\"intValue\":\""
      )
      json.append(decimal: random.below(400))
      json.append("\"}}]}]")
    } else if span.role == .outsideClient {
      json.append(Self.timeout)
    } else {
      json.append(Self.illegalState)
      json.append(decimal: orderID())
      json.append(Self.illegalStateStack)
    }
  }

  private static let timeout: StaticString = """
    ","name":"exception","attributes":[\
    {"key":"exception.type","value":{"stringValue":"java.net.SocketTimeoutException"}},\
    {"key":"exception.message","value":{"stringValue":"Payment gateway timeout"}},\
    {"key":"exception.stacktrace","value":{"stringValue":"java.net.SocketTimeoutException: Payment gateway timeout\\n\
    \\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)\\n\
    \\tat java.base/sun.nio.ch.NioSocketImpl.read(NioSocketImpl.java:346)\\n\
    \\tat com.example.shop.payment.AcquirerClient.charge(AcquirerClient.java:118)\\n\
    \\tat com.example.shop.payment.ChargeHandler.handle(ChargeHandler.java:57)\\n"}}]}]
    """
  private static let illegalState: StaticString = """
    ","name":"exception","attributes":[\
    {"key":"exception.type","value":{"stringValue":"java.lang.IllegalStateException"}},\
    {"key":"exception.message","value":{"stringValue":"no version of record \u{20}
    """
  private static let illegalStateStack: StaticString = """
    "}},\
    {"key":"exception.stacktrace","value":{"stringValue":"java.lang.IllegalStateException\\n\
    \\tat com.example.shop.store.VersionedStore.require(VersionedStore.java:91)\\n\
    \\tat com.example.shop.web.ResourceHandler.handle(ResourceHandler.java:44)\\n\
    \\tat java.base/java.lang.Thread.run(Thread.java:1583)\\n"}}]}]
    """

  private func writeStatus(_ span: PlannedSpan, _ json: ByteBuffer) {
    if !span.failed {
      json.append(",\"status\":{}")
      return
    }
    json.append(",\"status\":{\"message\":\"")
    switch span.role {
    case .outsideClient: json.append("Payment gateway timeout")
    case .client:
      json.append(pieces[span.detail].name)
      json.append(" answered 500")
    default: json.append("request failed")
    }
    json.append("\",\"code\":2}")
  }
}
