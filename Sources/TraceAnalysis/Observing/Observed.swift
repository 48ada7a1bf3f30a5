import TraceModel

/// What all analyses are told of the trace at hand, and the numbers that a worker has given to names.
///
/// Numbers are dense, so that analyses keep their figures in columns and the hot path looks up no text. They are
/// the worker's own; a `Digest` has numbers that everybody shares.
struct Observed: ~Copyable {
  let store: SpanStore

  // What was numbered so far.
  /// By symbol; 0 for those that were not met yet. Hardly takes memory where none was.
  private var numberOfService: Column<Int32>
  private(set) var services = Column<Symbol>()
  private var operationIndex = KeyIndex()
  private(set) var operations = Column<OperationName>()
  /// How many operations of each service were numbered.
  private var operationCounts = Column<Int32>()
  let distinctions: Distinctions
  /// True when names of spans may have to be joined.
  private let joinsNames: Bool
  /// What stands for all names that are not told apart.
  private var restName = Symbol.empty
  /// The number of what stands for all services that are not told apart; −1 as long as there is none.
  private var restService: Int32 = -1
  /// What was met of each subject, if things are only counted.
  var samples: [SubjectSample] = []
  /// What names of services, as `service << 32 | name`, were joined to.
  private var joinedCache = RecentNumbers()
  /// True once some service has more names than are told apart: then nothing that was seen counts.
  private(set) var hasTooManyNames = false
  /// What rows may take, by `Digest.rowBytes`; `Int.max` for any amount, and any number of names.
  let sizeLimit: Int
  /// What the rows of all analyses take but that of the one at work; 0 unless the trace at hand is large.
  var rowBytesOfOthers = 0
  /// True once the trace at hand was not looked at to its end, since it alone has too many names or too many things: then
  /// nothing that was seen counts.
  private(set) var hasTooMuch = false
  private var entryPointIndex = KeyIndex()
  private(set) var entryPoints = Column<EntryPointName>()
  /// Texts that the archives do not hold.
  var texts: OwnTexts
  /// The memory that names take in a digest of what was seen, at the most.
  private(set) var nameBytes = 0

  // About the trace at hand, by the places of its spans.
  private(set) var operation = Column<Int32>()
  private(set) var service = Column<Int32>()
  /// The nearest CLIENT or PRODUCER at or above a span within its service; −1 for none.
  private(set) var caller = Column<Int32>()
  private(set) var marks = Column<Marks>()
  /// The services of the trace.
  private(set) var reached = Column<Int32>()
  private var lastTrace = Column<UInt32>()
  private var traceNumber: UInt32 = 0
  /// The number of its entry point.
  private(set) var entryPoint = 0
  /// True when its duration takes part in latency figures.
  private(set) var isMeasured = false
  /// The places below its primary root, that one included.
  private(set) var primary = 0..<0
  private(set) var rootTime: Int64 = 0
  private(set) var errorCount = 0
  /// Set when some list took the trace as an example.
  var wasChosen = false
  /// True when it is known what the trace stands for; then its calls are noted, to be weighed.
  var weighs = false
  /// The calls of the trace; empty unless they are to be weighed.
  var calls = Column<WeighedCall>()

  /// The attributes of each table of the store.
  private var attributeTables = Column<UnsafeBufferPointer<Attribute>>()

  /// - `distinctions`: what is told apart.
  /// - `sizeLimit`: what rows may take, by `Digest.rowBytes`.
  init(store: SpanStore, distinctions: Distinctions = Distinctions(), sizeLimit: Int = .max) {
    self.store = store
    self.distinctions = distinctions
    self.sizeLimit = sizeLimit
    joinsNames =
      distinctions.joinedNames != nil || !distinctions.tellsAllApart(.operations)
      || !distinctions.tellsAllApart(.services)
    if distinctions.isCounting { samples = Subject.allCases.map { _ in SubjectSample() } }
    numberOfService = Column(zeroes: store.symbols.count)
    for shard in store.shards { attributeTables.append(shard.table.attributes.elements) }
    texts = OwnTexts(after: store.symbols.count)
    if joinsNames { restName = texts.symbol(Subject.operations.rest) }
  }

