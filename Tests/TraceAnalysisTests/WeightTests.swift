import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Figures in all that the main line tells of archives that were sampled before.
@Suite("Sampled archives, scaled by their own weights")
struct WeightTests {
  /// A request of the gateway that calls `stock` twice; some are slow, and those fail more often.
  private static func night(_ count: Int, seed: UInt64, state: String = "") -> [[SpanDraft]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let start = 1_700_000_000_000_000_000 + Int64(number) * 10_000_000
      let isSlow = random.next() % 20 == 0
      let length = (isSlow ? 400_000_000 : 20_000_000) + Int64(random.next() % 30_000_000)
      // Ids that thresholds up to f keep.
      let trace = TraceID(high: random.next(), low: random.next() | 0xf0 << 48)
      let failed = random.next() % (isSlow ? 4 : 30) == 0
      let root = SpanDraft(1, start, start + length).with {
        $0.trace = trace
        $0.service = "gateway"
        $0.name = number % 3 == 0 ? "GET /cart" : "GET /orders"
        $0.kind = .server
        $0.status = failed ? .error : .unset
        $0.traceState = state
      }
      let calls = (2...3).map { id in
        SpanDraft(UInt64(id), parent: 1, start + Int64(id) * 1_000, start + length / 2).with {
          $0.trace = trace
          $0.service = "stock"
          $0.name = "reserve"
          $0.kind = .server
          $0.traceState = state
        }
      }
      return [root] + calls
    }
  }

  private static func conclusions(
    _ drafts: [SpanDraft], threads: Int = 1, _ sampling: SamplingDeclaration = SamplingDeclaration()
  ) -> Conclusions {
    let walk = TraceWalk(.of(drafts, readers: 2), options: AssemblyOptions(), threads: threads)
    return Digest(observing: walk, deepens: false, sampling: sampling).conclude()
  }

  @Test("every table is scaled: requests, spans, calls and errors; raw counts stay")
  func tables() throws {
    let drafts = Self.night(300, seed: 1, state: "ot=th:c").flatMap(\.self)
    let conclusions = Self.conclusions(drafts)
    #expect(conclusions.arrived.isWeighted && conclusions.arrived.notes.isEmpty)
    #expect(try #require(conclusions.arrived.overall).requests.value == 1_200)
    let stock = try #require(conclusions.services.first { $0.name == "stock" })
    #expect(stock.requestCount == 600 && stock.estimated?.requests.value == 2_400)
    let operation = try #require(conclusions.operations.first { $0.operation == "reserve" })
    #expect(operation.latency.count == 600 && operation.estimated?.requests.value == 2_400)
    let link = try #require(conclusions.links.first)
    #expect(link.callCount == 600 && link.estimated?.requests.value == 2_400)
    let entry = try #require(conclusions.entryPoints.first { $0.operation == "GET /cart" })
    #expect(entry.estimated?.requests.value == 400)
    #expect(entry.estimated?.errors.value == Double(entry.errors) * 4)
    // One weight for all: percentiles are what they are without it.
    #expect(entry.estimated?.p95.value == Double(entry.latency.p95.rawValue))
  }

  @Test("a thousand traces of th c are 4,000 ± 215, and two requests of one trace are no two chances")
  func intervals() throws {
    let conclusions = Self.conclusions(Self.night(1_000, seed: 2, state: "ot=th:c").flatMap(\.self))
    let all = try #require(conclusions.arrived.overall).requests
    #expect((all.low - 3_785.3).magnitude < 0.1 && (all.high - 4_214.7).magnitude < 0.1)
    let stock = try #require(conclusions.services.first { $0.name == "stock" }?.estimated).requests
    #expect(stock.value == 8_000 && (stock.high - stock.value - 429.4).magnitude < 0.2)
  }

  @Test("nothing said is unknown: nothing is scaled, and it is said")
  func unknown() {
    let conclusions = Self.conclusions(Self.night(50, seed: 3).flatMap(\.self))
    #expect(!conclusions.arrived.isWeighted && conclusions.arrived.overall == nil)
    #expect(conclusions.arrived.notes.map(\.code) == ["sampling-unknown"])
    #expect(conclusions.services.allSatisfy { $0.estimated == nil })
    #expect(conclusions.operations.allSatisfy { $0.estimated == nil })
    // A mere observation is no finding.
    #expect(!conclusions.findings.contains { $0.kind.hasPrefix("sampling") })
  }

  @Test("with more than 5 % unknown nothing is scaled, with less the unknown ones are left out")
  func partlyUnknown() throws {
    let known = Self.night(96, seed: 4, state: "ot=th:8").flatMap(\.self)
    let few = Self.conclusions(known + Self.night(4, seed: 5).flatMap(\.self))
    #expect(try #require(few.arrived.overall).requests.value == 192)
    #expect(few.arrived.unknown == 4 && few.arrived.notes.map(\.code) == ["sampling-mixed"])
    let many = Self.conclusions(known + Self.night(40, seed: 5).flatMap(\.self))
    #expect(many.arrived.overall == nil && many.services.allSatisfy { $0.estimated == nil })
  }

  @Test("spans count by their own thresholds, calls by the larger of both ends")
  func ownThresholds() throws {
    var drafts = Self.night(200, seed: 6, state: "ot=th:8").flatMap(\.self)
    for place in drafts.indices where drafts[place].service == "stock" {
      drafts[place].traceState = "ot=th:c"
    }
    let conclusions = Self.conclusions(drafts)
    #expect(try #require(conclusions.arrived.overall).requests.value == 400)
    #expect(conclusions.services.first { $0.name == "stock" }?.estimated?.requests.value == 1_600)
    #expect(conclusions.links.first?.estimated?.requests.value == 1_600)
  }

  @Test("debug flags are kept whatever the sampler says: they stand for themselves")
  func debugFlags() throws {
    var drafts = Self.night(100, seed: 7, state: "ot=th:8").flatMap(\.self)
    for place in drafts.indices.prefix(30) { drafts[place].traits.insert(.debug) }
    let conclusions = Self.conclusions(drafts)
    #expect(try #require(conclusions.arrived.overall).requests.value == 10 + 90 * 2)
    #expect(conclusions.arrived.schemes.map(\.scheme) == [.debug, .threshold])
    #expect(conclusions.arrived.notes.isEmpty)
    for place in drafts.indices { drafts[place].traits.insert(.debug) }
    #expect(!Self.conclusions(drafts).arrived.isWeighted)
  }

  @Test("strata of the configuration: every failing and slow trace, and one in twenty of the rest")
  func strata() throws {
    let text = """
      strata: [{errors: true, ratio: 1}, {slower-than: 300ms, ratio: 100%}, {ratio: 5%}]
      """
    let node = try #require(try YAMLReader.read(Array(text.utf8)))
    let declaration = try SamplingDeclarationReader.declaration(node)
    #expect(declaration.strata.map(\.ratio) == [1, 1, 0.05])
    let traces = Self.night(4_000, seed: 8)
    let truth = traces.count { $0.contains { $0.status == .error } }
    let kept = traces.filter { trace in
      trace.contains { $0.status == .error } || trace[0].end - trace[0].start >= 300_000_000
        || trace[0].trace.low % 20 == 0
    }
    let conclusions = Self.conclusions(kept.flatMap(\.self), threads: 2, declaration)
    let all = try #require(conclusions.arrived.overall)
    #expect(conclusions.arrived.schemes.map(\.scheme) == [.stratum])
    #expect(all.errors.value == Double(truth) && all.errors.isExact)
    #expect(all.requests.low <= 4_000 && 4_000 <= all.requests.high)
    // What is here fails far more often than what there was.
    #expect(all.errorRate.high < 0.1 && Double(truth) / Double(kept.count) > 0.3)
  }

  @Test("a given ratio scales what is silent, and ids that no rule would keep contradict it")
  func ratio() throws {
    var drafts = Self.night(1_000, seed: 9).flatMap(\.self)
    for place in drafts.indices { drafts[place].trace.low &= ~(0xf0 << 48) }
    let conclusions = Self.conclusions(drafts, threads: 2, SamplingDeclaration(ratio: 0.1))
    #expect(try #require(conclusions.arrived.overall).requests.value == 10_000)
    #expect(conclusions.arrived.notes.map(\.code) == ["sampling-ratio-contradicted"])
    #expect(conclusions.findings.contains { $0.kind == "sampling-ratio-contradicted" && $0.severity == .low })
    let sampler = try #require(HeadSampler(.js, ratio: 0.5))
    let kept = drafts.filter { sampler.keeps($0.trace) }
    let fitting = Self.conclusions(kept, threads: 2, SamplingDeclaration(ratio: 0.5)).arrived
    #expect(fitting.notes.isEmpty && fitting.audit.first { $0.rule == "js" }?.share == 1)
    #expect(fitting.audit.count == HeadSampler.Rule.allCases.count - 1)
  }

  @Test("the same from one thread and from eight, from one digest and from merged and written ones")
  func deterministic() throws {
    var drafts = Self.night(120, seed: 10, state: "ot=th:fd70a").flatMap(\.self)
    for place in drafts.indices where place % 7 == 0 { drafts[place].traceState = "ot=th:e666" }
    func digest(_ drafts: [SpanDraft], _ threads: Int) -> Digest {
      let walk = TraceWalk(.of(drafts, readers: 3), options: AssemblyOptions(), threads: threads)
      return Digest(observing: walk, deepens: false)
    }
    let whole = digest(drafts, 1).encoded()
    #expect(digest(drafts, 8).encoded() == whole)
    let parts = [0, 1].map { part in digest(drafts.filter { $0.trace.low % 2 == part }, 2) }
    #expect(Digest(merging: parts).encoded() == whole)
    let read = try Digest(decoding: whole)
    #expect(read.encoded() == whole)
    #expect(
      read.conclude().arrived.overall?.requests == digest(drafts, 1).conclude().arrived.overall?.requests)
  }

  @Test("a digest without the table, as older versions wrote them, can be read")
  func olderDigest() throws {
    let walk = TraceWalk(.of(Self.night(5, seed: 1).flatMap(\.self)), options: AssemblyOptions(), threads: 1)
    let bytes = Digest(observing: walk, deepens: false).encoded()
    let mark = Array(",\n\"estimates\":".utf8)
    let end = try #require(bytes.indices.first { bytes[$0...].starts(with: mark) })
    let older = try Digest(decoding: bytes[..<end] + Array("}}\n".utf8))
    #expect(older.conclude().traceCount == 5 && older.conclude().arrived.schemes.isEmpty)
  }

  @Test("the truth lies in the 95 % intervals in about 95 of 100 draws, overall and by service")
  func coverage() throws {
    let traces = Self.night(1_500, seed: 11)
    let truth = Self.conclusions(traces.flatMap(\.self))
    let entry = try #require(truth.entryPoints.first { $0.operation == "GET /orders" })
    let stock = try #require(truth.services.first { $0.name == "stock" })
    var hits: [String: Int] = [:]
    let draws = 150
    for draw in 0..<draws {
      var random = SeededGenerator(seed: UInt64(draw) &* 77 &+ 5)
      // Failing ones at one in two, others at one in ten.
      var kept: [SpanDraft] = []
      for trace in traces {
        let failed = trace[0].status == .error
        guard Double(random.next() >> 11) * 0x1p-53 < (failed ? 0.5 : 0.1) else { continue }
        kept += trace.map { span in span.with { $0.traceState = failed ? "ot=p:1" : "ot=th:e666666666666" } }
      }
      let told = Self.conclusions(kept)
      let orders = try #require(told.entryPoints.first { $0.operation == "GET /orders" }?.estimated)
      let service = try #require(told.services.first { $0.name == "stock" }?.estimated)
      let figures: [(String, Estimate, Double)] = [
        ("requests", orders.requests, Double(entry.latency.count)),
        ("errors", orders.errors, Double(entry.errors)),
        ("error rate", orders.errorRate, Double(entry.errors) / Double(entry.latency.count)),
        ("p50", orders.p50, Double(entry.latency.p50.rawValue)),
        ("p95", orders.p95, Double(entry.latency.p95.rawValue)),
        ("calls", service.requests, Double(stock.requestCount)),
      ]
      for (name, estimate, truth) in figures where estimate.low <= truth && truth <= estimate.high {
        hits[name, default: 0] += 1
      }
    }
    #expect(hits.count == 6)
    for (name, count) in hits {
      #expect(Double(count) >= 0.9 * Double(draws), "\(name): \(count) of \(draws)")
    }
    // Intervals that hold everything would tell nothing.
    #expect(Double(hits["requests"] ?? 0) <= 0.99 * Double(draws))
  }
}
