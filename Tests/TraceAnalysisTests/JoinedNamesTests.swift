import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("Names of a service that has too many of them")
struct JoinedNamesTests {
  /// A trace for each name: a SERVER span of `shop`, and below it one of `stock` with a name that is always the same.
  private static func drafts(_ names: [String]) -> [SpanDraft] {
    names.enumerated().flatMap { number, name in
      let start = TraceBuilder.origin + Int64(number) * 1_000_000
      var root = SpanDraft(1, start, start + 900)
      root.trace = TraceID(high: 9, low: UInt64(number + 1))
      root.service = "shop"
      root.name = name
      root.kind = .server
      var child = SpanDraft(2, parent: 1, start + 100, start + 400)
      child.trace = root.trace
      child.service = "stock"
      child.name = "look up"
      child.kind = .server
      return [root, child]
    }
  }

  private static func digest(_ drafts: [SpanDraft], readers: Int = 2, threads: Int = 2) -> Digest {
    Digest(
      observing: TraceWalk(
        SpanStore.of(drafts, readers: readers), options: AssemblyOptions(), threads: threads))
  }

  /// The operations of `shop` with their spans.
  private static func operations(_ names: [String]) -> [String] {
    digest(drafts(names)).conclude().operations.filter { $0.service == "shop" }.map {
      "\($0.operation) \($0.latency.count)"
    }
  }

  /// A word of letters only: no pattern replaces it.
  private static func word(_ number: Int) -> String {
    String(decoding: (0..<4).map { UInt8(0x61 + (number >> (4 * $0)) & 15) }, as: UTF8.self)
  }

  @Test("up to the limit, each name is an operation of its own")
  func keepsNames() {
    let names = (0..<JoinedNames.limit).map { "GET /orders/\($0)" }
    #expect(Self.operations(names).count == names.count)
  }

  @Test("beyond it, names that differ in ids are one operation")
  func joinsByPattern() {
    let names = (0..<1_500).map { "GET /orders/\($0)" } + ["POST /orders", "GET /v1/s3"]
    #expect(Self.operations(names) == ["GET /orders/{id} 1500", "GET /v1/s3 1", "POST /orders 1"])
  }

  @Test("a name that looks like the pattern is the same operation")
  func joinsWithThePattern() {
    let names = ["GET /orders/{id}"] + (0..<1_500).map { "GET /orders/\($0)" }
    #expect(Self.operations(names) == ["GET /orders/{id} 1501"])
  }

  @Test("names with too many patterns are joined by how they begin")
  func joinsByBeginning() {
    let names = (0..<1_200).map { "/q/\(Self.word($0))" } + ["ready", "GET"]
    #expect(Self.operations(names) == ["/q … 1200", "GET 1", "ready 1"])
  }

  @Test("names that begin in too many ways are one")
  func joinsAll() {
    #expect(Self.operations((0..<1_200).map(Self.word)) == ["(any name) 1200"])
  }

  @Test("other services keep their names, and traces theirs")
  func keepsTheRest() {
    let conclusions = Self.digest(Self.drafts((0..<1_500).map { "GET /orders/\($0)" })).conclude()
    #expect(conclusions.operations.contains { $0.service == "stock" && $0.operation == "look up" })
    #expect(conclusions.entryPoints.map(\.operation) == ["GET /orders/{id}"])
    #expect(!conclusions.traces.isEmpty)
    #expect(
      conclusions.traces.allSatisfy {
        $0.rootOperation.hasPrefix("GET /orders/") && $0.rootOperation.last != "}"
      })
  }

  @Test("the audit tells how many names there were")
  func isAudited() throws {
    let quality = Self.digest(Self.drafts((0..<1_500).map { "GET /orders/\($0)" })).conclude().quality
    let audit = try #require(quality.audits.first { $0.check == .nameCardinality && $0.service == "shop" })
    #expect(audit.count == 1_500)
    #expect(audit.subjects.map(\.text) == ["GET /orders/{id}"])
  }

  @Test("readers, threads and the order of spans make no difference", arguments: [1_001, 9_000])
  func isTheSameHowever(count: Int) {
    // 9,000 are so many that one thread alone meets too many; 1,001 are found out only in the end.
    var drafts = Self.drafts((0..<count).map { "GET /orders/\($0)" })
    let expected = Self.digest(drafts, readers: 1, threads: 1).encoded()
    #expect(Self.digest(drafts, readers: 3, threads: 4).encoded() == expected)
    var generator = SeededGenerator(seed: 7)
    drafts.shuffle(using: &generator)
    #expect(Self.digest(drafts, readers: 2, threads: 2).encoded() == expected)
  }
}
