import TraceModel

/// Makes spans of a Zipkin v1 record: one for each service whose endpoint it names.
///
/// Follows zipkin's `V1SpanConverter` step by step, so that both read the same out of an archive.
struct ZipkinV1Converter {
  /// A span in the making.
  private struct Half {
    var kind = SpanKind.unspecified
    var isShared = false
    var local: Endpoint?
    var remote: Endpoint?
    var start: Int64 = 0
    var duration: Int64 = 0
    var tags: [(key: Symbol, value: Symbol)] = []
    var events: [(time: Int64, value: Symbol)] = []
  }

  private typealias Annotation = ZipkinV1Record.Annotation

  private let record: ZipkinV1Record
  /// The first takes what has no endpoint.
  private var halves = [Half()]
  private var marks: [ZipkinV1Record.Mark: ZipkinV1Record.Annotation] = [:]

  init(_ record: ZipkinV1Record) { self.record = record }

  /// Shares out everything that the record holds.
  mutating func convert() {
    takeAnnotations()
    assumeStarts()
    timeCall()
    markShared()
    timeMessage()
    takeTags()
    takeAddresses()
  }

  /// Puts the spans into the sink; a record that must be refused counts once, and its spans share its bytes.
  func accept(at position: Int, to end: Int, since mark: SpanTable.Mark, into sink: inout SpanSink) {
    let isRefused =
      record.draft.parts.problem != nil || record.draft.span.traceID.isAbsent
      || record.draft.span.spanID.isAbsent
    for half in isRefused ? halves[..<1] : halves[...] {
      accept(
        half, at: position, to: position + (end - position) / max(halves.count, 1),
        since: isRefused ? mark : sink.table.mark, into: &sink)
    }
  }

  private func accept(
    _ half: Half, at position: Int, to end: Int, since mark: SpanTable.Mark, into sink: inout SpanSink
  ) {
    var draft = record.draft
    draft.span.kind = half.kind
    if half.isShared { draft.span.traits.insert(.shared) }
    draft.pair.local = half.local ?? Endpoint()
    draft.pair.remote = half.remote ?? Endpoint()
    draft.start = half.start
    draft.duration = half.duration
    let firstTag = sink.table.attributes.count
    for tag in half.tags where tag.key.index <= Attribute.largestKey {
      sink.table.appendAttribute(tag.key, text: tag.value)
    }
    if sink.table.dropRepeatedKeys(from: firstTag) { draft.span.traits.insert(.duplicateAttribute) }
    draft.span.takeAttributes(from: firstTag, of: sink.table)
    let firstEvent = sink.table.events.count
    for (time, value) in half.events {
      var event = SpanEvent()
      event.time = UnixNanoseconds(time)
      event.name = value
      sink.table.events.append(event)
    }
    draft.parts.extra.takeEvents(from: firstEvent, of: sink.table)
    draft.accept(at: position, to: end, since: mark, into: &sink)
  }

  // MARK: Places

  /// The half of an endpoint; endpoints of one service are one place, what has none goes to the first half.
  private mutating func half(at endpoint: Endpoint?) -> Int {
    guard let endpoint else { return 0 }
    for place in halves.indices {
      guard let local = halves[place].local else {
        halves[place].local = endpoint
        return place
      }
      if local.service == endpoint.service { return place }
    }
    return fork(at: endpoint)
  }

  private mutating func fork(at endpoint: Endpoint?) -> Int {
    halves.append(Half(local: endpoint))
    return halves.count - 1
  }

  /// The halves of two marks, which are two even when both lie in one service.
  private mutating func pair(
    _ first: Annotation, _ firstKind: SpanKind, _ second: Annotation, _ secondKind: SpanKind
  ) -> (Int, Int) {
    let near = half(at: first.endpoint)
    guard first.endpoint?.service == second.endpoint?.service else {
      return (near, half(at: second.endpoint))
    }
    halves[near].kind = firstKind
    let far = fork(at: second.endpoint)
    halves[far].kind = secondKind
    return (near, far)
  }

  // MARK: Annotations

  private mutating func takeAnnotations() {
    for annotation in record.annotations {
      let place = half(at: annotation.endpoint)
      guard annotation.endpoint != nil, let mark = annotation.mark else {
        halves[place].events.append((annotation.time, annotation.value))
        continue
      }
      marks[mark] = annotation
      switch mark {
      case .clientSend, .clientReceive: halves[place].kind = .client
      case .serverReceive, .serverSend: halves[place].kind = .server
      case .messageSend: halves[place].kind = .producer
      case .messageReceive: halves[place].kind = .consumer
      case .wireSend, .wireReceive: break
      }
    }
  }

  /// A start that is missing while the end is exactly where the record ends was at the record's timestamp.
  private mutating func assumeStarts() {
    for (start, end) in [
      (ZipkinV1Record.Mark.clientSend, ZipkinV1Record.Mark.clientReceive), (.serverReceive, .serverSend),
    ] {
      guard marks[start] == nil, let known = marks[end], record.timestamp != 0, record.duration != 0,
        record.timestamp &+ record.duration == known.time
      else { continue }
      marks[start] = Annotation(time: record.timestamp, endpoint: known.endpoint)
    }
  }

