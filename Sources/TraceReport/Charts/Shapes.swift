/// The shapes of pictures, written straight into the run of pending bytes: a page has tens of thousands of them.
///
/// Each shape has its light colour as an attribute and a class for the themes, so that a reader without styles
/// still sees the picture.
extension MarkupWriter {
  /// Where a label's text begins at its x.
  enum Anchor {
    case start
    case middle
    case end
  }

  /// The pattern of a line.
  enum Dash {
    case solid
    case dashed
    case dotted
  }

  /// A bar. Without `fill` it takes the colour of the element around it.
  func rect(
    x: Percent, width: Percent, y: Double, height: Double, fill: Ink? = nil, opacity: StaticString? = nil,
    title: String? = nil
  ) {
    pending.append("<rect x=\"")
    pending.append(x)
    pending.append("\" width=\"")
    pending.append(width)
    pending.append("\" y=\"")
    pending.append(pixels: y)
    pending.append("\" height=\"")
    pending.append(pixels: height)
    pending.append(UInt8(ascii: "\""))
    if let fill { appendFill(fill) }
    if let opacity { appendAttribute(" fill-opacity=\"", opacity) }
    endShape("</rect>", title: title)
  }

  /// A bar in a picture of fixed width.
  func rect(
    pixelX x: Double, width: Double, y: Double, height: Double, fill: Ink, radius: Double = 0,
    title: String? = nil
  ) {
    pending.append("<rect x=\"")
    pending.append(pixels: x)
    pending.append("\" width=\"")
    pending.append(pixels: width)
    pending.append("\" y=\"")
    pending.append(pixels: y)
    pending.append("\" height=\"")
    pending.append(pixels: height)
    if radius > 0 {
      pending.append("\" rx=\"")
      pending.append(pixels: radius)
    }
    pending.append(UInt8(ascii: "\""))
    appendFill(fill)
    endShape("</rect>", title: title)
  }

  /// A straight line between two places of the fluid axis.
  func line(
    x1: Percent, x2: Percent, y1: Double, y2: Double, stroke: Ink, width: StaticString? = nil,
    dash: Dash = .solid
  ) {
    pending.append("<line x1=\"")
    pending.append(x1)
    pending.append("\" x2=\"")
    pending.append(x2)
    appendLineEnds(y1: y1, y2: y2, stroke: stroke, width: width, dash: dash)
  }

  /// A straight line in a picture of fixed width.
  func line(
    pixelX1 x1: Double, x2: Double, y1: Double, y2: Double, stroke: Ink, width: StaticString? = nil,
    dash: Dash = .solid
  ) {
    pending.append("<line x1=\"")
    pending.append(pixels: x1)
    pending.append("\" x2=\"")
    pending.append(pixels: x2)
    appendLineEnds(y1: y1, y2: y2, stroke: stroke, width: width, dash: dash)
  }

  private func appendLineEnds(
    y1: Double, y2: Double, stroke: Ink, width: StaticString?, dash: Dash
  ) {
    pending.append("\" y1=\"")
    pending.append(pixels: y1)
    pending.append("\" y2=\"")
    pending.append(pixels: y2)
    pending.append(UInt8(ascii: "\""))
    appendStroke(stroke)
    if let width { appendAttribute(" stroke-width=\"", width) }
    appendDash(dash)
    pending.append("/>")
  }

  func circle(x: Percent, y: Double, radius: Double, fill: Ink, stroke: Ink? = nil) {
    pending.append("<circle cx=\"")
    pending.append(x)
    appendCircleRest(y: y, radius: radius, fill: fill, stroke: stroke)
  }

  func circle(pixelX x: Double, y: Double, radius: Double, fill: Ink, stroke: Ink? = nil) {
    pending.append("<circle cx=\"")
    pending.append(pixels: x)
    appendCircleRest(y: y, radius: radius, fill: fill, stroke: stroke)
  }

  private func appendCircleRest(y: Double, radius: Double, fill: Ink, stroke: Ink?) {
    pending.append("\" cy=\"")
    pending.append(pixels: y)
    pending.append("\" r=\"")
    pending.append(pixels: radius)
    pending.append(UInt8(ascii: "\""))
    appendAttribute(" fill=\"", fill.light)
    if let stroke { appendAttribute(" stroke=\"", stroke.light) }
    pending.append(" class=\"f-")
    pending.append(fill.name)
    if let stroke {
      pending.append(" k-")
      pending.append(stroke.name)
    }
    pending.append("\"/>")
  }

