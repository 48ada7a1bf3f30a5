import TraceModel

/// Where the time of each entry point's requests goes, by duration band, service, operation and call path.
///
/// Critical-path times of a request add up to its duration, so every table made of them does. Figures are kept per
/// duration band, so that typical and slow requests can be told apart after merging.
struct LatencyAnalysis: Analysis, ~Copyable {
  private struct Entry: BitwiseCopyable {
    var durations = DurationTally()
    var errors = 0
    var incomplete = 0
    var healthy = 0
    var failed = 0
  }

  private struct Band: BitwiseCopyable {
    var count = 0
    var errors = 0
    var sum: Int64 = 0
    var squares: UInt128 = 0
    var typical = Exemplar()
  }

  /// A service, the gap of its calls to another one, or an operation in the requests of one entry point. `current` is its time in the trace at hand.
  private struct Part: BitwiseCopyable {
    var times = DurationTally()
    var worst = Exemplar()
    var current: Int64 = 0
    var currentSpan = SpanID.absent
    var currentLongest: Int64 = 0
  }

  private struct PartBand: BitwiseCopyable {
    var count = 0
    var sum: Int64 = 0
    var squares: UInt128 = 0
    var products: UInt128 = 0
  }

  private var entries = Column<Entry>()
  private var entryHistograms = Histograms()
  private var slowest = Column<Exemplar>()
  private var failing = Column<Exemplar>()
  private var series = SeriesCounter()
  private var bandIndex = KeyIndex()
  private var bands = Column<Band>()
  private var componentIndex = KeyIndex()
  private var components = Column<Part>()
  private var componentHistograms = Histograms(joining: 2)
  private var componentBands = BucketCells(empty: PartBand(), step: 4)
  private var operationIndex = KeyIndex()
  private var operations = Column<Part>()
  private var paths = CallPathForest()
  private var probes = BottomSample(size: ProbeRow.bandSize)
  // The trace at hand.
  private var nodeOfSpan = Column<Int32>()
  private var touchedComponents = Column<Int32>()
  private var touchedOperations = Column<Int32>()

