import TraceAnalysis

/// Trends over the nights: bars for all requests, lines for each service, and their tables.
extension Page {
  private static var mostServices: Int { 100 }

  func nightCharts(_ view: HistoryView) {
    let requests = view.nights.map { UInt64($0.requests) }
    figure("Requests", "by night") { nightBars(requests, view, ink: .faint, label: "Requests by night") }
    let failures = view.nights.map { UInt64($0.failures) }
    if failures.contains(where: { $0 > 0 }) {
      figure("Failed requests", "by night, own scale") {
        nightBars(failures, view, ink: .badArea, label: "Failed requests by night")
      }
    }
    note("The table above has the same figures.")
  }

  /// One bar a night on a common scale from 0.
  private func nightBars(_ all: [UInt64], _ view: HistoryView, ink: Ink, label: String) {
    let height = 90.0
    let nights = Array(view.shownNights)
    let values = nights.map { all[$0] }
    let peak = max(values.max() ?? 0, 1)
    let step = Ticks.step(covering: peak, in: 3)
    let top = (peak + step - 1) / step * step
    let marks = Ticks.linear(upTo: top, count: 4)
    let y = { (value: UInt64) in 4 + height - Double(value) / Double(top) * height }
    // A few nights are not stretched over the whole width.
    let slots = Double(max(nights.count, 7))
    element(.div, "plot") {
      valueLabels(marks.map { (NumberFormat.compact($0), y($0)) }, height: height + 22)
      markup.element(
        .svg, .width("100%"), .height("\(Int(height) + 22)"), .role("img"), .label(label)
      ) {
        markup.leaf(.title, text: label)
        for mark in marks where mark > 0 {
          markup.line(x1: .zero, x2: .full, y1: y(mark), y2: y(mark), stroke: .rule)
        }
        for (index, value) in values.enumerated() {
          let x = Percent(Double(index) + 0.15, of: slots)
          markup.rect(
            x: x, width: Percent(0.7, of: slots), y: y(value), height: 4 + height - y(value), fill: ink,
            title: "\(view.longDate(nights[index])): \(NumberFormat.grouped(value))")
          markup.label(
            String(view.shortDate(nights[index]).dropFirst(4)), x: Percent(Double(index) + 0.5, of: slots),
            y: height + 18, anchor: .middle, isOdd: index % 2 == 1 || (nights.count > 16 && index % 4 != 0))
        }
        markup.line(x1: .zero, x2: .full, y1: y(0), y2: y(0), stroke: .strongRule)
      }
    }
  }

  func serviceTrends(_ view: HistoryView) {
    let order = view.services.sorted { ($1.requests, $0.name) < ($0.requests, $1.name) }
    let shown = Array(order.prefix(Self.mostServices))
    let longest = shown.flatMap(\.nights).map { $0?.p99.rawValue ?? 0 }.max() ?? 0
    let unit = DurationUnit.column(longest: UInt64(max(0, longest)))
    table(
      "Services over the nights", class: "red", id: "trend-table",
      columns: [
        .text("Service"), .picture("Requests by night"), .number("last night"), .number("change"),
        .picture("Failed by night"), .number("last night", "%"), .picture("p99 by night"),
        .number("last night", unit.symbol), .number("change"),
      ], rows: shown.count
    ) { row, index in
      trendRow(row, shown[index], view, unit)
    }
    if order.count > shown.count {
      note(
        "\(shown.count) of \(NumberFormat.grouped(order.count)) services are shown, those with most requests."
      )
    }
    note("“change” is against the night before.")
    twins(shown, view, unit)
  }

