package import TraceAnalysis

/// A plan for people: each step with its formula, the scenarios side by side.
package enum PlanText {
  /// The whole text.
  package static func document(_ plan: CapacityPlan) -> [UInt8] {
    var text = plan.title + "\n"
    for section in plan.sections {
      text += "\n" + section.title + "\n"
      text += table(section, plan.scenarios)
      for note in section.notes { text += wrapped(note) }
    }
    return Array(text.utf8)
  }

  private static func table(_ section: CapacityPlan.Section, _ scenarios: [String]) -> String {
    var rows = [[""] + scenarios + ["= formula"]]
    for row in section.rows {
      rows.append(["  " + row.name] + row.values.map { value($0, row.unit) } + ["= " + row.formula])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        if column == row.count - 1 { return cell }
        return column == 0 ? cell + blanks : blanks + cell
      }.joined(separator: "   ") + "\n"
    }.joined()
  }

  /// A sentence below a table, in lines of at most 110 characters.
  private static func wrapped(_ sentence: String) -> String {
    var lines = [""]
    for word in sentence.split(separator: " ") {
      if lines[lines.count - 1].count + word.count > 106 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.enumerated().map { ($0 == 0 ? "  * " : "    ") + $1 + "\n" }.joined()
  }

  /// A value as readers see it: exact while that is short, in units where it would be long.
  static func value(_ value: Double, _ unit: CapacityPlan.Unit) -> String {
    switch unit {
    case .count: return count(value)
    case .perSecond: return count(value) + "/s"
    case .bytes: return bytes(value)
    case .bytesPerSecond: return bytes(value) + "/s"
    case .money: return EstimateWords.money(value)
    case .microseconds: return decimals(value, 1) + " µs"
    case .share: return plain(PercentFormat.share(value))
    }
  }

  private static func count(_ value: Double) -> String {
    if value >= 1e15 { return value.description }
    return value >= 100 ? NumberFormat.grouped(UInt64(value.rounded())) : decimals(value, 3)
  }

  /// Four digits that count, and all of a number such as 60.48 TB.
  private static func bytes(_ value: Double) -> String {
    var (scaled, name) = (value, "B")
    for unit in ["kB", "MB", "GB", "TB", "PB", "EB"] where scaled >= 1_000 {
      scaled /= 1_000
      name = unit
    }
    if scaled >= 1e15 { return value.description + " B" }
    return decimals(scaled, scaled >= 100 ? 2 : 3) + " " + name
  }

  private static func decimals(_ value: Double, _ digits: Int) -> String {
    let scale = digits == 3 ? 1_000.0 : digits == 2 ? 100 : 10
    guard value >= 0, value * scale < 9e18 else { return value.description }
    let text = NumberFormat.fixed(UInt64((value * scale).rounded()), decimals: digits)
    return NumberFormat.trimmed(text)
  }

  private static func plain(_ text: String) -> String { String(text.map { $0 == "\u{a0}" ? " " : $0 }) }
}
