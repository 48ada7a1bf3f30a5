/// Sizes of files as readers see them, in powers of 1000: `9 kB`, `1.73 GB`.
package enum ByteCountFormat {
  package static func text(_ bytes: UInt64) -> String {
    if bytes < 1_000 { return NumberFormat.grouped(bytes) + NumberFormat.space + "B" }
    var unit: UInt64 = 1_000
    for name in ["kB", "MB", "GB"] {
      if NumberFormat.rounded(bytes, times: 1, per: unit) < 1_000 {
        return NumberFormat.significant(bytes, per: unit) + NumberFormat.space + name
      }
      unit *= 1_000
    }
    return NumberFormat.significant(bytes, per: 1_000_000_000_000) + NumberFormat.space + "TB"
  }
}
