import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("Comparing with a baseline")
struct ComparerTests {
  /// What differs from the usual night, in milliseconds.
  private struct Night {
    var paymentWork: Int64 = 20
    var paymentGap: Int64 = 2
    var gatewayGaps: Int64 = 0
    var callsStock = true
    var failure = ""
    /// Every so many requests stall.
    var stallEvery: UInt64 = 0
  }

  /// Requests to a gateway that calls cart, payment and stock one after the other, with a little noise.
  private func digest(_ night: Night, requests: UInt64 = 100, seed: UInt64 = 1) -> Digest {
    var random = SeededGenerator(seed: seed)
    var drafts: [SpanDraft] = []
    for number in 1...requests {
      var time = TraceBuilder.origin + Int64(number) * 1_000_000_000
      let trace = TraceID(high: seed, low: number)
      let root = SpanDraft(1, time, 0).with {
        $0.trace = trace
        $0.service = "gateway"
        $0.name = "GET /cart"
        $0.kind = .server
      }
      drafts.append(root)
      let rootPlace = drafts.count - 1
      var id: UInt64 = 2
      for callee in ["cart", "payment", "stock"] where callee != "stock" || night.callsStock {
        let noise = Int64(random.next() % 1_000_000)
        var work = (callee == "payment" ? night.paymentWork : 10) * 1_000_000 + noise
        if callee == "payment", night.stallEvery > 0, number % night.stallEvery == 0 { work += 2_000_000_000 }
        let gap = ((callee == "payment" ? night.paymentGap : 2) + night.gatewayGaps) * 1_000_000
        let call = SpanDraft(id, parent: 1, time, time + work + gap).with {
          $0.trace = trace
          $0.service = "gateway"
          $0.name = "call \(callee)"
          $0.kind = .client
        }
        let serve = SpanDraft(id + 1, parent: id, time + gap / 2, time + gap / 2 + work).with {
          $0.trace = trace
          $0.service = callee
          $0.name = "serve"
          $0.kind = .server
        }
        drafts += [call, serve]
        if callee == "payment", !night.failure.isEmpty, number % 4 == 0 {
          for place in [rootPlace, drafts.count - 2, drafts.count - 1] { drafts[place].status = .error }
          drafts[drafts.count - 1].attributes = [("exception.message", night.failure)]
        }
        time += work + gap
        id += 2
      }
      drafts[rootPlace].end = time + 1_000_000
    }
    return Digest(observing: TraceWalk(SpanStore.of(drafts), options: AssemblyOptions(), threads: 1))
  }

  private func conclusions(_ night: Night) -> Conclusions {
    var options = ConclusionOptions()
    options.baseline = digest(Night(), seed: 2)
    return digest(night).conclude(options)
  }

  @Test("a like night gives no significant change and no finding about one")
  func unchanged() throws {
    let conclusions = conclusions(Night())
    let comparison = try #require(conclusions.comparison)
    #expect(comparison.currentRequests == 100)
    #expect(!comparison.services.contains { $0.isSignificant })
    #expect(comparison.entryPoints.allSatisfy { $0.direction == .unchanged && !$0.failsMore })
    #expect(comparison.calls.isEmpty && comparison.links.isEmpty && comparison.errors.isEmpty)
    #expect(!conclusions.findings.contains { $0.kind == "latency-regression" })
    #expect(conclusions.suspects.allSatisfy { $0.score < 0.5 })
  }

  @Test("a service that works longer is the first suspect")
  func work() throws {
    let conclusions = conclusions(Night(paymentWork: 60))
    #expect(conclusions.suspects.first?.service == "payment")
    let change = try #require(conclusions.comparison?.services.first)
    #expect(change.isSignificant)
    #expect(abs(change.excess.rawValue - 40_000_000) < 1_000_000)
    let finding = try #require(conclusions.findings.first { $0.kind == "latency-regression" })
    #expect(finding.title.hasPrefix("payment takes 2.8\u{a0}times as long per call"))
    #expect(finding.severity == .high)
  }

  @Test("a slow way to one service is charged to that service, not to its caller")
  func gap() {
    let conclusions = conclusions(Night(paymentGap: 300))
    #expect(conclusions.suspects.first?.service == "payment")
    #expect(conclusions.comparison?.services.first { $0.service == "gateway" }?.isSignificant == false)
  }

  @Test("slow ways to every service are charged to the one who calls them all")
  func callersGaps() {
    let conclusions = conclusions(Night(gatewayGaps: 100))
    #expect(conclusions.suspects.first?.service == "gateway")
  }

  @Test("a call that is no longer made is charged to who made it")
  func missing() throws {
    let conclusions = conclusions(Night(callsStock: false))
    #expect(conclusions.suspects.first?.service == "gateway")
    let call = try #require(conclusions.comparison?.calls.first)
    #expect(call.presence == .gone && call.expected == 100 && call.seen == 0)
    #expect(conclusions.comparison?.links.first?.presence == .gone)
    #expect(conclusions.findings.contains { $0.kind == "missing-call" && $0.severity == .info })
  }

  @Test("a failure that the baseline does not have is new, and its service a suspect")
  func failure() {
    let conclusions = conclusions(Night(failure: "no such card"))
    #expect(conclusions.suspects.first?.service == "payment")
    #expect(conclusions.findings.contains { $0.kind == "error-signature-new" && $0.service == "payment" })
  }

  @Test("a few stalled requests are not announced as what all suffer from")
  func stalls() {
    let conclusions = conclusions(Night(stallEvery: 20))
    #expect(conclusions.comparison?.services.contains { $0.isSignificant } == false)
    let told = conclusions.findings.filter { $0.isChange && $0.kind != "latency-stalls" }
    #expect(told.isEmpty)
    #expect(conclusions.findings.filter { $0.kind == "latency-stalls" }.allSatisfy { $0.severity == .low })
  }

  @Test("a bottleneck is of high severity without a baseline or when it got slower, else of medium")
  func bottleneck() throws {
    let slow = digest(Night(paymentWork: 60))
    func severity(_ baseline: Digest?) throws -> FindingSeverity {
      var options = ConclusionOptions()
      options.baseline = baseline
      return try #require(slow.conclude(options).findings.first { $0.kind == "latency-bottleneck" }).severity
    }
    #expect(try severity(nil) == .high)
    #expect(try severity(digest(Night(), seed: 2)) == .high)
    #expect(try severity(digest(Night(paymentWork: 60), seed: 2)) == .medium)
  }

  @Test("nothing to compare with gives no changes")
  func nothing() throws {
    var options = ConclusionOptions()
    options.baseline = Digest()
    let comparison = try #require(digest(Night()).conclude(options).comparison)
    #expect(comparison.services.isEmpty && comparison.entryPoints.isEmpty)
  }

  @Test("logarithm and exponential agree with what is known of them")
  func logarithm() {
    for value in [1e-9, 0.3, 1, 2, 2.718_281_828_459_045, 1e6, 12_345.678] {
      #expect(abs(Exponential.natural(Logarithm.natural(value)) / value - 1) < 1e-12)
    }
    #expect(abs(Logarithm.natural(2.718_281_828_459_045) - 1) < 1e-14)
    #expect(Logarithm.natural(1) == 0)
  }
}
