import TraceModel

/// Requests by subject, stretch of time, length and outcome.
///
///     key      | subject: 32 bits … | stretch mod 256: 8 | failed: 1 |      numbered as they are met
///     counts   number 0: [ band 12, 13, 14, 15 ]   number 1: [ … ]
///
/// The grid never has more than 160 stretches, so eight bits and its first one tell which one is meant.
struct SeriesCounter: ~Copyable {
  private var grid = TimeGrid()
  private var index = KeyIndex()
  private var counts = BucketCells<UInt32>(empty: 0, step: 8)

  private static let stretchMask: UInt64 = 255 << 1

  init() {}

  /// Counts one request; those at implausible times are left out.
  @inline(__always)
  mutating func add(_ subject: Int, at time: Int64, length: Int64, failed: Bool) {
    guard TimeGrid.isPlausible(time) else { return }
    let stretch = grid.stretch(of: time)
    if grid.isEmpty || stretch < grid.first || stretch > grid.last { cover(time) }
    let band = DurationScale.coarse(DurationScale.bucket(length), by: DurationBandRow.scaleSteps)
    let number = index.place(
      of: UInt64(subject) << 9 | Self.bits(ofStretch: grid.stretch(of: time)) | (failed ? 1 : 0))
    counts.update(number, band) { $0 &+= 1 }
  }

  /// Widens the grid until it holds a moment, and counts anew by its stretches.
  @inline(never)
  private mutating func cover(_ time: Int64) {
    let old = grid
    guard grid.cover(time) else { return }
    let factor = grid.width / old.width
    let known = sorted()
    index = KeyIndex()
    counts = BucketCells(empty: 0, step: 8)
    for part in known {
      let stretch = Self.bits(ofStretch: Self.stretch(part.key, old) / factor)
      let number = index.place(of: part.key & ~Self.stretchMask | stretch)
      for (band, count) in part.bands { counts.update(number, band) { $0 &+= count } }
    }
  }

  private static func bits(ofStretch stretch: Int64) -> UInt64 {
    UInt64(bitPattern: stretch) << 1 & stretchMask
  }

  private static func stretch(_ key: UInt64, _ grid: TimeGrid) -> Int64 {
    grid.first + ((Int64(bitPattern: key >> 1 & 255) - grid.first) & 255)
  }

  /// All counts, by subject, stretch and outcome, those of one by band; a band may come twice.
  private func sorted() -> [(key: UInt64, bands: [(band: Int, count: UInt32)])] {
    var outside: [Int: [(band: Int, count: UInt32)]] = [:]
    counts.forEachOutside { outside[$0, default: []].append(($1, $2)) }
    let order = (0..<index.count).sorted { index.keys[$0] < index.keys[$1] }
    return order.map { number in
      var bands = outside[number] ?? []
      counts.forEach(number) { if $1 > 0 { bands.append(($0, $1)) } }
      bands.sort { $0.band < $1.band }
      return (index.keys[number], bands)
    }
  }

  /// Puts the counts into a digest. `place` turns a subject into what the row refers to.
  mutating func report(to digest: inout Digest, _ subject: SeriesRow.Subject, place: (Int) -> Int32) {
    var part = Digest()
    part.grid = grid
    part.series.reserveCapacity(index.count)
    for (key, bands) in sorted() {
      var row = SeriesRow()
      row.subject = subject
      row.place = place(Int(key >> 9))
      row.stretch = Self.stretch(key, grid)
      let failed = key & 1 != 0
      row.bands.reserveCapacity(bands.count)
      for (band, count) in bands { row.add(band, Int(count), failed: failed) }
      // Behind the same with those that did not fail, to which these belong.
      if let last = part.series.last, last.key == row.key {
        part.series[part.series.count - 1].merge(row)
      } else {
        part.series.append(row)
      }
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
