import TestSupport
import Testing
import TraceModel

@Suite("Merging records of one id")
struct MergingTests {
  private func assemble(_ drafts: [SpanDraft]) -> AssembledTrace { AssembledTrace(SpanStore.of(drafts)) }

  private var span: SpanDraft {
    SpanDraft(1, TraceBuilder.origin, TraceBuilder.origin + 5).with {
      $0.attributes = [("a", "1"), ("b", "2")]
      $0.resource = [("host.name", "h")]
      $0.events = [(TraceBuilder.origin, "event")]
    }
  }

  @Test("a copy is dropped whatever the order of its attributes and the archive it lies in")
  func copies() {
    let copy = span.with {
      $0.attributes.reverse()
      $0.archive = 1
    }
    let store = SpanStore.of([span, copy, span], readers: 2, archives: 2)
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    let totals = walk.walk(makeState: { 0 }, body: { $0 += $1.spans.count }).totals
    #expect(totals.spans == 1)
    #expect(totals.duplicateSpans == 2)
    #expect(totals.duplicatesByArchive == [1, 1])
    #expect(AssembledTrace(store).warnings == ["duplicate-span"])
  }

  @Test(
    "any other difference makes another span",
    arguments: [
      { $0.attributes[0].value = "9" }, { $0.resource[0].value = "g" }, { $0.events[0].name = "other" },
      { $0.end += 1 }, { $0.status = .error }, { $0.kind = .server }, { $0.traits.insert(.debug) },
      { $0.attributes.append(("c", "3")) }, { $0.statusMessage = "m" }, { $0.traceState = "a=b" },
      { $0.references = [(.link, TraceID(high: 0, low: 1), 2)] }, { $0.ipv4 = "10.0.0.1" },
    ] as [@Sendable (inout SpanDraft) -> Void])
  func differences(_ change: @Sendable (inout SpanDraft) -> Void) {
    let trace = assemble([span, span.with(change)])
    #expect(trace.trace.spans.map(\.ordinal).sorted() == [0, 1])
    #expect(trace.trace.duplicateSpans == 0)
    #expect(trace.warnings.contains { $0.hasPrefix("duplicate-span-id") })
  }

  @Test("of different spans with one id the earliest is plain and has the children")
  func collisions() {
    let trace = TraceBuilder(
      """
      root     |==========|
       late         |==|    id=5
       early    |==|        id=5
        child    |          id=6
      """
    ).assemble()
    #expect(trace.tree == ["root", " early", "  child", " late"])
    #expect(trace.trace.spans.map(\.ordinal) == [0, 0, 0, 1])
  }

  @Test("a server with its client's id is the shared half, and the client its parent")
  func inferredHalf() {
    let trace = TraceBuilder(
      """
      client   |======|    client id=7
      server     |==|      server id=7
      local       |        id=8 parent=7 service=server
      other         |      id=9 parent=7 service=client
      """
    ).assemble()
    #expect(trace.tree == ["client", " server", "  local", " other"])
    #expect(trace.trace.spans.map { $0.traits.contains(.shared) } == [false, true, false, false])
    #expect(trace.warnings == ["shared-id-inferred server"])
  }

  @Test("producer and consumer with one id are different spans")
  func messaging() {
    let trace = TraceBuilder(
      """
      send   |==|        producer id=7
      take      |==|     consumer id=7
      """
    ).assemble()
    #expect(trace.tree == ["send", "take"])
    #expect(trace.trace.spans.map(\.ordinal) == [0, 1])
  }

  @Test("a shared half without its client hangs under the parent it names, with a warning")
  func loneHalf() {
    let trace = TraceBuilder(
      """
      root     |======|  id=3
       server    |==|    server shared zipkin id=7
      """
    ).assemble()
    #expect(trace.tree == ["root", " server"])
    #expect(trace.warnings == ["shared-without-client server"])
  }

  @Test("a shared flag on the only span without a parent is wrong: it is the root")
  func flaggedRoot() {
    let trace = TraceBuilder(
      """
      root     |======|  server shared zipkin id=3
       local     |==|    zipkin service=root
      """
    ).assemble()
    #expect(trace.tree == ["root", " local"])
    #expect(trace.trace.spans.allSatisfy { !$0.traits.contains(.shared) })
    #expect(trace.warnings == [])
  }

