import TestSupport
import Testing
import TraceModel

/// What an attribute says does not depend on how it is written, nor on the attributes before it.
@Suite struct AttributeFormTests {
  /// Keys as they are written; some mean the same.
  private static let keys = [
    "thread.id", "user.id", "", "a", #"quoted\"key"#, #"quoted\u0022key"#, #"back\\slash"#, "größe",
    #"gr\u00f6\u00dfe"#,
  ]
  /// Values as they are written.
  private static let values = [
    #"{"intValue":"0"}"#, #"{"intValue":"201"}"#, #"{"intValue":"007"}"#, #"{"intValue":"999999999"}"#,
    #"{"intValue":"1000000000"}"#, #"{"intValue":"9223372036854775807"}"#, #"{"intValue":"-5"}"#,
    #"{"intValue":7}"#,
    #"{"intValue":"1e3"}"#, #"{"intValue":""}"#, #"{"stringValue":""}"#, #"{"stringValue":"plain"}"#,
    #"{"stringValue":"plain text of more than eight bytes"}"#, #"{"stringValue":"say \"plain\""}"#,
    #"{"stringValue":"a\",\"b\":\"c"}"#, #"{"stringValue":"tab\there"}"#, #"{"stringValue":"ünïcode"}"#,
    #"{"stringValue":"x","unknown":[1,{}]}"#, #"{"boolValue":true}"#, #"{"doubleValue":0.5}"#, "{}",
  ]

  /// A line of one span.
  private static func line(_ attributes: [(key: String, value: String)], isCompact: Bool) -> String {
    let texts = attributes.map { attribute in
      isCompact
        ? #"{"key":"\#(attribute.key)","value":\#(attribute.value)}"#
        : #"{ "value" : \#(attribute.value), "key" : "\#(attribute.key)" }"#
    }
    return #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","#
      + #""spanId":"eee19b7ec3c1b174","name":"a","attributes":["# + texts.joined(separator: ",")
      + "]}]}]}]}\n"
  }

  private static func attributes(_ text: String) throws -> [JSONValue] {
    try Reading(text).spans().map { $0.span["attributes"] }
  }

  @Test("any attributes, compact and spread out, with one neighbour before them or another")
  func forms() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let chosen = (0..<Int.random(in: 1...8, using: &random)).map { number in
        // Keys differ by their ends, so that none is dropped as a repetition.
        (
          key: (Self.keys.randomElement(using: &random) ?? "") + "\(number)",
          value: Self.values.randomElement(using: &random) ?? "{}"
        )
      }
      let expected = try #require(try Self.attributes(Self.line(chosen, isCompact: false)).first)
      // The first span teaches what to expect of the second.
      let teaching = Self.line(
        chosen.map { ($0.key, Self.values.randomElement(using: &random) ?? "{}") }, isCompact: true
      ).replacing("eee19b7ec3c1b174", with: "eee19b7ec3c1b175")
      let both = try Reading(teaching + Self.line(chosen, isCompact: true)).spans()
      let second = try #require(both.first { $0.spanID == "eee19b7ec3c1b174" })
      #expect(second.span["attributes"] == expected)
    }
  }

  @Test("a text that held a quote does not swallow what looks like its rest")
  func quotes() throws {
    let first = Self.line([(#"k\",\"value"#, #"{"stringValue":"v\"}},{\"key"}"#)], isCompact: true)
    let second = Self.line([("k", #"{"stringValue":"v"}"#)], isCompact: true)
      .replacing("eee19b7ec3c1b174", with: "eee19b7ec3c1b175")
    let spans = try Reading(first + second + first.replacing("b174", with: "b176")).spans()
    #expect(spans.count == 3)
    #expect(spans.first { $0.spanID.hasSuffix("b175") }?.attribute("k") == .array(["string", "v"]))
    for span in spans where !span.spanID.hasSuffix("b175") {
      #expect(span.attribute(#"k","value"#) == .array(["string", #"v"}},{"key"#]))
    }
  }
}
