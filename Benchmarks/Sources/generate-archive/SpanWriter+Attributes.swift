/// The attributes of spans, by the role of the span.
extension SpanWriter {
  /// Appends the attributes that spans of this role have.
  mutating func writeAttributes(_ span: PlannedSpan, _ json: ByteBuffer) {
    switch span.role {
    case .server: writeServer(span, json)
    case .client: writeClient(span, json)
    case .outsideClient: writeOutsideClient(json)
    case .query: writeQuery(span, json)
    case .cache: writeCache(span, json)
    case .producer: writeMessage(pieces[span.detail], operation: "send", span, json)
    case .consumer: writeMessage(pieces[span.service], operation: "process", span, json)
    case .compute: writeCompute(span, json)
    }
    guard let attributeCount else { return }
    while written < attributeCount {
      let number = written
      text("app.attribute.", json, number: number) { $0.append(decimal: UInt64(number) &* 7919) }
    }
  }

  private mutating func writeServer(_ span: PlannedSpan, _ json: ByteBuffer) {
    let own = pieces[span.service]
    let operation = own.operations[span.operation]
    let id = orderID()
    text("http.request.method", json) { $0.append(operation.method) }
    text("http.route", json) { $0.append(operation.route) }
    text("url.path", json) { Self.writePath(operation, id: id, $0) }
    integer("http.response.status_code", span.failed ? 500 : operation.method == Self.post ? 201 : 200, json)
    text("server.address", json) { $0.append(own.name) }
    text("user.id", json) { [user = random.below(50_000)] in
      $0.append("u-")
      $0.append(decimal: user)
    }
    text("user_agent.original", json) { $0.append("okhttp/4.12.0 (shop-app 7.31)") }
    integer("thread.id", 16 + random.below(48), json)
  }

  private mutating func writeClient(_ span: PlannedSpan, _ json: ByteBuffer) {
    let callee = pieces[span.detail]
    let operation = callee.operations[span.operation]
    let id = orderID()
    text("http.request.method", json) { $0.append(operation.method) }
    text("url.full", json) {
      $0.append("http://")
      $0.append(callee.name)
      $0.append(":")
      $0.append(callee.port)
      Self.writePath(operation, id: id, $0)
    }
    integer("http.response.status_code", span.failed ? 500 : operation.method == Self.post ? 201 : 200, json)
    text("server.address", json) {
      $0.append(callee.name)
      $0.append(".shop.svc.cluster.local")
    }
    writeNumber("server.port", callee.port, json)
    text("network.protocol.version", json) { $0.append("1.1") }
    integer("thread.id", 16 + random.below(48), json)
  }

  private mutating func writeOutsideClient(_ json: ByteBuffer) {
    text("http.request.method", json) { $0.append("POST") }
    text("url.full", json) { [id = orderID()] in
      $0.append("https://api.acquirer.example/v2/charges/")
      $0.append(decimal: id)
    }
    text("server.address", json) { $0.append("api.acquirer.example") }
    integer("server.port", 443, json)
    text("error.type", json) { $0.append("java.net.SocketTimeoutException") }
    text("network.protocol.version", json) { $0.append("1.1") }
    integer("thread.id", 16 + random.below(48), json)
  }

  private mutating func writeQuery(_ span: PlannedSpan, _ json: ByteBuffer) {
    let own = pieces[span.service]
    text("db.system.name", json) { $0.append("postgresql") }
    text("db.namespace", json) {
      $0.append(own.name)
      $0.append("|public")
    }
    text("db.query.text", json) { $0.append(own.statements[span.detail]) }
    text("db.collection.name", json) { $0.append(own.table) }
    text("server.address", json) {
      $0.append("pg-")
      $0.append(decimal: span.service % 6)
      $0.append(".db.shop.internal")
    }
    integer("server.port", 5432, json)
    integer("thread.id", 16 + random.below(48), json)
  }

  private mutating func writeCache(_ span: PlannedSpan, _ json: ByteBuffer) {
    let own = pieces[span.service]
    text("db.system.name", json) { $0.append("redis") }
    text("db.operation.name", json) { $0.append("GET") }
    text("db.query.text", json) { [id = orderID()] in
      $0.append("GET ")
      $0.append(own.table)
      $0.append(":")
      $0.append(decimal: id)
    }
    integer("db.redis.database_index", span.service % 4, json)
    text("server.address", json) { $0.append("redis.shop.internal") }
    integer("server.port", 6379, json)
    boolean("app.cache.hit", random.happens(0.8), json)
    integer("thread.id", 16 + random.below(48), json)
  }

