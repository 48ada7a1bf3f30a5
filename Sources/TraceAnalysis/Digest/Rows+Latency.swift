import TraceModel

/// The requests that enter at one service and operation.
struct EntryPointRow: DigestRow {
  /// How many slow and failing traces are kept of each.
  static let examples = 5

  var service = Symbol.empty
  var operation = Symbol.empty
  var errors = 0
  /// Traces whose primary root names an absent parent; they are in none of the other figures.
  var incomplete = 0
  var durations = DurationSketch()
  /// Connected traces without any error, and connected traces whose root failed.
  var healthy = 0
  var failed = 0
  /// Best first.
  var slowest: [Exemplar] = []
  var failing: [Exemplar] = []

  var key: RowKey { RowKey(service.number, operation.number) }

  mutating func merge(_ other: Self) {
    errors += other.errors
    incomplete += other.incomplete
    durations.merge(other.durations)
    healthy += other.healthy
    failed += other.failed
    slowest = Self.best(slowest + other.slowest)
    failing = Self.best(failing + other.failing)
  }

  private static func best(_ all: [Exemplar]) -> [Exemplar] {
    Array(all.sorted { $0.isBetter(than: $1) }.prefix(examples))
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&service)
    visitor.symbol(&operation)
    visitor.integer(&errors)
    visitor.integer(&incomplete)
    visitor.sketch(&durations)
    visitor.integer(&healthy)
    visitor.integer(&failed)
    visitor.list(&slowest, of: Exemplar()) { $0.exemplar(&$1) }
    visitor.list(&failing, of: Exemplar()) { $0.exemplar(&$1) }
  }
}

/// The requests of an entry point whose durations lie in one band: what cohorts are joined from.
struct DurationBandRow: DigestRow {
  /// A band joins `2^2` buckets of `DurationScale`: 8 bands to a doubling.
  static let scaleSteps = 2

  var entryPoint: Int32 = 0
  var band = 0
  var count = 0
  var errors = 0
  var sum: Int64 = 0
  var squares: UInt128 = 0
  /// The one with the smallest trace id, without errors where there is one: for each duration, one to look at.
  var typical = Exemplar()

  var key: RowKey { RowKey(Int(entryPoint), band) }

  mutating func merge(_ other: Self) {
    count += other.count
    errors += other.errors
    sum = sum.saturatingSum(other.sum)
    squares &+= other.squares
    typical.merge(other.typical)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&entryPoint, .entryPoints)
    visitor.bucket(&band)
    visitor.integer(&count)
    visitor.integer(&errors)
    visitor.integer64(&sum)
    visitor.wide(&squares)
    visitor.exemplar(&typical)
  }
}

/// Critical-path time of one service in the requests of an entry point, or of its calls' gaps to one other service.
struct ComponentRow: DigestRow {
  var entryPoint: Int32 = 0
  var service = Symbol.empty
  /// Empty for all of the service's time. Else only the time of spans whose one child is in this other service: what
  /// lies between the two, as network, queueing and connection set-up.
  var callee = Symbol.empty
  /// Over the requests in which it is on the path at all.
  var times = DurationSketch()
  var worst = Exemplar()

  var key: RowKey { RowKey(Int(entryPoint), service.number, callee.number) }

  mutating func merge(_ other: Self) {
    times.merge(other.times)
    worst.merge(other.worst)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&entryPoint, .entryPoints)
    visitor.symbol(&service)
    visitor.symbol(&callee)
    visitor.sketch(&times)
    visitor.exemplar(&worst)
  }
}

/// A component in the requests of one duration band: sums from which means, spreads and covariances follow.
struct ComponentBandRow: DigestRow {
  var component: Int32 = 0
  var band = 0
  /// Requests in which it is on the path.
  var count = 0
  var sum: Int64 = 0
  var squares: UInt128 = 0
  /// Sum of its time times the request's.
  var products: UInt128 = 0

