import TestSupport
import Testing
import TraceAnalysis
import TraceModel

@testable import TraceReport

/// Slow against typical requests, and one trace against typical ones.
@Suite("Differences")
struct DifferenceTests {
  private func row(_ parent: Int, _ name: String, typical: Int64, slow: Int64) -> CallPathRow {
    var row = CallPathRow()
    row.parent = parent
    row.service = name
    row.count = 10
    row.typicalMean = Nanoseconds(typical)
    row.slowMean = Nanoseconds(slow)
    return row
  }

  @Test("what call paths add on their own makes up the whole difference, and boxes lie within those above")
  func tree() {
    let tree = DifferenceTree([
      row(-1, "a", typical: 100, slow: 250), row(0, "b", typical: 40, slow: 180),
      row(1, "c", typical: 30, slow: 20),
      row(0, "d", typical: 20, slow: 30), row(3, "e", typical: 0, slow: 10),
    ])
    #expect(tree.nodes.map(\.ownAdded) == [0, 150, -10, 0, 10])
    #expect(tree.nodes.reduce(0) { $0 + $1.ownAdded } == tree.slow - tree.typical)
    #expect(tree.nodes.map(\.start) == [0, 0, 0, 180, 180])
  }

  @Test("own parts add up, here to the trace's critical path and else to the typical request")
  func trace() throws {
    let fixture = TraceFixture.failedOrder
    let view = TraceView(fixture.trace, store: fixture.store, palette: ServicePalette(services: []))
    var entry = EntryPointResult()
    entry.latency.count = 10
    entry.typical.count = 4
    let root = fixture.trace.spans[fixture.trace.primaryRoot]
    var top = row(-1, fixture.store.symbols.text(root.service), typical: 100, slow: 0)
    top.operation = fixture.store.symbols.text(root.record.name)
    top.kind = root.record.kind
    entry.callPaths = [top, row(0, "somewhere else", typical: 70, slow: 0)]
    let difference = TypicalDifference(view, entry, most: .max)
    let places = fixture.trace.primaryRoot..<Int(root.subtreeEnd)
    let here = places.reduce(Nanoseconds.zero) { $0 + fixture.trace.spans[$1].criticalPathTime }
    #expect(difference.parts.reduce(Nanoseconds.zero) { $0 + $1.here } == here)
    #expect(difference.parts.reduce(Nanoseconds.zero) { $0 + $1.usual } == Nanoseconds(100))
    #expect(difference.parts.reduce(0) { $0 + $1.calls } == places.count)
    let elsewhere = try #require(difference.parts.first { $0.service == "somewhere else" })
    #expect(elsewhere.usual == Nanoseconds(70) && elsewhere.calls == 0 && elsewhere.place == nil)
    let own = try #require(difference.parts.first { $0.place == fixture.trace.primaryRoot })
    #expect(own.usual == Nanoseconds(30) && own.usualCalls == 1_000)
  }

  @Test("a logarithmic axis gives back the value of a place")
  func axis() {
    let scale = LogScale(least: 1_000_000, most: 700_000_000)
    for value: UInt64 in [1_000_000, 3_456_789, 50_000_000, 600_000_000] {
      let back = Double(scale.value(scale.fraction(value)))
      #expect(abs(back / Double(value) - 1) < 1e-6)
    }
  }
}