  @Test("Zipkin fragments are fused: fields from the first, the last tag wins, annotations once")
  func fragments() throws {
    let first = SpanDraft(1, TraceBuilder.origin, TraceBuilder.origin + 9_000).with {
      $0.traits = .zipkin
      $0.kind = .client
      $0.name = "get"
      $0.service = "web"
      $0.ipv4 = "10.0.0.1"
      $0.attributes = [("path", "/a"), ("code", "200")]
      $0.events = [(5, "b"), (4, "a")]
    }
    let second = SpanDraft(1, 0, 0).with {
      $0.traits = [.zipkin, .missingEnd, .debug]
      $0.kind = .unspecified
      $0.name = ""
      $0.service = ""
      $0.attributes = [("code", "500"), ("extra", "x")]
      $0.events = [(5, "b")]
      $0.statusMessage = "refused"
      $0.references = [(.link, TraceID(high: 0, low: 1), 2)]
    }
    let result = assemble([second, first])
    let span = try #require(result.trace.spans.first)
    #expect(result.trace.spans.count == 1)
    #expect(result.trace.fusedSpans == 1)
    #expect(result.warnings == ["fragments-merged get"])
    #expect(span.duration == Nanoseconds(9_000))
    #expect(span.record.traits.contains(.debug))
    let tags = result.trace.withAttributes(of: span, in: result.store) { attributes in
      attributes.map {
        "\(result.store.symbols.text($0.key))=\(result.store.symbols.text(Symbol($0.payload)))"
      }
    }
    #expect(tags == ["path=/a", "code=500", "extra=x"])
    let events = result.trace.events(of: span, in: result.store).map { result.store.symbols.text($0.name) }
    #expect(events == ["a", "b"])
    let message = result.trace.statusMessage(of: span, in: result.store)
    #expect(result.store.symbols.text(message) == "refused")
    #expect(result.trace.links(of: span, in: result.store).map(\.spanID) == [SpanID(2)])
    let local = result.trace.endpoints(of: span, in: result.store).local
    #expect(result.store.symbols.text(local.ipv4) == "10.0.0.1")
  }

  @Test("fragments of different kinds or contradicting endpoints are not fused")
  func guards() {
    let kinds = TraceBuilder(
      """
      web   |====|    zipkin client id=1 ip=10.0.0.1
      web    |==|     zipkin server id=1 ip=10.0.0.1
      """
    ).assemble()
    #expect(kinds.trace.fusedSpans == 0)
    #expect(kinds.tree == ["web", " web"])
    let endpoints = TraceBuilder(
      """
      web   |====|    zipkin id=1 ip=10.0.0.1
      web    |==|     zipkin id=1 ip=10.0.0.2
      """
    ).assemble()
    #expect(endpoints.trace.fusedSpans == 0)
  }

  @Test("a late fragment from the server's endpoint is fused into the server half")
  func lateFragment() {
    let trace = TraceBuilder(
      """
      web   |=====|   zipkin client id=1 ip=10.0.0.1
      api    |==|     zipkin server shared id=1 ip=10.0.0.2
      api     |       zipkin unspecified id=1 ip=10.0.0.2
      """
    ).assemble()
    #expect(trace.tree == ["web", " api"])
    #expect(trace.trace.fusedSpans == 1)
  }

  @Test("children of a shared id go to the half at their endpoint, else to the client")
  func halves() {
    let trace = TraceBuilder(
      """
      web    |=========|   zipkin client id=1 service=web ip=10.0.0.1
      a1      |==|         zipkin server shared id=1 service=api ip=10.0.0.2
      a2          |==|     zipkin server shared id=1 service=api ip=10.0.0.3
      in2          ||      zipkin id=2 parent=1 service=api ip=10.0.0.3
      in1      ||          zipkin id=3 parent=1 service=api ip=10.0.0.2
      away            |    zipkin id=4 parent=1 service=api ip=10.0.0.9
      """
    ).assemble()
    #expect(trace.tree == ["web", " a1", "  in1", " a2", "  in2", " away"])
  }
}
