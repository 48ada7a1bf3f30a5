import TraceModel

/// The whole trace at a glance: one line a span, on the waterfall's own scale, thick where the path runs.
struct Minimap {
  private static let mostLines = 400

  let view: TraceView
  let page: Page

  init(_ view: TraceView, page: Page) {
    self.view = view
    self.page = page
  }

  func write() {
    let spans = view.trace.spans
    guard spans.count > 8 else { return }
    let markup = page.markup
    let out = markup.output
    // Long traces show every nth line of equally many spans each.
    let stride = (spans.count + Self.mostLines - 1) / Self.mostLines
    let lines = (spans.count + stride - 1) / stride
    // Many lines lie closer than a pixel: the picture stays as high as a hand.
    let step = min(2.5, 120 / Double(lines))
    let height = Int(Double(lines) * step) + 6
    out.append(
      "<div class=\"row mmrow\"><span class=\"tw\"></span><span class=\"nm ov\">Overview<br/><span class=\"mute\">one line for "
    )
    markup.text(stride == 1 ? "each of \(spans.count) spans" : "every \(NumberFormat.grouped(stride)) spans")
    markup.text("; dark: critical path")
    out.append(
      "</span></span><span class=\"d\"></span><span class=\"p\"></span><svg class=\"tl mini\" width=\"100%\" height=\""
    )
    out.append(decimal: height)
    out.append("\" role=\"img\"><title>Overview of all spans by time</title>")
    for line in 0..<lines {
      let place = line * stride
      let span = spans[place]
      let x = view.place(span.start)
      let width = max(view.place(span.end) - x, Percent(hundredths: 15))
      let y = 3 + Double(line) * step
      markup.rect(
        x: x, width: width, y: y, height: max(1, step - 0.5), fill: view.service(span.service).swatch.ink)
      if span.criticalPathTime > .zero {
        for section in view.sections(of: place).prefix(20) {
          let from = view.place(section.start)
          markup.rect(
            x: from, width: max(view.place(section.end) - from, Percent(hundredths: 15)), y: y,
            height: max(1.5, step), fill: .ink)
        }
      }
    }
    out.append("</svg></div>")
  }
}
