import TraceModel

/// Who calls whom, by Tracebook's own rule: each request from one service to another is one call, seen from as many
/// sides as reported it (dependencies, section 2).
struct DependencyAnalysis: Analysis, ~Copyable {
  private struct Cell: BitwiseCopyable {
    var errors = 0
    var clientErrors = 0
    var latency = DurationTally()
    var callee = DurationTally()
    var slowest = Exemplar()
    var failing = Exemplar()
  }

  /// One call, ready to be counted.
  struct Call: BitwiseCopyable {
    var parent: Symbol
    var child: Symbol
    var type: ConnectionType
    var failed: Bool
    var callerFailed = false
    var latency: Int64
    /// −1 when the callee reports no span.
    var calleeLatency: Int64 = -1
    var spanID: SpanID
    /// The places of the called span, or the lone caller, and of the calling span; −1 for none.
    var place: Int
    var callerPlace = -1
  }

  /// A call between two ends, which are not always what its spans name.
  private struct KeyedCall: BitwiseCopyable {
    var key: UInt64
    var parent: Symbol
    var child: Symbol
    var call: Call
  }

  private var linkIndex = KeyIndex()
  private var cells = Column<Cell>()
  private var latencies = Histograms(joining: 1)
  private var calleeLatencies = Histograms(joining: 2)
  private var namer = PeerNamer()
  private var unnamed: [Symbol: Int] = [:]
  private(set) var producers: [ProducerRow] = []
  private(set) var consumers: [ConsumerRow] = []
  private var linkedBytes = 0
  /// The links that producers become unless a consumer is found.
  private var producerLinks: Set<ProducerRow.Link> = []

  /// Calls of the trace at hand that are not counted yet: what is kept about links lies anywhere in memory, and is asked for
  /// while more calls are found.
  private var aside = Column<KeyedCall>()
  private static let together = 16

  private let keepsCalls: Bool
  /// The calls themselves, if they are kept.
  private(set) var calls = Column<CallLedger.Call>()

  init() { self.init(keepsCalls: false) }

