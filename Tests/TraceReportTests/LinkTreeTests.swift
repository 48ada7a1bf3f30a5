import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis
@testable import TraceReport

/// Who calls whom, as trees.
@Suite("Trees of links")
struct LinkTreeTests {
  private struct Link {
    var parent: String
    var child: String
    var calls: UInt32 = 1
    var errors: UInt32 = 0
    var type = ConnectionType.rpc
  }

  private static func text(_ links: [Link], in space: SpillSpace? = nil) -> String {
    var ledger = CallLedger(space.map { .spilled([], in: $0) } ?? .of([]))
    for link in links {
      let (parent, child) = (ledger.names.symbol(link.parent), ledger.names.symbol(link.child))
      for (times, failed) in [(link.calls - link.errors, false), (link.errors, true)] where times > 0 {
        ledger.count(CallLedger.Call(parent, child, link.type, failed: failed, times: times))
      }
    }
    var bytes: [UInt8] = []
    LinkTree(ledger.sortedLinks(threads: 1)).write { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The same in the plainest way.
  private struct Outline {
    let links: [Link]
    var written: Set<String> = []
    var text = ""

    init(_ links: [Link]) {
      self.links = links
      let called = Set(links.filter { $0.parent != $0.child }.map(\.child))
      for link in links where !called.contains(link.parent) { begin(link.parent) }
      for link in links { begin(link.parent) }
    }

    private mutating func begin(_ root: String) {
      guard written.insert(root).inserted else { return }
      text += root + "\n"
      below(root, "")
    }

    private mutating func below(_ parent: String, _ indent: String) {
      let below = links.filter { $0.parent == parent }
      for (place, link) in below.enumerated() {
        let isLast = place + 1 == below.count
        let isNew = written.insert(link.child).inserted
        text += indent + (isLast ? "└─ " : "├─ ") + link.child
        text += link.calls == 1 ? "  1 call" : "  \(link.calls) calls"
        if link.errors > 0 { text += ", \(link.errors) failed" }
        if !isNew, links.contains(where: { $0.parent == link.child }) { text += ", see above" }
        text += "\n"
        if isNew { self.below(link.child, indent + (isLast ? "   " : "│  ")) }
      }
    }
  }

  @Test("links of any shape are written as they are from memory and from files", arguments: 0..<20)
  func shapes(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let nodes = 2 + Int(random.next() % 60)
    var links: [Link] = []
    for parent in 0..<nodes {
      for child in 0..<nodes where random.next() % UInt64(nodes) < 2 {
        let calls = 1 + UInt32(random.next() % 3)
        links.append(
          Link(parent: "s\(parent + 100)", child: "s\(child + 100)", calls: calls, errors: UInt32(child % 2)))
      }
    }
    let folder = try TemporaryFolder()
    let expected = Outline(links).text
    #expect(Self.text(links) == expected)
    #expect(Self.text(links, in: SpillSpace(folder: folder.path, budget: 1 << 10)) == expected)
  }

  @Test("links of several kinds between the same two are one")
  func kinds() {
    let links = [
      Link(parent: "a", child: "b", calls: 3, errors: 1),
      Link(parent: "a", child: "b", calls: 2, type: .messagingSystem), Link(parent: "a", child: "c"),
    ]
    #expect(Self.text(links) == "a\n├─ b  5 calls, 1 failed\n└─ c  1 call\n")
  }

  @Test("as many links as there may be are written in pieces")
  func many() throws {
    let names = (0..<9_000).map { "s\($0 + 10_000)" }
    let links = names.flatMap {
      [Link(parent: "front", child: $0), Link(parent: $0, child: "t" + $0)]
    }
    let folder = try TemporaryFolder()
    let spilled = Self.text(links, in: SpillSpace(folder: folder.path, budget: 1 << 10))
    #expect(spilled == Self.text(links))
    #expect(spilled.utf8.count { $0 == UInt8(ascii: "\n") } == 18_001)
    #expect(spilled.hasSuffix("└─ s18999  1 call\n   └─ ts18999  1 call\n"))
  }

  @Test("a way down of thousands of nodes is no recursion")
  func deep() {
    let links = (0..<5_000).map { Link(parent: "s\($0 + 10_000)", child: "s\($0 + 10_001)") }
    let text = Self.text(links)
    #expect(text.hasSuffix(String(repeating: "   ", count: 4_999) + "└─ s15000  1 call\n"))
  }
}
