import TraceAnalysis

/// Pictures of values over time: sparklines in tables, and the timelines of a whole page.
extension Page {
  /// One value a stretch, small enough for a table row.
  ///
  /// The scale runs from 0 to at least twice the median, so that quiet rows lie flat in the middle; a dot marks
  /// the peak only where it stands out. Many stretches are put together, the largest value of each kept, so that
  /// sparse series are lines and not dots.
  func sparkline(_ series: [UInt64], title: String, width: Double = 118, height: Double = 22) {
    let values = Self.merged(series, into: Int(width / 2.4))
    let out = markup.output
    out.append("<svg class=\"spark\" width=\"")
    out.append(pixels: width)
    out.append("\" height=\"")
    out.append(pixels: height)
    out.append("\" role=\"img\">")
    markup.leaf(.title, text: title)
    let present = values.filter { $0 > 0 }.sorted()
    if !present.isEmpty, let peak = present.last {
      let median = present[present.count / 2]
      let scale = Double(max(peak, median &* 2, 1))
      let step = (width - 3) / Double(max(values.count - 1, 1))
      let path = PathData()
      var isPenDown = false
      var peakPlace = (x: 0.0, y: 0.0)
      for (index, value) in values.enumerated() {
        guard value > 0 else {
          isPenDown = false
          continue
        }
        let x = 1 + Double(index) * step
        let y = height - 2 - Double(value) / scale * (height - 4)
        if isPenDown { path.line(x, y) } else { path.move(x, y) }
        isPenDown = true
        // A lone value would be no line at all.
        let isLone =
          (index == 0 || values[index - 1] == 0) && (index + 1 == values.count || values[index + 1] == 0)
        if isLone { markup.circle(pixelX: x, y: y, radius: 1.1, fill: .ink) }
        if value == peak { peakPlace = (x, y) }
      }
      markup.path(path, stroke: .ink, width: "1.25")
      if Double(peak) > 1.3 * Double(median) {
        markup.circle(pixelX: peakPlace.x, y: peakPlace.y, radius: 2, fill: .ink)
      }
    }
    out.append("</svg>")
  }

  /// The largest value of each of `count` groups of neighbours.
  private static func merged(_ values: [UInt64], into count: Int) -> [UInt64] {
    guard values.count > count else { return values }
    return (0..<count).map { group in
      let start = group * values.count / count
      let end = max((group + 1) * values.count / count, start + 1)
      return values[start..<end].max() ?? 0
    }
  }

  /// Counts over time as small bars, all on the scale of their own row.
  func sparkBars(_ values: [UInt64], title: String, width: Double = 150, height: Double = 22) {
    let out = markup.output
    out.append("<svg class=\"spark\" width=\"")
    out.append(pixels: width)
    out.append("\" height=\"")
    out.append(pixels: height)
    out.append("\" role=\"img\">")
    markup.leaf(.title, text: title)
    let peak = Double(max(values.max() ?? 0, 1))
    let step = width / Double(max(values.count, 1))
    let path = PathData()
    for (index, value) in values.enumerated() where value > 0 {
      let x = Double(index) * step
      path.move(x, height - 1)
      path.vertical(height - 1 - max(Double(value) / peak * (height - 3), 1.5))
      path.horizontal(x + max(step - 0.3, 1))
      path.vertical(height - 1)
      path.close()
    }
    markup.path(path, fill: .badArea)
    markup.line(pixelX1: 0, x2: width, y1: height - 0.5, y2: height - 0.5, stroke: .strongRule)
    out.append("</svg>")
  }

  /// Requests as a grey area and failures as bars below, each on its own scale, over one time axis.
  func timeline(_ timeline: Timeline) {
    let points = timeline.points
    guard let first = points.first, let last = points.last else { return }
    let step = UInt64(max(1, timeline.step.rawValue))
    let axis = TimeAxis(
      start: first.start.rawValue, end: last.start.rawValue &+ Int64(clamping: step), stamps: stamps)
    let stepText = DurationFormat.text(step) + " steps"
    figure("Requests", "traces begun in " + stepText) {
      plot(
        values: points.map { UInt64(max(0, $0.count)) }, axis: axis, height: 120, isArea: true,
        label: "Requests over time")
    }
    if points.contains(where: { $0.errors > 0 }) {
      figure("Failed requests", stepText + ", own scale") {
        plot(
          values: points.map { UInt64(max(0, $0.errors)) }, axis: axis, height: 56, isArea: false,
          label: "Failed requests over time")
      }
    }
    timelineTwin(points, step: step)
  }

