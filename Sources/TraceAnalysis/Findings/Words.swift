import TraceModel

/// How figures and names are put into sentences: plain numbers, no locale, the same everywhere.
enum Words {
  /// `48 %`; one decimal below ten.
  static func percent(_ share: Double) -> String {
    let value = share.isFinite ? min(max(share * 100, -1e15), 1e15) : 0
    if value >= 9.95 { return "\(Int(value.rounded()))\u{a0}%" }
    let tenths = Int((value * 10).rounded())
    if tenths == 0 && share > 0 { return "<\u{a0}0.1\u{a0}%" }
    return tenths % 10 == 0 ? "\(tenths / 10)\u{a0}%" : "\(tenths / 10).\(tenths % 10)\u{a0}%"
  }

  /// `240 ms`, with about three digits.
  static func length(_ length: Nanoseconds) -> String {
    let value = max(length.rawValue, 0)
    switch value {
    case ..<1_000: return "\(value)\u{a0}ns"
    case ..<1_000_000: return scaled(value, 1_000, "µs")
    case ..<1_000_000_000: return scaled(value, 1_000_000, "ms")
    case ..<60_000_000_000: return scaled(value, 1_000_000_000, "s")
    case ..<3_600_000_000_000: return scaled(value, 60_000_000_000, "min")
    default: return scaled(value, 3_600_000_000_000, "h")
    }
  }

  private static func scaled(_ value: Int64, _ unit: Int64, _ name: String) -> String {
    let digits: Int64 = value >= unit * 100 ? 1 : value >= unit * 10 ? 10 : 100
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
    let fraction = (remainder * digits + unit / 2) / unit
    let whole = quotient + fraction / digits
    let rest = fraction % digits
    guard digits > 1, rest > 0 else { return "\(whole)\u{a0}\(name)" }
    var text = String(rest)
    while text.count < (digits == 10 ? 1 : 2) { text = "0" + text }
    while text.hasSuffix("0") { text.removeLast() }
    return "\(whole).\(text)\u{a0}\(name)"
  }

  /// `21:07:42`, the time of day in a zone.
  static func time(_ moment: UnixNanoseconds, _ zone: TimeZoneRules) -> String {
    let shown = zone.civilTime(at: moment)
    return [shown.hour, shown.minute, shown.second].map { ($0 < 10 ? "0" : "") + String($0) }.joined(
      separator: ":")
  }

  /// `4.1 times`.
  static func times(_ factor: Double) -> String { decimal(factor) + "\u{a0}times" }

  /// A number with one decimal below a hundred.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "very many" }
    if abs(value) >= 100 { return count(Int(value.rounded())) }
    let tenths = Int((abs(value) * 10).rounded())
    let text = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    return value < 0 && tenths > 0 ? "−" + text : text
  }

  /// `1,234`.
  static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0 && (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return value < 0 ? "−" + text : text
  }

  /// `1 request`, `14 requests`.
  static func count(_ value: Int, _ noun: String) -> String {
    count(value) + "\u{a0}" + noun + (value == 1 ? "" : "s")
  }

  /// `a`, `a and b`, `a, b and c`; beyond four the rest is counted.
  static func list(_ names: [String]) -> String {
    if names.count > 4 { return names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) others" }
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The operation of an entry point, with its service where another entry point has an operation of that name.
  static func entryPoint(_ service: String, _ operation: String, sharing shared: SharedOperations) -> String {
    let shown = name(operation, "an unnamed operation")
    return shared.contains(operation) ? "\(shown) of \(name(service))" : shown
  }

  /// A name as it is, on one line and not too long.
  static func name(_ text: String, _ absent: String = "an unnamed service") -> String {
    text.isEmpty ? absent : shortened(text, 100)
  }

  /// `service.version 2.4.0 of payment`.
  static func value(_ value: SharedValue) -> String {
    let pair = "\(name(value.key, "an unnamed attribute")) \(shortened(value.value, 60))"
    return value.service.isEmpty ? pair : "\(pair) of \(name(value.service))"
  }

  /// A quoted message, on one line and not too long.
  static func quote(_ text: String) -> String { "“" + shortened(text, 120) + "”" }

  private static func shortened(_ text: String, _ limit: Int) -> String {
    let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    let scalars = line.unicodeScalars
    guard scalars.count > limit else { return line }
    return String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
  }
}
