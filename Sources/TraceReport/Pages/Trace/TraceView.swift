import TraceAnalysis
import TraceModel

/// One trace as its page needs it: looked-up names, a scale, and what is on the critical path, worked out once.
struct TraceView {
  /// What is shown of a service.
  struct Service {
    var name: String
    var swatch: ServicePalette.Swatch
  }

  let trace: Trace
  let store: SpanStore
  let start: Int64
  let scale: TimeScale
  /// What the axis shows, long idle stretches left out. Never 0, so that it can be divided by.
  let length: Double
  /// The sections of the critical path, by span: those of span `n` are at `sectionStarts[n]..<sectionStarts[n + 1]`.
  private let sections: [CriticalPathSection]
  private let sectionStarts: [Int32]
  private let services: [Symbol: Service]
  /// The colours of services that are looked up each time, since a trace may have any number, of any length.
  private let furtherServices: ServicePalette?
  /// Resources of the trace by their first span in display order; their numbers on the page are their places here.
  let resources: [UInt32]
  private let resourceNumbers: [UInt32: Int]
  /// One unit for all figures of the page.
  let unit: DurationUnit
  /// Stands before every anchor, so that several traces can stand on one page.
  var prefix = ""
  /// The log records of the trace, on its spans.
  var logs = PlacedLogs()

  private static let mostNameBytes = 1 << 20

  init(_ trace: Trace, store: SpanStore, palette: ServicePalette) {
    self.trace = trace
    self.store = store
    start = trace.start.rawValue
    let duration = max(0, trace.duration.rawValue)
    scale = TimeScale(trace)
    length = scale.shownLength
    unit = DurationUnit.column(longest: UInt64(duration))
    (sections, sectionStarts) = Self.bySpan(trace)
    var services: [Symbol: Service] = [:]
    var nameBytes = 0
    for span in trace.spans where services[span.service] == nil {
      guard nameBytes < Self.mostNameBytes else { break }
      let name = store.symbols.text(span.service)
      nameBytes += name.utf8.count
      services[span.service] = Service(name: name, swatch: palette[name])
    }
    self.services = services
    furtherServices = nameBytes < Self.mostNameBytes ? nil : palette
    var resources: [UInt32] = []
    var numbers: [UInt32: Int] = [:]
    for span in trace.spans where numbers[span.record.resource] == nil {
      numbers[span.record.resource] = resources.count
      resources.append(span.record.resource)
    }
    self.resources = resources
    resourceNumbers = numbers
  }

  /// The number of a span's resource on the page, whatever the order in which the archives were read.
  func resourceNumber(of span: TraceSpan) -> Int { resourceNumbers[span.record.resource] ?? 0 }

  private static func bySpan(_ trace: Trace) -> ([CriticalPathSection], [Int32]) {
    var starts = [Int32](repeating: 0, count: trace.spans.count + 1)
    for section in trace.criticalPath { starts[Int(section.span) + 1] += 1 }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    var next = starts
    var sorted = trace.criticalPath
    for section in trace.criticalPath {
      sorted[Int(next[Int(section.span)])] = section
      next[Int(section.span)] += 1
    }
    return (sorted, starts)
  }

  func sections(of place: Int) -> ArraySlice<CriticalPathSection> {
    sections[Int(sectionStarts[place])..<Int(sectionStarts[place + 1])]
  }

  func service(_ symbol: Symbol) -> Service {
    if let known = services[symbol] { return known }
    guard let furtherServices else { return Service(name: "", swatch: ServicePalette.hollow) }
    let name = store.symbols.text(symbol)
    return Service(name: name, swatch: furtherServices[name])
  }

  func serviceName(of place: Int) -> String { serviceName(trace.spans[place].service) }

  func serviceName(_ symbol: Symbol) -> String {
    let name = service(symbol).name
    return name.isEmpty ? "(no service name)" : name
  }

  func operation(of place: Int) -> String { store.symbols.text(trace.spans[place].record.name) }

  func anchor(of place: Int) -> String {
    let span = trace.spans[place]
    return prefix
      + Anchor.span(
        span.record.spanID, isShared: span.traits.contains(.shared), ordinal: span.ordinal)
  }

  /// Writes what `anchor(of:)` returns.
  func appendAnchor(of place: Int, to out: ByteBuilder) {
    let span = trace.spans[place]
    out.append(prefix)
    out.append("span-")
    out.append(hex: span.record.spanID.rawValue)
    if span.traits.contains(.shared) { out.append("-shared") }
    if span.ordinal > 0 {
      out.append(UInt8(ascii: "-"))
      out.append(decimal: span.ordinal)
    }
  }

