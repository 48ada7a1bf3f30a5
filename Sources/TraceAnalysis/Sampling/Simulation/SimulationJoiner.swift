import TraceModel

/// Puts the traces of all threads into the order of decisions and gives all names their common numbers.
struct SimulationJoiner {
  let names: SimulationNames
  let traces: SimulationRows<SimulatedTrace>
  let answers: SimulationRows<UInt64>
  let spans: SimulationRows<SimulatedSpan>
  let links: SimulationRows<Int32>

  init(_ parts: [TraceCollector], _ names: SimulationNames, _ space: SpillSpace?) {
    self.names = names
    var rows = JoinedRows(in: space)
    for turn in Self.order(parts, space) {
      rows.append(turn.place & Self.partMask, turn.place >> Self.partBits, of: parts, names)
      if rows.traces.count & 0xfff == 0 {
        rows.leaveMemory()
        for part in parts { part.leaveMemory() }
      }
    }
    traces = SimulationRows(rows.traces)
    answers = SimulationRows(rows.answers)
    spans = SimulationRows(rows.spans)
    links = SimulationRows(rows.links)
  }

  /// A place says in which part a trace is, by its lowest bits.
  private static let partBits = 16
  private static let partMask = 1 << partBits - 1

  private static func order(_ parts: [TraceCollector], _ space: SpillSpace?) -> SimulationRows<TracePlace> {
    TracePlace.sorted(
      parts.indices.lazy.flatMap { part in
        (0..<parts[part].traces.count).lazy.map { place in
          let trace = parts[part].traces[place]
          return TracePlace(time: trace.latestEnd, id: trace.id, place: place << partBits | part)
        }
      }, in: space)
  }
}

/// The rows of all threads.
private struct JoinedRows: ~Copyable {
  var traces = Column<SimulatedTrace>()
  var answers = Column<UInt64>()
  var spans = Column<SimulatedSpan>()
  var links = Column<Int32>()

  init(in space: SpillSpace?) {
    guard let space else { return }
    traces.moveToFile(in: space)
    answers.moveToFile(in: space)
    spans.moveToFile(in: space)
    links.moveToFile(in: space)
  }

  func leaveMemory() {
    traces.leaveMemory()
    answers.leaveMemory()
    spans.leaveMemory()
    links.leaveMemory()
  }

  mutating func append(_ part: Int, _ place: Int, of parts: [TraceCollector], _ names: SimulationNames) {
    let own = parts[part]
    var trace = own.traces[place]
    answers.append(contentsOf: own.answers.elements(from: trace.answers, count: own.words))
    trace.answers = answers.count - own.words
    let number = UInt32(truncatingIfNeeded: traces.count)
    let first = spans.count
    for place in trace.spanStart..<trace.spanStart + Int(trace.spanCount) {
      var span = own.spans[place]
      span.operation = names.operationNumbers[part][Int(span.operation)]
      span.traceAndError |= number
      spans.append(span)
    }
    trace.spanStart = first
    let firstLink = links.count
    for place in trace.linkStart..<trace.linkStart + Int(trace.linkCount) {
      links.append(names.linkNumbers[part][Int(own.links[place])])
    }
    trace.linkStart = firstLink
    trace.entryPoint = names.operationNumbers[part][Int(trace.entryPoint)]
    traces.append(trace)
  }
}
