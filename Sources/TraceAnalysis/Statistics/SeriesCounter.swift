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
    let number = index.place(of: key(subject, time, failed))
    counts.update(number, band) { $0 &+= 1 }
  }

  /// Asks for where a request will be counted, without waiting for it.
  @inline(__always)
  func prefetch(_ subject: Int, at time: Int64, failed: Bool) { index.prefetch(key(subject, time, failed)) }

  @inline(__always)
  private func key(_ subject: Int, _ time: Int64, _ failed: Bool) -> UInt64 {
    UInt64(subject) << 9 | Self.bits(ofStretch: grid.stretch(of: time)) | (failed ? 1 : 0)
  }

  /// Widens the grid until it holds a moment, and counts anew by its stretches.
  @inline(never)
  private mutating func cover(_ time: Int64) {
    let old = grid
    guard grid.cover(time) else { return }
    let factor = grid.width / old.width
    var wider = SeriesCounter()
    forEach { key, bands in
      let stretch = Self.bits(ofStretch: Self.stretch(key, old) / factor)
      let number = wider.index.place(of: key & ~Self.stretchMask | stretch)
      for part in bands { wider.counts.update(number, part.band) { $0 &+= part.count } }
    }
    wider.grid = grid
    self = wider
  }

  private static func bits(ofStretch stretch: Int64) -> UInt64 {
    UInt64(bitPattern: stretch) << 1 & stretchMask
  }

  private static func stretch(_ key: UInt64, _ grid: TimeGrid) -> Int64 {
    grid.first + ((Int64(bitPattern: key >> 1 & 255) - grid.first) & 255)
  }

  private struct Part: BitwiseCopyable {
    var band: Int
    var count: UInt32
  }

  /// Calls back with all counts, by subject, stretch and outcome, those of one by band; a band may come twice.
  private func forEach(_ body: (UInt64, [Part]) -> Void) {
    var outside: [Int: [Part]] = [:]
    counts.forEachOutside { outside[$0, default: []].append(Part(band: $1, count: $2)) }
    let order = (0..<index.count).map { (key: index.keys[$0], number: $0) }.sorted { $0.key < $1.key }
    var bands: [Part] = []
    for (key, number) in order {
      bands.removeAll(keepingCapacity: true)
      counts.forEach(number) { if $1 > 0 { bands.append(Part(band: $0, count: $1)) } }
      if let more = outside[number] {
        bands += more
        bands.sort { $0.band < $1.band }
      }
      body(key, bands)
    }
  }

  /// Puts the counts into a digest. `place` turns a subject into what the row refers to.
  mutating func report(to digest: inout Digest, _ subject: SeriesRow.Subject, place: (Int) -> Int32) {
    var part = Digest()
    part.grid = grid
    part.series.reserveCapacity(index.count)
    forEach { key, bands in
      var row = SeriesRow()
      row.subject = subject
      row.place = place(Int(key >> 9))
      row.stretch = Self.stretch(key, grid)
      let failed = key & 1 != 0
      row.bands.reserveCapacity(bands.count)
      for part in bands { row.add(part.band, Int(part.count), failed: failed) }
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
    if bands.last?.band != band { bands.append(SeriesBand(band: band)) }
    bands[bands.count - 1].count += count
    if failed { bands[bands.count - 1].errors += count }
  }
}