  /// Writes a service's name.
  func appendService(_ symbol: Symbol, to markup: MarkupWriter) {
    if symbol.isEmpty {
      markup.text("(no service name)")
    } else {
      markup.text(store.symbols.bytes(symbol), limit: 200)
    }
  }

  func length(_ value: Nanoseconds) -> UInt64 { UInt64(max(0, value.rawValue)) }

  /// The place of a moment on the waterfall's axis.
  func place(_ moment: UnixNanoseconds) -> Percent { scale.place(moment.rawValue) }

  /// The place of a length since the trace began.
  func place(offset: UInt64) -> Percent { scale.place(start &+ Int64(clamping: offset)) }

  /// A moment as a length since the trace began.
  func offset(_ moment: UnixNanoseconds) -> UInt64 { UInt64(max(0, (moment - trace.start).rawValue)) }

  /// Time on the primary root's critical path.
  struct PathTimes {
    /// By service, longest first: no more than a thousand.
    var services: [(service: String, time: Nanoseconds)]
    /// How many further services there are, and their time.
    var further = (count: 0, time: Nanoseconds.zero)
  }

  private static let mostOnPath = 1_000

  /// Time on the primary root's critical path, by service.
  func pathByService() -> PathTimes {
    var times: [Symbol: Nanoseconds] = [:]
    let root = trace.primaryRoot
    let end = Int(trace.spans[root].subtreeEnd)
    for place in root..<end {
      let span = trace.spans[place]
      if span.criticalPathTime > .zero { times[span.service, default: .zero] += span.criticalPathTime }
    }
    let sorted = times.sorted {
      $0.value != $1.value ? $0.value > $1.value : store.symbols.isOrdered($0.key, before: $1.key)
    }
    var path = PathTimes(services: sorted.prefix(Self.mostOnPath).map { (service($0.key).name, $0.value) })
    for (_, time) in sorted.dropFirst(Self.mostOnPath) {
      path.further.count += 1
      path.further.time += time
    }
    return path
  }

  /// The span whose failure is shown first: where the failure of the primary root began, else the first one.
  var firstRootCause: Int? {
    let spans = trace.spans
    let root = trace.primaryRoot
    let inside = (root..<Int(spans[root].subtreeEnd)).first {
      spans[$0].traits.contains(.rootCause) && isPropagated(from: $0)
    }
    return inside ?? spans.indices.first { spans[$0].traits.contains(.rootCause) }
      ?? spans.indices.first { spans[$0].isError }
  }

  /// True when all spans above one failed, too.
  private func isPropagated(from place: Int) -> Bool {
    var parent = Int(trace.spans[place].parent)
    while parent >= 0 {
      if !trace.spans[parent].isError { return false }
      parent = Int(trace.spans[parent].parent)
    }
    return true
  }

  /// The words of a failure: status message, exception message or type.
  func errorText(of place: Int) -> String {
    let span = trace.spans[place]
    let message = store.symbols.text(trace.statusMessage(of: span, in: store))
    if !message.isEmpty { return message }
    for event in trace.events(of: span, in: store) {
      let attributes = eventAttributes(event, of: span)
      for key in [AttributeKey.exceptionMessage, AttributeKey.exceptionType] {
        if let found = attributes.last(where: { $0.key == key }), found.type == .text {
          return store.symbols.text(Symbol(found.payload))
        }
      }
    }
    if let type = trace.attribute([AttributeKey.errorType], of: span, in: store), type.type == .text {
      return store.symbols.text(Symbol(type.payload))
    }
    return ""
  }

  /// The attributes of an event or link: those of fused spans lie in the table of their first record as well.
  func eventAttributes(_ event: SpanEvent, of span: TraceSpan) -> UnsafeBufferPointer<Attribute> {
    store.attributes(from: event.attributeStart, count: event.attributeCount, of: span.record)
  }

  private static let peerKeys: [Symbol] = [
    "service.peer.name", "peer.service", "db.system.name", "db.system", "messaging.system", "server.address",
    "net.peer.name",
  ].map { AttributeKey.symbol($0) }

  /// Whom a span calls: the service of its answering child, else the peer it names.
  func callee(of place: Int) -> String? {
    let span = trace.spans[place]
    guard span.record.kind == .client || span.record.kind == .producer else { return nil }
    if span.childCount > 0 {
      let child = trace.spans[place + 1]
      if child.service != span.service { return service(child.service).name }
      return nil
    }
    if let peer = trace.attribute(Self.peerKeys, of: span, in: store), peer.type == .text {
      return store.symbols.text(Symbol(peer.payload))
    }
    let remote = trace.endpoints(of: span, in: store).remote.service
    return remote.isEmpty ? nil : store.symbols.text(remote)
  }
}
