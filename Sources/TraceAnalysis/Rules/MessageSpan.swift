import TraceModel

/// One side of a message.
protocol MessageSpan: BitwiseCopyable {
  var trace: TraceID { get }
  var spanID: UInt64 { get }
  var service: Symbol { get }
  /// The side of it that looks at the other one: a sender's end, a receiver's start.
  var moment: Int64 { get }
  var length: Int64 { get }
  var peer: Symbol { get }
}

extension MessageSpan {
  /// Whether it comes before another one, the same span standing together; nil when they differ in nothing of all this.
  func isBefore(_ other: Self, _ names: LinkNames) -> Bool? {
    if trace.low != other.trace.low { return trace.low < other.trace.low }
    if spanID != other.spanID { return spanID < other.spanID }
    if service != other.service { return names.compare(service, other.service) < 0 }
    if moment != other.moment { return moment < other.moment }
    if length != other.length { return length < other.length }
    if trace.high != other.trace.high { return trace.high < other.trace.high }
    return peer != other.peer ? names.compare(peer, other.peer) < 0 : nil
  }

  /// Equal in all that matters: the same span once more.
  func isSame(as other: Self) -> Bool {
    trace.low == other.trace.low && spanID == other.spanID && service == other.service
      && moment == other.moment && length == other.length
  }
}
