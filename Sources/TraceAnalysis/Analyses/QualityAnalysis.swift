import TraceModel

/// How often each warning was given, by service; what exceeds limits; which hosts' clocks differ.
///
/// Looks at every span's fixed fields only. Attributes are looked at later, in a sample (`SpanAuditor`).
struct QualityAnalysis: Analysis, ~Copyable {
  /// Limits of the audit (semantic conventions, section 5): exceeding them is told, nothing is dropped.
  static let mostSpans = 1_000
  static let mostAttributes: UInt32 = 100
  static let longest: Int64 = 3_600_000_000_000

  private struct Key: Hashable {
    var code: DiagnosticCode
    /// −1 for the trace as a whole.
    var service: Int32
  }

  private struct Cell: BitwiseCopyable {
    var count = 0
    var example = Exemplar()

    /// Counts one that is worth so much; true when it becomes the example.
    mutating func add(_ value: Int64, _ trace: TraceID, _ span: SpanID) -> Bool {
      count &+= 1
      return example.offer(value, trace, span)
    }
  }

  private var cells: [Key: Cell] = [:]
  private var sightingIndex = KeyIndex()
  private var sightings = Column<Cell>()
  private var hosts = HostPairCounter()

  init() {}

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    for note in trace.notes { count(note, trace, spans, &seen) }
    for place in 0..<spans.count {
      let record = spans[place].record
      if record.attributeCount > Self.mostAttributes {
        sight(.tooManyTags, place, Int64(record.attributeCount), trace, spans, &seen)
      }
      if record.traits.contains(.derivedStatus) { sight(.derivedStatus, place, 0, trace, spans, &seen) }
    }
    if trace.duration.rawValue > Self.longest { observeLong(trace, spans, &seen) }
    if spans.count > Self.mostSpans { observeLarge(trace, spans, &seen) }
    observeRoots(trace, spans, &seen)
  }

  private mutating func count(
    _ note: TraceNote, _ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed
  ) {
    let place = Int(note.span)
    let key = Key(code: note.code, service: place < 0 ? -1 : seen.service[place])
    let span = place < 0 ? .absent : spans[place].record.spanID
    // All are worth the same, so the smallest trace id is kept.
    if cells[key, default: Cell()].add(0, trace.id, span) { seen.wasChosen = true }
    guard place >= 0 else { return }
    if note.code == .parentMissing { sight(.orphan, place, 0, trace, spans, &seen) }
    if note.code == .clockSkewAdjusted { hosts.count(note, trace, spans, &seen) }
  }

  @inline(never)
  private mutating func sight(
    _ sign: SightingRow.Sign, _ place: Int, _ value: Int64, _ trace: Trace, _ spans: Span<TraceSpan>,
    _ seen: inout Observed
  ) {
    let key = UInt64(sign.rawValue) << 32 | UInt64(UInt32(bitPattern: seen.operation[place]))
    let number = sightingIndex.place(of: key)
    if number == sightings.count { sightings.append(Cell()) }
    let cells = sightings.mutableElements
    if cells[number].add(value, trace.id, spans[place].record.spanID) { seen.wasChosen = true }
  }

  private mutating func observeLong(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    for place in 0..<spans.count where spans[place].duration.rawValue > Self.longest {
      sight(.longSpan, place, spans[place].duration.rawValue, trace, spans, &seen)
    }
    guard trace.roots.count > 1 else { return }
    let starts = trace.roots.map { spans[$0].start }
    if let first = starts.min(), let last = starts.max(), (last - first).rawValue > Self.longest {
      sight(.leakedContext, trace.primaryRoot, (last - first).rawValue, trace, spans, &seen)
    }
  }

  /// A trace that is too large is charged to the operation that gives most of its spans.
  private mutating func observeLarge(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    var counts: [Int32: Int] = [:]
    var first: [Int32: Int] = [:]
    for place in 0..<spans.count {
      counts[seen.operation[place], default: 0] += 1
      if first[seen.operation[place]] == nil { first[seen.operation[place]] = place }
    }
    // Of equally frequent operations the one that comes first in display order.
    let most = first.max {
      (counts[$0.key, default: 0], $1.value) < (counts[$1.key, default: 0], $0.value)
    }
    sight(.tooManySpans, most?.value ?? 0, Int64(spans.count), trace, spans, &seen)
  }

  private mutating func observeRoots(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    let root = trace.primaryRoot
    if trace.id.is64Bit { sight(.narrowID, root, 0, trace, spans, &seen) }
    if trace.id.low & 0xffff_ffff == 0 || trace.id.high == trace.id.low {
      sight(.weakID, root, 0, trace, spans, &seen)
    }
    if spans.count == 1, spans[0].record.kind == .server, trace.hasTrueRoot {
      sight(.loneServer, 0, 0, trace, spans, &seen)
    }
    for place in trace.roots
    where spans[place].record.kind == .consumer && !spans[place].record.presence.contains(.links)
      && !spans[place].traits.contains(.orphan)
    {
      sight(.unlinkedConsumer, place, 0, trace, spans, &seen)
    }
  }

  var rowBytes: Int {
    SightingRow.bytes(sightings.count) + HostPairRow.bytes(hosts.count)
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
    for number in 0..<sightingIndex.count {
      let key = sightingIndex.keys[number]
      let operation = seen.operations[Int(UInt32(truncatingIfNeeded: key))]
      var row = SightingRow()
      row.sign = SightingRow.Sign(rawValue: Int(key >> 32)) ?? .orphan
      row.service = seen.serviceName(operation.service)
      row.operation = operation.name
      row.count = sightings[number].count
      row.example = sightings[number].example
      digest.sightings.append(row)
    }
    hosts.report(to: &digest)
  }
}
