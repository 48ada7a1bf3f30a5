import TestSupport
import Testing

/// A text that is written with escapes is the same text: readers rewrite such texts in one place, and must not hold on
/// to one of them while they read the next.
@Suite("Escaped texts")
struct EscapedTextTests {
  enum Choice: CaseIterable, Sendable {
    case all, even, odd

    func takes(_ number: Int) -> Bool {
      switch self {
      case .all: true
      case .even: number % 2 == 0
      case .odd: number % 2 == 1
      }
    }
  }

  /// JSON with every letter of the chosen strings, keys too, as `\u0061`.
  private static func escape(_ json: [UInt8], _ choice: Choice) -> [UInt8] {
    var escaped: [UInt8] = []
    var strings = 0
    var isInside = false
    var place = 0
    while place < json.count {
      let byte = json[place]
      if byte == 0x5c, isInside {
        let length = place + 1 < json.count && json[place + 1] == 0x75 ? 6 : 2
        escaped += json[place...].prefix(length)
        place += length
        continue
      }
      if byte == 0x22 {
        isInside.toggle()
        strings += isInside ? 1 : 0
      }
      if isInside, byte != 0x22, byte < 0x80, choice.takes(strings) {
        escaped += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      } else {
        escaped.append(byte)
      }
      place += 1
    }
    return escaped
  }

  private static let formats = FuzzTarget.allCases.filter {
    // X-Ray's segments are known by how their trace id begins, as it stands.
    $0.isFormat && $0 != .otlpProto && $0 != .zipkinProto && $0 != .xray
  }

  @Test("give the spans that plain ones give, in every format", arguments: formats, Choice.allCases)
  func escaped(_ format: FuzzTarget, _ choice: Choice) throws {
    for (name, bytes) in try FuzzSeeds.all(of: format) {
      let plain = Reading(bytes)
      let escaped = Reading(Self.escape(bytes, choice))
      #expect(escaped.summary.format == plain.summary.format, "\(name)")
      #expect(escaped.summary.spansRead == plain.summary.spansRead, "\(name)")
      // Compared as JSON: lists and maps of OTLP JSON are kept as they were written.
      let isSame =
        try escaped.lines.map(JSONValue.init(parsing:)) == plain.lines.map(JSONValue.init(parsing:))
      #expect(isSame, "\(name)")
    }
  }
}
