import TestSupport
import Testing

@Suite("Small helpers of the tests")
struct HelperTests {
  @Test("JSON is read as it is written")
  func strictJSON() throws {
    let text = #" {"a":[1,-0.5e+2,true,null],"\u00e4\ud83d\ude00\n":{"a":"\/\""},"a":[]} "#
    #expect(try JSONValue(parsing: text) == ["a": [], "ä😀\n": ["a": "/\""]])
    #expect(try JSONValue(parsing: "[1,-0.5e+2,true,null]") == [1, .number(-50), true, .null])
  }

  @Test(
    "what is no JSON is refused",
    arguments: [
      "", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "1e", "[1 2]", "{a:1}", "'a'", "\"\u{1}\"", "\"a",
      "nul",
      "[1]]", "{\"a\" 1}", #""\x""#, #""\ud800""#, #""\u12""#, "NaN", String(repeating: "[", count: 600),
    ])
  func noJSON(_ text: String) {
    #expect(throws: (any Error).self) { try JSONValue(parsing: text) }
  }

  @Test("gzip gives back what was packed, in one member or several", arguments: [1, 2, 7])
  func gzipRoundTrip(members: Int) throws {
    var random = SeededGenerator(seed: 3)
    let bytes = (0..<100_000).map { _ in UInt8.random(in: 0...20, using: &random) }
    #expect(try Gzip.decompress(Gzip.compress(bytes, members: members)) == bytes)
  }

  @Test("a cut gzip member is an error")
  func gzipCut() throws {
    #expect(throws: TestFailure.self) { try Gzip.decompress(Gzip.compress("some text").dropLast(9)) }
  }

  @Test("a temporary folder goes with its last reference")
  func temporaryFolderGoes() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    let path = try folder?.write("a/b", "text") ?? ""
    #expect(try Files.text(path) == "text")
    folder = nil
    #expect(!Files.exists(path))
  }

  @Test("a seed always gives the same numbers")
  func seededGenerator() {
    var (one, two) = (SeededGenerator(seed: 9), SeededGenerator(seed: 9))
    #expect((0..<10).map { _ in one.next() } == (0..<10).map { _ in two.next() })
  }

  @Test("hostile strings survive as JSON", arguments: HostileStrings.all)
  func hostileStringsAsJSON(text: String) throws {
    #expect(try JSONValue(parsing: HostileStrings.json(text)) == .text(text))
  }

  @Test("JSON is looked into by key and place")
  func jsonLookup() throws {
    let value = try JSONValue(parsing: #"{"a":[1,{"b":"x"}],"c":null}"#)
    #expect(value["a"][1]["b"].text == "x")
    #expect(value["a"][7]["nothing"] == .null)
    #expect(value.keys == ["a", "c"])
  }

  @Test("spans put into lines are JSON, and each is in one line")
  func spanLines() throws {
    let source = SpanLines(traces: 20, seed: 8)
    let spans = try source.lines().flatMap { line in
      try JSONValue(parsing: line)["resourceSpans"][0]["scopeSpans"][0]["spans"].elements
    }
    #expect(Set(spans.compactMap { $0["spanId"].text }) == Set(source.spans.map(\.spanID)))
    #expect(spans.count == source.spans.count)
    let roots = spans.filter { $0["parentSpanId"].text == "" }
    #expect(roots.count == 20)
  }
}
