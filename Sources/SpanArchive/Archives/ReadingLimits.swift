/// How much a reader takes before it refuses a record or an archive.
///
/// Together they bound the memory of a worker: a window of at most `recordBytes`, whatever an archive holds.
package struct ReadingLimits: Sendable {
  /// Records larger than this are refused, in bytes.
  package var recordBytes = 64 << 20
  /// Documents larger than this are taken apart and read element by element, in bytes.
  package var streamedBytes = 8 << 20
  /// How much of an archive is looked at in one go at first, in bytes.
  package var windowBytes = 1 << 19
  /// An archive that inflates to more than this many times its size is cut: it was made to fill memory.
  package var inflationRatio = 600
  /// Archives that inflate to less than this are never cut, in bytes.
  package var inflationFloor = 256 << 20

  /// Makes the limits of an ordinary run.
  package init() {}
}