  private func trendRow(
    _ row: TableRow, _ course: HistoryView.ServiceCourse, _ view: HistoryView, _ unit: DurationUnit
  ) {
    let last = course.nights[view.last]
    let before = view.last > 0 ? course.nights[view.last - 1] : nil
    let name = course.name.isEmpty ? "(no service name)" : course.name
    row.head(class: "nw") {
      swatch(course.name)
      if let address = view.link(to: course) { anchor(name.cut(48), to: address) } else { text(name.cut(48)) }
    }
    row.cell {
      nightLine(course, view, title: "Requests of \(name)", text: { NumberFormat.grouped($0) }) {
        UInt64(max(0, $0.requests))
      }
    }
    row.number(
      last.map { NumberFormat.grouped($0.requests) } ?? "–", key: UInt64(max(0, last?.requests ?? 0)))
    row.number(last.map { change(before?.requests, $0.requests) } ?? "gone")
    row.cell {
      nightLine(
        course, view, title: "Failed requests of \(name)", ink: .badArea, text: { NumberFormat.grouped($0) }
      ) { UInt64(max(0, $0.errors)) }
    }
    row.number(
      last.map { PercentFormat.digits(UInt64(max(0, $0.errors)), of: UInt64(max(0, $0.requests))) } ?? "–")
    row.cell {
      nightLine(course, view, title: "p99 of \(name)", text: DurationFormat.text) {
        UInt64(max(0, $0.p99.rawValue))
      }
    }
    if let last { row.duration(last.p99.rawValue, in: unit) } else { row.number("–") }
    let p99 = last.map { UInt64(max(0, $0.p99.rawValue)) }
    let old = before.map { UInt64(max(0, $0.p99.rawValue)) }
    row.number(p99.flatMap { now in old.flatMap { PercentFormat.change(from: $0, to: now) } } ?? "–")
  }

  /// One value a night as a line from 0, a dot at each night and a larger one at the last.
  private func nightLine(
    _ course: HistoryView.ServiceCourse, _ view: HistoryView, title: String, ink: Ink = .ink,
    text: (UInt64) -> String, value: (NightService) -> UInt64
  ) {
    let nights = Array(view.shownNights)
    let values = nights.map { course.nights[$0].map(value) }
    let (width, height) = (132.0, 26.0)
    let peak = Double(max(values.compactMap(\.self).max() ?? 0, 1))
    let step = (width - 8) / Double(max(nights.count - 1, 1))
    let out = markup.output
    out.append("<svg class=\"spark\" width=\"132\" height=\"26\" role=\"img\">")
    let words = zip(nights, values).map { "\(view.shortDate($0)) \($1.map(text) ?? "–")" }
    markup.leaf(.title, text: title + ": " + words.joined(separator: ", "))
    markup.line(pixelX1: 0, x2: width, y1: height - 2.5, y2: height - 2.5, stroke: .rule)
    let path = PathData()
    var isPenDown = false
    for (index, value) in values.enumerated() {
      guard let value else {
        isPenDown = false
        continue
      }
      let x = 4 + Double(index) * step
      let y = height - 3 - Double(value) / peak * (height - 7)
      if isPenDown { path.line(x, y) } else { path.move(x, y) }
      isPenDown = true
      markup.circle(pixelX: x, y: y, radius: index == values.count - 1 ? 2.4 : 1.3, fill: ink)
    }
    markup.path(path, stroke: ink, width: "1.25")
    out.append("</svg>")
  }

  private func twins(_ services: [HistoryView.ServiceCourse], _ view: HistoryView, _ unit: DurationUnit) {
    trendTwin("requests by night", services, view) { NumberFormat.grouped($0.requests) }
    trendTwin("failed requests by night", services, view) { NumberFormat.grouped($0.errors) }
    trendTwin("p99 by night, in \(unit.symbol)", services, view) {
      DurationFormat.figure(UInt64(max(0, $0.p99.rawValue)), in: unit)
    }
  }

  private func trendTwin(
    _ name: String, _ services: [HistoryView.ServiceCourse], _ view: HistoryView,
    figure: (NightService) -> String
  ) {
    let nights = Array(view.shownNights)
    twin(name) {
      table(
        "Services: " + name, class: "tight",
        columns: [.text("Service")] + nights.map { .number(view.shortDate($0)) }, rows: services.count
      ) { row, index in
        row.head(services[index].name.isEmpty ? "(no service name)" : services[index].name.cut(48))
        for night in nights { row.number(services[index].nights[night].map(figure) ?? "–") }
      }
    }
  }
}
