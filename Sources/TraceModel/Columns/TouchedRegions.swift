/// Counts the regions of mapped files that were touched, each of which the system brings into memory as a whole.
///
///     addresses   | 64 KB | 64 KB | 64 KB | …      a bit for each, by the lower bits of its number
///
/// Whoever touches what lies anywhere lets go of the pages when it says so: where the same is touched again and again,
/// that is seldom. Regions 4 GB apart have the same bit and count as one.
package struct TouchedRegions: ~Copyable, Sendable {
  private static let regions = 1 << 16
  /// The numbers that hold a bit for each region.
  static let words = regions / 64
  /// Fewer are not let go of: 1 MB.
  private static let least = 1 << 4

  private var bits = Column<UInt64>(zeroes: words)
  private var count = 0
  private let most: Int

  /// - Parameter space: a quarter of what spans may take of memory is for what is touched.
  package init(in space: SpillSpace?) { most = Self.most(in: space) }

  /// How many regions may be touched before they are let go of.
  static func most(in space: SpillSpace?) -> Int {
    max((space?.budget ?? 0) / 4 / SpillSpace.pagesAround, least)
  }

  /// Where the bit of the region of an address is.
  @inline(__always)
  static func place(of address: Int) -> (word: Int, bit: UInt64) {
    let region = address / SpillSpace.pagesAround & (regions - 1)
    return (region >> 6, 1 << UInt64(region & 63))
  }

  /// Notes a touch; true when it is time to let go of what was touched, from when on nothing was.
  @inline(__always)
  package mutating func areTooMany(with address: UnsafeRawPointer?) -> Bool {
    let (word, bit) = Self.place(of: Int(bitPattern: address))
    guard bits[word] & bit == 0 else { return false }
    bits[word] |= bit
    count += 1
    guard count > most else { return false }
    bits.mutableElements.update(repeating: 0)
    count = 0
    return true
  }

  /// The same for all bytes of a text.
  package mutating func areTooMany(with text: UnsafeBufferPointer<UInt8>) -> Bool {
    var areTooMany = false
    for start in stride(from: 0, through: text.count, by: SpillSpace.pagesAround)
    where self.areTooMany(with: text.baseAddress.map { UnsafeRawPointer($0 + start) }) {
      areTooMany = true
    }
    return areTooMany
  }
}
