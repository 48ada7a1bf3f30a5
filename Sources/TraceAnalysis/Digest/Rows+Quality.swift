import TraceModel

/// Something about an operation that instrumentation should do otherwise, seen while all spans passed by.
struct SightingRow: DigestRow {
  enum Sign: Int, CaseIterable {
    /// A trace over 1,000 spans, by its most frequent operation.
    case tooManySpans
    /// Spans over one hour.
    case longSpan
    /// Spans over 100 attributes.
    case tooManyTags
    /// Failures that only codes tell of.
    case derivedStatus
    /// Spans that name a parent which is not there.
    case orphan
    /// Traces of one SERVER span without a parent.
    case loneServer
    /// CONSUMER roots without a link.
    case unlinkedConsumer
    /// Traces with ids of 64 bits, by their root.
    case narrowID
    /// Traces with ids that are not random, by their root.
    case weakID
    /// Traces with several roots over more than an hour.
    case leakedContext
    /// Names of a service that has too many to be told apart; no operation is named.
    case joinedNames
    /// Things of a `Subject` that were too many to be told apart; the subject is named in place of an operation.
    case joinedThings
  }

  var sign = Sign.orphan
  var service = Symbol.empty
  var operation = Symbol.empty
  var count = 0
  /// The one with the largest number: spans, nanoseconds or attributes.
  var example = Exemplar()

  var key: RowKey { RowKey(sign.rawValue, service.number, operation.number) }

  mutating func merge(_ other: Self) {
    count += other.count
    example.merge(other.example)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    var number = sign.rawValue
    visitor.integer(&number)
    sign = Sign(rawValue: number) ?? .orphan
    visitor.symbol(&service)
    visitor.symbol(&operation)
    visitor.integer(&count)
    visitor.exemplar(&example)
  }
}

/// Spans of one host that were moved because its clock differs from that of another one.
struct HostPairRow: DigestRow {
  var host = Symbol.empty
  var against = Symbol.empty
  var count = 0
  var sum: Int64 = 0
  var least: Int64 = .max
  var most: Int64 = .min
  /// The one that was moved most, either way.
  var example = Exemplar()

  var key: RowKey { RowKey(host.number, against.number) }

  /// Counts a span that was moved by so much; true when it becomes the example.
  mutating func add(_ amount: Int64, _ trace: TraceID, _ span: SpanID) -> Bool {
    count += 1
    sum = sum.saturatingSum(amount)
    least = min(least, amount)
    most = max(most, amount)
    return example.offer(Int64(clamping: amount.magnitude), trace, span)
  }

  mutating func merge(_ other: Self) {
    count += other.count
    sum = sum.saturatingSum(other.sum)
    least = min(least, other.least)
    most = max(most, other.most)
    example.merge(other.example)
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol(&host)
    visitor.symbol(&against)
    visitor.integer(&count)
    visitor.integer64(&sum)
    visitor.integer64(&least)
    visitor.integer64(&most)
    visitor.exemplar(&example)
  }
}
