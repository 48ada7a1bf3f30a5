import TraceModel

/// What the spans of sampled archives stand for, by entry point, service, operation and call.
///
/// Traces of unknown weight are counted and left out. Where no archive says anything of its sampling, a trace costs a
/// look at its root and at the trace states of its spans.
struct WeightAnalysis: ~Copyable {
  private struct Cell: BitwiseCopyable {
    var sums = EstimateRow.Sums()
    // What the trace at hand has added so far.
    var items: Int32 = 0
    var errors: Int32 = 0
    var weight = 0.0
    var errorWeight = 0.0
  }

  private struct Band: BitwiseCopyable {
    var count = 0
    var weight = FixedSum()
    var spread = FixedSum()
  }

  /// Traces of one scheme.
  private struct Scheme: BitwiseCopyable {
    var traces = 0
    var failed = 0
    var inconsistent = 0
  }

  private var reader: ArrivedWeight
  private var schemes = [Scheme](repeating: Scheme(), count: WeightScheme.allCases.count)
  private let samplers: [(rule: HeadSampler.Rule, sampler: HeadSampler)]
  private let ratio: Double
  private var auditKept: [Int]
  private var index = KeyIndex()
  private var cells = Column<Cell>()
  private var bands = BucketCells<Band>(empty: Band(), step: 16)
  private var links = KeyIndex()
  private var touched = Column<Int32>()
  private var weight = Double.nan

  init(_ store: SpanStore, _ declaration: SamplingDeclaration) {
    reader = ArrivedWeight(store, declaration)
    ratio = declaration.ratio ?? 0
    samplers = declaration.ratio.map(HeadSampler.audited) ?? []
    auditKept = Array(repeating: 0, count: samplers.count)
  }

  /// Looks at a new trace before all analyses, so that they can note what is to be weighed.
  mutating func begin(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    let root = trace.primaryRoot
    let (weight, scheme) = reader.weight(of: spans[root], in: trace)
    self.weight = weight
    seen.weighs = !weight.isNaN
    let number = scheme.number
    schemes[number].traces += 1
    if spans[root].isError { schemes[number].failed += 1 }
    for place in 0..<spans.count where spans[place].record.presence.contains(.traceState) {
      if reader.isInconsistent(spans[place], in: trace) {
        schemes[number].inconsistent += 1
        break
      }
    }
    for place in samplers.indices where samplers[place].sampler.keeps(trace.id) { auditKept[place] += 1 }
  }

