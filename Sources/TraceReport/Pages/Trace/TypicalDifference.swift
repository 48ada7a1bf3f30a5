import TraceAnalysis
import TraceModel

/// Where a trace differs from the typical one of its entry point, call path by call path on the critical path.
///
/// Typical are the requests from the 40th to the 60th percentile; without them, all.
struct TypicalDifference {
  /// The spans of one call path.
  struct Part {
    var service: String
    var operation: String
    /// The service and operation above; empty for the root.
    var above: String
    /// Time on the critical path that is no one's below, in a typical request.
    var usual: Nanoseconds = .zero
    /// The same here.
    var here: Nanoseconds = .zero
    /// Spans in a request on average, in thousandths.
    var usualCalls = 0
    /// Spans here.
    var calls = 0
    /// The first of them.
    var place: Int?

    var more: Nanoseconds { here - usual }
  }

  private struct Key: Hashable {
    var parent: Int
    var service: Symbol
    var operation: Symbol
    var kind: SpanKind
  }

  private struct Name: Hashable {
    var parent: Int
    var service: String
    var operation: String
    var kind: SpanKind
  }

  /// Largest difference first.
  private(set) var parts: [Part]
  /// Requests that the usual figures are of.
  let requests: Int
  let isTypical: Bool
  let usualDuration: Nanoseconds

  /// - Complexity: O(spans + call paths).
  init(_ view: TraceView, _ entry: EntryPointResult) {
    isTypical = entry.typical.count > 0
    requests = isTypical ? entry.typical.count : entry.latency.count
    usualDuration =
      isTypical
      ? entry.typical.mean : Nanoseconds(entry.latency.sum.rawValue / Int64(max(entry.latency.count, 1)))
    parts = []
    var numbers = Self.usualParts(entry, isTypical: isTypical, &parts)
    addSpans(of: view, &numbers)
    parts.sort {
      let (left, right) = ($0.more.rawValue.magnitude, $1.more.rawValue.magnitude)
      return left != right ? left > right : ($0.service, $0.operation) < ($1.service, $1.operation)
    }
  }

  private static func usualParts(
    _ entry: EntryPointResult, isTypical: Bool, _ parts: inout [Part]
  ) -> [Name: Int] {
    let count = Int64(max(entry.latency.count, 1))
    var numbers: [Name: Int] = [:]
    for (place, row) in entry.callPaths.enumerated() {
      let above = row.parent >= 0 && row.parent < place ? parts[row.parent] : nil
      var part = Part(
        service: row.service, operation: row.operation,
        above: above.map { $0.service + " " + $0.operation } ?? "")
      part.usual = isTypical ? row.typicalMean : Nanoseconds(row.own.rawValue / count)
      part.usualCalls = Int(Int64(row.count) * 1_000 / count)
      // What lies below belongs to others.
      if isTypical, row.parent >= 0, row.parent < place {
        parts[row.parent].usual = max(parts[row.parent].usual - row.typicalMean, .zero)
      }
      parts.append(part)
      numbers[Name(parent: row.parent, service: row.service, operation: row.operation, kind: row.kind)] =
        place
    }
    return numbers
  }

  private mutating func addSpans(of view: TraceView, _ numbers: inout [Name: Int]) {
    let spans = view.trace.spans
    let root = view.trace.primaryRoot
    var partOfSpan = [Int](repeating: -1, count: Int(spans[root].subtreeEnd) - root)
    // Texts are looked up once a call path, not once a span.
    var known: [Key: Int] = [:]
    for place in root..<Int(spans[root].subtreeEnd) {
      let span = spans[place]
      let parent = place == root ? -1 : partOfSpan[Int(span.parent) - root]
      let key = Key(
        parent: parent, service: span.service, operation: span.record.name, kind: span.record.kind)
      let number = known[key] ?? part(key, view, &numbers)
      known[key] = number
      partOfSpan[place - root] = number
      parts[number].here += span.criticalPathTime
      parts[number].calls += 1
      if parts[number].place == nil { parts[number].place = place }
    }
  }

  private mutating func part(_ key: Key, _ view: TraceView, _ numbers: inout [Name: Int]) -> Int {
    let service = view.store.symbols.text(key.service)
    let operation = view.store.symbols.text(key.operation)
    let name = Name(parent: key.parent, service: service, operation: operation, kind: key.kind)
    if let number = numbers[name] { return number }
    let above = key.parent >= 0 ? parts[key.parent].service + " " + parts[key.parent].operation : ""
    parts.append(Part(service: service, operation: operation, above: above))
    numbers[name] = parts.count - 1
    return parts.count - 1
  }
}

