import TraceAnalysis

/// Traces by time and duration: one path a level, so that thousands of cells stay small.
extension Page {
  func heatMap(_ map: HeatMap, id: String) {
    let rows = map.rowUppers.count
    let columns = map.columnStarts.count
    guard rows > 0, columns > 0, map.counts.count == rows * columns, let start = map.columnStarts.first else {
      return
    }
    let used = usedRows(map)
    let rowHeight = used.count > 24 ? 7.0 : used.count > 12 ? 10.0 : 16.0
    let height = Double(used.count) * rowHeight
    let levels = HeatLevels(counts: map.counts)
    let step = UInt64(max(1, map.step.rawValue))
    let axis = TimeAxis(
      start: start.rawValue, end: start.rawValue &+ Int64(clamping: step) &* Int64(columns), stamps: stamps)
    figure("Duration of traces", "logarithmic; darker: more traces") {
      element(.div, "plot") {
        valueLabels(rowLabels(map, used: used, rowHeight: rowHeight), height: height + 24)
        markup.element(
          .svg, .width("100%"), .height("\(Int(height) + 24)"), .role("img"),
          .label("Traces by time and duration")
        ) {
          markup.leaf(.title, text: "Number of traces by start and duration")
          cells(map, used: used, levels: levels, height: height, rowHeight: rowHeight)
          columnTitles(map, used: used, axis: axis, height: height)
          markup.line(x1: .zero, x2: .full, y1: height + 4, y2: height + 4, stroke: .strongRule)
          axis.write(to: markup, y: height + 4)
        }
      }
    }
    legend(levels, step: step)
    heatTwin(map, used: used)
  }

  /// The rows from the first to the last that holds a trace.
  private func usedRows(_ map: HeatMap) -> Range<Int> {
    let rows = map.rowUppers.count
    var least = rows
    var most = 0
    for (index, count) in map.counts.enumerated() where count > 0 {
      least = min(least, index % rows)
      most = max(most, index % rows)
    }
    guard least <= most else { return 0..<min(rows, 1) }
    return max(0, least - 1)..<min(rows, most + 2)
  }

  private func rowLabels(_ map: HeatMap, used: Range<Int>, rowHeight: Double) -> [(String, Double)] {
    if rowHeight >= 16 {
      return used.map { row in
        (DurationFormat.text(map.rowUppers[row]), 4 + Double(used.upperBound - 1 - row) * rowHeight)
      }
    }
    let scale = LogScale(
      least: UInt64(max(1, map.rowUppers[used.lowerBound].rawValue)),
      most: UInt64(max(1, map.rowUppers[used.upperBound - 1].rawValue)))
    var labels: [(String, Double)] = []
    var lastY = Double.infinity
    for tick in scale.ticks(Int(Double(used.count) * rowHeight / 16)) {
      // The line of a bound lies between its row and the next.
      guard let row = used.first(where: { map.rowUppers[$0].rawValue >= Int64(clamping: tick) }) else {
        continue
      }
      let y = 4 + Double(used.upperBound - 1 - row) * rowHeight
      guard lastY - y >= 13 else { continue }
      labels.append((DurationFormat.text(tick), y))
      lastY = y
    }
    return labels
  }