  /// True when so much is numbered that who needs no numbers of earlier traces had better start anew.
  var isCrowded: Bool {
    services.count > 1 << 14 || operations.count > 1 << 15 || entryPoints.count > 1 << 15
      || texts.byteCount > 4 << 20
  }

  /// The spans of a trace between looks at what its rows take: a trace may have any number.
  static let spansBetweenLooks = 1 << 12

  /// True when, `place` spans into a trace, it is time to see that rows of this size and those of others are too many, and
  /// they are.
  @inline(__always)
  func isOver(_ place: Int, _ rowBytes: @autoclosure () -> Int) -> Bool {
    place & (Self.spansBetweenLooks - 1) == Self.spansBetweenLooks - 1 && isOver(rowBytes())
  }

  /// The same, at any time.
  func isOver(_ rowBytes: Int) -> Bool { rowBytes > sizeLimit - rowBytesOfOthers }

  /// The rows that every service and operation has.
  private var leastRowBytes: Int { ServiceRow.bytes(services.count) + OperationRow.bytes(operations.count) }

  /// Looks at a new trace.
  mutating func begin(_ trace: Trace, _ spans: Span<TraceSpan>) {
    traceNumber &+= 1
    operation.removeAll()
    service.removeAll()
    caller.removeAll()
    marks.removeAll()
    reached.removeAll()
    errorCount = 0
    wasChosen = false
    rowBytesOfOthers = 0
    for place in 0..<spans.count {
      prefetch(spans, place &+ Self.spansAhead)
      note(spans, place)
      if sizeLimit < .max, hasTooManyNames || isOver(place, leastRowBytes) {
        hasTooMuch = true
        return
      }
    }
    let root = trace.primaryRoot
    primary = root..<Int(spans[root].subtreeEnd)
    rootTime = spans[root].duration.rawValue
    entryPoint = number(
      entryService: Int(service[root]), operation: operations[Int(operation[root])].name)
    isMeasured = trace.hasTrueRoot && spans[root].start.rawValue > 0
  }

  /// So many spans ahead of the one that is looked at, what is kept about a span is asked for: it lies anywhere in memory.
  static let spansAhead = 8

  /// Asks for the number of a span's operation, without waiting for it.
  @inline(__always)
  private func prefetch(_ spans: Span<TraceSpan>, _ place: Int) {
    guard place < spans.count else { return }
    let service = Int(spans[place].service.index)
    guard service < numberOfService.count, numberOfService[service] > 0 else { return }
    let record = spans[place].record
    operationIndex.prefetch(Self.key(record.name, Int(numberOfService[service]) &- 1, record.kind))
  }

  @inline(__always)
  private mutating func note(_ spans: Span<TraceSpan>, _ place: Int) {
    let own = number(service: spans[place].service)
    let kind = spans[place].record.kind
    service.append(Int32(truncatingIfNeeded: own))
    operation.append(Int32(truncatingIfNeeded: number(operation: spans[place].record.name, own, kind)))
    var ownMarks: Marks = []
    let isCaller = kind == .client || kind == .producer
    var nearest = isCaller ? Int32(truncatingIfNeeded: place) : -1
    let parent = Int(spans[place].parent)
    if parent >= 0 {
      // By their names, since those that are not told apart have one number.
      let sameService = spans[parent].service == spans[place].service
      if sameService {
        if !isCaller {
          nearest = caller[parent]
        }
        // A caller inside a caller of the same service: the inner one makes the call.
        else if caller[parent] >= 0 {
          marks[Int(caller[parent])].insert(.isAnswered)
        }
      }
      let parentKind = spans[parent].record.kind
      let isPair =
        (parentKind == .client && kind == .server) || (parentKind == .producer && kind == .consumer)
      if !sameService || isPair, !spans[place].service.isEmpty, !spans[parent].service.isEmpty {
        ownMarks.insert(.isEntry)
        if caller[parent] >= 0 { marks[Int(caller[parent])].insert(.isAnswered) }
      }
    }
    caller.append(nearest)
    marks.append(ownMarks)
    if spans[place].isError {
      errorCount &+= 1
      if parent >= 0 { marks[parent].insert(.hasFailingChild) }
    }
  }

