import TraceModel

/// The messages of a walk, joined to those who sent them once all are known; in temporary files where memory is short.
///
/// A CONSUMER that links to PRODUCER spans is called once by each; only when nobody can be found, the broker or
/// destination takes the place of the other side (dependencies, rules 2.2 to 2.4). The same of what digests keep is done
/// by `Digest.settle`.
struct MessageLedger: ~Copyable {
  /// A PRODUCER span.
  struct Producer: MessageSpan {
    var trace: TraceID
    var spanID: UInt64
    var service: Symbol
    var end: Int64
    var moment: Int64 { end }
    var length: Int64
    var failed: Bool
    /// Its call goes to its peer unless somebody links to it.
    var isLone: Bool
    var isDatabase: Bool
    var peer: Symbol
  }

  /// A CONSUMER span.
  struct Consumer: MessageSpan {
    var trace: TraceID
    var spanID: UInt64
    var service: Symbol
    var start: Int64
    var moment: Int64 { start }
    var length: Int64
    var failed: Bool
    /// Without a linked producer its call comes from its peer.
    var isRoot: Bool
    var peer: Symbol
    /// Where its links stand.
    var firstLink = 0
    var links = 0
  }

  /// The same span stands together; the rest only makes it certain which of several is kept.
  private struct ProducerOrder: RowOrder {
    let names: LinkNames

    static let rowsInMemory = MessageLedger.rowsInMemory

    func leaveMemory() { names.leaveMemory() }

    func isBefore(_ left: Producer, _ right: Producer) -> Bool {
      left.isBefore(right, names) ?? (left.flags < right.flags)
    }
  }

  /// Likewise.
  private struct ConsumerOrder: RowOrder {
    let names: LinkNames
    let links: MessageLinks

    static let rowsInMemory = MessageLedger.rowsInMemory

    func leaveMemory() { names.leaveMemory() }

    func isBefore(_ left: Consumer, _ right: Consumer) -> Bool {
      if let isBefore = left.isBefore(right, names) { return isBefore }
      if left.links != right.links { return left.links < right.links }
      if left.flags != right.flags { return left.flags < right.flags }
      return links.compare(left, right) < 0
    }
  }

  /// Names touch some pages anywhere: after so many rows they are let go of.
  private static let rowsInMemory = 1 << 11

  private let names: LinkNames
  private var producers: SortedRuns<ProducerOrder>
  private var consumers: SortedRuns<ConsumerOrder>
  private let links: MessageLinks

  init(_ names: LinkNames) {
    self.names = names
    let space = names.store.spill
    producers = SortedRuns(in: space, ProducerOrder(names: names))
    links = MessageLinks(in: space)
    consumers = SortedRuns(in: space, ConsumerOrder(names: names, links: links))
  }

  /// Keeps a producer, whose names are those of the ledger.
  mutating func add(_ producer: Producer) { producers.add(producer) }

  /// Keeps a consumer, whose names are those of the ledger, with pairs of a trace and a span that it points to.
  mutating func add(_ consumer: Consumer, links own: [UInt64]) {
    var consumer = consumer
    consumer.links = own.count / 2
    consumer.firstLink = links.append(own)
    consumers.add(consumer)
    if consumers.count % Self.rowsInMemory == 0 { links.leaveMemory() }
  }

