import TraceModel

/// A question that a trace answers with yes or no: what `search` takes.
///
///     service:payment status:error duration>500ms http.route="/orders/{id}" !health
///
/// Terms are parted by blanks and all must hold. Those about spans (`service:`, `operation:`, `kind:`, `status:`,
/// `span.duration`, `key=value`, words) must hold on one and the same span; `duration`, `spans`, `trace:` and
/// `root:` are about the trace. A leading `!` or `-` turns a term around: no span may fulfil it.
package struct TraceQuery: Sendable {
  /// Why a query cannot be read, with the remedy.
  package struct Mistake: Error, Sendable {
    /// One sentence.
    package let message: String
  }

  /// The order in which a number must stand to another.
  enum Comparison: Sendable {
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    case equal

    func holds(_ left: Int64, _ right: Int64) -> Bool {
      switch self {
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      case .equal: left == right
      }
    }
  }

  enum TraceTerm: Sendable {
    case duration(Comparison, Nanoseconds)
    case spanCount(Comparison, Int64)
    case id(TraceID)
    case rootService(String)
    case rootOperation(String)
  }

  enum SpanTerm: Sendable {
    case service(String)
    case operation(String)
    case kind(SpanKind)
    case status(SpanStatus)
    case duration(Comparison, Nanoseconds)
    case attribute(key: String, value: String)
    case word(String)
  }

  private(set) var traceTerms: [(term: TraceTerm, isNegated: Bool)] = []
  private(set) var spanTerms: [SpanTerm] = []
  private(set) var forbiddenTerms: [SpanTerm] = []

  /// Reads a query; an empty one is fulfilled by every trace.
  package init(_ text: String) throws(Mistake) {
    for word in try QueryWords.split(text) { try add(word) }
  }

  private mutating func add(_ word: QueryWords.Word) throws(Mistake) {
    if let term = try Self.traceTerm(word) {
      traceTerms.append((term, word.isNegated))
      return
    }
    let term = try Self.spanTerm(word)
    if word.isNegated { forbiddenTerms.append(term) } else { spanTerms.append(term) }
  }

  private static func traceTerm(_ word: QueryWords.Word) throws(Mistake) -> TraceTerm? {
    switch (word.key, word.sign) {
    case ("duration", let sign?) where sign != ":":
      return .duration(try comparison(sign), try duration(word.value, of: "duration"))
    case ("spans", let sign?) where sign != ":":
      guard let count = Int64(word.value) else {
        throw Mistake(message: "spans\(sign)\(word.value): a whole number is needed, as in spans>100")
      }
      return .spanCount(try comparison(sign), count)
    case ("trace", ":"?):
      guard let id = TraceParent(word.value)?.traceID ?? TraceID(hex: word.value) else {
        throw Mistake(message: "trace:\(word.value): 1 to 32 hex digits are needed")
      }
      return .id(id)
    case ("root", ":"?), ("root.service", ":"?): return .rootService(word.value)
    case ("root.operation", ":"?): return .rootOperation(word.value)
    default: return nil
    }
  }

  private static func spanTerm(_ word: QueryWords.Word) throws(Mistake) -> SpanTerm {
    switch (word.key, word.sign) {
    case ("service", ":"?): return .service(word.value)
    case ("operation", ":"?), ("name", ":"?): return .operation(word.value)
    case ("kind", ":"?):
      guard let kind = SpanKind.allCases.first(where: { $0.name.lowercased() == word.value.lowercased() })
      else {
        throw Mistake(
          message: "kind:\(word.value): one of server, client, producer, consumer, internal is needed")
      }
      return .kind(kind)
    case ("status", ":"?):
      switch word.value.lowercased() {
      case "error": return .status(.error)
      case "ok": return .status(.ok)
      case "unset": return .status(.unset)
      default: throw Mistake(message: "status:\(word.value): one of error, ok, unset is needed")
      }
    case ("span.duration", let sign?) where sign != ":":
      return .duration(try comparison(sign), try duration(word.value, of: "span.duration"))
    case (let key?, "="?): return .attribute(key: key, value: word.value)
    case (let key?, let sign?):
      throw Mistake(
        message: "\(key)\(sign) is not known; use service:, operation:, status:, kind:, trace:, root:, "
          + "duration>, span.duration>, spans>, or key=value for an attribute")
    default: return .word(word.value)
    }
  }

  private static func comparison(_ sign: String) throws(Mistake) -> Comparison {
    switch sign {
    case "<": .less
    case "<=": .lessOrEqual
    case ">": .greater
    case ">=": .greaterOrEqual
    default: .equal
    }
  }

  private static func duration(_ text: String, of name: String) throws(Mistake) -> Nanoseconds {
    guard let duration = DurationParser.nanoseconds(text) else {
      throw Mistake(message: "\(name) \(text): a number with a unit is needed, as in 500ms or 1.5s")
    }
    return duration
  }
}

/// Takes a query apart into words.
enum QueryWords {
  /// One term: `!key:value`, `key>=value`, or a bare word.
  struct Word: Sendable {
    var isNegated = false
    var key: String?
    var sign: String?
    var value = ""
  }

  /// The words of a query; quotes hold blanks and signs together.
  static func split(_ text: String) throws(TraceQuery.Mistake) -> [Word] {
    var words: [Word] = []
    var current = Word()
    var isQuoted = false
    var hasContent = false
    var characters = Array(text)[...]
    while let character = characters.popFirst() {
      if isQuoted {
        if character == "\\", let next = characters.popFirst() {
          current.value.append(next)
        } else if character == "\"" {
          isQuoted = false
        } else {
          current.value.append(character)
        }
      } else if character == "\"" {
        isQuoted = true
        hasContent = true
      } else if character.isWhitespace {
        if hasContent { words.append(current) }
        current = Word()
        hasContent = false
      } else if !hasContent, current.key == nil, !current.isNegated, character == "!" || character == "-" {
        current.isNegated = true
      } else if current.sign == nil, !current.value.isEmpty, "=:<>".contains(character),
        character != ":" || isPrefix(current.value)
      {
        current.key = current.value
        current.value = ""
        current.sign = String(character)
        if character == "<" || character == ">", characters.first == "=" {
          characters.removeFirst()
          current.sign?.append("=")
        }
      } else {
        current.value.append(character)
        hasContent = true
      }
    }
    if isQuoted { throw TraceQuery.Mistake(message: "the query has an open quote; close it with \"") }
    if hasContent || current.key != nil { words.append(current) }
    return words
  }

  /// A colon parts only what looks like a prefix: letters and dots. So `10.0.0.1:8080` stays a word.
  private static func isPrefix(_ text: String) -> Bool {
    text.allSatisfy { $0.isLetter || $0 == "." }
  }
}
