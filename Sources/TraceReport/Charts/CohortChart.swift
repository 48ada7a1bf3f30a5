import TraceAnalysis
import TraceModel

/// Slow requests beside typical ones: two bars on one scale, and what each service adds.
extension Page {
  func cohorts(_ entry: EntryPointResult) {
    let rows = entry.cohortRows
    guard !rows.isEmpty, entry.slow.count > 0, entry.typical.count > 0 else { return }
    let typical = rows.reduce(UInt64(0)) { $0 + UInt64(max(0, $1.typical.rawValue)) }
    let slow = rows.reduce(UInt64(0)) { $0 + UInt64(max(0, $1.slow.rawValue)) }
    let longest = Double(max(typical, slow, 1))
    let words =
      "\(NumberFormat.grouped(entry.typical.count)) typical requests "
      + "(\(DurationFormat.text(entry.typical.from)) to \(DurationFormat.text(entry.typical.to))) and "
      + "\(NumberFormat.grouped(entry.slow.count)) slow ones (from \(DurationFormat.text(entry.slow.from)))"
    figure("Typical and slow", words + "; means on one scale") {
      for (name, total, isSlow) in [("typical", typical, false), ("slow", slow, true)] {
        element(.p, "bar-h") { text("\(name), \(DurationFormat.text(total))") }
        markup.element(.svg, .class("strip2"), .width("100%"), .height("22"), .role("img")) {
          markup.leaf(.title, text: "Mean of \(name) requests by service")
          var start = 0.0
          for row in rows {
            let value = Double(max(0, (isSlow ? row.slow : row.typical).rawValue))
            let from = Percent(start, of: longest)
            start += value
            let to = Percent(start, of: longest)
            guard to.hundredths - from.hundredths > 14 else { continue }
            markup.rect(
              x: from, width: Percent(hundredths: to.hundredths - from.hundredths - 10), y: 0, height: 22,
              fill: context.palette[row.service].ink,
              title: "\(row.service) \(DurationFormat.text(UInt64(value)))")
          }
        }
      }
    }
    cohortTable(rows)
  }

  private func cohortTable(_ rows: [CohortRow]) {
    let longest = rows.map(\.slow.rawValue).max() ?? 0
    let unit = DurationUnit.column(longest: UInt64(max(0, longest)))
    let deltas = rows.map { ($0.slow - $0.typical).rawValue }
    let scale = DivergingScale(
      zip(rows, deltas).flatMap { [$1 &- $0.margin.rawValue, $1 &+ $0.margin.rawValue] })
    table(
      "What slow requests add, by service", class: "dvg",
      columns: [
        .text("Service"), .number("typical", unit.symbol), .number("slow", unit.symbol),
        .number("adds", unit.symbol),
        .number("of it more calls", unit.symbol), .picture("", class: "bars"),
      ], rows: min(rows.count, 40)
    ) { row, index in
      let one = rows[index]
      row.head { service(one.service) }
      row.duration(one.typical.rawValue, in: unit)
      row.duration(one.slow.rawValue, in: unit)
      row.number(DurationFormat.signedFigure(deltas[index], in: unit))
      row.number(DurationFormat.signedFigure(one.moreOften.rawValue, in: unit))
      row.cell(class: "bars") { divergingBar(one, delta: deltas[index], scale: scale) }
    }
    element(.ul, "key") {
      markup.fragment(
        """
        <li><svg width="22" height="10" aria-hidden="true"><rect width="22" height="10" class="f-mute" \
        fill="#5e5f59" fill-opacity=".4"/></svg>called more often (left of zero: less often)</li>\
        <li><svg width="22" height="10" aria-hidden="true"><rect width="22" height="10" class="f-mute" \
        fill="#5e5f59"/></svg>slower per call (left: faster)</li>\
        <li><svg width="22" height="10" aria-hidden="true"><path d="M0 5h22" class="k-ink" stroke="#1b1c1a"/></svg>95 % \
        interval of the sum</li>
        """)
    }
  }

  private func divergingBar(_ row: CohortRow, delta: Int64, scale: DivergingScale) {
    let ink = context.palette[row.service].ink
    markup.element(.svg, .width("100%"), .height("14"), .role("img")) {
      markup.leaf(
        .title,
        text: "\(row.service) adds \(DurationFormat.signed(delta)): more often "
          + "\(DurationFormat.signed(row.moreOften.rawValue)), slower per call "
          + DurationFormat.signed(row.slowerPerCall.rawValue))
      let zero = scale.place(0)
      let often = scale.place(row.moreOften.rawValue)
      let end = scale.place(row.moreOften.rawValue &+ row.slowerPerCall.rawValue)
      markup.rect(
        x: min(zero, often), width: max(zero, often) - min(zero, often), y: 2, height: 10, fill: ink,
        opacity: ".4")
      markup.rect(x: min(often, end), width: max(often, end) - min(often, end), y: 2, height: 10, fill: ink)
      if row.margin > .zero {
        let total = row.moreOften.rawValue &+ row.slowerPerCall.rawValue
        markup.line(
          x1: scale.place(total &- row.margin.rawValue), x2: scale.place(total &+ row.margin.rawValue), y1: 7,
          y2: 7,
          stroke: .ink)
      }
      markup.line(x1: zero, x2: zero, y1: 0, y2: 14, stroke: .strongRule)
    }
  }
}

/// A scale with room on both sides of zero, as much as the values need.
struct DivergingScale {
  private let least: Double
  private let span: Double

  init(_ values: [Int64]) {
    let most = Double(max(values.max() ?? 0, 1))
    least = min(Double(values.min() ?? 0), -0.02 * most)
    span = most - least
  }

  func place(_ value: Int64) -> Percent { Percent(Double(value) - least, of: span) }
}