  /// The timeline's figures; neighbouring stretches are put together where there are many.
  private func timelineTwin(_ points: [SeriesPoint], step: UInt64) {
    let together = (points.count + 47) / 48
    let rows = stride(from: 0, to: points.count, by: max(1, together)).map { start in
      points[start..<min(start + together, points.count)]
    }
    let length = DurationFormat.text(step &* UInt64(max(1, together)))
    let longest = points.map(\.p95.rawValue).max() ?? 0
    let unit = DurationUnit.column(longest: UInt64(max(0, longest)))
    twin("requests and failures by " + length) {
      table(
        "Requests and failures by " + length, class: "tight",
        columns: [
          .text("From"), .number("Requests"), .number("Failed"),
          .number(together > 1 ? "largest p95" : "p95", unit.symbol),
        ], rows: rows.count
      ) { row, index in
        let group = rows[index]
        row.head(stamps.time(group.first?.start.rawValue ?? 0))
        row.number(NumberFormat.grouped(group.reduce(0) { $0 + $1.count }))
        row.number(NumberFormat.grouped(group.reduce(0) { $0 + $1.errors }))
        row.number(DurationFormat.figure(UInt64(max(0, group.map(\.p95.rawValue).max() ?? 0)), in: unit))
      }
    }
  }

  /// One series as steps over a time axis.
  private func plot(values: [UInt64], axis: TimeAxis, height: Double, isArea: Bool, label: String) {
    let peak = max(values.max() ?? 0, 1)
    let ticks = Ticks.linear(upTo: peak, count: height > 80 ? 4 : 2)
    let tickStep = ticks.count > 1 ? ticks[1] : 1
    let top = Double(peak % tickStep == 0 ? peak : (peak / tickStep + 1) * tickStep)
    let marks = Ticks.linear(upTo: UInt64(top), count: height > 80 ? 5 : 3)
    let y = { (value: UInt64) in 4 + height - Double(value) / top * height }
    element(.div, "plot") {
      valueLabels(marks.map { (NumberFormat.compact($0), y($0)) }, height: height + 22)
      markup.element(
        .svg, .width("100%"), .height("\(Int(height) + 22)"), .role("img"), .label(label)
      ) {
        markup.leaf(
          .title,
          text:
            "\(label): at most \(NumberFormat.grouped(peak)) in a step of \(axis.text(steps: values.count)).")
        for mark in marks where mark > 0 {
          markup.line(x1: .zero, x2: .full, y1: y(mark), y2: y(mark), stroke: .rule)
        }
        steps(values, top: top, height: height, isArea: isArea)
        markup.line(x1: .zero, x2: .full, y1: y(0), y2: y(0), stroke: .strongRule)
        axis.write(to: markup, y: height + 4)
      }
    }
  }

  private func steps(_ values: [UInt64], top: Double, height: Double, isArea: Bool) {
    markup.fragment("<svg x=\"0\" y=\"4\" width=\"100%\" height=\"")
    markup.output.append(pixels: height)
    markup.fragment("\" viewBox=\"0 0 ")
    markup.output.append(decimal: max(values.count, 1))
    markup.fragment(" 1000\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
    let area = PathData()
    let outline = PathData()
    area.move(0, 1000)
    for (index, value) in values.enumerated() {
      let y = 1000 - Double(value) / top * 1000
      area.vertical(y)
      area.horizontal(Double(index + 1))
      if index == 0 { outline.move(0, y) } else { outline.vertical(y) }
      outline.horizontal(Double(index + 1))
    }
    area.vertical(1000)
    area.close()
    markup.path(area, fill: isArea ? .strongRule : .badArea, opacity: isArea ? ".55" : nil)
    if isArea { markup.path(outline, stroke: .ink, width: "1.5", isStretched: true) }
    markup.fragment("</svg>")
  }

  /// The labels of a vertical axis, standing outside left.
  func valueLabels(_ labels: [(text: String, y: Double)], height: Double) {
    markup.element(.svg, .width("100%"), .height("\(Int(height))"), .hidden) {
      for label in labels {
        markup.label(label.text, x: .full, y: label.y + 3.8, dx: -8, anchor: .end)
      }
    }
  }
}

/// The horizontal axis of a picture over time.
struct TimeAxis {
  let start: Int64
  let end: Int64
  let stamps: StampFormat

  func place(_ moment: Int64) -> Percent {
    Percent(Double(moment - start), of: Double(max(end - start, 1)))
  }

  func text(steps: Int) -> String {
    DurationFormat.text(UInt64(max(end - start, 0)) / UInt64(max(steps, 1)))
  }

  /// Marks and labels below `y`; every second label goes when it is narrow, labels at the ends turn inward.
  func write(to markup: MarkupWriter, y: Double) {
    let marks = Ticks.clock(from: start, to: end, count: 8, stamps)
    for (index, mark) in marks.enumerated() {
      let x = place(mark.moment)
      let anchor: MarkupWriter.Anchor = x.hundredths < 300 ? .start : x.hundredths > 9_700 ? .end : .middle
      markup.line(x1: x, x2: x, y1: y, y2: y + 3, stroke: .strongRule)
      markup.label(mark.label, x: x, y: y + 15, anchor: anchor, isOdd: index % 2 == 1)
    }
  }
}