  /// The service that is called by a span whose only child is in another service; −1 otherwise.
  @inline(__always)
  func soleCallee(_ spans: Span<TraceSpan>, _ place: Int) -> Int32 {
    guard spans[place].childCount == 1 else { return -1 }
    let callee = service[place &+ 1]
    return callee == service[place] || services[Int(callee)].isEmpty ? -1 : callee
  }

  @inline(__always)
  private mutating func number(service symbol: Symbol) -> Int {
    let index = Int(symbol.index)
    if index < numberOfService.count, numberOfService[index] > 0 {
      let number = Int(numberOfService[index]) &- 1
      if lastTrace[number] != traceNumber {
        lastTrace[number] = traceNumber
        reached.append(Int32(truncatingIfNeeded: number))
      }
      return number
    }
    return addService(symbol)
  }

  /// The most services and entry points that are told apart; further ones count as unnamed.
  static let serviceLimit = 1 << 20
  static let entryPointLimit = 1 << 23

  @inline(never)
  private mutating func addService(_ symbol: Symbol) -> Int {
    if services.count >= Self.serviceLimit, !symbol.isEmpty { return number(service: .empty) }
    let isJoined = !symbol.isEmpty && !tellsApart(service: symbol)
    if isJoined, restService < 0 { restService = append(service: texts.symbol(Subject.services.rest)) }
    numberOfService[Int(symbol.index)] = (isJoined ? restService : append(service: symbol)) + 1
    return number(service: symbol)
  }

  private mutating func append(service symbol: Symbol) -> Int32 {
    note(name: symbol)
    services.append(symbol)
    lastTrace.append(traceNumber &- 1)
    operationCounts.append(0)
    return Int32(services.count - 1)
  }

  @inline(__always)
  private mutating func number(operation name: Symbol, _ service: Int, _ kind: SpanKind) -> Int {
    let name = joinsNames ? joined(name, service) : name
    let number = operationIndex.place(of: Self.key(name, service, kind))
    if number == operations.count {
      addOperation(OperationName(service: Int32(service), name: name, kind: kind))
    }
    return number
  }

  /// 20 bits of service, 32 of name, 3 of kind.
  @inline(__always)
  private static func key(_ name: Symbol, _ service: Int, _ kind: SpanKind) -> UInt64 {
    UInt64(service) << 36 | UInt64(name.index) << 4 | UInt64(kind.rawValue)
  }

  @inline(never)
  private mutating func addOperation(_ operation: OperationName) {
    note(name: operation.name)
    operations.append(operation)
    let service = Int(operation.service)
    operationCounts[service] &+= 1
    // A name has an operation for each kind at the most, so there are certainly too many names.
    if distinctions.joinedNames == nil,
      Int(operationCounts[service]) > JoinedNames.limit * SpanKind.allCases.count
    {
      hasTooManyNames = true
    }
  }

  /// What a name of a service is joined to.
  @inline(never)
  private mutating func joined(_ name: Symbol, _ service: Int) -> Symbol {
    let key = UInt64(service) << 32 | UInt64(name.index)
    if let known = joinedCache.find(key) { return Symbol(UInt32(truncatingIfNeeded: known)) }
    var symbol = name
    if service == Int(restService) {
      symbol = restName
    } else {
      if let text = distinctions.joinedNames?.joined(store.symbols.text(name), of: services[service]) {
        symbol = store.symbols.find(text) ?? texts.symbol(text)
      }
      if !tellsApart(operation: symbol, of: services[service]) { symbol = restName }
    }
    joinedCache.keep(UInt64(symbol.index), for: key)
    return symbol
  }

  private mutating func number(entryService service: Int, operation: Symbol) -> Int {
    if entryPoints.count >= Self.entryPointLimit { return 0 }
    let number = entryPointIndex.place(of: UInt64(service) << 32 | UInt64(operation.index))
    if number == entryPoints.count {
      entryPoints.append(EntryPointName(service: Int32(service), operation: operation))
    }
    return number
  }

  /// Notes that a row holds a name, maybe not the first one to do so.
  mutating func note(name: Symbol) { nameBytes &+= Digest.bytes(ofName: texts.bytes(name, in: store).count) }

