import SpanArchive
import TestSupport
import Testing
import TraceModel

@Suite struct RFC3339Tests {
  @Test(
    "moments are read with fraction and zone",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2023-11-14T22:13:20Z", 1_700_000_000_000_000_000),
      ("2023-11-14T22:13:20.123456789Z", 1_700_000_000_123_456_789),
      ("2017-01-26T16:46:31.639875139-05:00", 1_485_467_191_639_875_139),
      ("2000-02-29t12:00:00.5+00:30", 951_823_800_500_000_000),
      ("2023-11-14 22:13:20.1234567891234z", 1_700_000_000_123_456_789),
    ] as [(String, Int64)])
  func moments(_ text: String, _ nanoseconds: Int64) {
    #expect(withText(text) { RFC3339.nanoseconds($0.bytes) } == nanoseconds)
  }

  @Test(
    "what is no moment, or lies outside 64 bits, is none",
    arguments: [
      "", "2023-11-14", "2023-11-14T22:13:20", "2023-13-01T00:00:00Z", "2023-11-14T22:13:20+0100",
      "2023-11-14T22:13:20Zx", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2023/11/14T22:13:20Z",
      "2023-11-14T22:13:20.", "2023-11-14T22:13:20.5", "aaaa-bb-ccTdd:ee:ffZ",
    ])
  func none(_ text: String) { #expect(withText(text) { RFC3339.nanoseconds($0.bytes) } == nil) }
}

@Suite struct Base64Tests {
  @Test("bytes of every length come back as the text that others write")
  func encoding() {
    let pairs = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]
    for (plain, base64) in pairs {
      #expect(withText(plain) { String(decoding: Base64.encode($0.bytes), as: UTF8.self) } == base64)
      #expect(withText(base64) { Base64.isValid($0.bytes) })
    }
    for bad in ["Zg=", "Zg", "Z===", "====", "Zm 9", "Zm9v!"] {
      #expect(!withText(bad) { Base64.isValid($0.bytes) }, "\(bad)")
    }
  }

  @Test("hex becomes base64; what is no hex does not")
  func hex() {
    #expect(withText("00003039") { Base64.fromHex($0.bytes) } == Array("AAAwOQ==".utf8))
    #expect(withText("000") { Base64.fromHex($0.bytes) } == nil)
    #expect(withText("0g") { Base64.fromHex($0.bytes) } == nil)
  }
}

@Suite struct IdentifierTextTests {
  private func trace(_ text: String, base64: Bool = true) -> String {
    withText(text) {
      switch IdentifierText.traceID($0, allowsBase64: base64) {
      case .id(let id): id.description
      case .absent: "absent"
      case .invalid: "invalid"
      }
    }
  }

  private func span(_ text: String, base64: Bool = true) -> String {
    withText(text) {
      switch IdentifierText.spanID($0, allowsBase64: base64) {
      case .id(let id): id.description
      case .absent: "absent"
      case .invalid: "invalid"
      }
    }
  }

  @Test("trace ids of 1 to 32 digits are padded; all zeros and nothing are absent")
  func traceIDs() {
    #expect(trace("5B8EFFF798038103D269B633813FC60C") == "5b8efff798038103d269b633813fc60c")
    #expect(trace("a") == "0000000000000000000000000000000a")
    #expect(trace("11111111111111111") == "00000000000000011111111111111111")
    #expect(trace("") == "absent")
    #expect(trace("0") == "absent")
    #expect(trace(String(repeating: "0", count: 32)) == "absent")
    #expect(trace(String(repeating: "1", count: 33)) == "invalid")
    #expect(trace("5b8efff798038103d269b633813fc60g") == "invalid")
    #expect(trace("5b8efff7-9803-8103-d269-b633813fc60c") == "invalid")
  }

  @Test("span ids of 1 to 16 digits are padded")
  func spanIDs() {
    #expect(span("EEE19B7EC3C1B174") == "eee19b7ec3c1b174")
    #expect(span("b") == "000000000000000b")
    #expect(span("0000000000000000") == "absent")
    #expect(span("0123456789abcdef0") == "invalid")
    #expect(span("xyz") == "invalid")
  }

  @Test("base64 is taken at exactly its lengths, and only where a format has it")
  func base64() {
    #expect(trace("W47/95gDgQPSabYzgT/GDA==") == "5b8efff798038103d269b633813fc60c")
    #expect(trace("AAAAAAAAAAAAAAAAAAAAAQ==") == "00000000000000000000000000000001")
    #expect(span("7uGbfsPBsXQ=") == "eee19b7ec3c1b174")
    #expect(trace("W47/95gDgQPSabYzgT/GDA==", base64: false) == "invalid")
    #expect(span("7uGbfsPBsXQ=", base64: false) == "invalid")
    #expect(span("7uGbfsPB=XQ=") == "invalid")
  }
}

@Suite struct TextScratchTests {
  private func unescape(_ inside: String) -> String {
    let scratch = TextScratch()
    // The text lies in the scratch.
    return withExtendedLifetime(scratch) { withText(inside) { scratch.unescape($0.bytes).text.string } }
  }

  @Test("escapes are resolved, lone surrogates and broken UTF-8 replaced")
  func escapes() {
    #expect(unescape(#"a\n\t\r\b\f\"\\\/z"#) == "a\n\t\r\u{8}\u{c}\"\\/z")
    #expect(unescape(#"\u0041\u00e9\u4e2d\ud83d\ude80"#) == "Aé中🚀")
    #expect(unescape(#"\ud83d"#) == "\u{fffd}")
    #expect(unescape(#"\ude80x"#) == "\u{fffd}x")
    #expect(unescape(#"\ud83dx\ude80"#) == "\u{fffd}x\u{fffd}")
    #expect(unescape(#"\ud83d\u0041"#) == "\u{fffd}A")
    #expect(unescape(#"\u00"#) == "\u{fffd}00")
    #expect(unescape(#"\q"#) == "q")
    let broken: [UInt8] = [0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0xed, 0xa0, 0x80, 0x62]
    let repaired = withText(broken) { TextScratch().unescape($0.bytes) }
    #expect(repaired.wasRepaired)
  }

  @Test("a text that lies in the scratch is repaired where it lies, however long it is")
  func ownText() {
    let scratch = TextScratch()
    let long = String(repeating: "é\\u00e9", count: 500)
    withText(long) { text in
      let own = scratch.unescape(text.bytes).text
      let again = scratch.repair(own.bytes)
      #expect(again.text.base == own.base)
      #expect(again.text.string == String(repeating: "éé", count: 500))
      #expect(!again.wasRepaired)
    }
  }

  @Test("whatever the bytes are, what comes out is valid UTF-8 and at most three times as long")
  func anything() {
    var random = SeededGenerator(seed: 3)
    let scratch = TextScratch()
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        Bool.random(using: &random)
          ? UInt8.random(in: 0...255, using: &random)
          : [0x5c, 0x75, 0x64, 0x38, 0x22].randomElement(using: &random) ?? 0
      }
      withText(bytes) { text in
        let unescaped = Array(scratch.unescape(text.bytes).text.bytes)
        let repaired = Array(scratch.repair(text.bytes).text.bytes)
        for result in [unescaped, repaired] {
          #expect(Array(String(decoding: result, as: UTF8.self).utf8) == result)
          #expect(result.count <= bytes.count * 3)
        }
      }
    }
  }
}
