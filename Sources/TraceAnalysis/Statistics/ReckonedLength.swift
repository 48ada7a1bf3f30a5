import TraceModel

extension Nanoseconds {
  /// A length that was reckoned with fractions, to the next nanosecond.
  ///
  /// Times of hostile archives and figures of foreign digests may be anything, so the length is held within the range
  /// of 64 bits; what is not a number counts as none.
  init(reckoned value: Double) {
    let held = min(max(value.isNaN ? 0 : value, -9.2e18), 9.2e18)
    self.init(Int64(held.rounded()))
  }
}
