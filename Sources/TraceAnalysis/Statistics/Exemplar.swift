import TraceModel

/// The span that shows something best: the largest value, of equal ones the smallest trace id, then span id.
///
/// Which span that is does not depend on the order in which spans are offered.
struct Exemplar: BitwiseCopyable, Equatable, Sendable {
  var value: Int64 = -1
  var traceID: TraceID = .absent
  var spanID: SpanID = .absent

  /// True when nothing was offered.
  var isAbsent: Bool { value < 0 }

  /// Takes over a span that shows it better, and says whether it did. Values are not negative.
  @inline(__always)
  mutating func offer(_ value: Int64, _ traceID: TraceID, _ spanID: SpanID) -> Bool {
    if value < self.value { return false }
    let other = Exemplar(value: value, traceID: traceID, spanID: spanID)
    if !other.isBetter(than: self) { return false }
    self = other
    return true
  }

  /// Takes over the better one of the two.
  mutating func merge(_ other: Exemplar) {
    if other.isBetter(than: self) { self = other }
  }

  /// True when it shows something better than the other one.
  func isBetter(than other: Exemplar) -> Bool {
    if value != other.value { return value > other.value }
    if traceID != other.traceID { return traceID < other.traceID }
    return spanID < other.spanID
  }

  var evidence: Evidence? { isAbsent ? nil : Evidence(traceID: traceID, spanID: spanID) }

  func example(_ reason: String) -> ExampleTrace? {
    isAbsent
      ? nil
      : ExampleTrace(
        reason: reason, evidence: Evidence(traceID: traceID, spanID: spanID), duration: Nanoseconds(value))
  }
}
