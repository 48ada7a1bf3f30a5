/// What is not understood of a condition.
package struct ConditionError: Error, Sendable {
  /// A sentence without its end.
  package var message: String
}

/// Reads a condition; parentheses nest to a bounded depth.
struct ConditionParser {
  private enum Token: Equatable {
    case word(String)
    case text(String)
    case number(String)
    case sign(String)
  }

  private static let deepest = 50
  private var tokens: [Token] = []
  private var place = 0
  private var depth = 0
  private let isEvent: Bool

  static func parse(_ text: String, isEvent: Bool) throws(ConditionError) -> SpanCondition {
    var parser = ConditionParser(isEvent: isEvent)
    try parser.tokenize(Array(text.utf8))
    let condition = try parser.alternatives()
    if let rest = parser.next {
      throw ConditionError(message: "nothing may follow before \(Self.shown(rest))")
    }
    return condition
  }

  private init(isEvent: Bool) { self.isEvent = isEvent }

  // MARK: Tokens

  private mutating func tokenize(_ bytes: [UInt8]) throws(ConditionError) {
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if byte <= 0x20 {
        place += 1
      } else if byte == 0x22 {
        place = try takeText(bytes, from: place + 1)
      } else if Self.isWord(byte) {
        let end =
          bytes[place...].firstIndex { !Self.isWord($0) && !Self.isDigit($0) && $0 != 0x2e } ?? bytes.count
        tokens.append(.word(String(decoding: bytes[place..<end], as: UTF8.self)))
        place = end
      } else if Self.isDigit(byte) {
        let end = bytes[place...].firstIndex { !Self.isDigit($0) && $0 != 0x2e } ?? bytes.count
        tokens.append(.number(String(decoding: bytes[place..<end], as: UTF8.self)))
        place = end
      } else {
        let pair = String(decoding: bytes[place..<min(place + 2, bytes.count)], as: UTF8.self)
        let sign = ["==", "!=", "<=", ">="].contains(pair) ? pair : String(UnicodeScalar(byte))
        guard ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", "+", "-", "."].contains(sign) else {
          throw ConditionError(message: "`\(sign)` has no meaning here")
        }
        tokens.append(.sign(sign))
        place += sign.utf8.count
      }
    }
  }

  private mutating func takeText(_ bytes: [UInt8], from start: Int) throws(ConditionError) -> Int {
    var text: [UInt8] = []
    var place = start
    while place < bytes.count, bytes[place] != 0x22 {
      if bytes[place] == 0x5c, place + 1 < bytes.count {
        place += 1
        switch bytes[place] {
        case 0x6e: text.append(0x0a)
        case 0x74: text.append(0x09)
        default: text.append(bytes[place])
        }
      } else {
        text.append(bytes[place])
      }
      place += 1
    }
    guard place < bytes.count else { throw ConditionError(message: "a text has no end") }
    tokens.append(.text(String(decoding: text, as: UTF8.self)))
    return place + 1
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == 0x5f || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private var next: Token? { place < tokens.count ? tokens[place] : nil }

  private mutating func take(_ token: Token) -> Bool {
    guard next == token else { return false }
    place += 1
    return true
  }

  private mutating func expect(_ sign: String) throws(ConditionError) {
    guard take(.sign(sign)) else {
      throw ConditionError(message: "`\(sign)` is missing before \(next.map(Self.shown) ?? "the end")")
    }
  }

  private static func shown(_ token: Token) -> String {
    switch token {
    case .word(let text), .number(let text), .sign(let text): "`\(text)`"
    case .text(let text): "`\"\(text)\"`"
    }
  }

  // MARK: Conditions

  private mutating func alternatives() throws(ConditionError) -> SpanCondition {
    var parts = [try conjunction()]
    while take(.word("or")) { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(ConditionError) -> SpanCondition {
    var parts = [try negation()]
    while take(.word("and")) { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation() throws(ConditionError) -> SpanCondition {
    var isNegated = false
    while take(.word("not")) { isNegated.toggle() }
    let condition = try single()
    return isNegated ? .not(condition) : condition
  }

  private mutating func single() throws(ConditionError) -> SpanCondition {
    if take(.sign("(")) {
      depth += 1
      guard depth <= Self.deepest else { throw ConditionError(message: "parentheses nest too deeply") }
      let condition = try alternatives()
      depth -= 1
      try expect(")")
      return condition
    }
    if case .word(let name) = next, tokens.count > place + 1, tokens[place + 1] == .sign("(") {
      return try function(name)
    }
    let left = try operand()
    guard case .sign(let sign) = next, let comparison = SpanCondition.Comparison(rawValue: sign) else {
      return .holds(left)
    }
    place += 1
    return .compare(left, comparison, try operand())
  }

  private mutating func function(_ name: String) throws(ConditionError) -> SpanCondition {
    guard ["IsMatch", "HasPrefix", "HasSuffix"].contains(name) else {
      throw ConditionError(message: "the function \(name) is not supported")
    }
    place += 2
    let target = try operand()
    try expect(",")
    guard case .text(let text) = next else { throw ConditionError(message: "\(name) wants a text second") }
    place += 1
    try expect(")")
    guard name == "IsMatch" else { return .affix(target, text, isPrefix: name == "HasPrefix") }
    if let pattern = TextPattern(text) { return .matches(target, pattern) }
    throw ConditionError(
      message: "the pattern \"\(text)\" \(TextPattern.problem(text) ?? "is not understood")")
  }

  // MARK: Values

  private mutating func operand() throws(ConditionError) -> SpanCondition.Operand {
    var value = try term()
    while true {
      if take(.sign("+")) {
        value = .sum(value, try term(), isDifference: false)
      } else if take(.sign("-")) {
        value = .sum(value, try term(), isDifference: true)
      } else {
        return value
      }
    }
  }

  private mutating func term() throws(ConditionError) -> SpanCondition.Operand {
    let isNegative = take(.sign("-"))
    guard let token = next else { throw ConditionError(message: "a value is missing at the end") }
    place += 1
    switch token {
    case .text(let text): return .constant(.text(text))
    case .number(let text): return .constant(try number((isNegative ? "-" : "") + text))
    case .word(let word): return try named(word)
    case .sign: throw ConditionError(message: "\(Self.shown(token)) stands where a value should")
    }
  }

  private func number(_ text: String) throws(ConditionError) -> ConditionValue {
    if let whole = Int64(text) { return .integer(whole) }
    guard let value = Double(text) else { throw ConditionError(message: "`\(text)` is no number") }
    return .double(value)
  }

  private mutating func named(_ word: String) throws(ConditionError) -> SpanCondition.Operand {
    if let constant = Self.constants[word] { return .constant(constant) }
    let path = try ConditionPath.path(word, isEvent: isEvent) { () throws(ConditionError) -> String in
      try self.expect("[")
      guard case .text(let key) = self.next else {
        throw ConditionError(message: "a key in quotes is missing")
      }
      self.place += 1
      try self.expect("]")
      return key
    }
    return .path(path)
  }

  private static let constants: [String: ConditionValue] = [
    "true": .boolean(true), "false": .boolean(false), "nil": .null,
    "STATUS_CODE_UNSET": .integer(0), "STATUS_CODE_OK": .integer(1), "STATUS_CODE_ERROR": .integer(2),
    "SPAN_KIND_UNSPECIFIED": .integer(0), "SPAN_KIND_INTERNAL": .integer(1), "SPAN_KIND_SERVER": .integer(2),
    "SPAN_KIND_CLIENT": .integer(3), "SPAN_KIND_PRODUCER": .integer(4), "SPAN_KIND_CONSUMER": .integer(5),
  ]
}

/// The names of values, with and without the context before them (`span.name` and `name`).
enum ConditionPath {
  static func path(
    _ word: String, isEvent: Bool, key: () throws(ConditionError) -> String
  ) throws(ConditionError) -> SpanCondition.Path {
    var name = word[...]
    var owner: SpanCondition.Owner = isEvent ? .event : .span
    for (prefix, context) in [
      ("spanevent.", .event), ("span.", .span), ("resource.", .resource), ("instrumentation_scope.", .scope),
      ("scope.", .scope),
    ] as [(String, SpanCondition.Owner)] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
      owner = context
      break
    }
    if name == "attributes" { return .attribute(try key(), of: owner) }
    switch (owner, name) {
    case (.event, "name"): return .eventName
    case (.event, "time_unix_nano"): return .eventTime
    case (.span, "name"): return .name
    case (.span, "kind"): return .kind
    case (.span, "kind.string"): return .kindText
    case (.span, "status.code"): return .statusCode
    case (.span, "status.message"): return .statusMessage
    case (.span, "start_time_unix_nano"): return .start
    case (.span, "end_time_unix_nano"): return .end
    case (.span, "trace_id.string"): return .traceID
    case (.span, "span_id.string"): return .spanID
    case (.span, "parent_span_id.string"): return .parentSpanID
    case (.scope, "name"): return .scopeName
    case (.scope, "version"): return .scopeVersion
    case (.span, "trace_state"): return .traceState
    default: throw ConditionError(message: "nobody knows the value `\(word)`")
    }
  }
}
