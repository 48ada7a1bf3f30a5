import TestSupport
import TraceModel

@testable import TraceAnalysis

/// A night of requests to a made-up system with noise, stalls, two kinds of request, and at will one fault.
struct MadeNight {
  enum Fault: Equatable {
    case none
    /// The service works six times as long.
    case slowWork(Int)
    /// Every call of the service takes 60 ms longer on its way.
    case slowWay(Int)
  }

  static let services = 7
  var fault = Fault.none
  var requests: UInt64 = 200
  /// The shape of the system.
  var system: UInt64 = 1
  /// The chance in this night.
  var seed: UInt64 = 1

  static func name(_ service: Int) -> String { service == 0 ? "gateway" : "service-\(service)" }

  /// Whom each service calls, one after the other; numbers grow downwards, so nothing goes in circles.
  private var callees: [[Int]] {
    var random = SeededGenerator(seed: system)
    var callees = [[Int]](repeating: [], count: Self.services)
    for service in 1..<Self.services { callees[Int(random.next() % UInt64(service))].append(service) }
    return callees
  }

  func drafts() -> [SpanDraft] {
    let callees = callees
    var random = SeededGenerator(seed: seed &* 1_000_003)
    var drafts: [SpanDraft] = []
    for number in 1...requests {
      var request = Request(
        trace: TraceID(high: seed, low: number), isShort: random.next() % 3 == 0, callees: callees,
        fault: fault)
      request.run(from: TraceBuilder.origin + Int64(number) * 1_000_000_000, &random)
      drafts += request.drafts
    }
    return drafts
  }

  /// One request: services below each other, each with a client and a server span.
  private struct Request {
    var trace: TraceID
    /// Touches only the first half of what the gateway calls.
    var isShort: Bool
    var callees: [[Int]]
    var fault: Fault
    var drafts: [SpanDraft] = []

    mutating func run(from start: Int64, _ random: inout SeededGenerator) {
      _ = serve(0, parent: 0, from: start, &random)
    }

    /// Adds the span of a service and all below it; returns its end. The tree is 7 deep at most.
    private mutating func serve(
      _ service: Int, parent: UInt64, from start: Int64, _ random: inout SeededGenerator
    ) -> Int64 {
      let id = UInt64(drafts.count + 1)
      let place = drafts.count
      drafts.append(span(id, parent, service, service == 0 ? "GET /" : "serve", .server, start))
      var time = start + work(service, &random)
      let all = callees[service]
      for callee in isShort && service == 0 ? Array(all.prefix((all.count + 1) / 2)) : all {
        let call = UInt64(drafts.count + 1)
        let callPlace = drafts.count
        drafts.append(span(call, id, service, "call \(callee)", .client, time))
        let way = 300_000 + Int64(random.next() % 400_000) + (fault == .slowWay(callee) ? 60_000_000 : 0)
        time = serve(callee, parent: call, from: time + way / 2, &random) + way / 2
        drafts[callPlace].end = time
      }
      drafts[place].end = time
      return time
    }

    private func span(
      _ id: UInt64, _ parent: UInt64, _ service: Int, _ name: String, _ kind: SpanKind, _ start: Int64
    ) -> SpanDraft {
      SpanDraft(id, parent: parent, start, start).with {
        $0.trace = trace
        $0.service = MadeNight.name(service)
        $0.name = name
        $0.kind = kind
      }
    }

    /// 1 to 4 ms and now and then a stall.
    private func work(_ service: Int, _ random: inout SeededGenerator) -> Int64 {
      var time = 1_000_000 + Int64(random.next() % 3_000_000)
      if random.next() % 200 == 0 { time += Int64(random.next() % 200_000_000) }
      return fault == .slowWork(service) ? time * 6 : time
    }
  }

  static func digest(_ drafts: [SpanDraft], threads: Int = 1) -> Digest {
    Digest(observing: TraceWalk(SpanStore.of(drafts), options: AssemblyOptions(), threads: threads))
  }
}