  private mutating func timeCall() {
    let clientSend = marks[.clientSend]
    let serverReceive = marks[.serverReceive]
    if let clientSend, let serverReceive {
      time(from: clientSend, to: marks[.clientReceive])
      let (client, server) = pair(clientSend, .client, serverReceive, .server)
      halves[server].isShared = true
      halves[server].start = serverReceive.time
      halves[server].duration = marks[.serverSend].map { $0.time &- serverReceive.time } ?? 0
      if marks[.clientReceive] == nil, record.duration == 0 { halves[client].duration = 0 }
    } else if let clientSend, let clientReceive = marks[.clientReceive] {
      time(from: clientSend, to: clientReceive)
    } else if let serverReceive, let serverSend = marks[.serverSend] {
      time(from: serverReceive, to: serverSend)
    } else {
      timeIncomplete()
    }
  }

  /// The record's own time where it has both start and length, else that between two marks.
  private mutating func time(from begin: Annotation, to end: Annotation?) {
    let place = half(at: begin.endpoint)
    if record.timestamp != 0, record.duration != 0 {
      halves[place].start = record.timestamp
      halves[place].duration = record.duration
    } else {
      halves[place].start = begin.time
      if let end { halves[place].duration = end.time &- begin.time }
    }
  }

  private mutating func timeIncomplete() {
    for place in halves.indices {
      switch halves[place].kind {
      case .client: timeIncomplete(place, .clientSend, .clientReceive)
      case .server: timeIncomplete(place, .serverReceive, .serverSend)
      default: break
      }
    }
    if record.timestamp != 0 {
      halves[0].start = record.timestamp
      halves[0].duration = record.duration
    }
  }

  private mutating func timeIncomplete(
    _ place: Int, _ start: ZipkinV1Record.Mark, _ end: ZipkinV1Record.Mark
  ) {
    if let begin = marks[start] { halves[place].start = begin.time }
    if let end = marks[end] { halves[place].events.append((end.time, end.value)) }
  }

  /// Version 1 had no flag for it: a server's record without its own time shares its id with the client.
  private mutating func markShared() {
    guard marks[.clientSend] == nil, let serverReceive = marks[.serverReceive],
      record.timestamp == 0 || marks[.serverSend] != nil && record.duration == 0
    else { return }
    halves[half(at: serverReceive.endpoint)].isShared = true
  }

  private mutating func timeMessage() {
    let send = marks[.messageSend]
    let receive = marks[.messageReceive]
    if let send, let receive {
      let (producer, consumer) = pair(send, .producer, receive, .consumer)
      halves[consumer].isShared = true
      halves[consumer].start = marks[.wireReceive]?.time ?? receive.time
      halves[consumer].duration = marks[.wireReceive].map { receive.time &- $0.time } ?? 0
      halves[producer].start = send.time
      halves[producer].duration = marks[.wireSend].map { $0.time &- send.time } ?? 0
    } else if let send {
      time(from: send, to: marks[.wireSend])
    } else if let receive {
      if let wireReceive = marks[.wireReceive] {
        time(from: wireReceive, to: receive)
      } else {
        time(from: receive, to: nil)
      }
    } else {
      for wire in [marks[.wireSend], marks[.wireReceive]] {
        guard let wire else { continue }
        halves[half(at: wire.endpoint)].events.append((wire.time, wire.value))
      }
    }
  }

  // MARK: Tags and addresses

  private mutating func takeTags() {
    for binary in record.binaryAnnotations where !(binary.address != nil && binary.isTrue) {
      // The marker of a local component only names its endpoint.
      let isMarker = binary.isLocalComponent && binary.text?.isEmpty ?? false
      guard let text = binary.text else { continue }
      let place = half(at: binary.endpoint)
      if !isMarker { halves[place].tags.append((binary.key, text)) }
    }
  }

  private func address(_ kind: ZipkinV1Record.Address) -> Endpoint? {
    record.binaryAnnotations.last { $0.address == kind && $0.isTrue }?.endpoint
  }

  private mutating func takeAddresses() {
    let client = address(.client)
    let server = address(.server)
    let clientMark = marks[.clientSend] ?? marks[.clientReceive]
    let serverMark = marks[.serverReceive] ?? marks[.serverSend]
    if clientMark == nil, serverMark == nil, client != nil || server != nil {
      if let client, let server {
        halves[half(at: client)].remote = server
      } else if let server {
        halves[0].remote = server
      } else {
        halves[0].kind = .server
        halves[0].remote = client
      }
      return
    }
    if var client, let serverMark, client != serverMark.endpoint {
      // The socket of a client under the server's own name would look like a call to itself.
      if client.service == serverMark.endpoint?.service { client.service = .empty }
      halves[half(at: serverMark.endpoint)].remote = client
    }
    if let server, let clientMark { halves[half(at: clientMark.endpoint)].remote = server }
    guard let broker = address(.broker) else { return }
    for mark in [marks[.messageSend], marks[.messageReceive]] {
      if let mark { halves[half(at: mark.endpoint)].remote = broker }
    }
  }
}
