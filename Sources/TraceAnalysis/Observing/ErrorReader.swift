import TraceModel

/// What a failed span says about its failure.
struct Failure {
  /// Who is to blame; empty when it is the callee of an unanswered call that nothing names.
  var blamed: Symbol
  /// The callee of that call has to be looked up among healthy calls.
  var asksForCallee = false
  /// The peer of an unanswered call.
  var peer = Symbol.empty
  /// Exception type, error type, or status code.
  var type: Symbol
  /// With ids, numbers and addresses replaced.
  var message: Symbol
  var rawMessage: Symbol
}

extension Failure {
  /// Stands for the failures of a service that are not told apart.
  static func rest(of service: Symbol, _ seen: inout Observed) -> Failure {
    let words = seen.texts.symbol(Subject.failures.rest)
    return Failure(blamed: service, type: .empty, message: words, rawMessage: words)
  }
}

/// Reads the words and the blame of failed spans (analysis, sections 8 and 9).
struct ErrorReader: ~Copyable {
  private var namer = PeerNamer()
  private var facts = SpanFacts()
  private var normalised: [UInt32: Symbol] = [:]

  init() {}

  mutating func read(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) -> Failure {
    let span = spans[place]
    var words = words(of: span, in: trace, &seen)
    if words.message.isEmpty, let above = firstWords(trace, spans, place, &seen) { words.message = above }
    var failure = Failure(
      blamed: span.service, type: words.type, message: normalise(words.message, &seen),
      rawMessage: words.message)
    blame(&failure, trace, spans, place, &seen)
    return failure
  }

  /// A childless caller blames its peer, a database client the database, anybody else itself.
  private mutating func blame(
    _ failure: inout Failure, _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) {
    let span = spans[place]
    guard span.record.kind == .client || span.record.kind == .producer else { return }
    if span.childCount == 0 || span.record.hasDatabase {
      let peer = namer.callee(of: span, in: trace, &seen)
      failure.peer = peer.name
      failure.blamed = peer.name
      failure.asksForCallee = peer.name.isEmpty
    } else {
      // The callee was still at work when the caller gave up.
      let callee = seen.soleCallee(spans, place)
      if callee >= 0, spans[place + 1].end > span.end {
        failure.blamed = seen.serviceName(callee)
        failure.peer = failure.blamed
      }
    }
  }

  private struct Words {
    var type = Symbol.empty
    var message = Symbol.empty

    /// Takes an exception's message where there is none, or one that only puts the exception's type before it.
    mutating func prefer(_ exception: Symbol, _ seen: borrowing Observed) {
      let (whole, part) = (seen.bytes(message), seen.bytes(exception))
      let front = whole.dropLast(part.count)
      let endsWithPart =
        front.suffix(2).elementsEqual(Self.mark) && whole[front.endIndex...].elementsEqual(part)
      if message.isEmpty || endsWithPart { message = exception }
    }

    /// Drops the type from the front of the message: `Timeout: no answer` becomes `no answer`.
    mutating func dropType(_ seen: inout Observed) {
      guard !type.isEmpty, !message.isEmpty else { return }
      let name = Self.lastPart(of: seen.bytes(type))
      let text = seen.bytes(message)
      guard !name.isEmpty, text.starts(with: name), text.dropFirst(name.count).starts(with: Self.mark) else {
        return
      }
      message = seen.texts.symbol(String(decoding: text[(name.count + 2)...], as: UTF8.self))
    }

    /// What stands between a type and a message.
    private static let mark = ": ".utf8

    /// `Timeout` of `java.net.Timeout`.
    private static func lastPart(of type: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
      let dot = UInt8(ascii: ".")
      let end = type.lastIndex { $0 != dot }.map { $0 + 1 } ?? 0
      let start = type[..<end].lastIndex(of: dot).map { $0 + 1 } ?? 0
      return type[start..<end]
    }
  }

  private mutating func words(of span: TraceSpan, in trace: Trace, _ seen: inout Observed) -> Words {
    facts.read(span, of: trace, seen)
    let table = span.record.table
    var words = Words()
    words.message = trace.statusMessage(of: span, in: seen.store)
    if words.message.isEmpty { words.message = facts.anyText(.message, table: table, &seen) }
    words.type = facts.anyText(.exceptionType, table: table, &seen)
    if words.type.isEmpty { words.type = facts.anyText(.errorType, table: table, &seen) }
    if span.record.traits.contains(.exceptionEvent) { readException(span, trace, &words, &seen) }
    if words.type.isEmpty { words.type = facts.anyText(.httpStatus, table: table, &seen) }
    if words.type.isEmpty { words.type = facts.anyText(.rpcStatus, table: table, &seen) }
    words.dropType(&seen)
    return words
  }

  private func readException(
    _ span: TraceSpan, _ trace: Trace, _ words: inout Words, _ seen: inout Observed
  ) {
    for event in trace.events(of: span, in: seen.store) {
      let attributes = seen.store.attributes(
        from: event.attributeStart, count: event.attributeCount, of: span.record)
      for attribute in attributes where attribute.type == .text {
        if attribute.key == AttributeKey.exceptionType, words.type.isEmpty {
          words.type = Symbol(attribute.payload)
        }
        if attribute.key == AttributeKey.exceptionMessage, attribute.payload != 0 {
          words.prefer(Symbol(attribute.payload), seen)
        }
      }
    }
  }

  /// What a failed span higher up says came of it: its message, or the last event that is no exception.
  mutating func consequence(_ trace: Trace, _ span: TraceSpan, _ seen: inout Observed) -> Symbol {
    let exceptionName = seen.store.symbols.find("exception")
    if let event = trace.events(of: span, in: seen.store).last(where: {
      $0.name != exceptionName && !$0.name.isEmpty
    }) {
      return eventName(event.name, &seen)
    }
    return trace.statusMessage(of: span, in: seen.store)
  }

  /// Zipkin's form of an event, `"name":{…}`, gives the name.
  private func eventName(_ name: Symbol, _ seen: inout Observed) -> Symbol {
    let text = seen.text(name)
    guard text.hasPrefix("\""), text.hasSuffix("}") else { return name }
    let parts = text.dropFirst().split(separator: "\"", maxSplits: 1)
    guard parts.count == 2, parts[1].drop(while: { $0 == ":" || $0 == " " }).hasPrefix("{") else {
      return name
    }
    return seen.texts.symbol(String(parts[0]))
  }

  /// The message of the nearest failed span above within the same service.
  private mutating func firstWords(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) -> Symbol? {
    var above = Int(spans[place].parent)
    var steps = 0
    while above >= 0, steps < 8, spans[above].isError, spans[above].service == spans[place].service {
      let words = words(of: spans[above], in: trace, &seen)
      if !words.message.isEmpty { return words.message }
      above = Int(spans[above].parent)
      steps += 1
    }
    return nil
  }

  private mutating func normalise(_ message: Symbol, _ seen: inout Observed) -> Symbol {
    if message.isEmpty { return .empty }
    if let known = normalised[message.index] { return known }
    let symbol = seen.texts.symbol(
      MessageNormaliser.normalise(seen.text(message)))
    normalised[message.index] = symbol
    return symbol
  }
}