  /// Adds up a trace of known weight, after all analyses.
  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    guard seen.weighs else { return }
    let root = trace.primaryRoot
    let length = seen.isMeasured ? spans[root].duration.rawValue : -1
    add(.everything, 0, weight, failed: spans[root].isError, length)
    add(.entryPoint, UInt64(seen.entryPoint), weight, failed: spans[root].isError, length)
    for place in 0..<spans.count {
      let own = weight(of: spans[place], in: trace)
      let failed = spans[place].isError
      add(.operation, UInt64(seen.operation[place]), own, failed: failed, -1)
      if spans[place].isRoot || seen.marks[place].contains(.isEntry) {
        add(.service, UInt64(seen.service[place]), own, failed: failed, spans[place].duration.rawValue)
      }
    }
    for place in 0..<seen.calls.count {
      let call = seen.calls[place]
      // Both ends are kept together: as often as the one with the larger threshold.
      var own = weight(of: spans[Int(call.place)], in: trace)
      if call.caller >= 0 { own = max(own, weight(of: spans[Int(call.caller)], in: trace)) }
      let link = links.place(of: call.key)
      add(.link, UInt64(link), own, failed: call.failed, -1)
    }
    seen.calls.removeAll()
    finishTrace()
  }

  /// A span's own weight; where it says none, that of its trace.
  private mutating func weight(of span: TraceSpan, in trace: Trace) -> Double {
    let own = reader.ownWeight(of: span, in: trace)
    return own.isNaN ? weight : own
  }

  private mutating func add(
    _ scope: EstimateRow.Scope, _ number: UInt64, _ weight: Double, failed: Bool, _ length: Int64
  ) {
    let place = index.place(of: UInt64(scope.rawValue) << 56 | number)
    if place == cells.count { cells.append(Cell()) }
    if cells[place].items == 0 { touched.append(Int32(truncatingIfNeeded: place)) }
    cells[place].items &+= 1
    cells[place].weight += weight
    if failed {
      cells[place].errors &+= 1
      cells[place].errorWeight += weight
    }
    guard length >= 0 else { return }
    cells[place].sums.least = min(cells[place].sums.least, length)
    cells[place].sums.greatest = max(cells[place].sums.greatest, length)
    bands.update(place, DurationScale.bucket(length)) { band in
      band.count &+= 1
      band.weight.add(weight)
      band.spread.add(weight * (weight - 1))
    }
  }

  /// Takes the sums of the trace at hand into those of all traces.
  private mutating func finishTrace() {
    for turn in 0..<touched.count {
      let place = Int(touched[turn])
      var cell = cells[place]
      let (items, errors) = (Double(cell.items), Double(cell.errors))
      cell.sums.traces += 1
      cell.sums.items += Int(cell.items)
      cell.sums.errors += Int(cell.errors)
      cell.sums.weight.add(cell.weight)
      cell.sums.errorWeight.add(cell.errorWeight)
      cell.sums.variance.add(cell.weight * (cell.weight - items))
      cell.sums.errorVariance.add(cell.errorWeight * (cell.errorWeight - errors))
      cell.sums.covariance.add(
        cell.errorWeight * cell.weight - (errors * cell.weight + items * cell.errorWeight) / 2)
      let mean = cell.weight / items
      cell.sums.traceWeight.add(mean)
      cell.sums.traceSquares.add(mean * mean)
      (cell.items, cell.errors, cell.weight, cell.errorWeight) = (0, 0, 0, 0)
      cells[place] = cell
    }
    touched.removeAll()
  }

  /// As for an `Analysis`.
  var rowBytes: Int { EstimateRow.bytes(cells.count) }

  // MARK: Report

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    for (number, scheme) in schemes.enumerated() where scheme.traces > 0 {
      var row = EstimateRow()
      row.third = number
      row.sums.traces = scheme.traces
      row.sums.errors = scheme.failed
      row.inconsistent = scheme.inconsistent
      digest.estimates.append(row)
    }
    let all = schemes.reduce(0) { $0 + $1.traces }
    for (place, kept) in auditKept.enumerated() where all > 0 {
      var row = EstimateRow()
      row.scope = .audit
      row.third = samplers[place].rule.number
      row.sums.traces = all
      row.sums.items = kept
      row.sums.traceWeight.add(ratio * Double(all))
      digest.estimates.append(row)
    }
    var outside: [Int: [EstimateRow.Band]] = [:]
    bands.forEachOutside { outside[$0, default: []].append(Self.band($1, $2)) }
    for place in 0..<cells.count {
      var row = row(index.keys[place], seen)
      row.sums = cells[place].sums
      var own: [EstimateRow.Band] = outside[place] ?? []
      bands.forEach(place) { if $1.count > 0 { own.append(Self.band($0, $1)) } }
      row.bands = EstimateRow.joined(own)
      digest.estimates.append(row)
    }
  }

  private static func band(_ bucket: Int, _ band: Band) -> EstimateRow.Band {
    EstimateRow.Band(bucket: bucket, count: band.count, weight: band.weight, spread: band.spread)
  }

  /// An empty row about what a key stands for.
  private func row(_ key: UInt64, _ seen: borrowing Observed) -> EstimateRow {
    var row = EstimateRow()
    row.scope = EstimateRow.Scope(rawValue: Int(key >> 56)) ?? .everything
    let number = Int(key & 0xff_ffff_ffff_ffff)
    switch row.scope {
    case .entryPoint:
      row.first = seen.serviceName(seen.entryPoints[number].service)
      row.second = seen.entryPoints[number].operation
    case .service: row.first = seen.services[number]
    case .operation:
      let operation = seen.operations[number]
      row.first = seen.serviceName(operation.service)
      row.second = operation.name
      row.third = Int(operation.kind.rawValue)
    case .link:
      let link = links.keys[number]
      row.first = Symbol(UInt32(link >> 33))
      row.second = Symbol(UInt32(link >> 2 & 0x7fff_ffff))
      row.third = Int(link & 3)
    case .scheme, .everything, .audit: break
    }
    return row
  }
}

/// A call that is to be weighed.
struct WeighedCall: BitwiseCopyable {
  /// Caller, callee and type, as `DependencyAnalysis` numbers links.
  var key: UInt64
  /// The place of the called span, or of the lone caller.
  var place: Int32
  /// The place of the calling span; −1 when there is none.
  var caller: Int32
  var failed: Bool
}
