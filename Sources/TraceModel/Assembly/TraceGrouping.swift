/// The spans of one trace, as a range of a partition.
public struct TraceGroup: Sendable, BitwiseCopyable {
  /// The id the trace is shown under: the 128-bit one where a 64-bit id was joined to it.
  public var id: TraceID
  /// Where its spans begin among the partition's.
  public var start: UInt32
  /// How many spans it has.
  public var count: UInt32
  /// A 64-bit and the 128-bit form of the id were joined.
  public var wasJoined: Bool
  /// A 64-bit id that fits several 128-bit ids.
  public var isAmbiguous: Bool
}
