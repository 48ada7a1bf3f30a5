/// How two nodes of the service graph are connected.
package enum ConnectionType: String, BitwiseCopyable, Sendable, CaseIterable, Comparable {
  case database
  case messagingSystem = "messaging_system"
  case rpc
  case virtualNode = "virtual_node"

  /// Orders by the printed word.
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// All calls from one node to another.
package struct LinkResult: Sendable {
  /// Who calls.
  package var parent: String = ""
  /// Who is called.
  package var child: String = ""
  /// How.
  package var connectionType: ConnectionType = .rpc
  /// Calls.
  package var callCount: Int = 0
  /// Calls that the callee saw fail; for calls without an answer, that the caller saw fail.
  package var errorCount: Int = 0
  /// Calls that the caller saw fail.
  package var clientErrorCount: Int = 0
  /// The calls in all, where archives were sampled and say how; nil otherwise, and for calls that only span links join.
  package var estimated: PopulationEstimate?
  /// As the caller saw it; for messages the time in the queue.
  package var latency = DurationSummary()
  /// The time the callee took, where it reports spans.
  package var calleeLatency = DurationSummary()
  /// Slow and failing calls.
  package var examples: [ExampleTrace] = []

  /// Makes a link without calls.
  package init() {}
}

/// What a node of the service graph is.
package enum GraphNodeKind: String, Sendable {
  /// It reports spans.
  case service
  /// A database that only appears as a peer.
  case database
  /// A broker or destination that only appears as a peer.
  case messaging
  /// Any other system that only appears as a peer.
  case outside
}

/// A node of the service graph.
package struct GraphNode: Sendable {
  /// Its name.
  package var name: String = ""
  /// What it is.
  package var kind: GraphNodeKind = .service
  /// Requests that enter the system here.
  package var entryCount: Int = 0
  /// Calls to peers that have no name.
  package var unnamedPeerCalls: Int = 0

  /// Makes an empty node.
  package init() {}
}

/// Who calls whom below one entry service, as rows in display order.
///
/// A service that stands above itself, or that was written out before, is not written out again.
package struct CallTree: Sendable {
  /// One line of the tree.
  package struct Row: Sendable {
    /// Levels below the root.
    package var depth: Int = 0
    /// The node.
    package var name: String = ""
    /// Calls over this edge; for the root the requests that enter.
    package var callCount: Int = 0
    /// Of them failed.
    package var errorCount: Int = 0
    /// True when what follows below it is shown elsewhere in the tree.
    package var isRepeated: Bool = false

    /// Makes an empty row.
    package init() {}
  }

  /// The entry service.
  package var root: String = ""
  /// Its lines, the root first.
  package var rows: [Row] = []

  /// Makes an empty tree.
  package init() {}
}
