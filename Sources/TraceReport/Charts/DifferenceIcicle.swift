import TraceAnalysis
import TraceModel

/// The tree of call paths of slow requests, coloured by what each adds to typical ones.
///
/// Width is time on the critical path in a slow request with all below; the colour tells only of a path's own part:
/// so it shows where the time is added, not everything above it.
struct DifferenceTree {
  struct Node {
    var row: CallPathRow
    /// Where the box begins, in nanoseconds of the mean slow request.
    var start: Int64 = 0
    /// Own part in slow requests less that in typical ones.
    var ownAdded: Int64 = 0
  }

  private(set) var nodes: [Node] = []
  /// The mean slow request and the mean typical one.
  let slow: Int64
  let typical: Int64

  /// - `rows`: parents before their children.
  init(_ rows: [CallPathRow]) {
    slow = rows.first?.slowMean.rawValue ?? 0
    typical = rows.first?.typicalMean.rawValue ?? 0
    var next = [Int64](repeating: 0, count: rows.count)
    for (place, row) in rows.enumerated() {
      var node = Node(row: row)
      let added = (row.slowMean - row.typicalMean).rawValue
      node.ownAdded = added
      if row.parent >= 0, row.parent < place {
        node.start = next[row.parent]
        next[row.parent] &+= row.slowMean.rawValue
        nodes[row.parent].ownAdded &-= added
      }
      next[place] = node.start
      nodes.append(node)
    }
  }
}

extension Page {
  private static let rowHeight = 22.0
  private static let deepest = 16

  func differenceIcicle(_ entry: EntryPointResult) {
    let tree = DifferenceTree(entry.callPaths)
    guard tree.slow > tree.typical, tree.slow > 0 else { return }
    let drawn = tree.nodes.filter {
      $0.row.depth < Self.deepest && Double($0.row.slowMean.rawValue) / Double(tree.slow) > 0.003
    }
    let height = Double((drawn.map(\.row.depth).max() ?? 0) + 1) * Self.rowHeight
    let label = "What slow requests of \(entry.operation) add, by call path"
    figure(
      "Slow requests by call path",
      "width is time on the critical path in a slow request, colour what the path itself adds to a typical one"
    ) {
      markup.element(
        .svg, .class("ice"), .width("100%"), .height("\(Int(height))"), .role("img"), .label(label)
      ) {
        markup.leaf(.title, text: label)
        for node in drawn { box(node, tree) }
      }
    }
    differenceKey()
    differenceTwin(tree)
  }

  private func box(_ node: DifferenceTree.Node, _ tree: DifferenceTree) {
    let row = node.row
    let x = Percent(Double(node.start), of: Double(tree.slow))
    let width = Percent(Double(row.slowMean.rawValue), of: Double(tree.slow))
    let inner = max(Percent(hundredths: width.hundredths - 8), Percent(hundredths: 8))
    let y = Double(row.depth) * Self.rowHeight
    let added = DurationFormat.signed(node.ownAdded)
    let title =
      "\(row.service) \(row.operation): \(DurationFormat.text(row.slowMean)) in slow requests, "
      + "\(DurationFormat.text(row.typicalMean)) in typical ones; its own part adds \(added)"
    let share = Double(node.ownAdded) / Double(max(tree.slow &- tree.typical, 1))
    markup.rect(
      x: x, width: inner, y: y + 1, height: 19, fill: share < 0 ? .good : .badArea,
      opacity: Self.opacity(share),
      title: title)
    markup.rect(x: x, width: inner, y: y + 1, height: 2, fill: context.palette[row.service].ink)
    // What fits at 5.8 px a letter on a wide page: name and addition, name, or nothing.
    let letters = Int(Double(width.hundredths) / 10_000 * 930 / 5.8) - 2
    let choices = ["\(row.service) \(row.operation) \(added)", "\(row.service) \(added)", row.service]
    if let fitting = choices.first(where: { $0.count <= letters }) {
      markup.label(fitting, x: x, y: y + 15, dx: 5, ink: .ink, isOdd: width.hundredths < 4_000)
    }
  }

  /// Pale enough that ink stays readable on it.
  private static func opacity(_ share: Double) -> StaticString {
    switch abs(share) {
    case ..<0.02: ".04"
    case ..<0.1: ".12"
    case ..<0.3: ".24"
    default: ".4"
    }
  }

  private func differenceKey() {
    element(.ul, "key") {
      for (opacity, words) in [
        (".12", "adds from 2 %"), (".24", "from 10 %"), (".4", "from 30 % of what makes slow requests slow"),
      ] {
        element(.li) {
          markup.fragment(
            "<svg width=\"22\" height=\"10\" aria-hidden=\"true\"><rect width=\"22\" height=\"10\" ")
          markup.fragment("class=\"f-bad-area\" fill=\"#b8362d\" fill-opacity=\"")
          markup.output.append(opacity)
          markup.fragment("\"/></svg>")
          text(words)
        }
      }
      markup.fragment(
        """
        <li><svg width="22" height="10" aria-hidden="true"><rect width="22" height="10" class="f-good" fill="#1c6942" \
        fill-opacity=".24"/></svg>takes less than in typical ones</li>
        """)
    }
  }

  private func differenceTwin(_ tree: DifferenceTree) {
    let all = tree.nodes.sorted {
      $0.ownAdded != $1.ownAdded ? $0.ownAdded > $1.ownAdded : $0.row.slowMean > $1.row.slowMean
    }
    let shown = all.prefix(60)
    let unit = DurationUnit.column(longest: UInt64(max(0, tree.slow)))
    twin("what slow requests add, by call path") {
      table(
        "What slow requests add, by call path", class: "tight",
        columns: [
          .text("Call path"), .number("typical", unit.symbol), .number("slow", unit.symbol),
          .number("own part adds", unit.symbol), .number("of the difference", "%"),
        ], rows: shown.count
      ) { row, index in
        let one = shown[index]
        row.head {
          service(one.row.service, isLinked: false)
          text(" " + one.row.operation.cut(60))
          if one.row.parent >= 0 {
            let above = tree.nodes[one.row.parent].row
            leaf(.span, "mute", " below \(above.service) \(above.operation.cut(40))")
          }
        }
        row.duration(one.row.typicalMean.rawValue, in: unit)
        row.duration(one.row.slowMean.rawValue, in: unit)
        row.number(DurationFormat.signedFigure(one.ownAdded, in: unit))
        row.number(
          one.ownAdded > 0
            ? PercentFormat.digits(Double(one.ownAdded) / Double(max(tree.slow &- tree.typical, 1))) : "–")
      }
      if shown.count < all.count {
        note("The first \(shown.count) of \(NumberFormat.grouped(all.count)) paths.")
      }
    }
  }
}
