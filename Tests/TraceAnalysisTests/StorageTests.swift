import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("What spans take")
struct StorageTests {
  private static func store(_ count: Int) -> SpanStore {
    var random = SeededGenerator(seed: 3)
    return .of(
      (0..<count).map { number in
        SpanDraft(UInt64(number + 1), 1_000, 2_000).with {
          $0.trace = TraceID(high: random.next(), low: random.next())
          $0.service = number % 4 == 0 ? "cart" : "orders"
          $0.name = number % 10 == 0 ? "GET /healthz" : "GET /orders"
          $0.attributes = [
            ("same", String(repeating: "a", count: 100)), ("random", String(random.next(), radix: 16)),
          ]
          $0.resource = [("host.name", "node-1")]
        }
      }, readers: 3)
  }

  private static func walk(_ store: SpanStore) -> TraceWalk {
    TraceWalk(store, options: AssemblyOptions(), threads: 2)
  }

  /// Packs by counting distinct bytes of what varies: enough to see what is measured.
  private static let packer = PackingMeasure.Packer { trace, reduction, writer in
    for span in trace.spans {
      writer.string(span.record.spanID.description + "\(String(describing: reduction))")
    }
  } packedSize: { bytes in
    bytes.count / 2
  }

  @Test("by service, operation and attribute, the same from any number of threads")
  func rows() {
    let store = Self.store(400)
    let storage = StorageMeasure(Self.walk(store), threads: 3)
    #expect(storage.spans == 400 && storage.attributeSample == 1)
    #expect(storage.services.reduce(0) { $0 + $1.spans } == 400)
    #expect(storage.services.first { $0.service == "cart" }?.spans == 100)
    #expect(storage.operations.reduce(0) { $0 + $1.spans } == 400)
    let same = storage.attributes.first { $0.key == "same" }
    #expect(same?.count == 400 && same?.bytes == 400 * (4 + 100 + 40) && same?.beyond80 == 400 * 20)
    #expect(storage.attributes.first { $0.key == "host.name" && $0.isOfResource }?.count == 400)
    #expect(storage.levers.first?.count == 40)
    let single = StorageMeasure(Self.walk(store), threads: 1)
    #expect(single.attributes.map(\.key) == storage.attributes.map(\.key))
    #expect(single.attributes.map(\.bytes) == storage.attributes.map(\.bytes))
  }

  @Test("with too many attribute keys fewer spans are looked at, the same ones by any number of threads")
  func manyKeys() {
    let store = SpanStore.of(
      (1...4_000).map { number in
        SpanDraft(UInt64(number) &* 0x9e37_79b9_7f4a_7c15, 1_000, 2_000).with {
          $0.attributes = [("same", "a"), ("key \(number)", "b")]
          $0.resource = [("host.name", "node"), ("own \(number)", "c")]
        }
      }, readers: 3)
    let walk = Self.walk(store)
    #expect(StorageMeasure(walk, threads: 2).attributeSample == 1)
    let storage = StorageMeasure(walk, threads: 3, mostKeys: 600)
    #expect(storage.attributeSample == 8 && storage.spans == 4_000)
    #expect((380...600).contains(storage.attributes.filter { !$0.isOfResource }.count))
    let same = storage.attributes.first { $0.key == "same" }
    #expect((3_200...4_800).contains(same?.count ?? 0))
    let single = StorageMeasure(walk, threads: 1, mostKeys: 600)
    #expect(single.attributes.map(\.key) == storage.attributes.map(\.key))
  }

  @Test("large stores are counted by a sample that comes near")
  func sample() throws {
    let storage = StorageMeasure(Self.walk(Self.store(140_000)), threads: 2)
    #expect(storage.attributeSample == 4)
    let count = try #require(storage.attributes.first { $0.key == "same" }).count
    #expect((130_000...150_000).contains(count))
    #expect(storage.services.reduce(0) { $0 + $1.spans } == 140_000)
  }

  @Test("traces of large spans, or of a resource with many attributes, are not packed")
  func largeSpans() throws {
    let store = SpanStore.of(
      (1...30).map { number in
        SpanDraft(UInt64(number), 1_000, 2_000).with {
          $0.trace = TraceID(high: 1, low: UInt64(number))
          $0.service = "orders \(number)"
          $0.byteCount = number % 3 == 0 ? 5 << 20 : 500
          if number % 3 == 1 { $0.resource = (0..<20_001).map { ("key \($0)", "") } }
        }
      })
    let walk = Self.walk(store)
    let packing = try #require(
      PackingMeasure(walk, StorageMeasure(walk, threads: 1), packer: Self.packer, threads: 1))
    #expect(packing.traces == 10)
    #expect(
      packing.services.map(\.service) == (1...30).filter { $0 % 3 == 2 }.map { "orders \($0)" }.sorted())
  }

  @Test("packing is tried on a bounded sample, whole, by service and without each large attribute")
  func packing() throws {
    let walk = Self.walk(Self.store(20_000))
    let storage = StorageMeasure(walk, threads: 2)
    let packing = try #require(PackingMeasure(walk, storage, packer: Self.packer, threads: 2))
    #expect((3_500...4_500).contains(packing.spans) && packing.traces == packing.spans)
    #expect(packing.whole.bytes < 300 << 10)
    #expect(packing.attributes.map(\.key) == ["same", "random", "host.name"])
    #expect(packing.attributes[0].shortened != nil && packing.attributes[1].shortened == nil)
    #expect(packing.services.map(\.service) == ["orders", "cart"])
    #expect(packing.services.reduce(0) { $0 + $1.spans } == packing.spans)
    let again = try #require(PackingMeasure(walk, storage, packer: Self.packer, threads: 1))
    #expect(again.whole == packing.whole)
  }

  @Test(
    "growth multiplies rates and bills; a spike is no bill; sampled archives know what everything would take")
  func growth() throws {
    var kept = KeptAmount()
    (kept.traces, kept.spans, kept.bytes) = (1_000, 10_000, 5_000_000)
    let projection = StorageProjection(kept, seconds: 100, packedRatio: 0.1, requests: 4_000)
    let now = projection.cost(projection.rows[0])
    #expect(now.tracesPerSecond == 10 && now.bytesPerDay == 50_000 * 86_400)
    let unsampled = try #require(projection.rows.first { $0.name == "all requests, unsampled" })
    #expect((projection.cost(unsampled).indexMonthly / now.indexMonthly - 4).magnitude < 1e-9)
    let year = try #require(projection.rows.first { $0.formula == "× 1.1^12" || $0.formula == "× 1.10^12" })
    #expect((year.factor - 3.138_428).magnitude < 1e-5)
    #expect(projection.rows.last?.isSpike == true && projection.rows.last?.factor == 10)
    let month = projection.cost(projection.rows[0], days: 30)
    #expect((month.indexMonthly / now.indexMonthly - 30.0 / 7).magnitude < 1e-9)
    #expect(StorageProjection(kept, seconds: 0, packedRatio: nil, requests: nil).rows.count == 9)
  }
}
