/// Takes secrets out of what will be mailed around, before anything of it is rendered.
///
/// By default: values under keys that name secrets, literals in SQL, values in query strings of addresses, and in any
/// other text what looks like a password, a token, a login or a card number. More can be asked for by rules.
package struct Redactor: Sendable {
  /// Redacts by key and, if it has one, by value.
  package struct Rule: Sendable {
    /// Which keys.
    package var key: Glob
    /// Which values; nil for all.
    package var value: Glob?

    /// Reads `key=PATTERN`, which redacts every value under keys of this pattern, or `NAME=PATTERN`, which redacts
    /// values of this pattern under one key; nil for anything else.
    package init?(_ text: String) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
      if parts[0] == "key" {
        key = Glob(parts[1])
      } else {
        key = Glob(parts[0])
        value = Glob(parts[1])
      }
    }
  }

  /// What the user asked for beyond the defaults.
  package var rules: [Rule] = []

  /// Makes a redactor with the defaults.
  package init() {}

  private static let addressKeys: Set<String> = [
    "url.full", "url.query", "url.original", "http.url", "http.target", "url.path",
  ]

  /// An attribute's value as it may be shown.
  package func value(_ text: String, key: String) -> String {
    let isAsked = rules.contains { $0.key.matches(key) && ($0.value?.matches(text) ?? true) }
    if isAsked || SensitiveData.isSecret(key: key) { return Self.mark(text) }
    if SensitiveData.isQuery(key: key) { return RedactedText.withoutLiterals(text) }
    if Self.addressKeys.contains(key.lowercased()) {
      return RedactedText.redacted(RedactedText.withoutQueryValues(text, isQuery: key == "url.query"))
    }
    return RedactedText.redacted(text)
  }

  /// A text that stands under no key, such as a message, as it may be shown.
  package func text(_ text: String) -> String { RedactedText.redacted(text) }

  /// A log record as it may be shown.
  package func record(_ record: LogRecord) -> LogRecord {
    var record = record
    record.message = text(record.message)
    for index in record.fields.indices {
      record.fields[index].value = value(record.fields[index].value, key: record.fields[index].key)
    }
    return record
  }

  /// False for a text of which something was taken out: nothing can be looked up by it.
  package static func isWhole(_ text: String) -> Bool { !text.contains("‹redacted") }

  /// What stands in the place of a value.
  package static func mark(_ text: String) -> String {
    let count = text.count
    return "‹redacted, \(count) character\(count == 1 ? "" : "s")›"
  }
}

/// A pattern in which `*` stands for any characters and `?` for one; case does not matter.
package struct Glob: Sendable, Equatable {
  private let pattern: [UInt8]

  /// Reads a pattern.
  package init(_ text: String) { pattern = Array(text.lowercased().utf8) }

  /// True when the whole text is of this pattern.
  ///
  /// - Complexity: O(pattern × text) at worst; no recursion.
  package func matches(_ text: String) -> Bool {
    let bytes = Array(text.lowercased().utf8)
    var place = 0
    var next = 0
    var star: (pattern: Int, text: Int)?
    while place < bytes.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        star = (next, place)
        next += 1
      } else if next < pattern.count, pattern[next] == bytes[place] || pattern[next] == UInt8(ascii: "?") {
        next += 1
        place += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        next = last.pattern + 1
        place = last.text + 1
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