  private func cells(
    _ map: HeatMap, used: Range<Int>, levels: HeatLevels, height: Double, rowHeight: Double
  ) {
    let rows = map.rowUppers.count
    let columns = map.columnStarts.count
    markup.fragment("<svg x=\"0\" y=\"4\" width=\"100%\" height=\"")
    markup.output.append(pixels: height)
    markup.fragment("\" viewBox=\"0 0 ")
    markup.output.append(decimal: columns)
    markup.fragment(" ")
    markup.output.append(decimal: used.count)
    markup.fragment("\" preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">")
    let paths = Ink.heat.map { _ in PathData() }
    for row in used {
      let y = used.upperBound - 1 - row
      var column = 0
      while column < columns {
        let level = levels.level(map.counts[column * rows + row])
        var end = column + 1
        while end < columns, levels.level(map.counts[end * rows + row]) == level { end += 1 }
        if let level { paths[level].cell(x: column, y: y, width: end - column) }
        column = end
      }
    }
    for (level, path) in paths.enumerated() { markup.path(path, fill: Ink.heat[level]) }
    markup.fragment("</svg>")
  }

  private func columnTitles(_ map: HeatMap, used: Range<Int>, axis: TimeAxis, height: Double) {
    let rows = map.rowUppers.count
    for (column, start) in map.columnStarts.enumerated() {
      let cells = map.counts[(column * rows)..<((column + 1) * rows)]
      let total = cells.reduce(0, +)
      guard total > 0 else { continue }
      let failed =
        map.errors.count == map.counts.count
        ? map.errors[(column * rows)..<((column + 1) * rows)].reduce(0, +) : 0
      let x = axis.place(start.rawValue)
      let end = axis.place(start.rawValue &+ map.step.rawValue)
      let out = markup.output
      out.append("<rect class=\"hit\" fill=\"#000\" fill-opacity=\"0\" y=\"4\" height=\"")
      out.append(pixels: height)
      out.append("\" x=\"")
      out.append(x)
      out.append("\" width=\"")
      out.append(end - x)
      out.append("\"><title>")
      text(
        "\(stamps.time(start.rawValue)): \(NumberFormat.counted(total, "trace")), "
          + "\(NumberFormat.grouped(failed)) failed")
      out.append("</title></rect>")
    }
  }

  private func legend(_ levels: HeatLevels, step: UInt64) {
    element(.ul, "key") {
      for (level, range) in levels.ranges.enumerated() {
        element(.li) {
          markup.fragment("<svg width=\"14\" height=\"10\" aria-hidden=\"true\">")
          markup.rect(pixelX: 0, width: 14, y: 0, height: 10, fill: Ink.heat[level])
          markup.fragment("</svg>")
          let low = NumberFormat.grouped(range.lowerBound)
          text(range.count == 1 ? low : low + "–" + NumberFormat.grouped(range.upperBound))
        }
      }
      leaf(.li, nil, "traces in a cell of " + DurationFormat.text(step))
    }
  }

  private func heatTwin(_ map: HeatMap, used: Range<Int>) {
    let rows = map.rowUppers.count
    var totals: [(row: Int, count: Int, errors: Int)] = []
    for row in used {
      var count = 0
      var errors = 0
      for column in map.columnStarts.indices {
        count += map.counts[column * rows + row]
        if map.errors.count == map.counts.count { errors += map.errors[column * rows + row] }
      }
      if count > 0 { totals.append((row, count, errors)) }
    }
    twin("traces by duration") {
      table(
        "Traces by duration", class: "tight",
        columns: [.text("Up to"), .number("Traces"), .number("Failed")], rows: totals.count
      ) { writer, index in
        let total = totals[index]
        writer.head(DurationFormat.text(UInt64(max(0, map.rowUppers[total.row].rawValue))))
        writer.count(total.count)
        writer.count(total.errors)
      }
    }
  }
}

/// Which colour a count has: eight levels at most, each about equally many times the one before.
struct HeatLevels {
  let ranges: [ClosedRange<Int>]

  init(counts: [Int]) {
    let most = max(counts.max() ?? 1, 1)
    var bounds: [Int] = []
    let levels = min(Ink.heat.count, most)
    let factor = Logarithm.root(Double(most), Double(levels))
    var bound = 1.0
    for level in 1...levels {
      bound *= factor
      let next = level == levels ? most : max(Int(bound.rounded()), (bounds.last ?? 0) + 1)
      if next > (bounds.last ?? 0) { bounds.append(min(next, most)) }
    }
    var ranges: [ClosedRange<Int>] = []
    for bound in bounds where bound > (ranges.last?.upperBound ?? 0) {
      ranges.append(((ranges.last?.upperBound ?? 0) + 1)...bound)
    }
    self.ranges = ranges
  }

  func level(_ count: Int) -> Int? {
    count > 0 ? ranges.firstIndex { $0.contains(count) } ?? ranges.count - 1 : nil
  }
}
