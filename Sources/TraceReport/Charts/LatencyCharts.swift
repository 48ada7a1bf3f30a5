import TraceAnalysis
import TraceModel

/// Pictures of durations: percentiles on a shared strip, and histograms.
extension Page {
  /// The width of a strip in pixels; all strips of a table share one scale.
  private static let stripWidth = 170.0

  /// The head of a column of strips: the marks of their scale.
  func stripAxis(_ scale: LogScale) {
    markup.fragment("<svg width=\"170\" height=\"14\" aria-hidden=\"true\">")
    let ticks = scale.ticks(4)
    for (index, tick) in ticks.enumerated() {
      let x = scale.fraction(tick) * (Self.stripWidth - 12) + 4
      markup.label(
        DurationFormat.text(tick), pixelX: index == 0 && x < 14 ? 0 : x, y: 11,
        anchor: index == 0 && x < 14 ? .start : x > Self.stripWidth - 24 ? .end : .middle)
    }
    markup.fragment("</svg>")
  }

  /// p50 as a tick, p95 as a dot, p99 as an end tick.
  func strip(_ latency: DurationSummary, scale: LogScale) {
    let place = { (value: Nanoseconds) in
      scale.fraction(UInt64(max(0, value.rawValue))) * (Self.stripWidth - 12) + 4
    }
    markup.fragment("<svg class=\"strip\" width=\"170\" height=\"16\" role=\"img\">")
    markup.leaf(
      .title,
      text: "p50 \(DurationFormat.text(latency.p50)), p95 \(DurationFormat.text(latency.p95)), "
        + "p99 \(DurationFormat.text(latency.p99)), n \(NumberFormat.grouped(latency.count))")
    for tick in scale.ticks(4) {
      let x = scale.fraction(tick) * (Self.stripWidth - 12) + 4
      markup.line(pixelX1: x, x2: x, y1: 0, y2: 16, stroke: .rule)
    }
    if latency.count > 0 {
      let (p50, p95, p99) = (place(latency.p50), place(latency.p95), place(latency.p99))
      markup.line(pixelX1: p50, x2: p99, y1: 8, y2: 8, stroke: .faint, width: "1.5")
      markup.line(pixelX1: p50, x2: p50, y1: 4, y2: 12, stroke: .ink, width: "1.5")
      markup.line(pixelX1: p99, x2: p99, y1: 5, y2: 11, stroke: .faint, width: "1.5")
      markup.circle(pixelX: p95, y: 8, radius: 3.2, fill: .ink)
    }
    markup.fragment("</svg>")
  }

  /// Durations as a histogram over a logarithmic axis, with the percentiles marked, and its table.
  func histogram(_ latency: DurationSummary, of name: String) {
    let columns = HistogramColumns(latency)
    guard columns.peak > 0 else { return }
    let height = 130.0
    let top = 58.0
    let marks = Ticks.linear(upTo: columns.peak, count: 3)
    figure("Traces by duration", "logarithmic; n = " + NumberFormat.grouped(latency.count)) {
      element(.div, "plot") {
        let y = { (count: UInt64) in top + height - Double(count) / Double(columns.peak) * height }
        valueLabels(marks.map { (NumberFormat.compact($0), y($0)) }, height: top + height + 22)
        markup.element(
          .svg, .width("100%"), .height("\(Int(top + height) + 22)"), .role("img"),
          .label("Histogram of durations of " + name)
        ) {
          markup.leaf(
            .title,
            text: "Durations of \(name): p50 \(DurationFormat.text(latency.p50)), "
              + "p95 \(DurationFormat.text(latency.p95)), p99 \(DurationFormat.text(latency.p99)), "
              + "longest \(DurationFormat.text(latency.greatest))")
          for mark in marks where mark > 0 {
            markup.line(x1: .zero, x2: .full, y1: y(mark), y2: y(mark), stroke: .rule)
          }
          bars(columns, top: top, height: height)
          markup.line(x1: .zero, x2: .full, y1: top + height, y2: top + height, stroke: .strongRule)
          percentiles(latency, scale: columns.scale, bottom: top + height)
          durationAxis(columns.scale, y: top + height)
        }
      }
    }
    durationTwin(latency, of: name)
  }

  /// The histogram's figures; neighbouring buckets are put together where there are many.
  private func durationTwin(_ latency: DurationSummary, of name: String) {
    let buckets = latency.buckets.filter { $0.count > 0 }
    let together = (buckets.count + 47) / 48
    let rows = stride(from: 0, to: buckets.count, by: max(1, together)).map { start in
      buckets[start..<min(start + together, buckets.count)]
    }
    twin("durations") {
      table(
        "Durations of " + name, class: "tight",
        columns: [.number("Above"), .number("Up to"), .number("Traces")], rows: rows.count
      ) { row, index in
        row.head(class: "r") { text(DurationFormat.text(rows[index].first?.lower ?? .zero)) }
        row.number(DurationFormat.text(rows[index].last?.upper ?? .zero))
        row.number(NumberFormat.grouped(rows[index].reduce(0) { $0 + $1.count }))
      }
    }
  }

