import TraceModel

extension Digest {
  /// Joins messages to those who sent them, over all traces, and counts them as calls.
  ///
  /// A CONSUMER that links to PRODUCER spans is called once by each; only when nobody can be found, the broker or
  /// destination takes the place of the other side (dependencies, rules 2.2 to 2.4). What is merged afterwards finds
  /// no sender here any more, so it is done once everything is together.
  ///
  /// - Complexity: O(*n* log *n*) in the messages.
  package mutating func settle() {
    guard !producers.isEmpty || !consumers.isEmpty else { return }
    var places: [SpanKey: Int] = [:]
    places.reserveCapacity(producers.count)
    // The first of equal ones counts, so it comes last.
    for place in producers.indices.reversed() { places[producers[place].spanKey] = place }
    var isLinked = [Bool](repeating: false, count: producers.count)
    for consumer in consumers {
      var found = false
      for index in stride(from: 0, to: consumer.links.count - 1, by: 2) {
        let key = SpanKey(trace: consumer.links[index], span: consumer.links[index + 1])
        guard let place = places[key] else { continue }
        found = true
        isLinked[place] = true
        links.append(Self.link(from: producers[place], to: consumer))
      }
      if !found, consumer.isRoot, !consumer.peer.isEmpty { links.append(Self.link(to: consumer)) }
    }
    for (place, row) in producers.enumerated() where row.isLone && !isLinked[place] {
      if row.peer.isEmpty {
        countUnnamed(row.service)
      } else {
        links.append(Self.link(from: row))
      }
    }
    producers = []
    consumers = []
    // Nothing refers to links, so that nothing else changes its place.
    _ = Self.order(&links)
    keepReferencedTraces()
  }

  fileprivate struct SpanKey: Hashable {
    var trace: UInt64
    var span: UInt64
  }

  private mutating func countUnnamed(_ service: Symbol) {
    if let place = services.firstIndex(where: { $0.service == service }) {
      services[place].unnamedPeerCalls += 1
    }
  }

  private static func link(from producer: ProducerRow, to consumer: ConsumerRow) -> LinkRow {
    var row = link(to: consumer)
    row.parent = producer.service
    row.clientErrors = producer.failed ? 1 : 0
    row.latency = DurationSketch()
    let wait = max(0, (UnixNanoseconds(consumer.start) - UnixNanoseconds(producer.end)).rawValue)
    row.latency.add(wait)
    return row
  }

  private static func link(to consumer: ConsumerRow) -> LinkRow {
    var row = LinkRow()
    row.parent = consumer.peer
    row.child = consumer.service
    row.type = .messagingSystem
    row.errors = consumer.failed ? 1 : 0
    row.latency.add(consumer.length)
    row.calleeLatency.add(consumer.length)
    return row
  }

  private static func link(from producer: ProducerRow) -> LinkRow {
    var row = LinkRow()
    row.parent = producer.service
    row.child = producer.peer
    row.type = producer.isDatabase ? .database : .messagingSystem
    row.errors = producer.failed ? 1 : 0
    row.clientErrors = row.errors
    row.latency.add(producer.length)
    return row
  }
}

extension ProducerRow {
  fileprivate var spanKey: Digest.SpanKey { Digest.SpanKey(trace: traceLow, span: spanID) }
}
