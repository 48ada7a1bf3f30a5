package import TraceAnalysis
import TraceModel

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
///
/// There may be a link in every span: what is kept of them is in temporary files where spans are.
package struct LinkTree {
  private let links: SortedLinks
  private let nodes: LinkNodes

  /// Makes the trees of all links.
  package init(_ links: SortedLinks) {
    self.links = links
    nodes = LinkNodes(links)
  }

  /// Hands over the lines of all trees in large pieces; only once.
  ///
  /// - Complexity: O(links), each with the length of its indent; nothing recurses.
  package func write(_ body: ([UInt8]) throws -> Void) rethrows {
    let text = ByteBuilder()
    for place in links.indices where beginsTree(place, where: { !nodes.isCalled($0) }) {
      try writeTree(from: place, to: text, body)
    }
    for place in links.indices where beginsTree(place, where: { !nodes.isWritten($0) }) {
      try writeTree(from: place, to: text, body)
    }
    try body(text.bytes)
  }

  /// True for the first link of a service of which something holds.
  private func beginsTree(_ place: Int, where condition: (Symbol) -> Bool) -> Bool {
    if place % SortedLinks.linksInMemory == 0 { leaveMemory() }
    return links.isFirstOfParent(place) && condition(links.parent(at: place))
  }

  private func leaveMemory() {
    links.leaveMemory()
    nodes.leaveMemory()
  }

  /// A service that was written, some of whose links are not.
  private struct Level {
    /// The next of them.
    var place: Int
    /// Bytes of the indent before it.
    var indent: Int
  }

  private func writeTree(
    from root: Int, to text: ByteBuilder, _ body: ([UInt8]) throws -> Void
  ) rethrows {
    appendName(links.parent(at: root), to: text)
    text.append("\n")
    nodes.setWritten(links.parent(at: root))
    let indent = ByteBuilder()
    var open = [Level(place: root, indent: 0)]
    var written = 0
    while let level = open.popLast() {
      indent.truncate(to: level.indent)
      let next = end(of: level.place)
      let isLast = next == links.endIndex || links.isFirstOfParent(next)
      if !isLast { open.append(Level(place: next, indent: level.indent)) }
      appendLine(level.place..<next, isLast, indent, to: text)
      let child = links.child(at: level.place)
      if !nodes.isWritten(child) {
        nodes.setWritten(child)
        if let below = nodes.firstLink(of: child) {
          indent.append(isLast ? "   " : "│  ")
          open.append(Level(place: below, indent: indent.count))
        }
      }
      written += 1
      if written % SortedLinks.linksInMemory == 0 { leaveMemory() }
      if text.count >= 1 << 16 {
        try body(text.bytes)
        text.removeAll()
      }
    }
  }

  /// Behind the links between the same two services, which are ordered by connection type.
  private func end(of place: Int) -> Int {
    var end = place + 1
    while end < links.endIndex, links.parent(at: end) == links.parent(at: place),
      links.child(at: end) == links.child(at: place)
    {
      end += 1
    }
    return end
  }

  private func appendLine(_ places: Range<Int>, _ isLast: Bool, _ indent: ByteBuilder, to text: ByteBuilder) {
    let child = links.child(at: places.lowerBound)
    text.append(indent)
    text.append(isLast ? "└─ " : "├─ ")
    appendName(child, to: text)
    let (calls, errors) = places.reduce((0, 0)) { sums, place in
      let (calls, errors) = links.counts(at: place)
      return (sums.0 + calls, sums.1 + errors)
    }
    text.append("  \(calls) call" + (calls == 1 ? "" : "s"))
    if errors > 0 { text.append(", \(errors) failed") }
    if nodes.isWritten(child), nodes.firstLink(of: child) != nil { text.append(", see above") }
    text.append("\n")
  }

  private func appendName(_ service: Symbol, to text: ByteBuilder) {
    var name = links.name(service)
    name.withUTF8 { VisibleText.append($0, to: text, in: .plain, limit: 200) }
  }
}
