import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Archives with so many different things that figures of all would not fit: the most frequent are told apart.
@Suite("Things that are too many to be told apart")
struct JoinedThingsTests {
  /// What is different in each of the rare traces.
  enum Crowd: String, CaseIterable, Sendable {
    case services, operations, peers, failures, instances, versions, messages
  }

  /// Traces of a few frequent things, and as many rare ones each of which has a thing of its own.
  private static func drafts(_ crowd: Crowd, rare: Int) -> [SpanDraft] {
    (0..<rare * 2).flatMap { number in
      let isRare = number >= rare
      let start = TraceBuilder.origin + Int64(number) * 1_000_000
      func word(_ prefix: String) -> String { prefix + (isRare ? " r\(number)" : " f\(number % 3)") }
      var root = SpanDraft(1, start, start + 900)
      root.trace = TraceID(high: 9, low: UInt64(number + 1))
      root.service = "shop"
      root.name = "GET /"
      root.kind = .server
      var call = SpanDraft(2, parent: 1, start + 100, start + 800)
      call.trace = root.trace
      // With two services, none has so many names that they are joined by their pattern.
      call.service =
        crowd == .services ? word("service") : crowd == .operations ? "stock \(number & 1)" : "stock"
      call.name = crowd == .operations ? word("work") : "look up"
      call.kind = .server
      var query = SpanDraft(3, parent: 2, start + 200, start + 700)
      query.trace = root.trace
      query.service = call.service
      query.name = "SELECT"
      query.kind = crowd == .messages ? .producer : .client
      query.attributes = [("server.address", crowd == .peers ? word("host") : "db")]
      if crowd == .failures {
        query.status = .error
        query.attributes.append(("otel.status_description", Self.letters(word("no such thing"))))
      }
      if crowd == .instances { call.resource = [("service.instance.id", word("pod"))] }
      if crowd == .versions { call.resource = [("service.version", word("v"))] }
      return [root, call, query]
    }
  }