  init() {}

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    while entries.count < seen.entryPoints.count {
      entries.append(Entry())
      for _ in 0..<EntryPointRow.examples {
        slowest.append(Exemplar())
        failing.append(Exemplar())
      }
    }
    let entry = seen.entryPoint
    guard seen.isMeasured else {
      entries.mutableElements[entry].incomplete &+= 1
      return
    }
    let band = DurationScale.coarse(DurationScale.bucket(seen.rootTime), by: DurationBandRow.scaleSteps)
    observeRequest(trace, spans, &seen)
    let bandNumber = observeBand(trace, spans, &seen, band)
    walk(spans, &seen, bandNumber, isComplete: trace.isComplete)
    closeComponents(trace, &seen, band)
    closeOperations(trace, &seen)
  }

  private mutating func observeRequest(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed
  ) {
    let root = spans[trace.primaryRoot]
    let entry = entries.mutableElements
    let number = seen.entryPoint
    entry[number].durations.add(seen.rootTime)
    entryHistograms.add(number, seen.rootTime)
    series.add(number, at: root.start.rawValue, length: seen.rootTime, failed: root.isError)
    if root.isError { entry[number].errors &+= 1 }
    if trace.isComplete {
      if seen.errorCount == 0 { entry[number].healthy &+= 1 }
      if root.isError { entry[number].failed &+= 1 }
    }
    let offered = Exemplar(value: seen.rootTime, traceID: trace.id, spanID: root.record.spanID)
    if Self.offer(offered, to: &slowest, number) { seen.wasChosen = true }
    if root.isError, Self.offer(offered, to: &failing, number) { seen.wasChosen = true }
  }

  /// Keeps the best few, best first.
  private static func offer(_ offered: Exemplar, to list: inout Column<Exemplar>, _ number: Int) -> Bool {
    let first = number * EntryPointRow.examples
    var place = first + EntryPointRow.examples - 1
    guard offered.isBetter(than: list[place]) else { return false }
    while place > first, offered.isBetter(than: list[place - 1]) {
      list[place] = list[place - 1]
      place -= 1
    }
    list[place] = offered
    return true
  }

  private mutating func observeBand(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed, _ band: Int
  ) -> Int {
    let number = bandIndex.place(of: UInt64(seen.entryPoint) << 12 | UInt64(band))
    if number == bands.count { bands.append(Band()) }
    let bands = self.bands.mutableElements
    let root = spans[trace.primaryRoot]
    probes.add(number, trace.id)
    bands[number].count &+= 1
    bands[number].errors &+= root.isError ? 1 : 0
    bands[number].sum = bands[number].sum.saturatingSum(seen.rootTime)
    bands[number].squares &+= Self.product(seen.rootTime, seen.rootTime)
    let isGood = seen.errorCount == 0 && trace.isComplete
    if bands[number].typical.offer(isGood ? 1 : 0, trace.id, root.record.spanID) { seen.wasChosen = true }
    return number
  }

  /// Walks the primary root's tree and books critical-path times on call paths, operations and components.
  private mutating func walk(
    _ spans: Span<TraceSpan>, _ seen: inout Observed, _ band: Int, isComplete: Bool
  ) {
    nodeOfSpan.removeAll()
    touchedComponents.removeAll()
    touchedOperations.removeAll()
    let first = seen.primary.lowerBound
    let depth = seen.distinctions.depth
    for place in seen.primary {
      if seen.isOver(place, rowBytes) { break }
      // What lies deeper than call paths are told apart is booked on the span at that depth.
      let isDeep = spans[place].depth >= depth
      let operation = seen.operation[place]
      let parent = Int(spans[place].parent)
      let above = parent < 0 ? -1 : nodeOfSpan[parent &- first]
      let number =
        parent < 0
        ? paths.root(of: band, operation) : isDeep ? Int(above) : paths.child(of: above, operation)
      nodeOfSpan.append(Int32(truncatingIfNeeded: number))
      let node = paths.nodes.mutableElements
      node[number].count &+= 1
      if isComplete && !isDeep {
        node[number].healthy &+= spans[place].isError ? 0 : 1
        node[number].calls &+= parent < 0 || spans[parent].isError ? 0 : 1
      }
      let time = spans[place].criticalPathTime.rawValue
      guard time > 0 else { continue }
      node[number].own = node[number].own.saturatingSum(time)
      let callee = seen.soleCallee(spans, place)
      // A path has one operation and service, so they are looked up once; what is too deep is looked up each time.
      if node[number].component < 0 || node[number].callee != callee || isDeep {
        node[number].operationPart = self.operation(seen.entryPoint, operation)
        node[number].component = component(seen.entryPoint, seen.service[place], -1)
        node[number].callee = callee
        if callee >= 0 { node[number].gap = component(seen.entryPoint, seen.service[place], callee) }
      }
      let id = spans[place].record.spanID
      book(time, id, component: node[number].component)
      if callee >= 0 { book(time, id, component: node[number].gap) }
      if Self.book(time, id, operations.mutableElements, node[number].operationPart) {
        touchedOperations.append(node[number].operationPart)
      }
      // The next span of this node may be another one.
      if isDeep { node[number].component = -1 }
    }
  }

  @inline(__always)
  private mutating func book(_ time: Int64, _ span: SpanID, component: Int32) {
    guard Self.book(time, span, components.mutableElements, component) else { return }
    touchedComponents.append(component)
    componentBands.prefetchWindow(Int(component))
  }

  /// Adds to a part's time in the trace at hand; true when it is the first.
  @inline(__always)
  private static func book(
    _ time: Int64, _ span: SpanID, _ parts: UnsafeMutableBufferPointer<Part>, _ number: Int32
  ) -> Bool {
    let place = Int(number)
    let isFirst = parts[place].current == 0
    parts[place].current = parts[place].current.saturatingSum(time)
    if time > parts[place].currentLongest {
      parts[place].currentLongest = time
      parts[place].currentSpan = span
    }
    return isFirst
  }

  private mutating func operation(_ entry: Int, _ operation: Int32) -> Int32 {
    let number = operationIndex.place(of: UInt64(entry) << 32 | UInt64(operation))
    if number == operations.count { operations.append(Part()) }
    return Int32(truncatingIfNeeded: number)
  }

  private mutating func component(_ entry: Int, _ service: Int32, _ callee: Int32) -> Int32 {
    let number = componentIndex.place(
      of: UInt64(entry) << 41 | UInt64(service) << 21 | UInt64(callee &+ 1))
    if number == components.count { components.append(Part()) }
    return Int32(truncatingIfNeeded: number)
  }

  private mutating func closeComponents(_ trace: Trace, _ seen: inout Observed, _ band: Int) {
    for index in 0..<touchedComponents.count {
      componentBands.prefetchCell(Int(touchedComponents[index]), band)
    }
    let parts = components.mutableElements
    for index in 0..<touchedComponents.count {
      let number = Int(touchedComponents[index])
      let time = parts[number].current
      componentHistograms.add(number, time)
      if Self.close(&parts[number], trace.id) { seen.wasChosen = true }
      componentBands.update(number, band) {
        $0.count &+= 1
        $0.sum = $0.sum.saturatingSum(time)
        $0.squares &+= Self.product(time, time)
        $0.products &+= Self.product(time, seen.rootTime)
      }
    }
  }

  private mutating func closeOperations(_ trace: Trace, _ seen: inout Observed) {
    let parts = operations.mutableElements
    for index in 0..<touchedOperations.count {
      if Self.close(&parts[Int(touchedOperations[index])], trace.id) { seen.wasChosen = true }
    }
  }

  @inline(__always)
  private static func close(_ part: inout Part, _ trace: TraceID) -> Bool {
    part.times.add(part.current)
    let chosen = part.worst.offer(part.current, trace, part.currentSpan)
    part.current = 0
    part.currentLongest = 0
    return chosen
  }

  /// Lengths beyond 13 days are held there, so that sums of products cannot overflow.
  @inline(__always)
  private static func product(_ left: Int64, _ right: Int64) -> UInt128 {
    UInt128(UInt64(min(left, 1 << 50))) &* UInt128(UInt64(min(right, 1 << 50)))
  }
}

