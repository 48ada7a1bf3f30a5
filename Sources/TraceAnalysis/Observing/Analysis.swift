import TraceModel

/// Looks at every trace once and keeps what it found out in columns of plain numbers.
///
/// One file holds one analysis. It is one worker's: nothing is shared, nothing is locked, and at the end it puts its
/// rows into a digest, where the rows of all workers are merged.
protocol Analysis: ~Copyable {
  init()

  /// Takes up one trace. `spans` are those of the trace; numbers come from `seen`.
  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed)

  /// The memory of the rows that it would put into a digest, about; never more than that of a digest which holds those of
  /// other workers, too.
  var rowBytes: Int { get }

  /// Puts its rows into a digest, in the worker's numbers and the symbols of the run.
  mutating func report(to digest: inout Digest, _ seen: inout Observed)
}
