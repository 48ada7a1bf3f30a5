import FoundationEssentials
import SpanArchive
import TestSupport
import Testing

@Suite struct JSONReaderTests {
  @Test("keys and elements are walked whatever the blanks")
  func walking() throws {
    for text in [#"{"a":[1,2],"b":{}}"#, " {\n \"a\" : [ 1 , 2 ] ,\t\"b\" : { } } "] {
      try withReader(text) { reader in
        try reader.enterObject()
        #expect(try reader.nextKey()?.string == "a")
        try reader.enterArray()
        var numbers: [String] = []
        while try reader.nextElement() { numbers.append(try reader.readNumber().string) }
        #expect(numbers == ["1", "2"])
        #expect(try reader.nextKey()?.string == "b")
        try reader.skipValue()
        #expect(try reader.nextKey() == nil)
      }
    }
  }

  @Test("elements without a comma between them are no neighbours")
  func commas() {
    for text in ["[{} {}]", "[1\n2]", "[{}\n{}]", "[[]{}]"] {
      #expect(throws: JSONFault.self) {
        try withReader(text) { reader in
          try reader.enterArray()
          while try reader.nextElement() { try reader.skipValue() }
        }
      }
    }
  }

  @Test("a value is passed over exactly when it is JSON, give or take commas and numbers")
  func skipping() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<400 {
      let text = Self.value(&random, depth: 0)
      let end = try withReader(text + ",") { reader in
        try reader.skipValue()
        return reader.position
      }
      #expect(end == text.utf8.count, "\(text)")
    }
  }

  @Test("a value cut anywhere ends early, and says so")
  func cuts() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<60 {
      let whole = Array(("[" + Self.value(&random, depth: 0) + "]").utf8)
      for count in 1..<whole.count {
        let fault = #expect(throws: JSONFault.self) {
          try withText(Array(whole[..<count])) { text in
            var reader = JSONReader(base: text.base, position: 0, end: count, scratch: TextScratch())
            try reader.skipValue()
          }
        }
        #expect(fault?.reason == .endOfInput, "\(String(decoding: whole[..<count], as: UTF8.self))")
      }
    }
  }

  @Test("nesting is limited, and mismatched brackets are found")
  func nesting() throws {
    let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    let fault = #expect(throws: JSONFault.self) { try withReader(deep) { try $0.skipValue() } }
    #expect(fault?.reason == .tooDeep)
    for text in ["[}", "{]", "[[{]]"] {
      #expect(throws: JSONFault.self) { try withReader(text) { try $0.skipValue() } }
    }
    let limit = JSONReader.deepestNesting
    let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    try withReader(deepest) { try $0.skipValue() }
  }

  @Test("strings of every length and content come out as another parser reads them")
  func strings() throws {
    var random = SeededGenerator(seed: 6)
    for length in 0..<64 {
      for _ in 0..<8 {
        let text = String(
          String.UnicodeScalarView(
            (0..<length).map { _ in
              Bool.random(using: &random)
                ? Unicode.Scalar(UInt8.random(in: 0x20...0x7e, using: &random))
                : ["é", "中", "🚀", "\u{7f}", "\"", "\\", "\n", "\u{0}"].randomElement(using: &random) ?? "x"
            }))
        let json = HostileStrings.json(text)
        let read = try withReader(json) { reader in
          let read = try reader.readString().string
          #expect(reader.position == json.utf8.count)
          return read
        }
        #expect(read == text)
      }
    }
  }

  @Test("numbers, texts and words are taken for one another where a format is read leniently")
  func lenience() throws {
    #expect(try withReader(#""12""#) { try $0.lenientInteger() } == 12)
    #expect(try withReader("12 ") { try $0.lenientInteger() } == 12)
    #expect(try withReader("null") { try $0.lenientInteger() } == nil)
    #expect(try withReader("[1]") { try $0.lenientInteger() } == nil)
    #expect(try withReader("true") { try $0.lenientText()?.string } == "true")
    #expect(try withReader("1.50 ") { try $0.lenientText()?.string } == "1.50")
    #expect(try withReader("{}") { try $0.lenientText()?.string } == nil)
    #expect(try withReader(#""NaN""#) { try $0.lenientDouble() }?.isNaN == true)
    #expect(try withReader(#""-Infinity""#) { try $0.lenientDouble() } == -.infinity)
    #expect(try withReader("1e300 ") { try $0.lenientDouble() } == 1e300)
    #expect(try withReader(#""TRUE""#) { try $0.lenientBoolean() } == true)
    #expect(try withReader("0 ") { try $0.lenientBoolean() } == false)
    #expect(try withReader("-5 ") { try $0.lenientCount() } == 0)
    #expect(try withReader("99999999999 ") { try $0.lenientCount() } == .max)
  }

  /// A random JSON value.
  private static func value(_ random: inout SeededGenerator, depth: Int) -> String {
    switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &random) {
    case 0: return "null"
    case 1: return Bool.random(using: &random) ? "true" : "false"
    case 2: return "-\(UInt32.random(in: 0...UInt32.max, using: &random)).5e+3"
    case 3: return HostileStrings.json("text \"\\ \(Int.random(in: 0...999, using: &random)) é🚀\n")
    case 4: return "\"\""
    case 5, 6:
      let count = Int.random(in: 0...4, using: &random)
      let elements = (0..<count).map { _ in value(&random, depth: depth + 1) }
      return "[" + elements.joined(separator: Bool.random(using: &random) ? "," : " , ") + "]"
    default:
      let count = Int.random(in: 0...4, using: &random)
      let members = (0..<count).map { "\"k\($0)\":" + value(&random, depth: depth + 1) }
      return "{" + members.joined(separator: ",") + "}"
    }
  }
}
