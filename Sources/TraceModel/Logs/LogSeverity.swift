/// How serious a log record is, as OpenTelemetry numbers it: 1 to 24 in six words of four, 0 for unspecified.
///
/// Source: OpenTelemetry specification, "Logs Data Model", field `SeverityNumber`.
package struct LogSeverity: Sendable, Equatable, Comparable {
  /// 0 to 24.
  package let number: UInt8

  /// Nothing is said.
  package static let unspecified = LogSeverity(number: 0)
  /// The least one that the views of errors take.
  package static let error = LogSeverity(number: 17)

  /// Makes a severity of its number; others than 0 to 24 are unspecified.
  package init(number: Int) { self.number = (0...24).contains(number) ? UInt8(number) : 0 }

  /// Reads the word that a logger writes, in any case and longer forms: `warning`, `err`, `FATAL`; a word nobody knows
  /// is unspecified.
  package init(word: String) {
    let word = word.lowercased()
    let known = Self.prefixes.first { word.hasPrefix($0.prefix) }
    self.init(number: known?.number ?? Self.letters[word] ?? 0)
  }

  private static let prefixes: [(prefix: String, number: Int)] = [
    ("trace", 1), ("verb", 1), ("finest", 1), ("debug", 5), ("fine", 5), ("info", 9), ("notice", 10),
    ("warn", 13), ("err", 17), ("severe", 17), ("fatal", 21), ("crit", 21), ("panic", 21), ("emerg", 21),
    ("alert", 21), ("dpanic", 21),
  ]

  private static let letters: [String: Int] = ["t": 1, "d": 5, "i": 9, "w": 13, "e": 17, "f": 21, "c": 21]

  /// Reads the number of loggers that count in tens (pino, bunyan): 10 is TRACE, 60 is FATAL.
  package init(tens: Int) {
    let numbers = [10: 1, 20: 5, 30: 9, 40: 13, 50: 17, 60: 21]
    self.init(number: numbers[tens] ?? 0)
  }

  /// True from ERROR up.
  package var isError: Bool { self >= .error }

  /// The word of its four.
  package var name: String {
    switch number {
    case 1...4: "TRACE"
    case 5...8: "DEBUG"
    case 9...12: "INFO"
    case 13...16: "WARN"
    case 17...20: "ERROR"
    case 21...24: "FATAL"
    default: ""
    }
  }

  /// Orders from harmless to serious.
  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
