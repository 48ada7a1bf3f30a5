import TraceModel

/// Puts the traces of all threads into the order of decisions and gives all names their common numbers.
struct SimulationJoiner {
  let names: SimulationNames
  let traces: StoredRows<SimulatedTrace>
  let answers: StoredRows<UInt64>
  let spans: StoredRows<SimulatedSpan>
  let links: StoredRows<Int32>

  init(_ parts: [TraceCollector], _ names: SimulationNames, _ space: SpillSpace?) {
    self.names = names
    var rows = TraceRows(in: space)
    for turn in Self.order(parts, space) {
      rows.append(turn.place & Self.partMask, turn.place >> Self.partBits, of: parts, names)
      if RowStretch.ends(behind: rows.traces.count) {
        rows.leaveMemory()
        for part in parts { part.rows.leaveMemory() }
      }
    }
    traces = StoredRows(rows.traces)
    answers = StoredRows(rows.answers)
    spans = StoredRows(rows.spans)
    links = StoredRows(rows.links)
  }

  /// A place says in which part a trace is, by its lowest bits.
  private static let partBits = 16
  private static let partMask = 1 << partBits - 1

  private static func order(_ parts: [TraceCollector], _ space: SpillSpace?) -> StoredRows<TracePlace> {
    TracePlace.sorted(
      parts.indices.lazy.flatMap { part in
        (0..<parts[part].rows.traces.count).lazy.map { place in
          if RowStretch.ends(behind: place) { parts[part].rows.leaveMemory() }
          let trace = parts[part].rows.traces[place]
          return TracePlace(time: trace.latestEnd, id: trace.id, place: place << partBits | part)
        }
      }, in: space)
  }
}

extension TraceRows {
  /// Takes over a trace of one thread, with the numbers that its names have among all.
  fileprivate mutating func append(
    _ part: Int, _ place: Int, of parts: [TraceCollector], _ names: SimulationNames
  ) {
    let words = parts[part].words
    var trace = parts[part].rows.traces[place]
    answers.append(contentsOf: parts[part].rows.answers.elements(from: trace.answers, count: words))
    trace.answers = answers.count - words
    let number = UInt32(truncatingIfNeeded: traces.count)
    let first = spans.count
    for place in trace.spanStart..<trace.spanStart + Int(trace.spanCount) {
      var span = parts[part].rows.spans[place]
      span.operation = names.operationNumbers[part][Int(span.operation)]
      span.traceAndError |= number
      spans.append(span)
    }
    trace.spanStart = first
    let firstLink = links.count
    for place in trace.linkStart..<trace.linkStart + Int(trace.linkCount) {
      links.append(names.linkNumbers[part][Int(parts[part].rows.links[place])])
    }
    trace.linkStart = firstLink
    trace.entryPoint = names.operationNumbers[part][Int(trace.entryPoint)]
    traces.append(trace)
  }
}