  /// Keeps calls in place of figures of links if asked, for whoever wants all of them.
  init(keepsCalls: Bool) { self.keepsCalls = keepsCalls }

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    for place in 0..<spans.count {
      if seen.isOver(place, rowBytes) { break }
      let kind = spans[place].record.kind
      let marks = seen.marks[place]
      if marks.contains(.isEntry) { observeEntry(trace, spans, place, &seen) }
      switch kind {
      case .client where !marks.contains(.isAnswered) && !spans[place].service.isEmpty:
        observeLone(trace, spans, place, &seen)
      case .producer where !spans[place].service.isEmpty:
        observeProducer(trace, spans, place, &seen)
      case .server where spans[place].isRoot && !spans[place].service.isEmpty:
        observeRoot(trace, spans, place, &seen)
      case .consumer where !spans[place].service.isEmpty:
        observeConsumer(trace, spans, place, &seen)
      default: break
      }
    }
    countAside(trace, &seen)
  }

  private mutating func observeEntry(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) {
    let parent = Int(spans[place].parent)
    let caller = Int(seen.caller[parent])
    let length = spans[place].duration.rawValue
    var call = Call(
      parent: spans[parent].service, child: spans[place].service, type: .rpc, failed: spans[place].isError,
      latency: length, calleeLatency: length, spanID: spans[place].record.spanID, place: place,
      callerPlace: caller)
    if caller >= 0 {
      call.callerFailed = spans[caller].isError
      call.latency = spans[caller].duration.rawValue
      if spans[caller].record.kind == .producer {
        call.type = .messagingSystem
      } else if spans[caller].record.hasDatabase {
        call.type = .database
      }
    }
    if spans[place].record.kind == .consumer { call.type = .messagingSystem }
    if call.type == .messagingSystem, caller >= 0 {
      call.latency = max(0, (spans[place].start - spans[caller].end).rawValue)
    }
    count(call, trace, &seen)
  }

  private mutating func observeLone(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) {
    let peer = namer.callee(of: spans[place], in: trace, &seen)
    guard !peer.name.isEmpty else {
      unnamed[seen.serviceName(seen.service[place]), default: 0] += 1
      return
    }
    countLone(trace, spans, place, peer, &seen)
  }

  private mutating func countLone(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ peer: PeerNamer.Peer, _ seen: inout Observed
  ) {
    count(
      Call(
        parent: spans[place].service, child: peer.name, type: peer.type, failed: spans[place].isError,
        callerFailed: spans[place].isError, latency: spans[place].duration.rawValue,
        spanID: spans[place].record.spanID, place: place), trace, &seen)
  }

  /// Kept until it is known who links to it.
  private mutating func observeProducer(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) {
    let isLone = !seen.marks[place].contains(.isAnswered)
    let peer = isLone ? namer.callee(of: spans[place], in: trace, &seen) : nil
    guard seen.keepsMessage(trace.id.low, spans[place].record.spanID.rawValue) else {
      // Nobody will find it, as if nobody linked to it.
      if let peer, !peer.name.isEmpty { countLone(trace, spans, place, peer, &seen) }
      return
    }
    var row = ProducerRow()
    row.traceHigh = trace.id.high
    row.traceLow = trace.id.low
    row.spanID = spans[place].record.spanID.rawValue
    row.service = seen.end(spans[place].service)
    row.end = spans[place].end.rawValue
    row.length = spans[place].duration.rawValue
    row.failed = spans[place].isError
    row.isLone = isLone
    if let peer {
      row.peer = seen.end(peer.name)
      row.isDatabase = peer.type == .database
    }
    seen.note(name: row.peer)
    producers.append(row)
    producerLinks.insert(row.link)
  }

  private mutating func observeRoot(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) {
    let peer = namer.caller(of: spans[place], in: trace, &seen)
    guard !peer.name.isEmpty else { return }
    let length = spans[place].duration.rawValue
    count(
      Call(
        parent: peer.name, child: spans[place].service, type: peer.type, failed: spans[place].isError,
        latency: length, calleeLatency: length, spanID: spans[place].record.spanID, place: place), trace,
      &seen)
  }

  private mutating func observeConsumer(
    _ trace: Trace, _ spans: Span<TraceSpan>, _ place: Int, _ seen: inout Observed
  ) {
    let isRoot = spans[place].isRoot
    guard spans[place].record.presence.contains(.links) else {
      if isRoot { observeRoot(trace, spans, place, &seen) }
      return
    }
    var row = ConsumerRow()
    row.traceID = trace.id
    row.spanID = spans[place].record.spanID.rawValue
    row.service = seen.end(spans[place].service)
    row.start = spans[place].start.rawValue
    row.length = spans[place].duration.rawValue
    row.failed = spans[place].isError
    row.isRoot = isRoot
    if isRoot { row.peer = seen.end(namer.caller(of: spans[place], in: trace, &seen).name) }
    let caller = isRoot ? -1 : Int(seen.caller[Int(spans[place].parent)])
    var isKept = seen.keepsAllMessages
    for link in trace.links(of: spans[place], in: seen.store) {
      let isParent =
        caller >= 0 && link.spanID == spans[caller].record.spanID && link.traceID.low == trace.id.low
      if !isParent, seen.keepsMessage(link.traceID.low, link.spanID.rawValue) {
        row.links += [link.traceID.low, link.spanID.rawValue]
        isKept = true
      }
    }
    guard isKept else { return }
    seen.note(name: row.peer)
    linkedBytes += row.links.count * MemoryLayout<UInt64>.stride
    consumers.append(row)
  }

  private mutating func count(_ call: Call, _ trace: Trace, _ seen: inout Observed) {
    if keepsCalls {
      calls.append(
        CallLedger.Call(
          call.parent, call.child, call.type, latency: call.latency, failed: call.failed,
          callerFailed: call.callerFailed))
      return
    }
    guard let ends = seen.ends(of: call, in: trace) else { return }
    // Both numbers have 31 bits at most: that many texts would not fit into memory.
    let key = UInt64(ends.parent.index) << 33 | UInt64(ends.child.index) << 2 | UInt64(call.type.number)
    linkIndex.prefetch(key)
    aside.append(KeyedCall(key: key, parent: ends.parent, child: ends.child, call: call))
    if aside.count == Self.together { countAside(trace, &seen) }
  }

  private mutating func countAside(_ trace: Trace, _ seen: inout Observed) {
    for place in 0..<aside.count { count(aside[place], trace, &seen) }
    aside.removeAll()
  }

  private mutating func count(_ keyed: KeyedCall, _ trace: Trace, _ seen: inout Observed) {
    let call = keyed.call
    let number = linkIndex.place(of: keyed.key)
    if seen.weighs {
      seen.calls.append(
        WeighedCall(
          key: keyed.key, place: Int32(truncatingIfNeeded: call.place),
          caller: Int32(truncatingIfNeeded: call.callerPlace), failed: call.failed))
    }
    if number == cells.count {
      cells.append(Cell())
      seen.note(name: keyed.parent)
      seen.note(name: keyed.child)
    }
    let cells = self.cells.mutableElements
    cells[number].errors &+= call.failed ? 1 : 0
    cells[number].clientErrors &+= call.callerFailed ? 1 : 0
    cells[number].latency.add(call.latency)
    latencies.add(number, call.latency)
    if call.calleeLatency >= 0 {
      cells[number].callee.add(call.calleeLatency)
      calleeLatencies.add(number, call.calleeLatency)
    }
    if cells[number].slowest.offer(call.latency, trace.id, call.spanID) { seen.wasChosen = true }
    if call.failed || call.callerFailed, cells[number].failing.offer(call.latency, trace.id, call.spanID) {
      seen.wasChosen = true
    }
  }

  /// True when so much is kept that it should be handed over.
  var isFull: Bool {
    calls.count >= 1 << 15 || producers.count >= 1 << 12 || consumers.count >= 1 << 12
      || linkedBytes >= 1 << 20
  }

  var rowBytes: Int {
    LinkRow.bytes(cells.count) + ProducerRow.bytes(producers.count) + ConsumerRow.bytes(consumers.count)
      + linkedBytes + LinkRow.bytes(producerLinks.count)
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    let reader = latencies.reader()
    let calleeReader = calleeLatencies.reader()
    for number in 0..<linkIndex.count {
      let key = linkIndex.keys[number]
      var row = LinkRow()
      row.parent = Symbol(UInt32(key >> 33))
      row.child = Symbol(UInt32(key >> 2 & 0x7fff_ffff))
      row.type = ConnectionType(number: Int(key & 3))
      row.errors = cells[number].errors
      row.clientErrors = cells[number].clientErrors
      row.latency = latencies.sketch(cells[number].latency, number, reader)
      row.calleeLatency = calleeLatencies.sketch(cells[number].callee, number, calleeReader)
      row.slowest = cells[number].slowest
      row.failing = cells[number].failing
      digest.links.append(row)
    }
    for index in digest.services.indices {
      digest.services[index].unnamedPeerCalls = unnamed[digest.services[index].service] ?? 0
    }
    digest.producers = producers
    digest.consumers = consumers
  }
}
