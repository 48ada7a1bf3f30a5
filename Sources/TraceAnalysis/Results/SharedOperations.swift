/// The operations at which entry points of several services enter: alone, their names do not tell which one is meant.
package struct SharedOperations: Sendable {
  private var names: Set<String> = []

  /// Makes a set of none.
  package init() {}

  /// Looks for them among all entry points.
  ///
  /// - Complexity: O(entry points).
  init(of entryPoints: [EntryPointResult]) {
    var services: [String: String] = [:]
    for entry in entryPoints {
      if let known = services.updateValue(entry.service, forKey: entry.operation), known != entry.service {
        names.insert(entry.operation)
      }
    }
  }

  /// True when entry points of several services have this operation.
  func contains(_ operation: String) -> Bool { names.contains(operation) }
}
