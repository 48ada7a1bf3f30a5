import TraceAnalysis
import TraceModel

/// The tree of call paths as boxes below each other: width is time on the critical path, over all requests.
///
/// Where nothing hangs below a box, it worked itself. A box too small to see is left out of the picture and
/// stands in the table.
extension Page {
  private static let rowHeight = 22.0
  private static let deepest = 16

  func icicle(_ rows: [CallPathRow], count: Int, label: String) {
    guard let root = rows.first, root.total > .zero else { return }
    let whole = Double(root.total.rawValue)
    var starts = Array(repeating: 0.0, count: rows.count)
    var next = Array(repeating: 0.0, count: rows.count)
    var depth = 0
    for (place, row) in rows.enumerated() {
      if row.parent >= 0, row.parent < place {
        starts[place] = next[row.parent]
        next[row.parent] += Double(row.total.rawValue)
      }
      next[place] = starts[place]
      if row.depth < Self.deepest, Double(row.total.rawValue) / whole > 0.002 {
        depth = max(depth, row.depth)
      }
    }
    let height = Double(depth + 1) * Self.rowHeight
    figure(
      "By call path",
      "mean of all requests; width is time on the critical path, own time is where nothing hangs below"
    ) {
      markup.element(
        .svg, .class("ice"), .width("100%"), .height("\(Int(height))"), .role("img"), .label(label)
      ) {
        markup.leaf(.title, text: label)
        for (place, row) in rows.enumerated() where row.depth < Self.deepest {
          let width = Percent(Double(row.total.rawValue), of: whole)
          guard width.hundredths > 30 else { continue }
          box(row, x: Percent(starts[place], of: whole), width: width, count: count)
        }
      }
    }
    icicleTwin(rows, count: count)
  }

  private func box(_ row: CallPathRow, x: Percent, width: Percent, count: Int) {
    let y = Double(row.depth) * Self.rowHeight
    let mean = DurationFormat.text(UInt64(max(0, row.total.rawValue)) / UInt64(max(1, count)))
    let ink = context.palette[row.service].ink
    let inner = max(Percent(hundredths: width.hundredths - 8), Percent(hundredths: 8))
    let title =
      "\(row.service) \(row.operation): \(mean) a request with all below, "
      + "own \(DurationFormat.text(UInt64(max(0, row.own.rawValue)) / UInt64(max(1, count)))), "
      + NumberFormat.counted(row.count, "call")
    markup.rect(x: x, width: inner, y: y + 1, height: 19, fill: ink, opacity: ".2", title: title)
    markup.rect(x: x, width: inner, y: y + 1, height: 2, fill: ink)
    // What fits at 5.8 px a letter on a wide page: name and time, name, or nothing.
    let letters = Int(Double(width.hundredths) / 10_000 * 930 / 5.8) - 2
    let choices = ["\(row.service) \(row.operation) \(mean)", "\(row.service) \(mean)", row.service]
    if let fitting = choices.first(where: { $0.count <= letters }) {
      markup.label(fitting, x: x, y: y + 15, dx: 5, ink: .ink, isOdd: width.hundredths < 4_000)
    }
  }

  private func icicleTwin(_ rows: [CallPathRow], count: Int) {
    let shown = rows.prefix(120)
    let longest = UInt64(max(0, rows.first?.total.rawValue ?? 0)) / UInt64(max(1, count))
    let unit = DurationUnit.column(longest: longest)
    twin("critical path by call path") {
      table(
        "Critical path by call path", class: "tight",
        columns: [
          .text("Call path"), .number("calls"), .number("own", unit.symbol),
          .number("with all below", unit.symbol),
          .number("of the path", "%"), .number("typical", unit.symbol), .number("slow", unit.symbol),
        ], rows: shown.count
      ) { row, index in
        let one = shown[index]
        row.head {
          text(String(repeating: "\u{2007}\u{2007}", count: min(one.depth, 20)))
          service(one.service, isLinked: false)
          text(" " + one.operation.cut(60))
        }
        row.count(one.count)
        row.duration(one.own.rawValue / Int64(max(1, count)), in: unit)
        row.duration(one.total.rawValue / Int64(max(1, count)), in: unit)
        row.number(
          PercentFormat.digits(
            UInt64(max(0, one.own.rawValue)), of: UInt64(max(0, rows.first?.total.rawValue ?? 0))))
        row.duration(one.typicalMean.rawValue, in: unit)
        row.duration(one.slowMean.rawValue, in: unit)
      }
      if shown.count < rows.count {
        note("The first \(shown.count) of \(NumberFormat.grouped(rows.count)) paths.")
      }
    }
  }
}
