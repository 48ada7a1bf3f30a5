import TraceModel

/// How often each warning was given, by service.
struct QualityAnalysis: Analysis, ~Copyable {
  private struct Key: Hashable {
    var code: DiagnosticCode
    /// −1 for the trace as a whole.
    var service: Int32
  }

  private struct Cell {
    var count = 0
    var example = Exemplar()
  }

  private var cells: [Key: Cell] = [:]

  init() {}

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    for note in trace.notes {
      let place = Int(note.span)
      let key = Key(code: note.code, service: place < 0 ? -1 : seen.service[place])
      let span = place < 0 ? .absent : spans[place].record.spanID
      cells[key, default: Cell()].count += 1
      // All are worth the same, so the smallest trace id is kept.
      if cells[key, default: Cell()].example.offer(0, trace.id, span) { seen.wasChosen = true }
    }
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    for (key, cell) in cells {
      var row = WarningRow()
      row.code = seen.texts.symbol(key.code.rawValue)
      row.service = key.service < 0 ? .empty : seen.serviceName(key.service)
      row.count = cell.count
      row.example = cell.example
      digest.warnings.append(row)
    }
  }
}
