import CLibXML2
import TestSupport
import Testing

@testable import TraceReport

@Suite("Markup writer")
struct MarkupWriterTests {
  private func page(_ body: (MarkupWriter) -> Void) throws -> String {
    let markup = MarkupWriter()
    markup.element(.div) { body(markup) }
    return String(decoding: try markup.finish().bytes, as: UTF8.self)
  }

  @Test("writes nested elements, text and leaves in the order of the calls")
  func order() throws {
    let text = try page { markup in
      markup.text("a")
      markup.element(.p, .class("k")) { markup.text("b") }
      markup.leaf(.b, text: "c")
      markup.leaf(.br)
      markup.element(.span) {}
    }
    #expect(text == "<div>a<p class=\"k\">b</p><b>c</b><br/><span></span></div>")
  }

  @Test("escapes text and attribute values, in elements and leaves", arguments: HostileStrings.all)
  func escapes(hostile: String) throws {
    let text = try page { markup in
      markup.element(.p, .title(hostile)) { markup.text(hostile, limit: .max) }
      markup.leaf(.b, .title(hostile), text: hostile)
    }
    let document = try XPathDocument(xml: Array(text.utf8))
    #expect(document.count("//*") == 3)
    #expect(document.count("//@*") == 2)
    let shown = ByteBuilder()
    var hostile = hostile
    hostile.withUTF8 { VisibleText.append($0, to: shown, in: .plain) }
    let expected = String(decoding: shown.bytes, as: UTF8.self)
    #expect(document.string("//p") == expected)
  }

  @Test("a special byte is found wherever it stands among others")
  func everyPlace() {
    for special in (0...0xFF).map({ UInt8($0) })
    where !(0x20...0x7E).contains(special) || "&<>\"".utf8.contains(special) {
      let alone = Self.shown([special])
      for place in 0..<20 {
        var bytes = [UInt8](repeating: 0x61, count: 20)
        bytes[place] = special
        let letters = { (count: Int) in [UInt8](repeating: 0x61, count: count) }
        #expect(Self.shown(bytes) == letters(place) + alone + letters(19 - place), "\(special) at \(place)")
      }
    }
    let plain = (0x20...0x7E).map { UInt8($0) }.filter { !"&<>\"".utf8.contains($0) }
    #expect(Self.shown(plain) == plain)
  }

  private static func shown(_ bytes: [UInt8]) -> [UInt8] {
    let out = ByteBuilder()
    bytes.withUnsafeBufferPointer { VisibleText.append($0, to: out) }
    return out.bytes
  }

  @Test("an element left open is an error, not a page")
  func leftOpen() {
    let markup = MarkupWriter()
    markup.open(.div)
    #expect(throws: ReportError.self) { try markup.finish() }
  }

  @Test("what is invisible becomes a visible escape")
  func invisible() throws {
    let text = try page { $0.text("a\u{202E}b\u{200B}c\u{0}d\u{85}e\u{FFFE}f") }
    #expect(text == "<div>a‹U+202E›b‹U+200B›c‹U+0000›d‹U+0085›e‹U+FFFE›f</div>")
  }

  @Test("marks piled on a letter are shown beside it, a few stay on it")
  func piledMarks() throws {
    let text = try page { $0.text("e\u{301}x\u{301}\u{301}\u{301}\u{301}\u{301}y\u{308}") }
    #expect(text == "<div>e\u{301}x\u{301}\u{301}\u{301}\u{301}‹U+0301›y\u{308}</div>")
  }

  @Test("bytes that are no UTF-8 are shown, not passed on")
  func brokenBytes() {
    let out = ByteBuilder()
    let bytes: [UInt8] = [0x61, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0xF5, 0xE2, 0x82]
    bytes.withUnsafeBufferPointer { VisibleText.append($0, to: out) }
    #expect(String(validating: out.bytes, as: UTF8.self) == "a‹0xC3›(‹0xED›‹0xA0›‹0x80›‹0xF5›‹0xE2›‹0x82›")
  }

  @Test("long text is cut at a character and says how many are missing")
  func cut() throws {
    let text = try page { $0.text(String(repeating: "ä", count: 1_200), limit: 3) }
    #expect(text == "<div>äää… (1,197 characters more)</div>")
  }
}

@Suite("Page frame")
struct PageFrameTests {
  private let shell = PageFrame(
    page: Array(
      "<h>{{script-hash}}</h><t>{{title}}</t><s>{{style}}</s>{{icons}}<b>{{content}}</b><j>{{script}}</j>"
        .utf8),
    style: Array("a{}".utf8), script: Array("1<2".utf8), icons: Array("<i/>".utf8), generator: "g")

  @Test("a title or content that holds a slot's name stays as it is")
  func slotsInData() {
    let bytes = ByteBuilder()
    shell.appendHead(title: "{{content}}", to: bytes)
    bytes.append("{{title}}")
    shell.appendTail(to: bytes)
    let page = String(decoding: bytes.bytes, as: UTF8.self)
    #expect(page.contains("<t>{{content}}</t>"))
    #expect(page.contains("<b>{{title}}</b>"))
  }

  @Test(
    "the embedded files make a well-formed page below 100 KB whose policy admits exactly its style and script",
    arguments: Page.Kind.allCases)
  func policy(kind: Page.Kind) throws {
    let frame = PageShell.embedded[kind]
    let page = ByteBuilder()
    frame.appendHead(title: "t", to: page)
    frame.appendTail(to: page)
    #expect(page.count < 100_000)
    let text = String(decoding: page.bytes, as: UTF8.self)
    _ = try XPathDocument(xml: page.bytes)
    for name in ["style", "script"] {
      let start = try #require(text.firstRange(of: "<\(name)>"))
      let end = try #require(text.firstRange(of: "</\(name)>"))
      let content = Array(text[start.upperBound..<end.lowerBound].utf8)
      #expect(text.contains("\(name)-src '\(SHA256.policySource(content))'"))
    }
  }

  @Test("what only people need is not embedded")
  func compact() {
    let style = CompactText.style(
      Array("/* why */\na b > c, d:has(e :hover) {\n  margin: calc(1px + 2px) 0;\n  color: red;\n}\n".utf8))
    #expect(
      String(decoding: style, as: UTF8.self) == "a b>c,d:has(e :hover){margin:calc(1px + 2px) 0;color:red}")
    let script = CompactText.script(Array("// why\n\n  let a = 1 // one\n    a\n".utf8))
    #expect(String(decoding: script, as: UTF8.self) == "let a = 1 // one\na\n")
  }

  @Test("digests are those of the standard")
  func digest() {
    let hex = { (bytes: [UInt8]) in
      bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    #expect(
      hex(SHA256.digest(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(hex(SHA256.digest([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.policySource(Array("abc".utf8)) == "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  }
}