  /// The attributes of a span as read; for spans that were not joined from several.
  @inline(__always)
  func attributes(of span: SpanRecord) -> UnsafeBufferPointer<Attribute> {
    let table = attributeTables[Int(span.table)]
    let start = Int(span.attributeStart)
    let count = Int(span.attributeCount)
    precondition(start <= table.count - count)
    guard count > 0, let base = table.baseAddress else { return UnsafeBufferPointer(start: nil, count: 0) }
    let attributes = UnsafeBufferPointer(start: base + start, count: count)
    store.willRead(attributes)
    return attributes
  }

  /// The text of a symbol of the run.
  borrowing func text(_ symbol: Symbol) -> String { texts.text(symbol, in: store) }

  /// The same as bytes, valid as long as what was observed.
  borrowing func bytes(_ symbol: Symbol) -> UnsafeBufferPointer<UInt8> { texts.bytes(symbol, in: store) }

  /// The service with a number.
  func serviceName(_ number: Int32) -> Symbol { services[Int(number)] }
}

/// What is known about a span beside its own fields.
struct Marks: OptionSet, BitwiseCopyable {
  var rawValue: UInt8

  /// A request from another service, or from a caller span of its own (dependencies, rule 2.1).
  static let isEntry = Marks(rawValue: 1)
  /// A caller span of some entry, or one that holds another caller span of its service.
  static let isAnswered = Marks(rawValue: 2)
  /// One of its children failed.
  static let hasFailingChild = Marks(rawValue: 4)
}

/// An operation by the worker's numbers.
struct OperationName: BitwiseCopyable {
  var service: Int32
  var name: Symbol
  var kind: SpanKind
}

/// An entry point by the worker's numbers.
struct EntryPointName: BitwiseCopyable {
  var service: Int32
  var operation: Symbol
}

/// Texts that analyses made themselves, numbered behind those of the archives.
struct OwnTexts: ~Copyable {
  private let base: Int
  private var table = SymbolTable()

  init(after base: Int) { self.base = base }

  /// The memory that they take, about.
  var byteCount: Int { table.byteCount }

  /// The number behind the last symbol.
  var end: Int { base + table.count }

  /// Puts all texts, and those to come, into temporary files.
  mutating func moveToFiles(in space: SpillSpace) { table.moveToFiles(in: space) }

  /// Lets go of the pages of all that is in files.
  borrowing func leaveMemory() { table.leaveMemory() }

  /// The symbol of a text; a new one is added.
  mutating func symbol(_ text: String) -> Symbol {
    text.isEmpty ? .empty : Symbol(UInt32(base) + table.intern(text).index)
  }

  /// A symbol of the text of a value, which is the same for equal texts.
  mutating func distinct(_ value: Symbol, in store: SpanStore) -> Symbol {
    let known = store.symbols.distinct(value)
    return known.isLone ? symbol(store.symbols.text(value)) : known
  }

  /// The text of a symbol of the store or of these.
  borrowing func text(_ symbol: Symbol, in store: SpanStore) -> String {
    String(decoding: bytes(symbol, in: store), as: UTF8.self)
  }

  /// Below, at or above zero as the texts of two symbols are in the order of bytes.
  borrowing func compare(_ left: Symbol, _ right: Symbol, in store: SpanStore) -> Int {
    left == right ? 0 : SymbolTable.compare(bytes(left, in: store), bytes(right, in: store))
  }

  /// The text of a symbol as a digest holds it.
  borrowing func name(_ symbol: Symbol, in store: SpanStore) -> String {
    NameText.of(bytes(symbol, in: store))
  }

  /// The bytes of a symbol of the store or of these.
  borrowing func bytes(_ symbol: Symbol, in store: SpanStore) -> UnsafeBufferPointer<UInt8> {
    isOwn(symbol) ? table.bytes(Symbol(symbol.index - UInt32(base))) : store.symbols.bytes(symbol)
  }

  /// Where the length of a text is found; nothing is touched.
  borrowing func lengthAddress(of symbol: Symbol, in store: SpanStore) -> UnsafeRawPointer? {
    isOwn(symbol)
      ? table.lengthAddress(of: Symbol(symbol.index - UInt32(base))) : store.symbols.lengthAddress(of: symbol)
  }

  /// True for a symbol of a text that the archives do not hold.
  borrowing func isOwn(_ symbol: Symbol) -> Bool { !symbol.isLone && Int(symbol.index) >= base }
}
