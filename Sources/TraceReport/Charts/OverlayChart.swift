import TraceAnalysis
import TraceModel

/// Durations of then and now over each other: grey ground for the baseline, a line for now.
///
/// Both are shares of their own requests, so that nights of different traffic can be told apart by shape.
extension Page {
  private static let plotHeight = 120.0
  private static let plotTop = 34.0
  private static let columnCount = 64

  func overlay(_ change: EntryPointChange) {
    let scale = LogScale(
      least: UInt64(max(1, min(change.before.least, change.after.least).rawValue)),
      most: UInt64(max(1, max(change.before.greatest, change.after.greatest).rawValue)))
    let before = shares(change.before, scale)
    let after = shares(change.after, scale)
    let peak = max(before.max() ?? 0, after.max() ?? 0)
    guard peak > 0 else { return }
    let bottom = Self.plotTop + Self.plotHeight
    let name = change.operation
    figure(
      "Requests by duration",
      "logarithmic; share of \(NumberFormat.grouped(change.before.count)) before and "
        + "\(NumberFormat.grouped(change.after.count)) now"
    ) {
      markup.element(
        .svg, .width("100%"), .height("\(Int(bottom) + 22)"), .role("img"),
        .label("Durations of \(name) before and now")
      ) {
        markup.leaf(
          .title,
          text: "Durations of \(name): median \(DurationFormat.text(change.before.p50)) before, "
            + "\(DurationFormat.text(change.after.p50)) now; p95 \(DurationFormat.text(change.before.p95)) before, "
            + "\(DurationFormat.text(change.after.p95)) now")
        curves(before, after, peak: peak)
        markup.line(x1: .zero, x2: .full, y1: bottom, y2: bottom, stroke: .strongRule)
        percentileMarks(change.before, "before ", scale: scale, y: 11, ink: .mute, bottom: bottom)
        percentileMarks(change.after, "now ", scale: scale, y: 25, ink: .accent, bottom: bottom)
        durationAxis(scale, y: bottom)
      }
    }
    element(.ul, "key") {
      markup.fragment(
        """
        <li><svg width="22" height="10" aria-hidden="true"><rect width="22" height="10" class="f-rule-2" \
        fill="#c4c4bc"/></svg>before</li><li><svg width="22" height="10" aria-hidden="true"><path d="M0 5h22" \
        class="k-accent" stroke="#1b5a99" stroke-width="2"/></svg>now; upright: p50, p95</li>
        """)
    }
    overlayTwin(name, before, after, scale)
  }

  private func shares(_ latency: DurationSummary, _ scale: LogScale) -> [Double] {
    let counts = HistogramColumns.counts(latency, scale: scale, columns: Self.columnCount)
    return counts.map { $0 / Double(max(latency.count, 1)) }
  }

  private func curves(_ before: [Double], _ after: [Double], peak: Double) {
    markup.fragment("<svg x=\"0\" y=\"")
    markup.output.append(pixels: Self.plotTop)
    markup.fragment("\" width=\"100%\" height=\"")
    markup.output.append(pixels: Self.plotHeight)
    markup.fragment("\" viewBox=\"0 0 ")
    markup.output.append(decimal: Self.columnCount)
    markup.fragment(" 1000\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
    markup.path(outline(before, peak: peak, isClosed: true), fill: .strongRule)
    markup.path(outline(after, peak: peak, isClosed: false), stroke: .accent, width: "2", isStretched: true)
    markup.fragment("</svg>")
  }

  private func outline(_ shares: [Double], peak: Double, isClosed: Bool) -> PathData {
    let path = PathData()
    path.move(0, 1000)
    for (index, share) in shares.enumerated() {
      path.vertical(1000 - share / peak * 1000)
      path.horizontal(Double(index + 1))
    }
    path.vertical(1000)
    if isClosed { path.close() }
    return path
  }

  /// p50 and p95 as uprights; the label of p95 is left out where it would run into that of p50.
  private func percentileMarks(
    _ latency: DurationSummary, _ word: String, scale: LogScale, y: Double, ink: Ink, bottom: Double
  ) {
    var taken = Int.min
    for (name, value) in [("p50", latency.p50), ("p95", latency.p95)] {
      let x = scale.place(UInt64(max(0, value.rawValue)))
      let label = "\(word)\(name) \(DurationFormat.text(value))"
      markup.line(
        x1: x, x2: x, y1: y - 6, y2: bottom, stroke: ink, dash: name == "p95" ? .dashed : .solid)
      // Reckoned for a picture of 860 px with 6 px a letter.
      let width = (label.count * 6 + 8) * 10_000 / 860
      let isLeft = x.hundredths + width > 10_000
      let start = isLeft ? x.hundredths - width : x.hundredths
      guard start >= taken else { continue }
      taken = isLeft ? x.hundredths : x.hundredths + width
      markup.label(
        label, x: x, y: y, dx: isLeft ? -4 : 4, anchor: isLeft ? .end : .start, ink: ink,
        isOdd: name == "p95",
        hasHalo: true)
    }
  }

  private func overlayTwin(_ name: String, _ before: [Double], _ after: [Double], _ scale: LogScale) {
    let rows = before.indices.filter { before[$0] > 0 || after[$0] > 0 }
    twin("durations before and now") {
      table(
        "Durations of \(name) before and now", class: "tight",
        columns: [.number("From"), .number("To"), .number("before", "%"), .number("now", "%")],
        rows: rows.count
      ) { row, index in
        let column = Double(rows[index])
        row.head(class: "r") { text(DurationFormat.text(scale.value(column / Double(Self.columnCount)))) }
        row.number(DurationFormat.text(scale.value((column + 1) / Double(Self.columnCount))))
        row.number(PercentFormat.digits(before[rows[index]]))
        row.number(PercentFormat.digits(after[rows[index]]))
      }
    }
  }

  /// p50 and p95 of then as hollow dots, of now as filled ones, on one scale for all rows.
  func stripThenAndNow(_ before: DurationSummary, _ after: DurationSummary, scale: LogScale) {
    let place = { (value: Nanoseconds) in scale.fraction(UInt64(max(0, value.rawValue))) * 158 + 4 }
    markup.fragment("<svg class=\"strip\" width=\"170\" height=\"22\" role=\"img\">")
    markup.leaf(
      .title,
      text: "before p50 \(DurationFormat.text(before.p50)), p95 \(DurationFormat.text(before.p95)); "
        + "now p50 \(DurationFormat.text(after.p50)), p95 \(DurationFormat.text(after.p95))")
    for tick in scale.ticks(4) {
      let x = scale.fraction(tick) * 158 + 4
      markup.line(pixelX1: x, x2: x, y1: 0, y2: 22, stroke: .rule)
    }
    for (side, y, ink) in [(before, 6.0, Ink.faint), (after, 16.0, Ink.ink)] where side.count > 0 {
      markup.line(pixelX1: place(side.p50), x2: place(side.p95), y1: y, y2: y, stroke: ink, width: "1.5")
      markup.line(
        pixelX1: place(side.p50), x2: place(side.p50), y1: y - 4, y2: y + 4, stroke: ink, width: "1.5")
      markup.circle(pixelX: place(side.p95), y: y, radius: 3, fill: ink)
    }
    markup.fragment("</svg>")
  }

  func stripKey() {
    element(.ul, "key") {
      leaf(.li, nil, "upper, grey: before; lower: now")
      leaf(.li, nil, "tick p50, dot p95; one logarithmic axis for all rows")
    }
  }
}
