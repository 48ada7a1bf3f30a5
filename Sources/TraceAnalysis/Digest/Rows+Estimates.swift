import TraceModel

/// What sampled spans of one kind add up to, each counted as often as it stands for.
///
/// The trace is the unit of chance: sums over a trace are squared before they are added up (reference on sampling,
/// section 6). Spans of one trace with several weights count as if all had their mean, which makes intervals a little
/// wider, never narrower.
struct EstimateRow: DigestRow {
  enum Scope: Int, CaseIterable {
    /// Traces by where their weight comes from; `third` is the scheme.
    case scheme
    /// All requests, by the roots of traces.
    case everything
    /// The requests of an entry point: `first` is the service, `second` the operation.
    case entryPoint
    /// The requests that the service `first` answers.
    case service
    /// The spans of the operation `second` of the service `first`; `third` is the kind.
    case operation
    /// The calls from `first` to `second`; `third` is the type.
    case link
    /// Ids that the rule with the number `third` would keep at the ratio that the user gave.
    case audit
  }

  /// Requests of about one length.
  struct Band: Sendable, Equatable {
    var bucket = 0
    var count = 0
    var weight = FixedSum()
    /// Σ w (w − 1) over its requests.
    var spread = FixedSum()
  }

  /// What is added up over traces.
  struct Sums: BitwiseCopyable, Sendable {
    /// Traces with one.
    var traces = 0
    /// Spans, requests or calls as read.
    var items = 0
    /// Those of them that failed.
    var errors = 0
    var weight = FixedSum()
    var errorWeight = FixedSum()
    /// Σ over traces of y² w (w − 1), y being the number of items, of failed ones, and their product.
    var variance = FixedSum()
    var errorVariance = FixedSum()
    var covariance = FixedSum()
    /// Σ w and Σ w² over traces; of an audit the ratio for each trace.
    var traceWeight = FixedSum()
    var traceSquares = FixedSum()
    var least = Int64.max
    var greatest: Int64 = 0

    mutating func merge(_ other: Self) {
      traces += other.traces
      items += other.items
      errors += other.errors
      weight.merge(other.weight)
      errorWeight.merge(other.errorWeight)
      variance.merge(other.variance)
      errorVariance.merge(other.errorVariance)
      covariance.merge(other.covariance)
      traceWeight.merge(other.traceWeight)
      traceSquares.merge(other.traceSquares)
      least = min(least, other.least)
      greatest = max(greatest, other.greatest)
    }
  }

  var scope = Scope.scheme
  var first = Symbol.empty
  var second = Symbol.empty
  var third = 0
  /// Of a scheme: traces that were kept although their randomness lies below their threshold.
  var inconsistent = 0
  var sums = Sums()
  /// By bucket.
  var bands: [Band] = []

  var key: RowKey { RowKey(scope.rawValue, first.number, second.number, third) }

  mutating func merge(_ other: Self) {
    sums.merge(other.sums)
    inconsistent += other.inconsistent
    bands = Self.joined(bands + other.bands)
  }

  /// Bands in their order, each bucket once.
  static func joined(_ bands: [Band]) -> [Band] {
    var joined: [Band] = []
    for band in bands.sorted(by: { $0.bucket < $1.bucket }) {
      if let last = joined.last, last.bucket == band.bucket {
        joined[joined.count - 1].count += band.count
        joined[joined.count - 1].weight.merge(band.weight)
        joined[joined.count - 1].spread.merge(band.spread)
      } else {
        joined.append(band)
      }
    }
    return joined
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    var number = scope.rawValue
    visitor.integer(&number)
    scope = Scope(rawValue: number) ?? .scheme
    visitor.symbol(&first)
    visitor.symbol(&second)
    visitor.integer(&third)
    visitor.integer(&sums.traces)
    visitor.integer(&sums.items)
    visitor.integer(&sums.errors)
    visitor.integer(&inconsistent)
    for path in [
      \Sums.weight, \.errorWeight, \.variance, \.errorVariance, \.covariance, \.traceWeight,
      \.traceSquares,
    ] { visitor.wide(&sums[keyPath: path].raw) }
    visitor.integer64(&sums.least)
    visitor.integer64(&sums.greatest)
    visitor.list(&bands, of: Band()) { visitor, band in
      visitor.bucket(&band.bucket)
      visitor.integer(&band.count)
      visitor.wide(&band.weight.raw)
      visitor.wide(&band.spread.raw)
    }
  }
}
