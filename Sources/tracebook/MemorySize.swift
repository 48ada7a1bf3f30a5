import ArgumentParser
import TraceModel

/// An amount of memory as a person writes it: `256M`, `2G`, `1500000K`. Units are powers of 1024.
struct MemorySize: ExpressibleByArgument {
  /// The amount in bytes.
  let bytes: Int

  /// What rows of digests may take of it while they are merged, in bytes by `Digest.rowBytes`: measured to leave enough
  /// for what is made of them.
  var forDigests: Int { bytes / 8 * 5 }

  /// The most spans that a trace may have, and all that are kept to be looked at several times: with one of so many, a run
  /// was measured to keep within the limit.
  var spansOfTrace: Int { bytes / Self.bytesPerSpan }

  /// What an incident may take: its traces as they are and without secrets, and all that is written of them.
  var forIncident: Int { bytes / Self.incidents }

  private static let incidents = 3

  private static let bytesPerSpan = 2 << 10

  /// As many megabytes as a trace of so many spans needs.
  static func megabytes(forTraceOf spans: Int) -> Int { (spans * bytesPerSpan + (1 << 20) - 1) >> 20 }

  /// As many megabytes as an incident needs that takes so many bytes.
  static func megabytes(forIncidentTaking bytes: Int) -> Int { ((bytes >> 20) + 1) * incidents }

  /// What an incident about traces takes, as measured: with bare spans, with long texts, with a million attributes.
  static func ofIncident(_ traces: TraceVolume) -> Int {
    traces.spans * 500 + traces.bytes * 3 + traces.resourceAttributes * 180
  }

  /// Less could not hold what is needed to read one record.
  static let least = 64 << 20

  init?(argument: String) {
    var digits = argument[...]
    for suffix in ["iB", "B"] where digits.hasSuffix(suffix) { digits = digits.dropLast(suffix.count) }
    var shift = 0
    if let unit = digits.last, let place = "KMGT".firstIndex(of: Character(unit.uppercased())) {
      shift = 10 * ("KMGT".distance(from: "KMGT".startIndex, to: place) + 1)
      digits = digits.dropLast()
    }
    guard let number = Int(digits), number > 0 else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}
