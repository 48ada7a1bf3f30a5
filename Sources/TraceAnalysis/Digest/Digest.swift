import TraceModel

/// All that the analyses found out about a set of traces: small, mergeable, and independent of the run.
///
/// One worker hands it to the next, one night to the next, many machines to one. Merging is associative and
/// commutative and sums only integers, so the same traces give the same digest however they were dealt out; names are
/// its own and numbered by their texts, rows are ordered by their keys.
package struct Digest: Sendable {
  /// The version of the form it is written in.
  package static let schemaVersion = 1

  /// Every text, as `NameText` has it, ordered by bytes; number 0 is the empty one.
  var names: [String] = [""]
  var totals = DigestTotals()
  var grid = TimeGrid()

  var operations: [OperationRow] = []
  var entryPoints: [EntryPointRow] = []
  var durationBands: [DurationBandRow] = []
  var components: [ComponentRow] = []
  var errorGroups: [ErrorGroupRow] = []
  var traceClasses: [TraceClassRow] = []

  var callees: [CalleeRow] = []
  var classParts: [ClassPartRow] = []
  var calls: [CallRow] = []
  var ownTimes: [OwnTimeRow] = []
  var patterns: [PatternRow] = []
  var services: [ServiceRow] = []
  var resources: [ResourceRow] = []
  var componentBands: [ComponentBandRow] = []
  var entryOperations: [EntryOperationRow] = []
  var callPaths: [CallPathNodeRow] = []
  var series: [SeriesRow] = []
  var errorEntries: [ErrorEntryRow] = []
  var errorPaths: [ErrorPathRow] = []
  var reach: [ReachRow] = []
  var errorReach: [ErrorReachRow] = []
  var links: [LinkRow] = []
  var producers: [ProducerRow] = []
  var consumers: [ConsumerRow] = []
  var warnings: [WarningRow] = []
  var traces: [TraceRow] = []
  var sightings: [SightingRow] = []
  var hostPairs: [HostPairRow] = []
  var probes: [ProbeRow] = []
  var whatIfs: [WhatIfRow] = []
  var attributes: [AttributeRow] = []
  var estimates: [EstimateRow] = []

  /// Makes a digest of nothing.
  package init() {}

  /// Shows every table in the order in which they are written. Tables that others refer to come first.
  mutating func visitTables<Visitor: TableVisitor>(_ visitor: inout Visitor) {
    visitor.table("operations", &operations)
    visitor.table("entryPoints", &entryPoints)
    visitor.table("durationBands", &durationBands)
    visitor.table("components", &components)
    visitor.table("errorGroups", &errorGroups)
    visitor.table("traceClasses", &traceClasses)
    visitor.table("callees", &callees)
    visitor.table("classParts", &classParts)
    visitor.table("calls", &calls)
    visitor.table("ownTimes", &ownTimes)
    visitor.table("patterns", &patterns)
    visitor.table("services", &services)
    visitor.table("resources", &resources)
    visitor.table("componentBands", &componentBands)
    visitor.table("entryOperations", &entryOperations)
    visitor.table("callPaths", &callPaths)
    visitor.table("series", &series)
    visitor.table("errorEntries", &errorEntries)
    visitor.table("errorPaths", &errorPaths)
    visitor.table("reach", &reach)
    visitor.table("errorReach", &errorReach)
    visitor.table("links", &links)
    visitor.table("producers", &producers)
    visitor.table("consumers", &consumers)
    visitor.table("warnings", &warnings)
    visitor.table("traces", &traces)
    visitor.table("sightings", &sightings)
    visitor.table("hostPairs", &hostPairs)
    visitor.table("probes", &probes)
    visitor.table("whatIfs", &whatIfs)
    visitor.table("attributes", &attributes)
    visitor.table("estimates", &estimates)
  }

  /// The number of rows of a table that others refer to.
  func count(of table: ReferenceTable) -> Int {
    switch table {
    case .operations: operations.count
    case .entryPoints: entryPoints.count
    case .durationBands: durationBands.count
    case .components: components.count
    case .errorGroups: errorGroups.count
    case .traceClasses: traceClasses.count
    }
  }

  func name(_ symbol: Symbol) -> String { names[Int(symbol.index)] }
}
