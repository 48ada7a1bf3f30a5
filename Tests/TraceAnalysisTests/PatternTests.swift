import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("Patterns of calls")
struct PatternTests {
  private func patterns(_ picture: String) -> [String] {
    let walk = TraceWalk(TraceBuilder(picture).store, options: AssemblyOptions(), threads: 1)
    return Digest(observing: walk).conclude().patterns.map {
      "\($0.kind.rawValue) \($0.operation) \($0.childOperation) \(Int($0.meanChildren)) "
        + "\($0.saving.rawValue / 1_000_000)"
    }.sorted()
  }

  @Test("five calls of one operation one after the other are repeated calls")
  func repeated() {
    #expect(
      patterns(
        """
        shop    |==================|   server
         query   |=|                   client
         query     |==|                client
         query        |=|              client
         query          |=|            client
         query            |=|          client
        """) == ["repeated-calls shop query 5 8"])
  }

  @Test("calls that a client names alike but that reach different services are not repeated")
  func differentCallees() {
    #expect(
      patterns(
        """
        shop    |==================|   server service=shop
         get     |==|                  client service=shop
          a       ||                   server service=a
         get        |==|               client service=shop
          b          ||                server service=b
         get           |==|            client service=shop
          c             ||             server service=c
         get              |==|         client service=shop
          d                ||          server service=d
         get                 |==|      client service=shop
          e                   ||       server service=e
        """) == ["sequential-calls shop  5 12"])
  }

  @Test("calls of which all but the last failed are retries")
  func retries() {
    let picture = """
      shop    |==================|   server
       charge  |==|                  client error
       charge     |===|              client error
       charge         |=|            client
      """
    #expect(patterns(picture) == ["retries shop charge 3 7"])
    #expect(
      patterns(picture.replacing("|=|            client", with: "|=|            client error")).count == 1)
    #expect(
      patterns(picture.replacing("|==|                  client error", with: "|==|         client")).isEmpty)
  }

  @Test("a long stretch without children is a gap, a span without any children is none")
  func gap() {
    #expect(
      patterns(
        """
        shop    |=============================|   server
         query   |=|                              client
         query                              |=|   client
        """) == ["gap shop  2 25"])
    #expect(patterns("shop    |=============================|   server").isEmpty)
  }

  @Test("an N+1 in enough requests is a finding with its saving")
  func finding() throws {
    let picture =
      "shop    |" + String(repeating: "=", count: 60) + "|   server\n"
      + (0..<14).map { " query" + String(repeating: " ", count: 4 + 4 * $0) + "|===|  client" }
      .joined(separator: "\n")
    let drafts = (1...30 as ClosedRange<UInt64>).flatMap { number in
      TraceBuilder(picture).drafts.map { draft in draft.with { $0.trace = TraceID(high: 0, low: number) } }
    }
    let walk = TraceWalk(SpanStore.of(drafts), options: AssemblyOptions(), threads: 1)
    let findings = Digest(observing: walk).conclude().findings
    let finding = try #require(findings.first { $0.kind == "n-plus-one" })
    #expect(finding.title == "shop calls query 14 times in a row for shop")
    #expect(finding.severity == .high)
    #expect(finding.evidence.count == 1)
  }
}
