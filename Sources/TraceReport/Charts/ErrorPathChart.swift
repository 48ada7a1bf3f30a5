import TraceAnalysis
import TraceModel

/// The way of an error: calls go right, the error comes back left, and below stands what was not reached.
extension Page {
  private static let box = (width: 150.0, height: 42.0)
  /// The width of the content column.
  private static let pathWidth = 928.0

  func errorPath(_ group: ErrorGroup) {
    let steps = Array(group.path.reversed().suffix(8))
    let peer = group.peer.isEmpty || group.peer == group.service ? nil : group.peer
    let missing = group.notReached.prefix(5).map { $0.service }
    let columns = steps.count + (peer == nil ? 0 : 1)
    let spare = (Self.pathWidth - Double(columns) * Self.box.width) / Double(max(columns - 1, 1))
    let gap = min(max(spare, 40), 74)
    let x = { (column: Int) in 2 + Double(column) * (Self.box.width + gap) }
    let width = max(x(columns), Double(missing.count) * 165 + 100)
    let height = missing.isEmpty ? 84.0 : group.notReached.count > missing.count ? 172 : 150.0
    element(.figure) {
      markup.element(.div, .class("scroll graph"), .role("region"), .label("Path of the error"), .focusable) {
        markup.element(
          .svg, .class("prop"), .width("\(Int(width))"), .height("\(Int(height))"), .role("img"),
          .label("Path of the error")
        ) {
          markup.leaf(.title, text: pathText(steps, peer: peer))
          for (index, step) in steps.enumerated() {
            stepBox(step, x: x(index), isOrigin: peer == nil && index == steps.count - 1)
            if index > 0 { arrows(from: x(index - 1), to: x(index)) }
          }
          if let peer {
            arrows(from: x(steps.count - 1), to: x(steps.count))
            peerBox(peer, x: x(steps.count))
          }
          missingBoxes(Array(missing), total: group.notReached.count)
        }
      }
      leaf(
        .figcaption, nil,
        "Grey arrows: calls. Red arrows: the error on its way back, in the most frequent way."
          + (missing.isEmpty ? "" : " Dashed: usual in healthy traces, missing here.")
          + (peer == nil ? "" : " Double outline: seen only through its caller."))
    }
    twin("path of the error") {
      table(
        "Path of the error, from origin to root", class: "tight",
        columns: [.text("Service"), .text("Operation"), .text("Kind")], rows: group.path.count
      ) { row, index in
        row.head { service(group.path[index].service) }
        row.cell(group.path[index].operation.cut(100))
        row.cell(group.path[index].kind.name.lowercased())
      }
    }
  }

  private func pathText(_ steps: [PathStep], peer: String?) -> String {
    let names = steps.map { $0.service + " " + $0.operation } + (peer.map { [$0] } ?? [])
    return "The error begins at the end of: " + names.joined(separator: " → ")
  }

  private func stepBox(_ step: PathStep, x: Double, isOrigin: Bool) {
    outline(x: x, y: 30, stroke: isOrigin ? .bad : .faint)
    markup.rect(pixelX: x, width: 5, y: 30, height: Self.box.height, fill: context.palette[step.service].ink)
    boxText(step.service, step.operation, x: x + 13, y: 30)
    if isOrigin { originMark(x: x) }
  }

  private func peerBox(_ name: String, x: Double) {
    outline(x: x, y: 30, stroke: .bad)
    outline(x: x + 3, y: 33, width: Self.box.width - 6, height: Self.box.height - 6, stroke: .faint)
    boxText(name, "outside, as its caller saw it", x: x + 13, y: 30)
    originMark(x: x)
  }

  private func originMark(x: Double) {
    markup.label("✕ error begins here", pixelX: x, y: 22, ink: .bad, isBold: true)
  }

  private func boxText(_ name: String, _ operation: String, x: Double, y: Double) {
    markup.label(name.cut(20), pixelX: x, y: y + 17, ink: .ink, isBold: true)
    markup.label(operation.cut(23), pixelX: x, y: y + 32)
  }

  private func outline(
    x: Double, y: Double, width: Double? = nil, height: Double? = nil, stroke: Ink,
    dash: MarkupWriter.Dash = .solid
  ) {
    let data = PathData()
    data.move(x, y)
    data.horizontal(x + (width ?? Self.box.width))
    data.vertical(y + (height ?? Self.box.height))
    data.horizontal(x)
    data.close()
    markup.path(data, stroke: stroke, width: "1.25", dash: dash)
  }

  private func arrows(from left: Double, to right: Double) {
    let start = left + Self.box.width + 4
    let end = right - 4
    markup.line(pixelX1: start, x2: end - 6, y1: 43, y2: 43, stroke: .faint, width: "1.5")
    head(tip: end, back: end - 8, y: 43, ink: .faint)
    markup.line(pixelX1: start + 6, x2: end, y1: 59, y2: 59, stroke: .bad, width: "2.5")
    head(tip: start, back: start + 9, y: 59, ink: .bad)
  }

  private func head(tip: Double, back: Double, y: Double, ink: Ink) {
    let data = PathData()
    data.move(tip, y)
    data.line(back, y - 4.5)
    data.line(back, y + 4.5)
    data.close()
    markup.path(data, fill: ink)
  }

  private func missingBoxes(_ names: [String], total: Int) {
    guard !names.isEmpty else { return }
    markup.label("not reached", pixelX: 2, y: 128, ink: .ink, isBold: true)
    for (index, name) in names.enumerated() {
      let left = 90 + Double(index) * 165
      outline(x: left, y: 108, height: 34, stroke: .faint, dash: .dashed)
      markup.label(name.cut(20), pixelX: left + 12, y: 129, ink: .mute, isBold: true)
    }
    if total > names.count { markup.label("and \(total - names.count) more", pixelX: 90, y: 162) }
  }
}
