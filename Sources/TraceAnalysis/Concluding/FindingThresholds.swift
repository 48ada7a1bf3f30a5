/// From which shares on a finding is severe; what a team may set for itself.
package struct FindingThresholds: Sendable, Equatable {
  /// The share of requests from which on failures are of high severity.
  package var highRequests = 0.05
  /// The share of requests from which on failures are of medium severity.
  package var mediumRequests = 0.01
  /// The share of an entry point's time from which on what takes it is of high severity.
  package var highLatency = 0.25
  /// The share of an entry point's time from which on what takes it is of medium severity.
  package var mediumLatency = 0.1
  /// The share of the critical path from which on a service is called a bottleneck.
  package var bottleneck = 0.4

  /// The defaults.
  package init() {}

  /// The names under which they can be set.
  package static let names = [
    "high-requests", "medium-requests", "high-latency", "medium-latency", "bottleneck",
  ]

  /// What `--threshold` takes, for messages.
  package static let wanted = "NAME=SHARE is needed, with a name of " + names.joined(separator: ", ")

  /// Sets one by its name; false when there is none of that name, or the share is not from 0 to 1.
  package mutating func set(_ name: String, to share: Double) -> Bool {
    guard (0...1).contains(share) else { return false }
    switch name {
    case "high-requests": highRequests = share
    case "medium-requests": mediumRequests = share
    case "high-latency": highLatency = share
    case "medium-latency": mediumLatency = share
    case "bottleneck": bottleneck = share
    default: return false
    }
    return true
  }

  /// Sets one as `--threshold` takes it, such as `high-requests=2%`; false when it is none.
  package mutating func set(_ text: String) -> Bool {
    guard let sign = text.firstIndex(of: "="),
      let share = ShareText.read(String(text[text.index(after: sign)...]))
    else { return false }
    return set(String(text[..<sign]), to: share)
  }

  /// How severe it is that a share of requests fails, or that a share of their time goes to one thing.
  func severity(requests: Double, latency: Double, isCertain: Bool) -> FindingSeverity {
    if requests >= highRequests || latency >= highLatency { return isCertain ? .high : .medium }
    return requests >= mediumRequests || latency >= mediumLatency ? .medium : .low
  }
}
