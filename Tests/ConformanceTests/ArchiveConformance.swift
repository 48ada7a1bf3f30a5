import FoundationEssentials
import TestSupport
import Testing

/// What an archive holds must come out whole, however it is packed, cut or damaged.
@Suite(
  "Conformance: archives",
  .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository"))
struct ArchiveConformance {
  private static let cases = ConformanceCase.family("archives")

  @Test("spans, status and accounting", arguments: cases)
  func archive(_ test: ConformanceCase) throws {
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
