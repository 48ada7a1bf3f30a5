/// Decides whether a span failed, from its reported status and its attributes, alike for every format.
///
/// The first sign that decides: status OK; status ERROR; attribute `error`; HTTP status; gRPC status.
/// HTTP 4xx fails every kind but SERVER, 5xx fails all; gRPC codes fail a server only when they blame it.
/// An exception event alone is a hint and never decides. (OpenTelemetry semantic conventions 1.44, HTTP and RPC.)
struct StatusRule: ~Copyable, Sendable {
  private enum Role: UInt8, BitwiseCopyable {
    case none
    case error
    case statusCode
    case http
    case grpc
    case database
  }

  /// What a well-known key says about the status, by the number of its symbol.
  private var roles = Column<Role>()

  init() {
    for key in AttributeKey.texts { roles.append(Self.role(of: key)) }
  }

  private static func role(of key: String) -> Role {
    switch key {
    case "error": .error
    case "otel.status_code": .statusCode
    default:
      if AttributeKey.httpStatusKeys.contains(key) {
        .http
      } else if AttributeKey.rpcStatusKeys.contains(key) {
        .grpc
      } else if (AttributeKey.databaseSystemKeys + AttributeKey.databaseNamespaceKeys).contains(key) {
        .database
      } else {
        .none
      }
    }
  }

  /// True for a key whose value is looked at.
  @inline(__always)
  func reads(_ key: Symbol) -> Bool {
    guard Int(key.index) < roles.count else { return false }
    let role = roles[Int(key.index)]
    return role != .none && role != .database
  }

  /// Sets the effective status of a span, whose attributes lie in the table, and whether it names a database.
  ///
  /// The table is not changed: to lend it for reading only would copy all of its fields for every span.
  static func apply(to span: inout SpanRecord, in table: inout SpanTable) {
    let roles = table.statusRule.roles.elements
    span.status = span.reportedStatus
    var isOK = false
    var isReported = false
    var isDerived = false
    for attribute in table.attributes.elements(
      from: Int(span.attributeStart), count: Int(span.attributeCount))
    where Int(attribute.key.index) < roles.count {
      switch roles[Int(attribute.key.index)] {
      case .none: break
      case .database: span.hasDatabase = true
      case .error: isReported = isReported || isErrorSign(attribute, span, in: &table)
      case .statusCode:
        guard attribute.type == .text else { break }
        switch table.symbols.text(Symbol(attribute.payload)).uppercased() {
        case "OK", "STATUS_CODE_OK": isOK = true
        case "ERROR", "STATUS_CODE_ERROR": isReported = true
        default: break
        }
      case .http:
        if let code = number(attribute, in: &table) { isDerived = isDerived || http(code, fails: span.kind) }
      case .grpc:
        if let code = grpcCode(attribute, in: &table) {
          isDerived = isDerived || grpc(code, fails: span.kind)
        }
      }
    }
    guard span.reportedStatus == .unset else { return }
    if isOK {
      span.status = .ok
    } else if isReported {
      span.status = .error
    } else if isDerived {
      span.status = .error
      span.traits.insert(.derivedStatus)
    }
  }

  private static func isErrorSign(
    _ attribute: Attribute, _ span: SpanRecord, in table: inout SpanTable
  ) -> Bool {
    switch table.value(of: attribute) {
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .double(let value): value != 0
    case .text(let text):
      switch text.lowercased() {
      case "": span.traits.contains(.zipkin)
      case "false", "0", "no", "none": false
      default: true
      }
    case .empty: false
    case .bytes, .array, .map: true
    }
  }

  private static func number(_ attribute: Attribute, in table: inout SpanTable) -> Int64? {
    switch attribute.type {
    case .smallInteger: Int64(Int32(bitPattern: attribute.payload))
    case .integer: Int64(bitPattern: table.wideValues[Int(attribute.payload)])
    case .double:
      Int64(exactly: Double(bitPattern: table.wideValues[Int(attribute.payload)]).rounded(.down)) ?? 0
    case .text: Int64(table.symbols.text(Symbol(attribute.payload))) ?? 0
    case .empty, .boolean, .bytes, .array, .map: nil
    }
  }

  private static func grpcCode(_ attribute: Attribute, in table: inout SpanTable) -> Int64? {
    guard attribute.type == .text else { return number(attribute, in: &table) }
    let text = table.symbols.text(Symbol(attribute.payload)).uppercased()
    if let place = grpcNames.firstIndex(of: text) { return Int64(place) }
    return Int64(text)
  }

  private static func http(_ code: Int64, fails kind: SpanKind) -> Bool {
    switch code {
    case 100..<400: false
    case 400..<500: kind != .server
    default: true
    }
  }

  private static func grpc(_ code: Int64, fails kind: SpanKind) -> Bool {
    switch code {
    case 0: false
    case 2, 4, 12, 13, 14, 15: true
    default: kind != .server
    }
  }

  private static let grpcNames = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
    "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]
}