extension LatencyAnalysis {
  var rowBytes: Int {
    EntryPointRow.bytes(entries.count) + DurationBandRow.bytes(bands.count)
      + ComponentRow.bytes(components.count)
      + EntryOperationRow.bytes(operations.count) + CallPathNodeRow.bytes(paths.nodes.count)
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    reportEntries(to: &digest)
    reportComponents(to: &digest, &seen)
    for number in 0..<operationIndex.count where operations[number].times.count > 0 {
      var row = EntryOperationRow()
      row.entryPoint = Int32(truncatingIfNeeded: operationIndex.keys[number] >> 32)
      row.operation = Int32(truncatingIfNeeded: operationIndex.keys[number])
      row.count = operations[number].times.count
      row.sum = operations[number].times.sum
      row.worst = operations[number].worst
      digest.entryOperations.append(row)
    }
    digest.callPaths.reserveCapacity(paths.nodes.count)
    for number in 0..<paths.nodes.count {
      var row = CallPathNodeRow()
      row.parent = paths.nodes[number].parent
      row.operation = paths.nodes[number].operation
      row.count = paths.nodes[number].count
      row.own = paths.nodes[number].own
      digest.callPaths.append(row)
    }
    reportCalls(to: &digest)
    series.report(to: &digest, .entryPoint) { Int32($0) }
  }

