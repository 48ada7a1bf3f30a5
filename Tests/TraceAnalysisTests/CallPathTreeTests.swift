import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Call paths of an entry point against a dictionary of paths.
@Suite("Trees of call paths")
struct CallPathTreeTests {
  /// What lies on and below each path of an entry point: sums of all rows that begin with it.
  private static func sums(
    _ digest: Digest, _ rows: some Sequence<Int32>, _ value: (Int) -> Int64
  ) -> [[Int32]: Int64] {
    var sums: [[Int32]: Int64] = [:]
    for row in rows {
      var path: [Int32] = []
      var place = row
      while place >= 0 {
        path.insert(digest.callPaths[Int(place)].operation, at: 0)
        place = digest.callPaths[Int(place)].parent
      }
      for length in 1...path.count { sums[Array(path.prefix(length)), default: 0] += value(Int(row)) }
    }
    return sums
  }

  /// The same as the tree has it.
  private static func sums(_ tree: borrowing CallPathTree, _ values: [Int64]) -> [[Int32]: Int64] {
    var sums: [[Int32]: Int64] = [:]
    var open = tree.children(of: -1).map { (node: $0, path: [tree.operations[$0]]) }
    while let (node, path) = open.popLast() {
      #expect(sums[path] == nil, "a path is one node")
      sums[path] = values[node]
      for child in tree.children(of: node) {
        #expect(child > node)
        open.append((child, path + [tree.operations[child]]))
      }
    }
    return sums
  }

  @Test(
    "each path is one node, with what its rows and all below it hold",
    arguments: 1...8 as ClosedRange<UInt64>)
  func paths(seed: UInt64) {
    let store = SpanStore.of(RandomTraces.drafts(seed: seed, traces: 150), readers: 2)
    var digest = Digest(observing: TraceWalk(store, options: AssemblyOptions(), threads: 2))
    // Far more rows than the traces have: the paths of one entry point under another one's bands, too.
    for row in digest.durationBands.indices where seed % 2 == 0 { digest.durationBands[row].entryPoint = 0 }
    let rows = CallPathRows(digest)
    var seen = 0
    for entry in digest.entryPoints.indices {
      let own = rows.rows(of: entry)
      #expect(own.elementsEqual(own.sorted()))
      #expect(own.allSatisfy { digest.durationBands[rows.band(of: Int($0))].entryPoint == entry })
      seen += own.count
      let tree = CallPathTree(own, of: digest.callPaths)
      for value in [{ digest.callPaths[$0].own }, { Int64(digest.callPaths[$0].count) }] {
        let naive = Self.sums(digest, own, value)
        #expect(tree.count == naive.count)
        #expect(Self.sums(tree, tree.sums(value)) == naive)
      }
    }
    #expect(seen == digest.callPaths.count && seen > 100)
  }

  @Test("no rows make no tree")
  func empty() {
    let tree = CallPathTree([], of: [])
    #expect(tree.count == 0 && tree.children(of: -1).isEmpty && tree.sums { _ in 1 }.isEmpty)
  }
}
