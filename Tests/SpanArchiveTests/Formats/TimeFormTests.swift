import TestSupport
import Testing

/// What a span says of its kind and times does not depend on whether they are written as exporters write them.
@Suite struct TimeFormTests {
  private static let kinds = ["0", "1", "2", "3", "4", "5", "6", "9", ":", "\"3\"", "null"]
  private static let times = [
    "1793577601280178192", "1793577601284838469", "0000000000000000001", "9223372036854775807",
    "9223372036854775808", "9999999999999999999", "179357760128017819", "17935776012801781921",
    "179357760128017819x", "-793577601280178192", "1.93577601280178e18", "",
  ]

  private static func line(_ kind: String, _ start: String, _ end: String, blank: String) -> String {
    #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","#
      + #""spanId":"eee19b7ec3c1b174","name":"a""# + blank + #","kind":"# + kind + #","startTimeUnixNano":""#
      + start + #"","endTimeUnixNano":""# + end + #"","status":{}}]}]}]}"#
      + String(repeating: " ", count: 100) + "\n"
  }

  private static func read(_ line: String) throws -> [JSONValue] { try Reading(line).spans().map(\.span) }

  @Test("any kind and times", arguments: kinds)
  func forms(kind: String) throws {
    let usual = Self.times[0]
    for (start, end) in Self.times.flatMap({ [($0, usual), (usual, $0)] }) {
      let read = try Self.read(Self.line(kind, start, end, blank: ""))
      #expect(try read == Self.read(Self.line(kind, start, end, blank: " ")), "\(start) to \(end)")
    }
  }
}