  private func bars(_ columns: HistogramColumns, top: Double, height: Double) {
    markup.fragment("<svg x=\"0\" y=\"")
    markup.output.append(pixels: top)
    markup.fragment("\" width=\"100%\" height=\"")
    markup.output.append(pixels: height)
    markup.fragment("\" viewBox=\"0 0 ")
    markup.output.append(decimal: columns.counts.count)
    markup.fragment(" 1000\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
    let area = PathData()
    let outline = PathData()
    area.move(0, 1000)
    outline.move(0, 1000)
    for (index, count) in columns.counts.enumerated() {
      var y = 1000 - count / Double(columns.peak) * 1000
      // A single trace must be seen beside a peak of a million.
      if count > 0.3 { y = min(y, 992) }
      for path in [area, outline] {
        path.vertical(y)
        path.horizontal(Double(index + 1))
      }
    }
    area.vertical(1000)
    area.close()
    outline.vertical(1000)
    markup.path(area, fill: .strongRule)
    markup.path(outline, stroke: .mute, width: "1", isStretched: true)
    markup.fragment("</svg>")
  }

  private func percentiles(_ latency: DurationSummary, scale: LogScale, bottom: Double) {
    let marks = [
      ("p50", latency.p50), ("p90", latency.p90), ("p95", latency.p95), ("p99", latency.p99),
      ("max", latency.greatest),
    ]
    // Widths in hundredths of a per cent, reckoned for a picture of 860 px with 6 px a letter.
    var lines: [[ClosedRange<Int>]] = Array(repeating: [], count: 4)
    for (name, value) in marks {
      let text = "\(name) \(DurationFormat.text(value))"
      let x = scale.place(UInt64(max(0, value.rawValue)))
      let width = (text.count * 6 + 8) * 10_000 / 860
      let right = x.hundredths...(x.hundredths + width)
      let left = (x.hundredths - width)...x.hundredths
      let choices =
        x.hundredths + width > 10_000
        ? [left] : name == "p50" && x.hundredths > width ? [left, right] : [right, left]
      let free = lines.indices.lazy.flatMap { line in choices.map { (line, $0) } }
        .first { line, place in !lines[line].contains { $0.overlaps(place) } && place.lowerBound >= 0 }
      let (line, place) = free ?? (lines.count - 1, choices[0])
      lines[line].append(place)
      let y = 11.0 + Double(line) * 13
      let isLeft = place.lowerBound < x.hundredths
      markup.line(x1: x, x2: x, y1: y - 8, y2: bottom, stroke: .ink)
      markup.label(
        text, x: x, y: y, dx: isLeft ? -4 : 4, anchor: isLeft ? .end : .start, ink: .ink,
        isOdd: name == "p90" || name == "max", hasHalo: true)
    }
  }

  func durationAxis(_ scale: LogScale, y: Double) {
    let ticks = scale.ticks(9)
    for (index, tick) in ticks.enumerated() {
      let x = scale.place(tick)
      let anchor: MarkupWriter.Anchor = x.hundredths < 300 ? .start : x.hundredths > 9_700 ? .end : .middle
      markup.line(x1: x, x2: x, y1: y, y2: y + 4, stroke: .strongRule)
      markup.label(DurationFormat.text(tick), x: x, y: y + 16, anchor: anchor, isOdd: index % 2 == 1)
    }
  }
}

/// A histogram's buckets put into columns of equal width on a logarithmic axis.
///
/// A bucket's count is spread evenly over the columns that it covers, so that buckets wider than a column leave no
/// holes and narrower ones add up.
struct HistogramColumns {
  let scale: LogScale
  let counts: [Double]
  let peak: UInt64

  init(_ latency: DurationSummary, columns: Int = 72) {
    let buckets = latency.buckets.filter { $0.count > 0 }
    let scale = LogScale(
      least: UInt64(max(1, buckets.first?.lower.rawValue ?? 1)),
      most: UInt64(max(1, max(buckets.last?.upper ?? .zero, latency.greatest).rawValue)))
    self.scale = scale
    counts = Self.counts(latency, scale: scale, columns: columns)
    peak = UInt64((counts.max() ?? 0).rounded(.up))
  }

  /// Durations by column of a given axis.
  static func counts(_ latency: DurationSummary, scale: LogScale, columns: Int) -> [Double] {
    var counts = [Double](repeating: 0, count: columns)
    for bucket in latency.buckets where bucket.count > 0 {
      let from = scale.fraction(UInt64(max(1, bucket.lower.rawValue))) * Double(columns)
      let to = max(scale.fraction(UInt64(max(1, bucket.upper.rawValue))) * Double(columns), from + 0.01)
      for column in max(0, Int(from))...min(columns - 1, max(Int(from), Int(to))) {
        let overlap = min(to, Double(column + 1)) - max(from, Double(column))
        if overlap > 0 { counts[column] += Double(bucket.count) * overlap / (to - from) }
      }
    }
    return counts
  }
}

extension DurationFormat {
  static func text(_ length: Nanoseconds) -> String { text(UInt64(max(0, length.rawValue))) }
}