  /// Counts all messages as calls.
  mutating func settle(into ledger: inout CallLedger, threads: Int) {
    let producers = producers.sorted(threads: threads)
    let consumers = consumers.sorted(threads: threads)
    let index = Self.index(of: producers, in: names.store.spill)
    var isLinked = Column<Bool>(zeroes: producers.count, in: names.store.spill)
    for number in 0..<consumers.count {
      if number % Self.rowsInMemory == 0 {
        producers.leaveMemory()
        consumers.leaveMemory()
        links.leaveMemory()
        isLinked.leaveMemory()
      }
      let consumer = consumers[number]
      if number > 0, consumer.isSame(as: consumers[number - 1]) { continue }
      var found = false
      for place in 0..<consumer.links {
        let key = links.pair(place, of: consumer)
        let producer = index.find(Self.hash(key.0, key.1)) {
          producers[Int($0)].trace.low == key.0 && producers[Int($0)].spanID == key.1
        }
        guard let producer else { continue }
        found = true
        isLinked[Int(producer)] = true
        ledger.add(Self.call(from: producers[Int(producer)], to: consumer))
      }
      if !found, consumer.isRoot, !consumer.peer.isEmpty { ledger.add(Self.call(to: consumer)) }
    }
    for place in 0..<producers.count {
      if place % Self.rowsInMemory == 0 {
        producers.leaveMemory()
        isLinked.leaveMemory()
      }
      let producer = producers[place]
      let isLost = producer.isLone && !isLinked[place] && !producer.peer.isEmpty
      guard isLost, place == 0 || !producer.isSame(as: producers[place - 1]) else { continue }
      ledger.add(Self.call(from: producer))
    }
  }

  /// The first producer of each span.
  private static func index(of producers: borrowing Column<Producer>, in space: SpillSpace?) -> PlaceIndex {
    var index = PlaceIndex()
    if let space = space?.forTable(bytes: producers.count * 16) { index.moveToFile(in: space) }
    for place in 0..<producers.count {
      if place % rowsInMemory == 0 { producers.leaveMemory() }
      let producer = producers[place]
      if place > 0, producers[place - 1].trace.low == producer.trace.low,
        producers[place - 1].spanID == producer.spanID
      {
        continue
      }
      index.add(UInt32(truncatingIfNeeded: place), hash: hash(producer.trace.low, producer.spanID))
    }
    return index
  }

  private static let seed = UInt64.random(in: .min ... .max)

  private static func hash(_ trace: UInt64, _ span: UInt64) -> UInt64 {
    KeyIndex.scatter(KeyIndex.scatter(trace ^ seed) ^ span)
  }

  private static func call(from producer: Producer, to consumer: Consumer) -> CallLedger.Call {
    let wait = (UnixNanoseconds(consumer.start) - UnixNanoseconds(producer.end)).rawValue
    return CallLedger.Call(
      producer.service, consumer.service, .messagingSystem, latency: max(0, wait), failed: consumer.failed,
      callerFailed: producer.failed)
  }

  private static func call(to consumer: Consumer) -> CallLedger.Call {
    CallLedger.Call(
      consumer.peer, consumer.service, .messagingSystem, latency: consumer.length, failed: consumer.failed)
  }

  private static func call(from producer: Producer) -> CallLedger.Call {
    CallLedger.Call(
      producer.service, producer.peer, producer.isDatabase ? .database : .messagingSystem,
      latency: producer.length, failed: producer.failed, callerFailed: producer.failed)
  }
}

extension MessageLedger.Producer {
  init(_ row: ProducerRow, service: Symbol, peer: Symbol) {
    trace = TraceID(high: row.traceHigh, low: row.traceLow)
    spanID = row.spanID
    self.service = service
    (end, length) = (row.end, row.length)
    (failed, isLone, isDatabase) = (row.failed, row.isLone, row.isDatabase)
    self.peer = peer
  }

  fileprivate var flags: Int { (failed ? 1 : 0) + (isLone ? 2 : 0) + (isDatabase ? 4 : 0) }
}

extension MessageLedger.Consumer {
  init(_ row: ConsumerRow, service: Symbol, peer: Symbol) {
    (trace, spanID) = (row.traceID, row.spanID)
    self.service = service
    (start, length) = (row.start, row.length)
    (failed, isRoot) = (row.failed, row.isRoot)
    self.peer = peer
  }

  fileprivate var flags: Int { (failed ? 1 : 0) + (isRoot ? 2 : 0) }
}