  private mutating func writeMessage(
    _ topic: Pieces, operation: StaticString, _ span: PlannedSpan, _ json: ByteBuffer
  ) {
    text("messaging.system", json) { $0.append("kafka") }
    text("messaging.operation.name", json) { $0.append(operation) }
    text("messaging.operation.type", json) { $0.append(operation) }
    text("messaging.destination.name", json) { $0.append(topic.table) }
    text("messaging.message.id", json) { [id = random.next()] in $0.append(hex: id) }
    integer("messaging.kafka.offset", 1_000_000 + random.below(8_000_000), json)
    text("messaging.destination.partition.id", json) { [partition = random.below(24)] in
      $0.append(decimal: partition)
    }
    integer("messaging.message.body.size", 200 + random.below(4_000), json)
    integer("thread.id", 16 + random.below(48), json)
  }

  private mutating func writeCompute(_ span: PlannedSpan, _ json: ByteBuffer) {
    let own = pieces[span.service]
    text("code.function.name", json) {
      $0.append("com.example.shop.")
      $0.append(own.table)
      $0.append(".RuleEvaluator.evaluate")
    }
    text("code.file.path", json) { $0.append("src/main/java/com/example/shop/RuleEvaluator.java") }
    integer("code.line.number", 40 + span.operation * 17, json)
    text("thread.name", json) { [thread = random.below(48)] in
      $0.append("worker-pool-1-thread-")
      $0.append(decimal: thread)
    }
    text("app.order.id", json) { [id = orderID()] in $0.append(decimal: id) }
    double("app.rules.score", random.below(10_000), json)
    integer("thread.id", 16 + random.below(48), json)
  }

  private static let post = Array("POST".utf8)

  /// An id as URLs and keys carry it; it hardly ever repeats.
  mutating func orderID() -> Int {
    10_000_000 + random.below(80_000_000)
  }

  private static func writePath(_ operation: OperationPieces, id: Int, _ json: ByteBuffer) {
    json.append(operation.before)
    if operation.before.count < operation.route.count { json.append(decimal: id) }
    json.append(operation.after)
  }

  // MARK: One attribute

  @inline(__always)
  private mutating func begin(_ key: StaticString, _ json: ByteBuffer) -> Bool {
    if let attributeCount, written >= attributeCount { return false }
    json.append(written == 0 ? "{\"key\":\"" : ",{\"key\":\"")
    json.append(key)
    written += 1
    return true
  }

  @inline(__always)
  private mutating func text(
    _ key: StaticString, _ json: ByteBuffer, number: Int? = nil, _ writeValue: (ByteBuffer) -> Void
  ) {
    guard begin(key, json) else { return }
    if let number { json.append(decimal: number) }
    json.append("\",\"value\":{\"stringValue\":\"")
    writeValue(json)
    json.append("\"}}")
  }

  private mutating func integer(_ key: StaticString, _ value: Int, _ json: ByteBuffer) {
    guard begin(key, json) else { return }
    json.append("\",\"value\":{\"intValue\":\"")
    json.append(decimal: value)
    json.append("\"}}")
  }

  private mutating func writeNumber(_ key: StaticString, _ digits: [UInt8], _ json: ByteBuffer) {
    guard begin(key, json) else { return }
    json.append("\",\"value\":{\"intValue\":\"")
    json.append(digits)
    json.append("\"}}")
  }

  private mutating func boolean(_ key: StaticString, _ value: Bool, _ json: ByteBuffer) {
    guard begin(key, json) else { return }
    json.append(value ? "\",\"value\":{\"boolValue\":true}}" : "\",\"value\":{\"boolValue\":false}}")
  }

  /// A double, given in ten thousandths.
  private mutating func double(_ key: StaticString, _ tenThousandths: Int, _ json: ByteBuffer) {
    guard begin(key, json) else { return }
    json.append("\",\"value\":{\"doubleValue\":0.")
    json.append(decimal: 10_000 + tenThousandths)
    json.append("}}")
  }
}
