import TraceModel

extension Digest {
  /// The most memory that rows of a run may take; with more, the rarest things are no longer told apart.
  ///
  /// With what the spans of a large archive take, this is about `--memory 256M`. It is always the same, since reports do not
  /// depend on memory.
  static let sizeLimit = 112 << 20

  /// The memory of the rows that grow with the number of distinct things, about.
  ///
  /// What one observer says of its rows is never more, since equal keys are one row however many observers met them.
  package var rowBytes: Int {
    var counter = RowCounter(names: SymbolUse(isUsed: Array(repeating: false, count: names.count)))
    // Nothing is changed, so nothing is copied.
    var digest = self
    digest.visitTables(&counter)
    var bytes = counter.bytes + LinkRow.bytes(Set(producers.map(\.link)).count)
    for consumer in consumers { bytes += consumer.links.count * MemoryLayout<UInt64>.stride }
    for (name, isUsed) in zip(names, counter.names.isUsed) where isUsed {
      bytes += Self.bytes(ofName: name.utf8.count)
    }
    return bytes
  }

  /// The memory that a name of such a length takes, about: itself, and where it is shown.
  static func bytes(ofName length: Int) -> Int { 4 * min(length, NameText.longest) }
}

/// Adds up the memory of all rows, and finds out which names they tell things by.
private struct RowCounter: TableVisitor {
  var bytes = 0
  var names: SymbolUse

  mutating func table<Row: DigestRow>(_ name: String, _ rows: inout [Row]) {
    guard Row.footprint > 0 else { return }
    bytes += Row.bytes(rows.count)
    for row in rows {
      var row = row.withoutExamples
      row.visit(&names)
    }
  }
}

// Rows with sketches, stretches of time, texts or lists of their own, by what archives full of them took.
extension OperationRow { static var footprint: Int { 900 } }
extension EntryPointRow { static var footprint: Int { 1_000 } }
extension ComponentRow { static var footprint: Int { 700 } }
extension ServiceRow { static var footprint: Int { 4_000 } }
extension LinkRow { static var footprint: Int { 1_000 } }
extension ErrorGroupRow { static var footprint: Int { 2_500 } }
extension ErrorPathRow { static var footprint: Int { 300 } }
extension ErrorReachRow { static var footprint: Int { 150 } }
extension TraceClassRow { static var footprint: Int { 200 } }
extension PatternRow { static var footprint: Int { 300 } }
extension ResourceRow { static var footprint: Int { 1_000 } }
extension HostPairRow { static var footprint: Int { 1_000 } }
extension EstimateRow { static var footprint: Int { 700 } }
// The node that a row of a call path is made of is larger than the row.
extension CallPathNodeRow { static var footprint: Int { 64 } }
extension ProducerRow { static var footprint: Int { 100 } }
extension ConsumerRow { static var footprint: Int { 100 } }
// Few, or counted with what they belong to.
extension CallRow { static var footprint: Int { 0 } }
extension OwnTimeRow { static var footprint: Int { 0 } }
extension ComponentBandRow { static var footprint: Int { 0 } }
extension WarningRow { static var footprint: Int { 0 } }
// How many there are depends on how traces were dealt out until all are merged.
extension SeriesRow { static var footprint: Int { 0 } }
extension TraceRow { static var footprint: Int { 0 } }
// About a sample, which is bounded.
extension ProbeRow { static var footprint: Int { 0 } }
extension WhatIfRow { static var footprint: Int { 0 } }
extension AttributeRow { static var footprint: Int { 0 } }
