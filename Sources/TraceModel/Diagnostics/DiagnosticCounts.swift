/// Where a diagnostic was met, for its message.
public struct DiagnosticPlace: Sendable, Equatable {
  /// Bytes into the inflated archive.
  public var offset: UInt64
  /// What was wrong, in one sentence.
  public var message: String

  /// Makes a place of its offset and message.
  public init(offset: UInt64, message: String) {
    self.offset = offset
    self.message = message
  }
}

/// How often each diagnostic was met in one archive, with its first few places.
///
/// Takes bounded memory however damaged the archive is.
public struct DiagnosticCounts: Sendable {
  /// The number of places kept of a code.
  public static let placesKept = 5

  /// What is known of one code.
  public struct Entry: Sendable {
    /// How often it was met.
    public var count: Int = 0
    /// The first few places in reading order.
    public var places: [DiagnosticPlace] = []
  }

  private var entries: [DiagnosticCode: Entry] = [:]

  /// Makes counts of nothing.
  public init() {}

  /// Counts one case, keeping its place while there is room.
  public mutating func add(
    _ code: DiagnosticCode, at offset: UInt64, _ message: @autoclosure () -> String, count: Int = 1
  ) {
    var entry = entries[code] ?? Entry()
    entry.count += count
    if entry.places.count < Self.placesKept {
      entry.places.append(DiagnosticPlace(offset: offset, message: message()))
    }
    entries[code] = entry
  }

  /// The codes that were met, ordered by their words.
  public var codes: [DiagnosticCode] { entries.keys.sorted() }

  /// What is known of a code.
  public subscript(code: DiagnosticCode) -> Entry { entries[code] ?? Entry() }

  /// True when nothing was met.
  public var isEmpty: Bool { entries.isEmpty }
}
