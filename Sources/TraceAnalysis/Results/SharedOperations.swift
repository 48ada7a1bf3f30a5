import TraceModel

/// The operations at which entry points of several services enter: alone, their names do not tell which one is meant.
package struct SharedOperations: Sendable {
  /// Ordered, so that equal conclusions look equal.
  private var names: [String] = []

  /// Makes a list of none.
  package init() {}

  /// Looks for them among all entry points.
  ///
  /// - Complexity: O(entry points).
  init(of entryPoints: [EntryPointResult]) {
    var services: [String: String] = [:]
    var shared: Set<String> = []
    for entry in entryPoints {
      if let known = services.updateValue(entry.service, forKey: entry.operation), known != entry.service {
        shared.insert(entry.operation)
      }
    }
    names = shared.sorted()
  }

  /// True when entry points of several services have this operation.
  ///
  /// - Complexity: O(log names).
  func contains(_ operation: String) -> Bool {
    let place = names.partitionPoint { $0 < operation }
    return place < names.count && names[place] == operation
  }
}