  /// One row for each call, which is on many paths.
  private func reportCalls(to digest: inout Digest) {
    var index = KeyIndex()
    var rows: [CallRow] = []
    for number in 0..<paths.nodes.count {
      let node = paths.nodes[number]
      Self.count(node.healthy, node.operation, calledBy: -1, &index, &rows)
      if node.parent >= 0 {
        let caller = paths.nodes[Int(node.parent)].operation
        Self.count(node.calls, node.operation, calledBy: caller, &index, &rows)
      }
    }
    digest.calls = rows
  }

  /// - `caller`: −1 for the spans of an operation themselves.
  private static func count(
    _ count: Int, _ operation: Int32, calledBy caller: Int32, _ index: inout KeyIndex, _ rows: inout [CallRow]
  ) {
    guard count > 0 else { return }
    let place = index.place(
      of: UInt64(UInt32(bitPattern: operation)) << 32 | UInt64(UInt32(bitPattern: caller)))
    if place == rows.count {
      var row = CallRow()
      row.isSelf = caller < 0
      row.parent = row.isSelf ? operation : caller
      row.child = operation
      rows.append(row)
    }
    rows[place].count += count
  }

  private mutating func reportEntries(to digest: inout Digest) {
    let reader = entryHistograms.reader()
    for number in 0..<entries.count {
      let entry = entries[number]
      digest.entryPoints[number].errors = entry.errors
      digest.entryPoints[number].incomplete = entry.incomplete
      digest.entryPoints[number].durations = entryHistograms.sketch(entry.durations, number, reader)
      digest.entryPoints[number].healthy = entry.healthy
      digest.entryPoints[number].failed = entry.failed
      for place in number * EntryPointRow.examples..<(number + 1) * EntryPointRow.examples {
        if !slowest[place].isAbsent { digest.entryPoints[number].slowest.append(slowest[place]) }
        if !failing[place].isAbsent { digest.entryPoints[number].failing.append(failing[place]) }
      }
    }
    for number in 0..<bandIndex.count {
      var row = DurationBandRow()
      row.entryPoint = Int32(truncatingIfNeeded: bandIndex.keys[number] >> 12)
      row.band = Int(bandIndex.keys[number] & 4095)
      row.count = bands[number].count
      row.errors = bands[number].errors
      row.sum = bands[number].sum
      row.squares = bands[number].squares
      row.typical = bands[number].typical
      digest.durationBands.append(row)
      var probe = ProbeRow()
      probe.place = Int32(number)
      probe.traces = probes.traces(number)
      digest.probes.append(probe)
    }
  }

  private func add(_ component: Int, _ band: Int, _ part: PartBand, to digest: inout Digest) {
    guard part.count > 0 else { return }
    var row = ComponentBandRow()
    row.component = Int32(component)
    row.band = band
    row.count = part.count
    row.sum = part.sum
    row.squares = part.squares
    row.products = part.products
    digest.componentBands.append(row)
  }

  private mutating func reportComponents(to digest: inout Digest, _ seen: inout Observed) {
    let reader = componentHistograms.reader()
    for number in 0..<componentIndex.count {
      let key = componentIndex.keys[number]
      var row = ComponentRow()
      row.entryPoint = Int32(truncatingIfNeeded: key >> 41)
      row.service = seen.serviceName(Int32(truncatingIfNeeded: key >> 21 & 0xfffff))
      let callee = Int32(truncatingIfNeeded: key & 0x1fffff) - 1
      row.callee = callee < 0 ? .empty : seen.serviceName(callee)
      row.times = componentHistograms.sketch(components[number].times, number, reader)
      row.worst = components[number].worst
      digest.components.append(row)
    }
    for number in 0..<componentIndex.count {
      componentBands.forEach(number) { add(number, $0, $1, to: &digest) }
    }
    componentBands.forEachOutside { add($0, $1, $2, to: &digest) }
  }
}
