/// A piece of configuration as it was written: a text, a list or a map, and where it stands in its file.
///
/// Types are decided by whoever asks: the file says `10`, the reader of a field says that a number is wanted.
package struct ConfigurationNode: Sendable, Equatable {
  /// What stands there.
  package enum Value: Sendable, Equatable {
    /// A text as written, without its quotes; `isPlain` when it had none.
    case scalar(String, isPlain: Bool)
    /// A list.
    case sequence([ConfigurationNode])
    /// A map in the order of the file; no key occurs twice.
    case mapping([Member])
  }

  /// A key of a map with its value.
  package struct Member: Sendable, Equatable {
    /// The key.
    package var key: String
    /// Where the key stands.
    package var place: ConfigurationPlace
    /// The value.
    package var value: ConfigurationNode
  }

  /// What stands there.
  package var value: Value
  /// Where it begins.
  package var place: ConfigurationPlace

  /// Makes a node of its parts.
  package init(_ value: Value, at place: ConfigurationPlace) {
    self.value = value
    self.place = place
  }

  /// True for a field without a value: `key:`, `~` or `null`.
  package var isNull: Bool {
    guard case .scalar(let text, true) = value else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The members of a map; nil for anything else.
  package var members: [Member]? {
    if case .mapping(let members) = value { return members }
    return nil
  }

  /// The value of a key of a map; nil when there is none.
  package subscript(key: String) -> ConfigurationNode? { members?.first { $0.key == key }?.value }

  /// What it is, in a reader's words.
  package var kind: String {
    switch value {
    case .scalar(let text, _): isNull ? "nothing" : "\"\(text.prefix(60))\""
    case .sequence: "a list"
    case .mapping: "a map"
    }
  }
}

/// A place in a file, counted from 1.
package struct ConfigurationPlace: Sendable, Equatable {
  /// The line.
  package var line: Int
  /// The column, in bytes.
  package var column: Int

  /// Makes a place.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// Configuration that cannot be used, and where.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where.
  package var place: ConfigurationPlace
  /// What is wrong and what would be right, in one sentence.
  package var message: String

  /// Makes an error about a place.
  package init(_ place: ConfigurationPlace, _ message: String) {
    self.place = place
    self.message = message
  }

  /// `line 3, column 5: …`
  package var description: String { "line \(place.line), column \(place.column): \(message)" }
}
