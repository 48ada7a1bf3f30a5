import TraceModel

/// Names the other side of a call from the attributes of one span (dependencies, rules 2.2 and 2.3).
struct PeerNamer: ~Copyable {
  private struct Pair: Hashable {
    var system: UInt32
    var destination: UInt32
  }

  private var facts = SpanFacts()
  private var hosts: [UInt32: Symbol] = [:]
  private var destinations: [Pair: Symbol] = [:]

  init() {}

  /// A peer's name, empty if nothing names it, and the type of its link.
  struct Peer {
    var name: Symbol
    var type: ConnectionType
  }

  /// Whom a CLIENT or PRODUCER span, or one taken for such, calls.
  mutating func callee(of span: TraceSpan, in trace: Trace, _ seen: inout Observed) -> Peer {
    facts.read(span, of: trace, seen)
    let named = named(span, trace, seen)
    if facts.isDatabase { return Peer(name: named.isEmpty ? database(&seen) : named, type: .database) }
    if span.record.kind == .producer { return Peer(name: broker(named, &seen), type: .messagingSystem) }
    if !named.isEmpty { return Peer(name: named, type: .virtualNode) }
    var name = address(&seen)
    if name.isEmpty { name = host(facts.text(.url), &seen) }
    if name.isEmpty { name = facts.text(.networkPeer) }
    if name.isEmpty, span.record.presence.contains(.endpoints) {
      let remote = trace.endpoints(of: span, in: seen.store).remote
      name = remote.ipv4.isEmpty ? remote.ipv6 : remote.ipv4
    }
    return Peer(name: name, type: .virtualNode)
  }

  /// The peer's service as an attribute or Zipkin's remote endpoint names it.
  private func named(_ span: TraceSpan, _ trace: Trace, _ seen: borrowing Observed) -> Symbol {
    let named = facts.text(.peerService)
    guard named.isEmpty, span.record.presence.contains(.endpoints) || span.traits.contains(.fused) else {
      return named
    }
    return trace.endpoints(of: span, in: seen.store).remote.service
  }

  private mutating func database(_ seen: inout Observed) -> Symbol {
    var name = address(&seen)
    if name.isEmpty { name = facts.text(.networkPeer) }
    if name.isEmpty { name = facts.text(.databaseNamespace) }
    if name.isEmpty { name = facts.text(.databaseSystem) }
    return name
  }

  /// Who calls a SERVER or CONSUMER span that has no caller in the archives.
  mutating func caller(of span: TraceSpan, in trace: Trace, _ seen: inout Observed) -> Peer {
    facts.read(span, of: trace, seen)
    let named = named(span, trace, seen)
    if span.record.kind == .consumer { return Peer(name: broker(named, &seen), type: .messagingSystem) }
    return Peer(name: named, type: .virtualNode)
  }

  private mutating func broker(_ named: Symbol, _ seen: inout Observed) -> Symbol {
    if !named.isEmpty { return named }
    let system = facts.text(.messagingSystem)
    let destination = facts.text(.destination)
    if system.isEmpty { return address(&seen) }
    if destination.isEmpty { return system }
    let key = Pair(system: system.index, destination: destination.index)
    if let known = destinations[key] { return known }
    let text = seen.store.symbols.text(system) + ":" + seen.store.symbols.text(destination)
    let symbol = seen.texts.symbol(text)
    destinations[key] = symbol
    return symbol
  }

  /// The server's address without a port.
  private mutating func address(_ seen: inout Observed) -> Symbol {
    let text = facts.text(.serverAddress)
    return text.isEmpty ? .empty : cached(text, &seen) { PeerNamer.withoutPort($0) }
  }

  /// The host of a URL.
  private mutating func host(_ url: Symbol, _ seen: inout Observed) -> Symbol {
    url.isEmpty ? .empty : cached(url, &seen) { PeerNamer.host(of: $0) }
  }

  private mutating func cached(
    _ text: Symbol, _ seen: inout Observed,
    _ body: (String.UTF8View.SubSequence) -> String.UTF8View.SubSequence
  ) -> Symbol {
    if let known = hosts[text.index] { return known }
    let whole = seen.store.symbols.text(text)
    let part = body(whole.utf8[...])
    let symbol =
      part.count == whole.utf8.count
      ? seen.texts.distinct(text, in: seen.store) : seen.texts.symbol(String(decoding: part, as: UTF8.self))
    // A lone text does not come again.
    if !text.isLone { hosts[text.index] = symbol }
    return symbol
  }

  /// What stands between `//` and the next `/`, `?` or `#`, without user and port.
  static func host(of url: String.UTF8View.SubSequence) -> String.UTF8View.SubSequence {
    let slash = UInt8(ascii: "/")
    var start = url.startIndex
    var place = url.startIndex
    while place < url.endIndex {
      let next = url.index(after: place)
      if url[place] == slash, next < url.endIndex, url[next] == slash {
        start = url.index(after: next)
        break
      }
      place = next
    }
    guard start != url.startIndex else { return url[url.endIndex...] }
    let rest = url[start...]
    let end = rest.firstIndex { $0 == slash || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    let authority = rest[..<(end ?? rest.endIndex)]
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return withoutPort(authority) }
    return withoutPort(authority[authority.index(after: at)...])
  }

  /// A host without the port behind its only colon; `[::1]:80` gives `::1`.
  static func withoutPort(_ host: String.UTF8View.SubSequence) -> String.UTF8View.SubSequence {
    if host.first == UInt8(ascii: "["), let end = host.firstIndex(of: UInt8(ascii: "]")) {
      return host[host.index(after: host.startIndex)..<end]
    }
    guard let colon = host.firstIndex(of: UInt8(ascii: ":")) else { return host }
    let port = host[host.index(after: colon)...]
    return port.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? host[..<colon] : host
  }
}
