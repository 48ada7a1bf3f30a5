import TraceModel

extension Concluder {
  /// The stretches of the digest's grid, empty ones included.
  private var starts: [UnixNanoseconds] {
    guard !digest.grid.isEmpty else { return [] }
    return (digest.grid.first...digest.grid.last).map { UnixNanoseconds($0 * digest.grid.width) }
  }

  /// The requests of one subject in each stretch.
  func series(_ subject: SeriesRow.Subject, _ place: Int32) -> [SeriesPoint] {
    let wanted = RowKey(subject.rawValue, Int(place))
    let first = firstPlace(notBefore: wanted)
    var last = first
    while last < digest.series.count, digest.series[last].subject == subject,
      digest.series[last].place == place
    {
      last += 1
    }
    return points(digest.series[first..<last])
  }

  /// The first row whose subject does not come before the given one.
  private func firstPlace(notBefore key: RowKey) -> Int {
    digest.series.partitionPoint { RowKey($0.subject.rawValue, Int($0.place)) < key }
  }

  private func points(_ rows: ArraySlice<SeriesRow>) -> [SeriesPoint] {
    var points = starts.map { start in
      var point = SeriesPoint()
      point.start = start
      return point
    }
    let order = rows.indices.sorted { rows[$0].stretch < rows[$1].stretch }
    var next = 0
    while next < order.count {
      let stretch = rows[order[next]].stretch
      // The rows of one subject have a stretch each, with their bands in order.
      var bands = rows[order[next]].bands
      next += 1
      if next < order.count, rows[order[next]].stretch == stretch {
        var sums: [Int: SeriesBand] = [:]
        for band in bands { sums[band.band, default: SeriesBand(band: band.band)].add(band) }
        while next < order.count, rows[order[next]].stretch == stretch {
          for band in rows[order[next]].bands {
            sums[band.band, default: SeriesBand(band: band.band)].add(band)
          }
          next += 1
        }
        bands = sums.values.sorted { $0.band < $1.band }
      }
      guard stretch >= digest.grid.first, stretch <= digest.grid.last else { continue }
      let place = Int(stretch - digest.grid.first)
      for band in bands {
        points[place].count += band.count
        points[place].errors += band.errors
      }
      if points[place].count > 0 {
        points[place].p95 = Nanoseconds(Self.percentile(0.95, bands, points[place].count))
      }
    }
    return points
  }

  /// Nearest rank: the upper bound of its band.
  private static func percentile(_ part: Double, _ bands: [SeriesBand], _ count: Int) -> Int64 {
    let rank = max(Int((part * Double(count)).rounded(.up)), 1)
    var seen = 0
    for band in bands {
      seen += band.count
      if seen >= rank { return DurationScale.upperBound(band.band, by: DurationBandRow.scaleSteps) }
    }
    return 0
  }

  private var requestRows: ArraySlice<SeriesRow> {
    digest.series.prefix { $0.subject == .entryPoint }
  }

  func timeline() -> Timeline {
    var timeline = Timeline()
    timeline.step = Nanoseconds(digest.grid.width)
    timeline.points = points(requestRows)
    return timeline
  }

  /// Two rows to a doubling of duration.
  func heatMap() -> HeatMap {
    var map = HeatMap()
    map.step = Nanoseconds(digest.grid.width)
    map.columnStarts = starts
    let joined = requestRows.flatMap { $0.bands.map { DurationScale.coarse($0.band, by: 2) } }
    guard let least = joined.min(), let greatest = joined.max() else { return map }
    let rows = greatest - least + 1
    map.rowUppers = (least...greatest).map {
      Nanoseconds(DurationScale.upperBound($0, by: DurationBandRow.scaleSteps + 2))
    }
    map.counts = Array(repeating: 0, count: map.columnStarts.count * rows)
    map.errors = map.counts
    for row in requestRows {
      guard row.stretch >= digest.grid.first, row.stretch <= digest.grid.last else { continue }
      let column = Int(row.stretch - digest.grid.first)
      for band in row.bands {
        let cell = column * rows + DurationScale.coarse(band.band, by: 2) - least
        map.counts[cell] += band.count
        map.errors[cell] += band.errors
      }
    }
    return map
  }
}