  /// A text in a picture; 11 px unless the class says otherwise. `isOdd` labels go when the page is narrow.
  func label(
    _ text: String, x: Percent, y: Double, dx: Int = 0, anchor: Anchor = .start, ink: Ink = .mute,
    isOdd: Bool = false, hasHalo: Bool = false, isBold: Bool = false
  ) {
    pending.append("<text x=\"")
    pending.append(x)
    appendLabelRest(
      text, y: y, dx: dx, anchor: anchor, ink: ink, isOdd: isOdd, hasHalo: hasHalo, isBold: isBold)
  }

  func label(
    _ text: String, pixelX x: Double, y: Double, anchor: Anchor = .start, ink: Ink = .mute,
    hasHalo: Bool = false, isBold: Bool = false
  ) {
    pending.append("<text x=\"")
    pending.append(pixels: x)
    appendLabelRest(
      text, y: y, dx: 0, anchor: anchor, ink: ink, isOdd: false, hasHalo: hasHalo, isBold: isBold)
  }

  private func appendLabelRest(
    _ text: String, y: Double, dx: Int, anchor: Anchor, ink: Ink, isOdd: Bool, hasHalo: Bool, isBold: Bool
  ) {
    pending.append("\" y=\"")
    pending.append(pixels: y)
    if dx != 0 {
      pending.append("\" dx=\"")
      pending.append(decimal: dx)
    }
    switch anchor {
    case .start: pending.append("\" font-size=\"11\" class=\"f-")
    case .middle: pending.append("\" text-anchor=\"middle\" font-size=\"11\" class=\"f-")
    case .end: pending.append("\" text-anchor=\"end\" font-size=\"11\" class=\"f-")
    }
    pending.append(ink.name)
    if isOdd { pending.append(" odd") }
    if hasHalo { pending.append(" halo") }
    if isBold { pending.append(" b") }
    appendAttribute("\" fill=\"", ink.light)
    pending.append(UInt8(ascii: ">"))
    self.text(text)
    pending.append("</text>")
  }

  /// A path. In a stretched picture (`isStretched`) its stroke keeps its width.
  func path(
    _ data: PathData, fill: Ink? = nil, opacity: StaticString? = nil, stroke: Ink? = nil,
    width: StaticString? = nil, dash: Dash = .solid, isStretched: Bool = false, title: String? = nil
  ) {
    guard !data.isEmpty else { return }
    pending.append("<path d=\"")
    pending.append(data.bytes)
    pending.append(UInt8(ascii: "\""))
    appendAttribute(" fill=\"", fill?.light ?? "none")
    if let stroke { appendAttribute(" stroke=\"", stroke.light) }
    pending.append(" class=\"")
    if let fill {
      pending.append("f-")
      pending.append(fill.name)
    }
    if let stroke {
      pending.append(fill == nil ? "k-" : " k-")
      pending.append(stroke.name)
    }
    pending.append(UInt8(ascii: "\""))
    if let opacity { appendAttribute(" fill-opacity=\"", opacity) }
    if let width { appendAttribute(" stroke-width=\"", width) }
    appendDash(dash)
    if isStretched { pending.append(" vector-effect=\"non-scaling-stroke\"") }
    endShape("</path>", title: title)
  }

  private func appendFill(_ ink: Ink) {
    pending.append(" fill=\"")
    pending.append(ink.light)
    pending.append("\" class=\"f-")
    pending.append(ink.name)
    pending.append(UInt8(ascii: "\""))
  }

  private func appendStroke(_ ink: Ink) {
    pending.append(" stroke=\"")
    pending.append(ink.light)
    pending.append("\" class=\"k-")
    pending.append(ink.name)
    pending.append(UInt8(ascii: "\""))
  }

  private func appendDash(_ dash: Dash) {
    switch dash {
    case .solid: break
    case .dashed: pending.append(" stroke-dasharray=\"4 3\"")
    case .dotted: pending.append(" stroke-dasharray=\"1 3\"")
    }
  }

  private func appendAttribute(_ opening: StaticString, _ value: StaticString) {
    pending.append(opening)
    pending.append(value)
    pending.append(UInt8(ascii: "\""))
  }

  private func appendAttribute(_ opening: StaticString, _ value: String) {
    pending.append(opening)
    pending.append(value)
    pending.append(UInt8(ascii: "\""))
  }

  private func endShape(_ endTag: StaticString, title: String?) {
    guard let title else {
      pending.append("/>")
      return
    }
    pending.append("><title>")
    text(title)
    pending.append("</title>")
    pending.append(endTag)
  }
}
