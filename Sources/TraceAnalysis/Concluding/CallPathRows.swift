/// Which rows of call paths belong to which entry point and duration band.
///
///     starts   0     3    …        by entry point
///     rows   | 0 4 7 | 1 2 …       places among the paths of the digest, ascending
///
/// There may be millions of rows: each takes 8 bytes.
struct CallPathRows: Sendable {
  private var bands: [Int32]
  private var rows: [Int32]
  private var starts: [Int]

  /// - Complexity: O(rows).
  init(_ digest: Digest) {
    bands = []
    bands.reserveCapacity(digest.callPaths.count)
    starts = Array(repeating: 0, count: digest.entryPoints.count + 1)
    for row in digest.callPaths {
      let band = row.parent < 0 ? ~row.parent : bands[Int(row.parent)]
      bands.append(band)
      starts[Int(digest.durationBands[Int(band)].entryPoint) + 1] += 1
    }
    for entry in starts.indices.dropFirst() { starts[entry] += starts[entry - 1] }
    var next = starts
    rows = Array(repeating: 0, count: bands.count)
    for (row, band) in bands.enumerated() {
      let entry = Int(digest.durationBands[Int(band)].entryPoint)
      rows[next[entry]] = Int32(row)
      next[entry] += 1
    }
  }

  /// The places of the rows of an entry point, ascending.
  func rows(of entry: Int) -> ArraySlice<Int32> { rows[starts[entry]..<starts[entry + 1]] }

  /// The band of a row.
  func band(of row: Int) -> Int { Int(bands[row]) }
}
