import TraceModel

/// What of a trace is told apart, by the distinctions of the run. Things are numbers made of their texts, so that they
/// are the same for every thread and table.
extension Observed {
  /// True when things are only counted, for a census.
  var isCounting: Bool { distinctions.isCounting }

  /// The number of a text; what hardly differs in texts differs in it.
  func thing(_ symbol: Symbol) -> UInt64 { StableHash.number(of: text(symbol)) }

  /// The number of several things together.
  static func thing(_ parts: UInt64...) -> UInt64 {
    parts.reduce(0) { KeyIndex.scatter($0 &* 31 &+ $1) }
  }

  func tellsApart(service: Symbol) -> Bool {
    distinctions.tellsAllApart(.services) || distinctions.tellsApart(thing(service), .services)
  }

  /// The number of the operation of a span, whose name is joined if its service has too many.
  func operationThing(_ span: TraceSpan) -> UInt64 {
    let name = text(span.record.name)
    let joined = distinctions.joinedNames?.joined(name, of: span.service)
    return Self.thing(thing(span.service), StableHash.number(of: joined ?? name))
  }

  func tellsApart(operation name: Symbol, of service: Symbol) -> Bool {
    distinctions.tellsAllApart(.operations)
      || distinctions.tellsApart(Self.thing(thing(service), thing(name)), .operations)
  }

  /// By what names a call is told: those of its ends, or of what stands for them; nil when it is only counted.
  mutating func ends(of call: DependencyAnalysis.Call, in trace: Trace) -> (parent: Symbol, child: Symbol)? {
    if distinctions.tellsAllApart(.ends), distinctions.tellsAllApart(.links) {
      return (call.parent, call.child)
    }
    let ends = (thing(call.parent), thing(call.child))
    let link = Self.thing(ends.0, ends.1, UInt64(call.type.number))
    if isCounting {
      let lot = Self.lot(call.spanID, trace)
      count(ends.0, .ends, lot)
      count(ends.1, .ends, lot)
      count(link, .links, lot)
      return nil
    }
    guard distinctions.tellsApart(link, .links) else {
      let rest = texts.symbol(Subject.links.rest)
      return (rest, rest)
    }
    return (end(call.parent, ends.0), end(call.child, ends.1))
  }

  /// By what name one end of a call is told.
  mutating func end(_ symbol: Symbol) -> Symbol {
    symbol.isEmpty || distinctions.tellsAllApart(.ends) ? symbol : end(symbol, thing(symbol))
  }

  private mutating func end(_ symbol: Symbol, _ thing: UInt64) -> Symbol {
    distinctions.tellsApart(thing, .ends) || distinctions.isService(thing)
      ? symbol : texts.symbol(Subject.ends.rest)
  }

  var keepsAllMessages: Bool { distinctions.tellsAllApart(.messages) }

  /// True when a PRODUCER span, or a link to one, is kept until it is known who is at the other end.
  mutating func keepsMessage(_ trace: UInt64, _ span: UInt64) -> Bool {
    if distinctions.tellsAllApart(.messages) { return true }
    let thing = Self.thing(trace, span)
    // Its number is its lot, so that those at both ends are in the sample or none.
    if isCounting { count(thing, .messages, thing) }
    return distinctions.tellsApart(thing, .messages)
  }

  /// True when a failure has a group of its own kind; nil when it is only counted.
  mutating func tellsApart(_ failure: Failure, of span: TraceSpan, in trace: Trace) -> Bool? {
    if distinctions.tellsAllApart(.failures) { return true }
    let thing = Self.thing(
      thing(failure.blamed), operationThing(span), thing(failure.type), thing(failure.peer),
      thing(failure.message))
    if isCounting {
      count(thing, .failures, Self.lot(span.record.spanID, trace))
      return nil
    }
    return distinctions.tellsApart(thing, .failures)
  }

  /// True when an instance has figures of its own.
  func tellsApart(instance: Symbol, version: Symbol, of service: Symbol) -> Bool {
    distinctions.tellsAllApart(.instances)
      || distinctions.tellsApart(instanceThing(instance, version, service), .instances)
  }

  func instanceThing(_ instance: Symbol, _ version: Symbol, _ service: Symbol) -> UInt64 {
    Self.thing(thing(service), thing(version), thing(instance))
  }

  /// The symbol of a host's label, or of what stands for it.
  mutating func host(_ label: String, of span: SpanID, in trace: Trace) -> Symbol {
    if distinctions.tellsAllApart(.hosts) { return texts.symbol(label) }
    let thing = StableHash.number(of: label)
    if isCounting { count(thing, .hosts, Self.lot(span, trace)) }
    return texts.symbol(distinctions.tellsApart(thing, .hosts) ? label : Subject.hosts.rest)
  }

  static func lot(_ span: SpanID, _ trace: Trace) -> UInt64 { thing(trace.id.low, span.rawValue) }

  mutating func count(_ thing: UInt64, _ subject: Subject, _ lot: UInt64) {
    samples[subject.rawValue].add(thing, lot: lot)
  }
}
