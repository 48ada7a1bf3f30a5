import TraceModel

/// The tree that Zipkin builds of merged spans: orphans and further roots hang under the root.
struct ZipkinTree {
  /// Stands for the root of a trace that has none of its own.
  static let synthetic = -1

  let spans: [ZipkinSpan]
  /// The place of the root span, or `synthetic`.
  let root: Int
  /// The places of the parents; `synthetic` under a root without span, and for the root itself.
  private(set) var parents: [Int]
  private(set) var hasChild: [Bool]

  private struct SharedKey: Hashable {
    var id: UInt64
    var service: Int
    var ipv4: Symbol
    var ipv6: Symbol
    var port: UInt16

    init(_ id: UInt64, _ endpoint: ZipkinSpan.Endpoint) {
      self.id = id
      service = endpoint.service
      ipv4 = endpoint.ipv4
      ipv6 = endpoint.ipv6
      port = endpoint.port
    }
  }

  init(_ spans: [ZipkinSpan]) {
    self.spans = spans
    root = spans.firstIndex { $0.parent == 0 && !$0.isShared } ?? Self.synthetic
    var unshared: [UInt64: Int] = [:]
    var shared: [SharedKey: Int] = [:]
    var anyShared: [UInt64: Int] = [:]
    for (place, span) in spans.enumerated() {
      if span.isShared {
        let key = SharedKey(span.id, span.local)
        if shared[key] == nil { shared[key] = place }
        if anyShared[span.id] == nil { anyShared[span.id] = place }
      } else if unshared[span.id] == nil {
        unshared[span.id] = place
      }
    }
    parents = []
    for (place, span) in spans.enumerated() {
      var parent: Int?
      if place == root {
        parent = Self.synthetic
      } else if span.isShared {
        parent = unshared[span.id]
        if parent == nil, span.parent != 0 {
          parent =
            shared[SharedKey(span.parent, span.local)] ?? unshared[span.parent] ?? anyShared[span.parent]
        }
      } else if span.parent != 0 {
        parent = shared[SharedKey(span.parent, span.local)] ?? unshared[span.parent] ?? anyShared[span.parent]
      }
      parents.append(parent == place ? root : parent ?? root)
    }
    hasChild = Array(repeating: false, count: spans.count)
    cutCycles()
    for place in parents where place >= 0 { hasChild[place] = true }
  }

  /// Where climbing comes back to a span, that span goes under the root.
  private mutating func cutCycles() {
    // 0 unknown, 1 on the present climb, 2 known to reach the root.
    var state = [UInt8](repeating: 0, count: spans.count)
    for start in spans.indices where state[start] == 0 {
      var climb: [Int] = []
      var place = start
      while place >= 0, state[place] == 0 {
        state[place] = 1
        climb.append(place)
        place = parents[place]
      }
      if place >= 0, state[place] == 1 { parents[place] = place == root ? Self.synthetic : root }
      for visited in climb { state[visited] = 2 }
    }
  }
}
