extension Digest {
  /// The most memory that rows of a run may take; with more, the rarest things are no longer told apart.
  ///
  /// With what the spans of a large archive take, this is about `--memory 256M`. It is always the same, since reports do not
  /// depend on memory.
  static let sizeLimit = 112 << 20

  /// The memory of the rows that grow with the number of distinct things, about.
  ///
  /// The sum of what observers say of theirs is never less than this, since rows with equal keys are merged.
  var rowBytes: Int {
    var linked = 0
    for consumer in consumers { linked += consumer.links.count * MemoryLayout<UInt64>.stride }
    return linked + LinkRow.bytes(Set(producers.map(\.link)).count) + OperationRow.bytes(operations.count)
      + CalleeRow.bytes(callees.count)
      + ServiceRow.bytes(services.count) + ResourceRow.bytes(resources.count)
      + EntryPointRow.bytes(entryPoints.count) + DurationBandRow.bytes(durationBands.count)
      + ComponentRow.bytes(components.count) + EntryOperationRow.bytes(entryOperations.count)
      + CallPathNodeRow.bytes(callPaths.count) + TraceClassRow.bytes(traceClasses.count)
      + ClassPartRow.bytes(classParts.count) + PatternRow.bytes(patterns.count) + LinkRow.bytes(links.count)
      + ProducerRow.bytes(producers.count) + ConsumerRow.bytes(consumers.count)
      + ErrorGroupRow.bytes(errorGroups.count) + ErrorEntryRow.bytes(errorEntries.count)
      + ErrorPathRow.bytes(errorPaths.count) + ErrorReachRow.bytes(errorReach.count)
      + ReachRow.bytes(reach.count)
      + SightingRow.bytes(sightings.count) + HostPairRow.bytes(hostPairs.count)
      + EstimateRow.bytes(estimates.count)
  }
}

// Rows with sketches, stretches of time, texts or lists of their own, by what archives full of them took.
extension OperationRow { static var footprint: Int { 700 } }
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