extension Page {
  /// The most call paths in the table.
  private static let mostParts = 14

  /// Time on the critical path here and in a typical request, call path by call path.
  func traceAgainstTypical(_ view: TraceView) {
    let root = view.trace.primaryRoot
    let name = view.store.symbols.text(view.trace.spans[root].service)
    let operation = view.operation(of: root)
    guard
      let entry = conclusions.entryPoints.first(where: { $0.service == name && $0.operation == operation }),
      entry.latency.count > 1, !entry.callPaths.isEmpty
    else { return }
    let difference = TypicalDifference(view, entry)
    let rows = Array(difference.parts.prefix(Self.mostParts).filter { $0.more != .zero || $0.calls > 0 })
    section("typical", "Against a typical one", typicalLead(difference, view)) {
      let longest = rows.flatMap { [$0.here, $0.usual] }.max() ?? .zero
      let unit = DurationUnit.column(longest: UInt64(max(0, longest.rawValue)))
      table(
        "This trace against a typical one",
        columns: [
          .text("Call path"), .number("calls", "on average"), .number("here"),
          .number("typical", unit.symbol), .number("here", unit.symbol),
          .number("more", unit.symbol), .picture("", class: "dots"),
        ], rows: rows.count
      ) { row, index in
        let one = rows[index]
        row.head { callPath(one, view) }
        row.number(NumberFormat.thousandths(UInt64(max(0, one.usualCalls))))
        row.count(one.calls)
        row.duration(one.usual.rawValue, in: unit)
        row.duration(one.here.rawValue, in: unit)
        row.number(DurationFormat.signedFigure(one.more.rawValue, in: unit))
        row.cell(class: "dots") { pairOfDots(one.usual, one.here, most: longest) }
      }
      if rows.count < difference.parts.count {
        note(
          "The \(rows.count) largest differences of \(NumberFormat.grouped(difference.parts.count)) call paths."
        )
      }
    }
  }

  private func typicalLead(_ difference: TypicalDifference, _ view: TraceView) -> String {
    let whole = view.trace.spans[view.trace.primaryRoot].duration
    let usual = difference.isTypical ? "typical requests (p40 to p60)" : "requests, on average"
    var text =
      "\(DurationFormat.text(whole)) here, \(DurationFormat.text(difference.usualDuration)) in "
      + "\(NumberFormat.grouped(difference.requests)) \(usual)."
    if let most = difference.parts.first, most.more > .zero {
      let place = most.service + (most.operation.isEmpty ? "" : " · " + most.operation.cut(60))
      text += " Most of the difference is in \(place): \(DurationFormat.signed(most.more.rawValue))"
      text += most.usualCalls == 0 ? ", which typical requests do not call." : "."
    }
    return text
  }

  private func callPath(_ part: TypicalDifference.Part, _ view: TraceView) {
    service(part.service, isLinked: false)
    text(" ")
    let name = part.operation.isEmpty ? "(no name)" : part.operation.cut(60)
    if let place = part.place {
      anchor(name, to: .fragment(view.anchor(of: place)))
    } else {
      text(name)
    }
    if !part.above.isEmpty { leaf(.span, "mute", " below " + part.above.cut(50)) }
  }

  /// A hollow dot for what is usual and a filled one for what is seen here.
  private func pairOfDots(_ usual: Nanoseconds, _ here: Nanoseconds, most: Nanoseconds) {
    let scale = Double(max(1, most.rawValue)) * 1.04
    let place = { (value: Nanoseconds) in Percent(0.01 * scale + Double(value.rawValue), of: scale * 1.03) }
    markup.element(.svg, .width("100%"), .height("16"), .role("img")) {
      markup.leaf(.title, text: "here \(DurationFormat.text(here)), typical \(DurationFormat.text(usual))")
      let (a, b) = (place(usual), place(here))
      markup.line(x1: .zero, x2: .full, y1: 8, y2: 8, stroke: .rule)
      markup.line(x1: min(a, b), x2: max(a, b), y1: 8, y2: 8, stroke: .faint, width: "1.5")
      markup.circle(x: a, y: 8, radius: 3, fill: .ground, stroke: .faint)
      markup.circle(x: b, y: 8, radius: 3.2, fill: .ink)
    }
  }
}
