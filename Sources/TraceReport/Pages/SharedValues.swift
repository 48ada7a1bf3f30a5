import TraceAnalysis

/// What some requests have in common and others have not, as a table with bars.
extension Page {
  private static let mostValues = 20
  /// What may be by chance is shown from this difference on.
  private static let leastDifference = 0.15

  /// - `these`, `others`: what the two sets are called.
  func sharedValues(_ all: [SharedValue], of these: String, against others: String, note words: String) {
    let values = all.filter { $0.isSignificant || $0.difference >= Self.leastDifference }
    guard !values.isEmpty else { return }
    heading("What the \(these) ones share")
    element(.p, "note") {
      text(words + " ")
      markup.fragment(
        ##"<svg width="14" height="8" aria-hidden="true"><rect width="14" height="8" class="f-bad-area" fill="#b8362d"/></svg>"##
      )
      text(" \(these) ")
      markup.fragment(
        ##"<svg width="14" height="6" aria-hidden="true"><rect width="14" height="6" class="f-faint" fill="#83847d"/></svg>"##
      )
      text(" \(others)")
    }
    table(
      "What the \(these) ones share", class: "share",
      columns: [
        .text("Attribute"), .text("Value"), .number(these, "%"), .number(others, "%"),
        .picture("", class: "bars"), .number("Traces"), .text("By chance?"),
      ], rows: min(values.count, Self.mostValues)
    ) { row, index in
      let one = values[index]
      let count = UInt64(max(0, one.count))
      let other = UInt64(max(0, one.otherCount))
      row.head {
        if !one.service.isEmpty { text(one.service + " ") }
        leaf(.span, "mono", one.key)
      }
      row.cell { leaf(.span, "mono", one.value.cut(60)) }
      row.cell(class: "r") { leaf(.b, nil, PercentFormat.digits(count, of: UInt64(max(0, one.total)))) }
      row.number(PercentFormat.digits(other, of: UInt64(max(0, one.otherTotal))))
      row.cell(class: "bars") {
        pair(
          Percent(Double(count), of: Double(max(1, one.total))),
          Percent(Double(other), of: Double(max(1, one.otherTotal))))
      }
      row.count(one.count)
      row.cell(one.isSignificant ? "hardly" : "perhaps")
    }
  }

  /// Two bars on one scale from 0 to 100 %.
  private func pair(_ these: Percent, _ others: Percent) {
    markup.element(.svg, .width("100%"), .height("18"), .hidden) {
      for quarter in [2_500, 5_000, 7_500] {
        let x = Percent(hundredths: quarter)
        markup.line(x1: x, x2: x, y1: 0, y2: 18, stroke: .rule)
      }
      markup.rect(x: .zero, width: these, y: 2, height: 7, fill: .badArea)
      markup.rect(x: .zero, width: others, y: 11, height: 5, fill: .faint)
    }
  }
}

extension SharedValue {
  /// By how much the share of these traces with it is larger than that of others.
  fileprivate var difference: Double {
    Double(count) / Double(max(1, total)) - Double(otherCount) / Double(max(1, otherTotal))
  }
}
