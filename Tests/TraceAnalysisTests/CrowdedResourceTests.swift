import SpanArchive
import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Archives with a resource in every span: all that is kept by resource lies in temporary files.
@Suite("As many resources as spans")
struct CrowdedResourceTests {
  /// So many spans, two in a trace; each resource comes twice, in different traces.
  private static func drafts(_ count: Int) -> [SpanDraft] {
    (0..<count).map { number in
      let resource = number * 7_919 % (count / 2)
      var draft = SpanDraft(UInt64(number + 1), 1_000 + Int64(number), 9_000)
      draft.parent = number % 2 == 0 ? 0 : UInt64(number)
      draft.trace = TraceID(high: 1, low: UInt64(number / 2 + 1))
      draft.service = "service \(resource)"
      draft.resource = [
        ("host.name", "host \(resource % 100)"), ("service.instance.id", "instance \(resource)"),
      ]
      draft.name = String(repeating: "n", count: 1 + resource % 50)
      draft.attributes = [("key", String(repeating: "v", count: resource % 90))]
      return draft
    }
  }

  private static func walk(_ store: SpanStore) -> TraceWalk {
    TraceWalk(store, options: AssemblyOptions(), threads: 2)
  }

  @Test("equal resources of several tables are one, in files as in memory")
  func joined() throws {
    let folder = try TemporaryFolder()
    let drafts = Self.drafts(6_000)
    let plain = SpanStore.of(drafts, readers: 3)
    let spilled = SpanStore.spilled(drafts, readers: 3, in: SpillSpace(folder: folder.path, budget: 1 << 20))
    // One more: the resource that nothing is known of.
    #expect(plain.resources.count == 3_001 && spilled.resources.count == 3_001)
    #expect(spilled.resourceSpill != nil && plain.resourceSpill == nil)
    for shard in spilled.shards {
      for span in shard.table.spans.elements {
        let number = Int(span.spanID.rawValue) - 1
        #expect(spilled.symbols.text(spilled.service(of: span)) == drafts[number].service)
        let attributes = spilled.attributes(of: spilled.resources[Int(span.resource)])
        let values = attributes.map { spilled.symbols.text(Symbol($0.payload)) }
        #expect(values == drafts[number].resource.map(\.value))
      }
    }
  }

  @Test("a digest does not depend on where resources were")
  func digest() throws {
    let folder = try TemporaryFolder()
    let drafts = Self.drafts(3_000)
    let spilled = SpanStore.spilled(drafts, in: SpillSpace(folder: folder.path, budget: 1 << 20))
    #expect(
      Digest(observing: Self.walk(spilled)).encoded()
        == Digest(observing: Self.walk(SpanStore.of(drafts))).encoded())
  }

  @Test("what services take is exact: the thousand largest by name, and the sum of all others")
  func storage() throws {
    let folder = try TemporaryFolder()
    var drafts = Self.drafts(6_000)
    for place in drafts.indices where drafts[place].service == "service 7" { drafts[place].service = "" }
    var spans: [String: Int] = [:]
    for draft in drafts { spans[draft.service, default: 0] += 1 }
    let plain = StorageMeasure(Self.walk(SpanStore.of(drafts, readers: 3)), threads: 3)
    #expect(plain.services.count == 1_001 && plain.services.last?.service == Subject.services.rest)
    // Drafts have no bytes, so the order is that of names.
    #expect(plain.services.dropLast().map(\.service) == Array(spans.keys.sorted().prefix(1_000)))
    for row in plain.services.dropLast() { #expect(row.spans == spans[row.service]) }
    #expect(plain.services.reduce(0) { $0 + $1.spans } == 6_000)
    #expect(plain.attributes.first { $0.key == "host.name" }?.count == 6_000)
    let store = SpanStore.spilled(drafts, readers: 2, in: SpillSpace(folder: folder.path, budget: 1 << 20))
    let spilled = StorageMeasure(Self.walk(store), threads: 1)
    #expect(spilled.services.map(\.service) == plain.services.map(\.service))
    #expect(spilled.services.map(\.spans) == plain.services.map(\.spans))
    #expect(spilled.services.map(\.bytes) == plain.services.map(\.bytes))
    #expect(spilled.attributes.map(\.bytes) == plain.attributes.map(\.bytes))
    #expect(spilled.operations.map(\.spans) == plain.operations.map(\.spans))
  }
}
