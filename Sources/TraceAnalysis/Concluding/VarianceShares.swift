/// How much of the variance of an entry point's durations each component brings: Cov(x, T) / Var(T) (analysis,
/// section 3).
///
/// The components of a request add up to its duration, so the shares add up to 1. The longest thousandth of the
/// requests is left out, by whole bands, or a single outlier would own the table.
struct VarianceShares {
  private static let part = 0.999
  /// Below this part of the squared mean there is no variance but rounding.
  private static let leastSpread = 1e-9

  private let greatestBand: Int
  private var count = 0.0
  private var mean = 0.0
  private var variance = 0.0

  /// Fails when nothing varies.
  init?(_ digest: Digest, _ bands: Range<Int>) {
    let rows = digest.durationBands[bands]
    let total = rows.reduce(0) { $0 + $1.count }
    let rank = Int((Self.part * Double(total)).rounded(.up))
    var seen = 0
    let last = rows.first { row in
      seen += row.count
      return seen >= rank
    }
    guard let last, total > 1 else { return nil }
    greatestBand = last.band
    var sum = 0.0
    var squares = 0.0
    for row in rows where row.band <= greatestBand {
      count += Double(row.count)
      sum += Double(row.sum)
      squares += Double(row.squares)
    }
    guard count > 0 else { return nil }
    mean = sum / count
    variance = squares / count - mean * mean
    guard variance > Self.leastSpread * mean * mean else { return nil }
  }

  /// The share of a component, from its rows by band; requests without it count as zero.
  func share(of rows: ArraySlice<ComponentBandRow>) -> Double {
    var sum = 0.0
    var products = 0.0
    for row in rows where row.band <= greatestBand {
      sum += Double(row.sum)
      products += Double(row.products)
    }
    return (products / count - sum / count * mean) / variance
  }
}