  /// Digits as letters, which no pattern of messages replaces.
  private static func letters(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 >= 0x30 && $0 <= 0x39 ? $0 + 0x31 : $0 }, as: UTF8.self)
  }

  private static func digest(
    _ drafts: [SpanDraft], readers: Int = 2, threads: Int = 2, limit: Int
  ) -> Digest {
    var totals = AssemblyTotals(archives: 0)
    let walk = TraceWalk(SpanStore.of(drafts, readers: readers), options: AssemblyOptions(), threads: threads)
    return Digest(observing: walk, totals: &totals, deepens: false, sizeLimit: limit)
  }

  private static let rare = 1_100
  /// Only the harshest limits leave so few rows; those that leave a thousand of each do so here.
  private static let harsh = 200_000
  private static let mild = 12_000_000

  /// What all figures of a kind add up to, and those of the frequent things by name.
  private struct Sums: Equatable {
    var requests = 0
    var spans = 0
    var calls = 0
    var failures = 0
    var instances = 0
    var frequent: [String: Int] = [:]

    init(_ digest: Digest) {
      var digest = digest
      digest.settle()
      for row in digest.services {
        requests += row.requests.count
        note(digest.name(row.service), row.requests.count)
      }
      for row in digest.operations {
        spans += row.durations.count
        note(digest.name(row.name), row.durations.count)
      }
      for row in digest.links {
        calls += row.latency.count
        note(digest.name(row.parent) + " > " + digest.name(row.child), row.latency.count)
      }
      for row in digest.errorGroups {
        failures += row.count
        note(digest.name(row.message), row.count)
      }
      for row in digest.resources {
        instances += row.spans
        note(digest.name(row.instance) + digest.name(row.version), row.spans)
      }
    }

    private mutating func note(_ name: String, _ count: Int) {
      if name.contains(" f"), !name.hasPrefix("(") { frequent[name, default: 0] += count }
    }
  }

  @Test(
    "the most frequent keep their figures, and the sums of all stay",
    arguments: zip(Crowd.allCases, [harsh, mild, harsh, harsh, mild, harsh, harsh]))
  func sums(_ crowd: Crowd, _ limit: Int) {
    let drafts = Self.drafts(crowd, rare: Self.rare)
    let all = Self.digest(drafts, limit: .max)
    let digest = Self.digest(drafts, limit: limit)
    #expect(Sums(digest) == Sums(all))
    #expect(!Sums(all).frequent.isEmpty || crowd == .messages)
    if limit == Self.harsh { #expect(digest.rowBytes <= limit && all.rowBytes > limit) }
  }

  @Test("the quality page is told what was joined, with about how many there were", arguments: Crowd.allCases)
  func isTold(_ crowd: Crowd) throws {
    let joined = Self.digest(Self.drafts(crowd, rare: Self.rare), limit: Self.harsh).conclude().quality.joined
    let words: [Crowd: Subject] = [
      .services: .services, .operations: .operations, .peers: .ends, .failures: .failures,
      .instances: .instances,
      .versions: .instances, .messages: .messages,
    ]
    let subject = try #require(words[crowd])
    let things = try #require(joined.first { $0.words == subject.words })
    // Other names of the traces are counted, too.
    #expect(things.count >= Self.rare && things.count <= Self.rare * 2 + 20)
    #expect(things.rest == subject.rest)
  }

  @Test(
    "readers, threads and the order of spans make no difference",
    arguments: zip(Crowd.allCases, [mild, harsh, harsh, mild, harsh, harsh, harsh]))
  func isTheSameHowever(_ crowd: Crowd, _ limit: Int) {
    var drafts = Self.drafts(crowd, rare: Self.rare)
    let expected = Self.digest(drafts, readers: 1, threads: 1, limit: limit).encoded()
    #expect(Self.digest(drafts, readers: 3, threads: 4, limit: limit).encoded() == expected)
    var generator = SeededGenerator(seed: 7)
    drafts.shuffle(using: &generator)
    #expect(Self.digest(drafts, readers: 2, threads: 2, limit: limit).encoded() == expected)
  }

  @Test("what fits is left alone, and what is a byte too much is not")
  func fits() {
    let drafts = Self.drafts(.services, rare: 500)
    let all = Self.digest(drafts, limit: .max)
    let digest = Self.digest(drafts, limit: all.rowBytes)
    #expect(digest.encoded() == all.encoded())
    #expect(digest.conclude().quality.joined.isEmpty)
    #expect(!Self.digest(drafts, limit: all.rowBytes - 1).conclude().quality.joined.isEmpty)
  }

  @Test("observers that meet the same things put them together on the way")
  func pool() {
    // Each of four threads meets nearly all things, so together they hold four times as much as there may be.
    let drafts = Array(Self.drafts(.services, rare: 7_000).prefix(21_000))
    let all = Self.digest(drafts, limit: .max)
    #expect(Self.digest(drafts, threads: 4, limit: all.rowBytes).encoded() == all.encoded())
  }

  @Test("a sample is the same however it was gathered, and tells the most frequent")
  func sample() {
    var random = SeededGenerator(seed: 3)
    let events = (0..<200_000).map { number in
      (
        thing: UInt64(number % 4 == 0 ? number : number % 3),
        lot: UInt64.random(in: 0...UInt64.max, using: &random)
      )
    }
    var whole = SubjectSample()
    for event in events { whole.add(event.thing, lot: event.lot) }
    var parts = [SubjectSample](repeating: SubjectSample(), count: 3)
    for (place, event) in events.shuffled(using: &random).enumerated() {
      parts[place % 3].add(event.thing, lot: event.lot)
    }
    var joined = parts[2]
    joined.merge(parts[0])
    joined.merge(parts[1])
    #expect(joined.halvings == whole.halvings && whole.halvings > 0)
    #expect(joined.ranked() == whole.ranked())
    #expect(Set(whole.ranked().prefix(3)) == [0, 1, 2])
  }
}
