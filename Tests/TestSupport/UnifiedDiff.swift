/// The difference between two texts in the form that `diff -u` has made familiar.
package enum UnifiedDiff {
  /// At most the given number of lines of difference with two lines of context, empty for equal texts.
  ///
  /// Lines that are equal at both ends are passed over first; what is left is compared line by line, so the result is
  /// exact for small differences and coarse (all removed, all added) for those of more than 2,000 lines.
  package static func between(expected: String, actual: String, limit: Int = 60) -> String {
    if expected == actual { return "" }
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var end = 0
    while end < min(old.count, new.count) - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
      end += 1
    }

    let context = max(0, start - 2)..<start
    var lines = ["--- expected", "+++ actual", "@@ line \(start + 1) @@"]
    lines += context.map { " " + old[$0] }
    lines += edits(old[start..<(old.count - end)], new[start..<(new.count - end)])
    lines += old[(old.count - end)...].prefix(2).map { " " + $0 }
    if lines.count > limit { lines = lines.prefix(limit) + ["… \(lines.count - limit) more lines"] }
    return lines.joined(separator: "\n")
  }

  private static func edits(_ old: ArraySlice<Substring>, _ new: ArraySlice<Substring>) -> [String] {
    if old.count > 2_000 || new.count > 2_000 { return old.map { "-" + $0 } + new.map { "+" + $0 } }
    var removed = Set<Int>()
    var added = Set<Int>()
    for change in Array(new).difference(from: Array(old)) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [String] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if removed.contains(left) {
        lines.append("-" + old[old.startIndex + left])
        left += 1
      } else if added.contains(right) {
        lines.append("+" + new[new.startIndex + right])
        right += 1
      } else {
        lines.append(" " + old[old.startIndex + left])
        left += 1
        right += 1
      }
    }
    return lines
  }
}
