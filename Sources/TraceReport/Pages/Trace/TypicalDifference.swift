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
    var above = ""
    /// The place of the call path above among all; −1 for the root.
    fileprivate var parent: Int
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

  /// Those that differ most, largest difference first.
  private(set) var parts: [Part]
  /// Of how many.
  let count: Int
  /// Requests that the usual figures are of.
  let requests: Int
  let isTypical: Bool
  let usualDuration: Nanoseconds

  /// - `most`: so many parts are kept.
  /// - Complexity: O(spans + call paths), and O(*n* log *n*) in the call paths that differ.
  init(_ view: TraceView, _ entry: EntryPointResult, most: Int) {
    isTypical = entry.typical.count > 0
    requests = isTypical ? entry.typical.count : entry.latency.count
    usualDuration =
      isTypical
      ? entry.typical.mean : Nanoseconds(entry.latency.sum.rawValue / Int64(max(entry.latency.count, 1)))
    var all = AllParts(entry, isTypical: isTypical)
    all.addSpans(of: view)
    count = all.parts.count
    parts = all.largest(most)
  }
}

/// Every call path of the usual requests and of the trace at hand, callers before callees.
private struct AllParts {
  private struct Key: Hashable {
    var parent: Int
    var service: Symbol
    var operation: Symbol
    var kind: SpanKind
  }

  var parts: [TypicalDifference.Part] = []
  private let usual: [CallPathRow]
  /// By a call path of the usual requests, 0 for none above: the first below it, and the next with the same above.
  private var firstBelow: [Int]
  private var next: [Int]

  init(_ entry: EntryPointResult, isTypical: Bool) {
    usual = entry.callPaths
    firstBelow = [Int](repeating: -1, count: usual.count + 1)
    next = [Int](repeating: -1, count: usual.count)
    let count = Int64(max(entry.latency.count, 1))
    parts.reserveCapacity(entry.callPaths.count)
    for (place, row) in entry.callPaths.enumerated() {
      let parent = row.parent < place ? row.parent : -1
      var part = TypicalDifference.Part(service: row.service, operation: row.operation, parent: parent)
      part.usual = isTypical ? row.typicalMean : Nanoseconds(row.own.rawValue / count)
      part.usualCalls = Int(Int64(row.count) * 1_000 / count)
      // What lies below belongs to others.
      if isTypical, parent >= 0 {
        parts[parent].usual = max(parts[parent].usual - row.typicalMean, .zero)
      }
      parts.append(part)
      next[place] = firstBelow[parent + 1]
      firstBelow[parent + 1] = place
    }
  }

  mutating func addSpans(of view: TraceView) {
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
      let number = known[key] ?? part(key, view)
      known[key] = number
      partOfSpan[place - root] = number
      parts[number].here += span.criticalPathTime
      parts[number].calls += 1
      if parts[number].place == nil { parts[number].place = place }
    }
  }

  private mutating func part(_ key: Key, _ view: TraceView) -> Int {
    let service = view.store.symbols.text(key.service)
    let operation = view.store.symbols.text(key.operation)
    // A few hundred call paths are listed, and few of them below one.
    var place = key.parent < usual.count ? firstBelow[key.parent + 1] : -1
    while place >= 0 {
      if usual[place].kind == key.kind, usual[place].operation == operation, usual[place].service == service {
        return place
      }
      place = next[place]
    }
    parts.append(TypicalDifference.Part(service: service, operation: operation, parent: key.parent))
    return parts.count - 1
  }

  /// The parts that differ most, with the names of their callers.
  func largest(_ most: Int) -> [TypicalDifference.Part] {
    let order = parts.indices.sorted { left, right in
      let (a, b) = (parts[left].more.rawValue.magnitude, parts[right].more.rawValue.magnitude)
      if a != b { return a > b }
      if a == 0 { return left < right }
      return (parts[left].service, parts[left].operation, left)
        < (parts[right].service, parts[right].operation, right)
    }
    return order.prefix(most).map { place in
      var part = parts[place]
      if part.parent >= 0 { part.above = parts[part.parent].service + " " + parts[part.parent].operation }
      return part
    }
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
    let difference = TypicalDifference(view, entry, most: Self.mostParts)
    let rows = difference.parts.filter { $0.more != .zero || $0.calls > 0 }
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
      if rows.count < difference.count {
        note(
          "The \(rows.count) largest differences of \(NumberFormat.grouped(difference.count)) call paths."
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
