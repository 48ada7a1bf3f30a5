import TraceModel

/// The count, sum, least and greatest of lengths: what is kept beside the counts of their buckets.
struct DurationTally: BitwiseCopyable, Sendable {
  var count = 0
  var sum: Int64 = 0
  var least: Int64 = .max
  var greatest: Int64 = 0

  @inline(__always)
  mutating func add(_ length: Int64) {
    count &+= 1
    sum = sum.saturatingSum(length)
    if length < least { least = length }
    if length > greatest { greatest = length }
  }
}

extension Int64 {
  /// The sum of two numbers that are not negative, held at the largest number: so order does not matter.
  @inline(__always)
  func saturatingSum(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
