package import TraceModel

/// An address of another tool with places for ids, names and times, such as
/// `https://logs.example/search?q={traceId}&from={startUnixMilli}`.
///
/// Comes from the configuration only, never from spans. Values are percent-encoded; a value that is missing leaves the
/// whole link out.
package struct LinkTemplate: Sendable {
  /// What a link is about.
  package enum Subject: String, Sendable, CaseIterable {
    case trace
    case span
    case service
    case error
  }

  /// When a link is shown.
  package enum Condition: Sendable, Equatable {
    /// The thing has this attribute.
    case attribute(String)
    /// The thing belongs to this service.
    case service(String)
  }

  /// Why a template is refused, in one sentence.
  package struct Mistake: Error, Sendable {
    /// The sentence.
    package let message: String
  }

  /// What the link is called.
  package let name: String
  /// What it is about.
  package let subject: Subject
  /// When it is shown; nil for always.
  package let condition: Condition?
  private let parts: [Part]
  private let pad: Nanoseconds

  private enum Part: Sendable {
    case literal(String)
    case place(String)
  }

  private static let plainPlaces: Set<String> = [
    "traceId", "traceId64", "spanId", "service", "operation", "startUnixNano", "startUnixMilli", "startIso",
    "endUnixNano", "endUnixMilli", "endIso", "padSeconds",
  ]

  /// Reads a template; only `http` and `https` addresses with known places are accepted.
  ///
  /// - Parameter padSeconds: how much earlier `{start…}` and later `{end…}` are.
  package init(
    name: String, on subject: Subject, url: String, when condition: Condition? = nil, padSeconds: Int = 60
  ) throws(Mistake) {
    let lower = url.lowercased()
    guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else {
      throw Mistake(message: "the address of link “\(name)” must begin with http:// or https://")
    }
    guard !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f || $0 == 0x22 || $0 == 0x3c || $0 == 0x3e })
    else {
      throw Mistake(message: "the address of link “\(name)” holds blanks, quotes or angle brackets")
    }
    self.name = name
    self.subject = subject
    self.condition = condition
    pad = Nanoseconds(Int64(clamping: max(0, min(padSeconds, 86_400 * 366))) * 1_000_000_000)
    parts = try Self.parts(of: url, name)
    // Where the host stands nothing of an archive may stand.
    guard case .literal(let first)? = parts.first, Self.hasWholeHost(first) else {
      throw Mistake(message: "the host of link “\(name)” must be written out")
    }
  }

  private static func hasWholeHost(_ literal: String) -> Bool {
    guard let slashes = literal.firstRange(of: "://") else { return false }
    let rest = literal[slashes.upperBound...]
    return rest.contains { "/?#".contains($0) } && rest.first.map { !"/?#".contains($0) } ?? false
  }

  private static func parts(of url: String, _ name: String) throws(Mistake) -> [Part] {
    var parts: [Part] = []
    var rest = url[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.literal(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw Mistake(message: "the address of link “\(name)” has a { without a }")
      }
      let place = String(rest[rest.index(after: open)..<close])
      guard plainPlaces.contains(place) || place.hasPrefix("attr:") || place.hasPrefix("resource:") else {
        throw Mistake(message: "the address of link “\(name)” has an unknown place {\(place)}")
      }
      parts.append(.place(place))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.literal(String(rest))) }
    return parts
  }

  /// The address for a thing; nil when the condition does not hold or a value is missing.
  package func address(for thing: LinkedThing) -> String? {
    switch condition {
    case .attribute(let key): if thing.attribute(key) == nil { return nil }
    case .service(let service): if thing.service != service { return nil }
    case nil: break
    }
    var address = ""
    for part in parts {
      switch part {
      case .literal(let text): address += text
      case .place(let place):
        guard let value = value(of: place, thing), !value.isEmpty else { return nil }
        address += Self.encoded(value)
      }
    }
    return address
  }

  private func value(of place: String, _ thing: LinkedThing) -> String? {
    if place.hasPrefix("attr:") { return thing.attribute(String(place.dropFirst(5))) }
    if place.hasPrefix("resource:") { return thing.resource(String(place.dropFirst(9))) }
    switch place {
    case "traceId": return thing.traceID.isAbsent ? nil : thing.traceID.description
    case "traceId64": return thing.traceID.isAbsent ? nil : String(thing.traceID.description.suffix(16))
    case "spanId": return thing.spanID.isAbsent ? nil : thing.spanID.description
    case "service": return thing.service
    case "operation": return thing.operation
    case "padSeconds": return String(pad.rawValue / 1_000_000_000)
    default: return moment(place, thing)
    }
  }

  private func moment(_ place: String, _ thing: LinkedThing) -> String? {
    let isStart = place.hasPrefix("start")
    let raw = isStart ? thing.start : thing.end
    guard raw != .unknown else { return nil }
    let moment = raw + (isStart ? .zero - pad : pad)
    if place.hasSuffix("UnixNano") { return String(moment.rawValue) }
    if place.hasSuffix("UnixMilli") { return String(moment.rawValue / 1_000_000) }
    return StampFormat.utc.iso(moment.rawValue)
  }

  /// Percent-encodes all but RFC 3986's unreserved characters.
  static func encoded(_ value: String) -> String {
    var out = ""
    for byte in value.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
        out.unicodeScalars.append(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        out += digits.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return out
  }
}

/// What a link is made for: a trace or a span with its values.
package struct LinkedThing: Sendable {
  /// The trace.
  package var traceID = TraceID.absent
  /// The span; absent for a trace.
  package var spanID = SpanID.absent
  /// The service.
  package var service = ""
  /// The operation.
  package var operation = ""
  /// When it began, as reported.
  package var start = UnixNanoseconds.unknown
  /// When it ended, as reported.
  package var end = UnixNanoseconds.unknown
  /// The values of attributes and of the resource's attributes.
  package var attributes: [String: String] = [:]
  /// The values of the resource's attributes.
  package var resources: [String: String] = [:]

  /// Makes a thing of which nothing is known.
  package init() {}

  func attribute(_ key: String) -> String? { attributes[key] ?? resources[key] }

  func resource(_ key: String) -> String? { resources[key] }
}
