import TestSupport
import Testing
import TraceModel

@Suite("Traces of extreme shape")
struct LargeTraceTests {
  private func check(_ drafts: [SpanDraft], spans: Int) {
    let trace = AssembledTrace(SpanStore.of(drafts, readers: 2)).trace
    #expect(trace.spans.count == spans)
    #expect(Promises.broken(by: trace, AssemblyOptions()) == [])
  }

  @Test("a chain of 100,000 levels", .timeLimit(.minutes(2)))
  func deep() {
    let start = TraceBuilder.origin
    check(
      (1...100_000).map { SpanDraft(UInt64($0), parent: UInt64($0 - 1), start + Int64($0), start + 200_000) },
      spans: 100_000)
  }

  @Test("a chain of 20,000 levels on as many hosts whose clocks all differ", .timeLimit(.minutes(2)))
  func manyHosts() {
    let start = TraceBuilder.origin
    let drafts = (1...20_000).map { level in
      SpanDraft(UInt64(level), parent: UInt64(level - 1), start - Int64(level) * 10_000, start + 200_000_000)
        .with {
          $0.resource = [("host.name", "host-\(level)")]
        }
    }
    check(drafts, spans: 20_000)
  }

  @Test("100,000 siblings", .timeLimit(.minutes(2)))
  func wide() {
    let start = TraceBuilder.origin
    var random = SeededGenerator(seed: 8)
    let children = (2...100_000).map { number in
      let from = start + Int64.random(in: 0...1_000_000, using: &random)
      return SpanDraft(UInt64(number), parent: 1, from, from + Int64.random(in: 0...10_000, using: &random))
    }
    check([SpanDraft(1, start, start + 2_000_000)] + children, spans: 100_000)
  }

  // Two minutes without optimisation: asked for by name.
  @Test(
    "1,000,000 spans in one trace: wide, deep, orphaned and without times",
    .enabled(if: ProcessEnvironment.inherited["LARGE_TESTS"] == "1", "set LARGE_TESTS=1 to run it"),
    .timeLimit(.minutes(10)))
  func million() {
    let start = TraceBuilder.origin
    var random = SeededGenerator(seed: 11)
    let drafts = (1...1_000_000).map { number in
      // A third hangs below the root, a third makes chains, a third anywhere above; a few nowhere.
      let parent =
        switch number % 3 {
        case 0: 1
        case 1: number - 1
        default: number % 1_000 == 2 ? number + 2_000_000 : Int.random(in: 0..<number, using: &random)
        }
      let from = number % 5_000 == 7 ? 0 : start + Int64.random(in: 0...1_000_000_000, using: &random)
      return SpanDraft(UInt64(number), parent: UInt64(parent), from, from + Int64(number % 1_000))
    }
    check(drafts, spans: 1_000_000)
  }

  @Test("a cycle of 100,000 spans", .timeLimit(.minutes(2)))
  func cycle() {
    let start = TraceBuilder.origin
    check(
      (1...100_000).map { SpanDraft(UInt64($0), parent: UInt64($0 % 100_000 + 1), start, start + 5) },
      spans: 100_000)
  }

  @Test("20,000 different spans of one id, and as many copies", .timeLimit(.minutes(2)))
  func oneID() {
    let start = TraceBuilder.origin
    let drafts = (0..<20_000).map { SpanDraft(1, start, start + Int64($0)) }
    check(drafts + drafts, spans: 20_000)
  }

  @Test("10,000 Zipkin fragments and halves of one id", .timeLimit(.minutes(2)))
  func oneZipkinID() {
    let start = TraceBuilder.origin
    let drafts = (0..<10_000).map { number in
      SpanDraft(1, start, start + Int64(number)).with {
        $0.traits = number % 2 == 0 ? .zipkin : [.zipkin, .shared]
        $0.kind = number % 2 == 0 ? .client : .server
        $0.ipv4 = "10.0.\(number / 250).\(number % 250)"
      }
    }
    check(drafts, spans: 10_000)
  }
}
