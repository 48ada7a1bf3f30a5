import TraceModel

/// Requests by subject, stretch of time, length and outcome.
///
///     key  | subject: 32 bits … | stretch mod 256: 8 | band: 9 | failed: 1 |
///
/// The grid never has more than 160 stretches, so eight bits and its first one tell which one is meant.
struct SeriesCounter: ~Copyable {
  private var grid = TimeGrid()
  private var cells = CellCounter()

  init() {}

  /// Counts one request; those at implausible times are left out.
  @inline(__always)
  mutating func add(_ subject: Int, at time: Int64, length: Int64, failed: Bool) {
    guard TimeGrid.isPlausible(time) else { return }
    let stretch = grid.stretch(of: time)
    if grid.isEmpty || stretch < grid.first || stretch > grid.last { cover(time) }
    let band = DurationScale.coarse(DurationScale.bucket(length), by: DurationBandRow.scaleSteps)
    let low = UInt64(bitPattern: grid.stretch(of: time)) & 255
    cells.add(UInt64(subject) << 18 | low << 10 | UInt64(band) << 1 | (failed ? 1 : 0))
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
      let low = UInt64(bitPattern: stretch) & 255
      cells.add(key & ~(255 << 10) | low << 10, count)
    }
  }

  private static func stretch(_ key: UInt64, _ grid: TimeGrid) -> Int64 {
    grid.first + ((Int64(bitPattern: key >> 10 & 255) - grid.first) & 255)
  }

  /// Puts the counts into a digest. `place` turns a subject into what the row refers to.
  mutating func report(to digest: inout Digest, _ subject: SeriesRow.Subject, place: (Int) -> Int32) {
    var part = Digest()
    part.grid = grid
    for (key, count) in cells.sorted() {
      let band = Int(key >> 1 & 511)
      let subjectPlace = place(Int(key >> 18))
      let stretch = Self.stretch(key, grid)
      let last = part.series.count - 1
      if last < 0 || part.series[last].place != subjectPlace || part.series[last].stretch != stretch {
        var row = SeriesRow()
        row.subject = subject
        row.place = subjectPlace
        row.stretch = stretch
        part.series.append(row)
      }
      part.series[part.series.count - 1].add(band, count, failed: key & 1 != 0)
    }
    digest.appendSeries(part)
  }
}

extension SeriesRow {
  /// Adds to the last band or behind it; bands come in order.
  fileprivate mutating func add(_ band: Int, _ count: Int, failed: Bool) {
    if bands.last?.band != band { bands.append(SeriesBand(band: band, count: 0, errors: 0)) }
    bands[bands.count - 1].count += count
    if failed { bands[bands.count - 1].errors += count }
  }
}
