package import TraceModel

/// A trace drawn as bars: one line a span, its children indented below it.
///
///     TraceBuilder("""
///       gateway  |===================|
///        auth      |===|                client error
///        orders         |==========|    host=b
///       """)
///
/// A column is a millisecond, counted from the first bar's first column; a single `|` is a span without length, and a
/// line without a bar is one without times. The name is both service and operation. Ids are 1, 2, … from top to bottom.
/// Words after the bar: a kind, `error`, `shared`, `zipkin`, `follows`, `service=`, `host=`, `ip=`, `id=`, `parent=`.
package struct TraceBuilder: Sendable {
  /// The spans in the order of the lines.
  package var drafts: [SpanDraft] = []

  /// 2023-11-14T22:13:20Z: where column 0 is.
  package static let origin: Int64 = 1_700_000_000_000_000_000
  /// The nanoseconds of a column.
  package static let column: Int64 = 1_000_000

  /// Reads a picture.
  package init(_ picture: String) {
    let lines: [[UInt8]] = picture.utf8.split(separator: 10).map(Array.init)
      .filter { line in line.contains { $0 != 0x20 } }
    let margin = Self.indentation(of: lines.first ?? [])
    let zero = lines.compactMap { $0.firstIndex(of: UInt8(ascii: "|")) }.first ?? 0
    var open: [(depth: Int, id: UInt64)] = []
    for line in lines {
      let depth = Self.indentation(of: line) - margin
      while let last = open.last, last.depth >= depth { open.removeLast() }
      var draft = Self.draft(line, zero: zero, number: UInt64(drafts.count + 1), parent: open.last?.id ?? 0)
      let words = Self.words(after: line)
      for word in words { Self.apply(word, to: &draft) }
      open.append((depth, draft.id))
      drafts.append(draft)
    }
  }

  private static func indentation(of line: [UInt8]) -> Int { line.firstIndex { $0 != 0x20 } ?? 0 }

  private static func draft(_ line: [UInt8], zero: Int, number: UInt64, parent: UInt64) -> SpanDraft {
    let name = String(decoding: line.drop(while: { $0 == 0x20 }).prefix(while: { $0 != 0x20 }), as: UTF8.self)
    var draft = SpanDraft(number, parent: parent, 0, 0)
    if let first = line.firstIndex(of: UInt8(ascii: "|")), let last = line.lastIndex(of: UInt8(ascii: "|")) {
      draft.start = origin + Int64(first - zero) * column
      draft.end = origin + Int64(last - zero) * column
    } else {
      draft.traits.insert(.missingEnd)
    }
    draft.service = name
    draft.name = name
    return draft
  }

  private static func words(after line: [UInt8]) -> [String] {
    let bar = line.lastIndex(of: UInt8(ascii: "|"))
    let rest = bar.map { line[($0 + 1)...] } ?? line.drop(while: { $0 == 0x20 }).drop(while: { $0 != 0x20 })
    return rest.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func apply(_ word: String, to draft: inout SpanDraft) {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    let value = parts.count > 1 ? parts[1] : ""
    switch parts[0] {
    case "client": draft.kind = .client
    case "server": draft.kind = .server
    case "producer": draft.kind = .producer
    case "consumer": draft.kind = .consumer
    case "unspecified": draft.kind = .unspecified
    case "error": draft.status = .error
    case "shared": draft.traits.insert(.shared)
    case "zipkin": draft.traits.insert(.zipkin)
    case "follows": draft.traits.insert(.followsFrom)
    case "service": draft.service = value
    case "host": draft.resource.append(("host.name", value))
    case "ip": draft.ipv4 = value
    case "id": draft.id = UInt64(value) ?? draft.id
    case "parent": draft.parent = UInt64(value) ?? draft.parent
    default: preconditionFailure("a picture of a trace cannot hold the word \(word)")
    }
  }

  /// A store that holds just this trace.
  package var store: SpanStore { SpanStore.of(drafts) }

  /// Assembles the trace.
  package func assemble(_ options: AssemblyOptions = AssemblyOptions()) -> AssembledTrace {
    AssembledTrace(store, options)
  }
}

/// The first trace of a store, assembled, with what tests ask of it.
package struct AssembledTrace: Sendable {
  /// The store it is in.
  package let store: SpanStore
  /// The trace.
  package let trace: Trace

  /// Assembles the only trace of a store, or the first one by id.
  package init(_ store: SpanStore, _ options: AssemblyOptions = AssemblyOptions()) {
    self.store = store
    let walk = TraceWalk(store, options: options, threads: 1)
    let first = walk.partitions.groups.joined().map(\.id).min()
    trace = first.flatMap { walk.trace($0) } ?? Trace()
  }

  /// The name of the span in a place.
  package func name(_ place: Int) -> String { store.symbols.text(trace.spans[place].record.name) }

  /// The spans in display order, indented by depth: `root`, ` child`.
  package var tree: [String] {
    trace.spans.indices.map { String(repeating: " ", count: Int(trace.spans[$0].depth)) + name($0) }
  }

  /// The critical path: `gateway 0-2`, in columns.
  package var sections: [String] {
    trace.criticalPath.map { "\(name(Int($0.span))) \(column($0.start))-\(column($0.end))" }
  }

  /// Where the bars lie after repair: `gateway 0-20`, in display order.
  package var bars: [String] {
    trace.spans.indices.map { "\(name($0)) \(column(trace.spans[$0].start))-\(column(trace.spans[$0].end))" }
  }

  /// Self times in columns: `gateway 9`.
  package var selfTimes: [String] {
    trace.spans.indices.map { "\(name($0)) \(trace.spans[$0].selfTime.rawValue / TraceBuilder.column)" }
  }

  /// How far spans were moved, in columns and by name: `server 9`.
  package var shifts: [String] {
    trace.spans.indices.map { "\(name($0)) \(trace.spans[$0].adjustedBy.rawValue / TraceBuilder.column)" }
      .sorted()
  }

  /// The warnings: `parent-missing gateway`, and the code alone for those about the trace.
  package var warnings: [String] {
    trace.warnings.map { warning in warning.code.rawValue + (warning.span.map { " " + name($0) } ?? "") }
  }

  private func column(_ time: UnixNanoseconds) -> Int64 {
    (time.rawValue - TraceBuilder.origin) / TraceBuilder.column
  }
}
