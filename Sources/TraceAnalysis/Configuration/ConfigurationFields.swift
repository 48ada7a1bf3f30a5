package import TraceModel

/// The fields of one map, asked for by name and type; what nobody asked for is an error.
///
/// Typical use: ask for every field, then call `refuseOthers()`, so that a misspelt key is told and not ignored.
package struct ConfigurationFields {
  /// What the fields are of, as messages name it.
  package let name: String
  /// Where the map stands.
  package let place: ConfigurationPlace
  private let members: [ConfigurationNode.Member]
  private var asked: Set<String> = []

  /// Takes a map apart; nothing at all is an empty map.
  package init(_ node: ConfigurationNode, of name: String) throws(ConfigurationError) {
    self.name = name
    place = node.place
    if node.isNull {
      members = []
    } else if let found = node.members {
      members = found
    } else {
      throw ConfigurationError(node.place, "\(name) is a map of fields, not \(node.kind)")
    }
  }

  /// The value of a key; nil when it is absent or says nothing.
  package mutating func node(_ key: String) -> ConfigurationNode? {
    asked.insert(key)
    let found = members.first { $0.key == key }?.value
    return found?.isNull == true ? nil : found
  }

  /// True when the key is there, whatever its value.
  package mutating func has(_ key: String) -> Bool {
    asked.insert(key)
    return members.contains { $0.key == key }
  }

  /// A text.
  package mutating func text(_ key: String) throws(ConfigurationError) -> String? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.value else { throw wrong(key, node, "a text") }
    return text
  }

  /// A text that must be there.
  package mutating func requiredText(_ key: String) throws(ConfigurationError) -> String {
    guard let text = try text(key), !text.isEmpty else { throw missing(key) }
    return text
  }

  /// A number.
  package mutating func number(_ key: String) throws(ConfigurationError) -> Double? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.value, let value = Self.number(text), value.isFinite else {
      throw wrong(key, node, "a number")
    }
    return value
  }

  /// A whole number.
  package mutating func integer(_ key: String) throws(ConfigurationError) -> Int64? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.value, let value = Self.integer(text) else {
      throw wrong(key, node, "a whole number")
    }
    return value
  }

  /// A whole number from 0 up.
  package mutating func count(_ key: String) throws(ConfigurationError) -> Int64? {
    guard let value = try integer(key) else { return nil }
    guard value >= 0, let node = node(key) else {
      throw ConfigurationError(place, "\(name): \(key) is a number from 0 up, not \(value)")
    }
    _ = node
    return value
  }

  /// A truth value.
  package mutating func boolean(_ key: String) throws(ConfigurationError) -> Bool? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.value else { throw wrong(key, node, "true or false") }
    switch text.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw wrong(key, node, "true or false")
    }
  }

  /// A length of time such as `10s`, in Go's notation.
  package mutating func duration(_ key: String) throws(ConfigurationError) -> Nanoseconds? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.value, let value = DurationParser.nanoseconds(text) else {
      throw wrong(key, node, "a duration such as 10s")
    }
    return value
  }

  /// A list; nil when absent.
  package mutating func list(_ key: String) throws(ConfigurationError) -> [ConfigurationNode]? {
    guard let node = node(key) else { return nil }
    guard case .sequence(let items) = node.value else { throw wrong(key, node, "a list") }
    return items
  }

  /// A list of texts; empty when absent.
  package mutating func texts(_ key: String) throws(ConfigurationError) -> [String] {
    var texts: [String] = []
    for item in try list(key) ?? [] {
      guard case .scalar(let text, _) = item.value else { throw wrong(key, item, "a list of texts") }
      texts.append(text)
    }
    return texts
  }

  /// The keys that nobody has asked for yet, with their values.
  package var others: [ConfigurationNode.Member] { members.filter { !asked.contains($0.key) } }

  /// Says of fields that they are known and left alone.
  package mutating func pass(_ keys: String...) { asked.formUnion(keys) }

  /// Throws when a key is there that nobody has asked for, and names the one that was probably meant.
  package func refuseOthers() throws(ConfigurationError) {
    guard let other = others.first else { return }
    let hint =
      if let near = NearestWord.of(other.key, among: asked) {
        "; did you mean \(near)?"
      } else if asked.count <= 30 {
        "; there are " + asked.sorted().joined(separator: ", ")
      } else {
        ""
      }
    throw ConfigurationError(other.place, "\(name) has no field \"\(other.key.prefix(60))\"\(hint)")
  }

  /// The error that a field must be there.
  package func missing(_ key: String) -> ConfigurationError {
    ConfigurationError(place, "\(name) needs the field \(key)")
  }

  /// The error that a field has a value of the wrong kind.
  package func wrong(_ key: String, _ node: ConfigurationNode, _ wanted: String) -> ConfigurationError {
    ConfigurationError(node.place, "\(name): \(key) is \(wanted), not \(node.kind)")
  }

  /// A number in YAML's notation, underscores allowed.
  package static func number(_ text: String) -> Double? {
    let digits = text.filter { $0 != "_" }
    guard digits.utf8.first.map({ "+-.0123456789".utf8.contains($0) }) == true else { return nil }
    if let whole = integer(digits) { return Double(whole) }
    guard digits.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }) else { return nil }
    return Double(digits)
  }

  /// A whole number in YAML's notation: decimal, `0x` or `0o`.
  package static func integer(_ text: String) -> Int64? {
    let digits = text.filter { $0 != "_" }
    if digits.hasPrefix("0x") { return Int64(digits.dropFirst(2), radix: 16) }
    if digits.hasPrefix("0o") { return Int64(digits.dropFirst(2), radix: 8) }
    return Int64(digits)
  }
}
