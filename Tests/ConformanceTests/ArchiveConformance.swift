import FoundationEssentials
import TestSupport
import Testing

/// What an archive holds must come out whole, however it is packed, cut or damaged.
@Suite(
  "Conformance: archives",
  .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository"))
struct ArchiveConformance {
  private static let cases = ConformanceCase.family("archives")

  @Test("spans, status and accounting", arguments: cases.filter(Readable.isRead))
  func archive(_ test: ConformanceCase) throws { try compare(test) }

  @Test(
    "forms that are not read yet", .disabled("protobuf and Zstandard are not read yet"),
    arguments: cases.filter { !Readable.isRead($0) })
  func unread(_ test: ConformanceCase) throws { try compare(test) }

  private func compare(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    let expect = test.expect
    #expect(run.status == expect["exit"].integer)
    let summary = try #require(run.summaries.first)
    #expect(summary.format == expect["format"].text)
    #expect(summary.compression == expect["compression"].text)
    #expect(summary.spansQuarantined == expect["quarantined"].integer)
    #expect((summary.error != nil) == expect["error"].isTrue)
    let spans = ArchivedSpans.plain(run.archive)
    // Of a damaged archive at least so many must come out.
    if let count = expect["spans"].integer {
      #expect(summary.error == nil ? spans.count == count : spans.count >= count)
    }
    guard expect["messages"] != .null else { return }
    let messages = try Self.messages()
    let wanted = expect["messages"].elements.flatMap { messages[$0.integer ?? 0].elements }
    #expect(SpanMatching.missing(wanted, among: spans) { $0 == $1 } == [])
    #expect(spans.count == wanted.count)
  }

  private static func messages() throws -> JSONValue {
    let path = try #require(Reach.path("conformance/archives/messages.json"))
    let data = try #require(FileManager.default.contents(atPath: path))
    return try JSONValue(parsing: Array(data))["messages"]
  }
}

/// Which forms the readers know; the lists shrink as readers are added.
enum Readable {
  private static let unreadFormats = [
    "otlp-proto", "jaeger-proto-json", "jaeger-es", "zipkin-v1-json", "zipkin-proto", "xray-json",
    "datadog-json", "tempo-meta",
  ]

  static func isRead(_ test: ConformanceCase) -> Bool {
    let words = test.command().joined(separator: " ")
    return !unreadFormats.contains(test.expect["format"].text ?? "")
      && test.expect["compression"].text != "zstd" && !test.name.contains("-v1") && !words.contains(".pb")
  }
}
