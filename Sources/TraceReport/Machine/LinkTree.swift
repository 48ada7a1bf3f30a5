package import TraceAnalysis

/// Links between services as a tree for people: who calls whom below each node that nobody calls.
///
///     gateway
///     ├─ order  244 calls
///     │  └─ user  109 calls
///     └─ payment  244 calls, 14 failed
///        └─ external-payment-gateway  109 calls, 14 failed
///
/// A node is written out once; further on it is only named. Nodes of cycles that nobody else calls begin a tree of
/// their own, the first by name.
package struct LinkTree {
  private struct Edge {
    var child: String
    var calls = 0
    var errors = 0
  }

  private var edges: [String: [Edge]] = [:]
  private var called: Set<String> = []

  /// Makes one of no links.
  package init() {}

  /// Takes up the next link, in the order of (parent, child).
  package mutating func add(_ link: LinkResult) {
    let errors = max(link.errorCount, link.clientErrorCount)
    if link.parent != link.child { called.insert(link.child) }
    // Links are ordered by child, so those of several connection types stand side by side.
    if let last = edges[link.parent]?.indices.last, edges[link.parent]?[last].child == link.child {
      edges[link.parent]?[last].calls += link.callCount
      edges[link.parent]?[last].errors += errors
    } else {
      edges[link.parent, default: []].append(
        Edge(child: link.child, calls: link.callCount, errors: errors))
    }
  }

  /// The lines of all trees.
  ///
  /// - Complexity: O(links × log links); nothing recurses.
  package func text() -> [UInt8] {
    let parents = edges.keys.sorted()
    var written: Set<String> = []
    var text = ""
    for root in parents.filter({ !called.contains($0) }) + parents where !written.contains(root) {
      Self.write(root, edges, &written, &text)
    }
    return Array(text.utf8)
  }

  private static func write(
    _ root: String, _ edges: [String: [Edge]], _ written: inout Set<String>, _ text: inout String
  ) {
    text += visible(root) + "\n"
    written.insert(root)
    var open = frames(edges[root] ?? [], indent: "")
    while let (edge, indent, isLast) = open.popLast() {
      let isNew = written.insert(edge.child).inserted
      let below = edges[edge.child] ?? []
      text += indent + (isLast ? "└─ " : "├─ ") + visible(edge.child)
      text += "  \(edge.calls) call" + (edge.calls == 1 ? "" : "s")
      if edge.errors > 0 { text += ", \(edge.errors) failed" }
      if !isNew, !below.isEmpty { text += ", see above" }
      text += "\n"
      if isNew { open += frames(below, indent: indent + (isLast ? "   " : "│  ")) }
    }
  }

  /// Edges in the order in which a stack gives them back.
  private static func frames(_ edges: [Edge], indent: String) -> [(Edge, String, isLast: Bool)] {
    edges.enumerated().reversed().map { ($0.element, indent, $0.offset == edges.count - 1) }
  }

  private static func visible(_ text: String) -> String {
    let out = ByteBuilder()
    var text = text
    text.withUTF8 { VisibleText.append($0, to: out, in: .plain, limit: 200) }
    return String(decoding: out.bytes, as: UTF8.self)
  }
}
