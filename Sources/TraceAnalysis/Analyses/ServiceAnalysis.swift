import TraceModel

/// The requests each service answered: its root spans, and those called from elsewhere (dependencies, rule 2.1).
struct ServiceAnalysis: Analysis, ~Copyable {
  private struct Cell: BitwiseCopyable {
    var traces = 0
    var roots = 0
    var requests = DurationTally()
    var errors = 0
    var slowest = Exemplar()
    var failing = Exemplar()
  }

  /// What one process or pod did.
  private struct Own: BitwiseCopyable {
    /// The place of the resource.
    var place: Int
    var version: Symbol
    var instance: Symbol
    var spans = 0
    var requests = 0
    var time: Int64 = 0
    var squares: UInt128 = 0
    var slowest = Exemplar()
  }

  private var cells = Column<Cell>()
  private var histograms = Histograms()
  private var series = SeriesCounter()
  /// By the places of resources; 0 for those that were not met yet. Hardly takes memory where none was.
  private var numberOfResource = Column<UInt32>()
  /// Those that were met, by their numbers less 1.
  private var resources = Column<Own>()

  /// The number of resources that were met.
  var resourceCount: Int { resources.count }

  init() {}

  /// Makes a row for each service that was numbered.
  mutating func makeCells(_ seen: borrowing Observed) {
    while cells.count < seen.services.count { cells.append(Cell()) }
  }

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    makeCells(seen)
    if numberOfResource.count == 0 { numberOfResource = Column(zeroes: seen.store.resources.count) }
    let cells = self.cells.mutableElements
    for index in 0..<seen.reached.count { cells[Int(seen.reached[index])].traces &+= 1 }
    for place in 0..<spans.count {
      prefetch(spans, place &+ Observed.spansAhead, seen)
      let resource = number(ofResource: Int(spans[place].record.resource), &seen)
      let resources = self.resources.mutableElements
      let selfTime = spans[place].selfTime.rawValue / 1_000
      resources[resource].spans &+= 1
      resources[resource].time = resources[resource].time.saturatingSum(selfTime)
      resources[resource].squares &+= UInt128(selfTime.magnitude) &* UInt128(selfTime.magnitude)
      let isRoot = spans[place].isRoot
      guard isRoot || seen.marks[place].contains(.isEntry) else { continue }
      let service = Int(seen.service[place])
      let length = spans[place].duration.rawValue
      let failed = spans[place].isError
      resources[resource].requests &+= 1
      if resources[resource].slowest.offer(length, trace.id, spans[place].record.spanID) {
        seen.wasChosen = true
      }
      cells[service].roots &+= isRoot ? 1 : 0
      cells[service].requests.add(length)
      histograms.add(service, length)
      series.add(service, at: spans[place].start.rawValue, length: length, failed: failed)
      if cells[service].slowest.offer(length, trace.id, spans[place].record.spanID) { seen.wasChosen = true }
      if failed {
        cells[service].errors &+= 1
        if cells[service].failing.offer(length, trace.id, spans[place].record.spanID) {
          seen.wasChosen = true
        }
      }
    }
  }

  /// Asks for what is kept about a span's resource and its service's requests, without waiting for it.
  @inline(__always)
  private func prefetch(_ spans: Span<TraceSpan>, _ place: Int, _ seen: borrowing Observed) {
    guard place < spans.count else { return }
    resources.prefetch(Int(numberOfResource[Int(spans[place].record.resource)]) &- 1)
    guard spans[place].isRoot || seen.marks[place].contains(.isEntry) else { return }
    series.prefetch(Int(seen.service[place]), at: spans[place].start.rawValue, failed: spans[place].isError)
  }

  @inline(__always)
  private mutating func number(ofResource place: Int, _ seen: inout Observed) -> Int {
    let known = numberOfResource[place]
    return known > 0 ? Int(known) &- 1 : addResource(place, &seen)
  }

  @inline(never)
  private mutating func addResource(_ place: Int, _ seen: inout Observed) -> Int {
    let (version, instance) = Self.instance(
      of: seen.store.resource(at: UInt32(truncatingIfNeeded: place)), &seen)
    seen.note(name: version)
    seen.note(name: instance)
    resources.append(Own(place: place, version: version, instance: instance))
    numberOfResource[place] = UInt32(truncatingIfNeeded: resources.count)
    return resources.count &- 1
  }

  var rowBytes: Int {
    ServiceRow.bytes(cells.count)
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    let reader = histograms.reader()
    for number in 0..<seen.services.count {
      var row = ServiceRow()
      row.service = seen.services[number]
      row.traces = cells[number].traces
      row.roots = cells[number].roots
      row.requests = histograms.sketch(cells[number].requests, number, reader)
      row.requestErrors = cells[number].errors
      row.slowest = cells[number].slowest
      row.failing = cells[number].failing
      digest.services.append(row)
    }
    reportResources(to: &digest, &seen)
    var names: [Symbol] = []
    for number in 0..<seen.services.count { names.append(seen.services[number]) }
    series.report(to: &digest, .service) { Int32(bitPattern: names[$0].index) }
  }

  private func reportResources(to digest: inout Digest, _ seen: inout Observed) {
    for place in 0..<resources.count {
      let resource = seen.store.resource(at: UInt32(truncatingIfNeeded: resources[place].place))
      var row = ResourceRow()
      row.service = resource.serviceName
      row.version = resources[place].version
      row.instance = resources[place].instance
      if !seen.tellsApart(instance: row.instance, version: row.version, of: row.service) {
        row.version = .empty
        row.instance = seen.texts.symbol(Subject.instances.rest)
      }
      if !seen.tellsApart(service: row.service) { row.service = seen.texts.symbol(Subject.services.rest) }
      row.spans = resources[place].spans
      row.requests = resources[place].requests
      row.ownTime = resources[place].time
      row.ownSquares = resources[place].squares
      row.slowest = resources[place].slowest
      digest.resources.append(row)
    }
  }

  private static let versionKeys = [AttributeKey.serviceVersion]
  private static let instanceKeys = [
    "service.instance.id", "k8s.pod.name", "k8s.pod.uid", "container.id", "host.name", "host.id", "hostname",
    "ip",
  ].map(AttributeKey.symbol)

  /// The version and the name of the process or host that a resource tells of.
  static func instance(
    of resource: Resource, _ seen: inout Observed
  ) -> (version: Symbol, instance: Symbol) {
    (text(versionKeys, resource, &seen), text(instanceKeys, resource, &seen))
  }

  private static func text(_ keys: [Symbol], _ resource: Resource, _ seen: inout Observed) -> Symbol {
    let attributes = seen.store.attributes(of: resource)
    for key in keys {
      guard let found = attributes.last(where: { $0.key == key }) else { continue }
      if found.type == .text {
        if found.payload != 0 { return Symbol(found.payload) }
      } else {
        let text = seen.store.value(of: found, table: resource.table).shortText
        if !text.isEmpty { return seen.texts.symbol(text) }
      }
    }
    return .empty
  }
}

extension AttributeValue {
  /// The value in one line.
  var shortText: String {
    switch self {
    case .empty: ""
    case .text(let text), .bytes(let text), .array(let text), .map(let text): text
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .double(let value): String(value)
    }
  }
}
