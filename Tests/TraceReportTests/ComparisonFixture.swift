import TraceAnalysis
import TraceModel

/// A comparison made up by hand that fills every part of its page.
enum ComparisonFixture {
  static func comparison() -> ComparisonResult {
    var all = ComparisonResult()
    all.baselineRequests = 470_000
    all.currentRequests = 466_117
    all.baselineWindow.start = UnixNanoseconds(ReportFixture.begin - 86_400_000_000_000)
    all.baselineWindow.end = UnixNanoseconds(ReportFixture.begin - 72_000_000_000_000)
    all.entryPoints = [
      entry("POST /api/orders", 205, 498, .slower, failsMore: true),
      entry("GET /api/cart", 14, 13, .unchanged), entry("GET /api/orders/{id}", 520, 506, .slowerTail),
      entry("GET /api/users", 80, 20, .faster), entry("GET /api/new", 0, 20, .unchanged, .new),
      entry("GET /api/<old> & gone", 20, 0, .unchanged, .gone),
    ]
    all.services = [
      service("payment", 1.934, score: 1), service("user", -0.03, score: 0),
      service("order", 0.003, score: 0.1),
    ]
    all.links = [
      link("order", "payment", .both, .slower), link("order", "courier-api", .new, .unchanged),
      link("frontend", "legacy", .gone, .unchanged),
    ]
    all.errors = [error(.new), error(.gone), error(.both)]
    all.calls = [call(.new), call(.gone)]
    return all
  }

  private static func entry(
    _ operation: String, _ before: Double, _ after: Double, _ direction: ChangeDirection,
    _ presence: ChangePresence = .both, failsMore: Bool = false
  ) -> EntryPointChange {
    var change = EntryPointChange()
    change.service = "frontend"
    change.operation = operation
    change.presence = presence
    if before > 0 { change.before = ReportFixture.latency(p50: before, count: 80_000) }
    if after > 0 { change.after = ReportFixture.latency(p50: after, count: 82_000) }
    change.direction = direction
    change.failsMore = failsMore
    change.errorsAfter = failsMore ? 3_922 : 0
    change.slowShare = 0.3
    return change
  }

  private static func service(_ name: String, _ excess: Double, score: Double) -> ServiceChange {
    var change = ServiceChange()
    change.service = name
    change.score = score
    change.excess = Nanoseconds(Int64(excess * 1e9))
    change.z = excess * 40
    change.perCallBefore = .milliseconds(40)
    change.perCallAfter = .milliseconds(400)
    change.spansBefore = 10_000
    change.spansAfter = 11_000
    change.isSignificant = score == 1
    return change
  }

  private static func link(
    _ parent: String, _ child: String, _ presence: ChangePresence, _ direction: ChangeDirection
  ) -> LinkChange {
    var change = LinkChange()
    change.parent = parent
    change.child = child
    change.presence = presence
    change.direction = direction
    if presence != .new {
      change.before.calls = 1_000
      change.before.latency = ReportFixture.latency(p50: 20, count: 1_000)
    }
    if presence != .gone {
      change.after.calls = 1_100
      change.after.errors = 3
      change.after.latency = ReportFixture.latency(p50: 200, count: 1_100)
    }
    return change
  }

  private static func error(_ presence: ChangePresence) -> ErrorChange {
    var change = ErrorChange()
    change.id = presence == .new ? "a1b2c3" : "of-\(presence.rawValue)"
    change.blamedService = "payment"
    change.service = "payment"
    change.words = "Payment gateway timeout"
    change.presence = presence
    change.before = presence == .new ? 0 : 40
    change.after = presence == .gone ? 0 : 3_987
    return change
  }

  private static func call(_ presence: ChangePresence) -> CallChange {
    var change = CallChange()
    change.parentService = "order"
    change.parentOperation = "POST /orders"
    change.childService = "inventory"
    change.childOperation = "POST /reservations"
    change.presence = presence
    change.expected = presence == .new ? 0 : 3_987
    change.seen = presence == .new ? 40 : 0
    return change
  }
}