  var key: RowKey { RowKey(Int(component), band) }

  mutating func merge(_ other: Self) {
    count += other.count
    sum = sum.saturatingSum(other.sum)
    squares &+= other.squares
    products &+= other.products
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&component, .components)
    visitor.bucket(&band)
    visitor.integer(&count)
    visitor.integer64(&sum)
    visitor.wide(&squares)
    visitor.wide(&products)
  }
}

/// Critical-path time of one operation in the requests of an entry point.
struct EntryOperationRow: DigestRow {
  var entryPoint: Int32 = 0
  var operation: Int32 = 0
  /// Requests in which it is on the path.
  var count = 0
  var sum: Int64 = 0
  var worst = Exemplar()

  var key: RowKey { RowKey(Int(entryPoint), Int(operation)) }

  mutating func merge(_ other: Self) {
    count += other.count
    sum = sum.saturatingSum(other.sum)
    worst.merge(other.worst)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&entryPoint, .entryPoints)
    visitor.reference(&operation, .operations)
    visitor.integer(&count)
    visitor.integer64(&sum)
    visitor.exemplar(&worst)
  }
}

/// One call path in the requests of one duration band; the rows of a band form a tree.
struct CallPathNodeRow: DigestRow {
  /// The row of the calling path, which stands before this one; below zero, `~number` of the duration band.
  var parent: Int32 = 0
  var operation: Int32 = 0
  /// Spans.
  var count = 0
  /// Critical-path time of the spans of this very path.
  var own: Int64 = 0

  var key: RowKey { RowKey(Int(parent), Int(operation)) }

  mutating func merge(_ other: Self) {
    count += other.count
    own = own.saturatingSum(other.own)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.integer32(&parent)
    visitor.reference(&operation, .operations)
    visitor.integer(&count)
    visitor.integer64(&own)
  }
}

/// Requests that began in one stretch of time.
struct SeriesRow: DigestRow {
  /// Whose requests.
  enum Subject: Int {
    case entryPoint
    case service
    case errorGroup
  }

  var subject = Subject.entryPoint
  /// The number of the entry point, the service's name or the error group.
  var place: Int32 = 0
  /// Counted from 1970, in the width of the digest's grid.
  var stretch: Int64 = 0
  /// Requests by band of duration, in the order of bands.
  var bands: [SeriesBand] = []

  var key: RowKey { RowKey(subject.rawValue, Int(place), Int(stretch)) }

  mutating func merge(_ other: Self) {
    var merged: [SeriesBand] = []
    merged.reserveCapacity(bands.count + other.bands.count)
    var (own, others) = (0, 0)
    while own < bands.count || others < other.bands.count {
      let isOwn =
        others == other.bands.count || own < bands.count && bands[own].band <= other.bands[others].band
      let band = isOwn ? bands[own] : other.bands[others]
      if isOwn { own += 1 } else { others += 1 }
      if let last = merged.indices.last, merged[last].band == band.band {
        merged[last].add(band)
      } else {
        merged.append(band)
      }
    }
    bands = merged
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    var number = subject.rawValue
    visitor.integer(&number)
    subject = Subject(rawValue: number) ?? .entryPoint
    switch subject {
    case .entryPoint: visitor.reference(&place, .entryPoints)
    case .errorGroup: visitor.reference(&place, .errorGroups)
    case .service:
      var name = Symbol(UInt32(bitPattern: place))
      visitor.symbol(&name)
      place = Int32(bitPattern: name.index)
    }
    visitor.integer64(&stretch)
    visitor.bands(&bands)
  }
}

/// Requests of one stretch whose durations lie in one band.
struct SeriesBand: Sendable, BitwiseCopyable {
  var band: Int
  var count = 0
  var errors = 0

  /// Adds requests of the same band.
  mutating func add(_ other: Self) {
    count += other.count
    errors += other.errors
  }
}
