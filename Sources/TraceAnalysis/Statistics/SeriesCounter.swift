import TraceModel

/// Requests by subject, stretch of time, length and outcome.
///
///     key  | subject: 32 bits … | band: 9 | failed: 1 | stretch mod 256: 8 |
///
/// The grid never has more than 256 stretches, so eight bits and its first one tell which one is meant.
struct SeriesCounter: ~Copyable {
  private var grid = TimeGrid()
  private var cells = CellCounter()

  init() {}

  /// Counts one request; those at implausible times are left out.
  @inline(__always)
  mutating func add(_ subject: Int, at time: Int64, length: Int64, failed: Bool) {
    guard TimeGrid.plausible.contains(time) else { return }
    let stretch = grid.stretch(of: time)
    if grid.isEmpty || stretch < grid.first || stretch > grid.last { cover(time) }
    let band = DurationScale.coarse(DurationScale.bucket(length), by: DurationBandRow.scaleSteps)
    cells.add(
      UInt64(subject) << 18 | UInt64(band) << 9 | (failed ? 256 : 0)
        | UInt64(bitPattern: grid.stretch(of: time)) & 255)
  }

  @inline(never)
  private mutating func cover(_ time: Int64) {
    let old = grid
    guard grid.cover(time) else { return }
    let factor = grid.width / old.width
    let counts = cells.sorted()
    cells.removeAll()
    for (key, count) in counts {
      let stretch = Self.stretch(key, old) / factor
      cells.add(key & ~255 | UInt64(bitPattern: stretch) & 255, count)
    }
  }

  private static func stretch(_ key: UInt64, _ grid: TimeGrid) -> Int64 {
    grid.first + ((Int64(bitPattern: key) - grid.first) & 255)
  }

  /// Puts the counts into a digest. `place` turns a subject into what the row refers to.
  mutating func report(to digest: inout Digest, _ subject: SeriesRow.Subject, place: (Int) -> Int32) {
    var part = Digest()
    part.grid = grid
    for (key, count) in cells.sorted() {
      var row = SeriesRow()
      row.subject = subject
      row.place = place(Int(key >> 18))
      row.stretch = Self.stretch(key, grid)
      row.band = Int(key >> 9 & 511)
      row.count = count
      row.errors = key & 256 != 0 ? count : 0
      part.series.append(row)
    }
    digest.appendSeries(part)
  }
}
