import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// The three scenarios of the recorded shop.
@Suite("The recorded shop")
struct ShopTests {
  static let store = SpanStore.reading([Repository.path("samples/shop")])
  static let digest = Digest(observing: TraceWalk(store, options: AssemblyOptions(), threads: 2))
  static let conclusions = digest.conclude()

  @Test("payment is found to be the bottleneck of GET /api/orders/<id>")
  func bottleneck() throws {
    let finding = try #require(Self.conclusions.findings.first)
    #expect(finding.kind == "latency-bottleneck")
    #expect(finding.title == "payment is the bottleneck of GET /api/orders/<id>")
    #expect(finding.severity == .high)
    #expect(finding.service == "payment")
    #expect(finding.entryOperation == "GET /api/orders/<id>")
    #expect(finding.proof.first?.contains("over 135\u{a0}requests") == true)
    #expect(!finding.evidence.isEmpty)
  }

  @Test("the finding says what a payment twice as fast would bring, and it is less than half")
  func whatIf() throws {
    let finding = try #require(Self.conclusions.findings.first)
    let entry = try #require(Self.conclusions.entryPoints.first { $0.operation == finding.entryOperation })
    let result = try #require(entry.whatIf.first { $0.service == "payment" && $0.percent == 50 })
    #expect(result.p99After < result.p99Before)
    #expect(result.meanAfter.rawValue * 2 > result.meanBefore.rawValue)
    #expect(finding.proof.last?.contains("If it were twice as fast") == true)
  }

  @Test("shares of the path and of the variance add up to 1")
  func shares() throws {
    for entry in Self.conclusions.entryPoints where entry.latency.count > 1 {
      #expect(abs(entry.profileByService.reduce(0) { $0 + $1.share } - 1) < 1e-9)
      let variances = entry.profileByService.compactMap(\.varianceShare)
      #expect(variances.count == entry.profileByService.count)
      #expect(abs(variances.reduce(0, +) - 1) < 1e-6)
    }
  }

  @Test("payment's failure is found, with what came of it and what was not reached")
  func failure() throws {
    let finding = try #require(Self.conclusions.findings.first { $0.kind == "error-origin" })
    #expect(finding.service == "payment")
    #expect(finding.severity == .high)
    #expect(
      finding.title
        == "payment failed with “Payment gateway timeout” calling external-payment-gateway; POST /api/orders fails: "
        + "order not created; inventory and warehouse not reached")
    let missing = Self.conclusions.notReached.map(\.service)
    #expect(missing == ["inventory", "warehouse"])
    #expect(Self.conclusions.notReached.allSatisfy { $0.seenCount == 0 && $0.failingCount == 14 })
  }

  @Test("a failure that the gateway swallows is told apart")
  func swallowed() throws {
    let group = try #require(Self.conclusions.errorGroups.first { $0.blamedService == "recommendation" })
    #expect(group.swallowed == 5)
    #expect(group.rootFailures == 0)
    #expect(
      Self.conclusions.findings.contains { $0.kind == "swallowed-errors" && $0.service == "recommendation" })
  }

  @Test("who calls whom")
  func links() {
    let calls = Self.conclusions.links.filter { $0.connectionType != .database }.map {
      "\($0.parent) → \($0.child) \($0.callCount) \($0.errorCount)"
    }
    #expect(
      calls == [
        "gateway → inventory 272 0", "gateway → order 244 0", "gateway → payment 244 14",
        "gateway → recommendation 42 5", "gateway → user 244 0", "inventory → warehouse 95 0",
        "order → user 109 0", "payment → external-payment-gateway 109 14",
      ])
    let tree = Self.conclusions.callTrees.first?.rows.map {
      String(repeating: " ", count: $0.depth) + $0.name
    }
    #expect(tree?.contains("  external-payment-gateway") == true)
    #expect(tree?.contains("  warehouse") == true)
    let outside = Self.conclusions.nodes.filter { $0.kind == .outside }.map(\.name)
    #expect(outside == ["external-payment-gateway"])
  }

  @Test("profiles add up to the time of the requests exactly")
  func sums() {
    for entry in Self.conclusions.entryPoints {
      let total = entry.latency.sum.rawValue
      #expect(entry.profileByService.reduce(0) { $0 + $1.total.rawValue } == total)
      #expect(entry.profileByOperation.reduce(0) { $0 + $1.total.rawValue } == total)
      #expect(entry.callPaths.reduce(0) { $0 + $1.own.rawValue } == total)
      #expect(entry.callPaths.filter { $0.depth == 0 }.reduce(0) { $0 + $1.total.rawValue } == total)
      #expect(abs(entry.profileByService.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }
  }

  @Test("one thread or many, read back or not: the same digest")
  func sameBytes() throws {
    let bytes = Self.digest.encoded()
    let single = Digest(observing: TraceWalk(Self.store, options: AssemblyOptions(), threads: 1))
    #expect(single.encoded() == bytes)
    #expect(try Digest(decoding: bytes).encoded() == bytes)
  }

  @Test("the same traces in every format give the same links and findings")
  func formats() {
    let all = ["jaeger.json", "native.jsonl", "otlp.jsonl", "zipkin.json"].map { name in
      let store = SpanStore.reading([Repository.path("samples/formats/shop-\(name).gz")])
      return Digest(observing: TraceWalk(store, options: AssemblyOptions(), threads: 2)).conclude()
    }
    for conclusions in all {
      #expect(conclusions.traceCount == Self.conclusions.traceCount)
      #expect(
        conclusions.findings.map(\.title).sorted() == Self.conclusions.findings.map(\.title).sorted())
      #expect(
        conclusions.links.map { "\($0.parent) \($0.child) \($0.callCount) \($0.errorCount)" }
          == Self.conclusions.links.map { "\($0.parent) \($0.child) \($0.callCount) \($0.errorCount)" })
    }
  }
}
