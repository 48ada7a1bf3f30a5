/// The shapes of pictures, written straight into the bytes of a page: a page has tens of thousands of them.
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
    output.append("<rect x=\"")
    output.append(x)
    output.append("\" width=\"")
    output.append(width)
    output.append("\" y=\"")
    output.append(pixels: y)
    output.append("\" height=\"")
    output.append(pixels: height)
    output.append(UInt8(ascii: "\""))
    if let fill { appendFill(fill) }
    if let opacity { appendAttribute(" fill-opacity=\"", opacity) }
    endShape("</rect>", title: title)
  }

  /// A bar in a picture of fixed width.
  func rect(
    pixelX x: Double, width: Double, y: Double, height: Double, fill: Ink, radius: Double = 0,
    title: String? = nil
  ) {
    output.append("<rect x=\"")
    output.append(pixels: x)
    output.append("\" width=\"")
    output.append(pixels: width)
    output.append("\" y=\"")
    output.append(pixels: y)
    output.append("\" height=\"")
    output.append(pixels: height)
    if radius > 0 {
      output.append("\" rx=\"")
      output.append(pixels: radius)
    }
    output.append(UInt8(ascii: "\""))
    appendFill(fill)
    endShape("</rect>", title: title)
  }

  /// A straight line between two places of the fluid axis.
  func line(
    x1: Percent, x2: Percent, y1: Double, y2: Double, stroke: Ink, width: StaticString? = nil,
    dash: Dash = .solid
  ) {
    output.append("<line x1=\"")
    output.append(x1)
    output.append("\" x2=\"")
    output.append(x2)
    appendLineEnds(y1: y1, y2: y2, stroke: stroke, width: width, dash: dash)
  }

  /// A straight line in a picture of fixed width.
  func line(
    pixelX1 x1: Double, x2: Double, y1: Double, y2: Double, stroke: Ink, width: StaticString? = nil,
    dash: Dash = .solid
  ) {
    output.append("<line x1=\"")
    output.append(pixels: x1)
    output.append("\" x2=\"")
    output.append(pixels: x2)
    appendLineEnds(y1: y1, y2: y2, stroke: stroke, width: width, dash: dash)
  }

  private func appendLineEnds(
    y1: Double, y2: Double, stroke: Ink, width: StaticString?, dash: Dash
  ) {
    output.append("\" y1=\"")
    output.append(pixels: y1)
    output.append("\" y2=\"")
    output.append(pixels: y2)
    output.append(UInt8(ascii: "\""))
    appendStroke(stroke)
    if let width { appendAttribute(" stroke-width=\"", width) }
    appendDash(dash)
    output.append("/>")
  }

  func circle(x: Percent, y: Double, radius: Double, fill: Ink, stroke: Ink? = nil) {
    output.append("<circle cx=\"")
    output.append(x)
    appendCircleRest(y: y, radius: radius, fill: fill, stroke: stroke)
  }

  func circle(pixelX x: Double, y: Double, radius: Double, fill: Ink, stroke: Ink? = nil) {
    output.append("<circle cx=\"")
    output.append(pixels: x)
    appendCircleRest(y: y, radius: radius, fill: fill, stroke: stroke)
  }

  private func appendCircleRest(y: Double, radius: Double, fill: Ink, stroke: Ink?) {
    output.append("\" cy=\"")
    output.append(pixels: y)
    output.append("\" r=\"")
    output.append(pixels: radius)
    output.append(UInt8(ascii: "\""))
    appendAttribute(" fill=\"", fill.light)
    if let stroke { appendAttribute(" stroke=\"", stroke.light) }
    output.append(" class=\"f-")
    output.append(fill.name)
    if let stroke {
      output.append(" k-")
      output.append(stroke.name)
    }
    output.append("\"/>")
  }

  /// A text in a picture; 11 px unless the class says otherwise. `isOdd` labels go when the page is narrow.
  func label(
    _ text: String, x: Percent, y: Double, dx: Int = 0, anchor: Anchor = .start, ink: Ink = .mute,
    isOdd: Bool = false, hasHalo: Bool = false, isBold: Bool = false
  ) {
    output.append("<text x=\"")
    output.append(x)
    appendLabelRest(
      text, y: y, dx: dx, anchor: anchor, ink: ink, isOdd: isOdd, hasHalo: hasHalo, isBold: isBold)
  }

  func label(
    _ text: String, pixelX x: Double, y: Double, anchor: Anchor = .start, ink: Ink = .mute,
    hasHalo: Bool = false, isBold: Bool = false
  ) {
    output.append("<text x=\"")
    output.append(pixels: x)
    appendLabelRest(
      text, y: y, dx: 0, anchor: anchor, ink: ink, isOdd: false, hasHalo: hasHalo, isBold: isBold)
  }

  private func appendLabelRest(
    _ text: String, y: Double, dx: Int, anchor: Anchor, ink: Ink, isOdd: Bool, hasHalo: Bool, isBold: Bool
  ) {
    output.append("\" y=\"")
    output.append(pixels: y)
    if dx != 0 {
      output.append("\" dx=\"")
      output.append(decimal: dx)
    }
    switch anchor {
    case .start: output.append("\" font-size=\"11\" class=\"f-")
    case .middle: output.append("\" text-anchor=\"middle\" font-size=\"11\" class=\"f-")
    case .end: output.append("\" text-anchor=\"end\" font-size=\"11\" class=\"f-")
    }
    output.append(ink.name)
    if isOdd { output.append(" odd") }
    if hasHalo { output.append(" halo") }
    if isBold { output.append(" b") }
    appendAttribute("\" fill=\"", ink.light)
    output.append(UInt8(ascii: ">"))
    self.text(text)
    output.append("</text>")
  }

  /// A path. In a stretched picture (`isStretched`) its stroke keeps its width.
  func path(
    _ data: PathData, fill: Ink? = nil, opacity: StaticString? = nil, stroke: Ink? = nil,
    width: StaticString? = nil, dash: Dash = .solid, isStretched: Bool = false, title: String? = nil
  ) {
    guard !data.isEmpty else { return }
    output.append("<path d=\"")
    output.append(data.bytes)
    output.append(UInt8(ascii: "\""))
    appendAttribute(" fill=\"", fill?.light ?? "none")
    if let stroke { appendAttribute(" stroke=\"", stroke.light) }
    output.append(" class=\"")
    if let fill {
      output.append("f-")
      output.append(fill.name)
    }
    if let stroke {
      output.append(fill == nil ? "k-" : " k-")
      output.append(stroke.name)
    }
    output.append(UInt8(ascii: "\""))
    if let opacity { appendAttribute(" fill-opacity=\"", opacity) }
    if let width { appendAttribute(" stroke-width=\"", width) }
    appendDash(dash)
    if isStretched { output.append(" vector-effect=\"non-scaling-stroke\"") }
    endShape("</path>", title: title)
  }

  private func appendFill(_ ink: Ink) {
    output.append(" fill=\"")
    output.append(ink.light)
    output.append("\" class=\"f-")
    output.append(ink.name)
    output.append(UInt8(ascii: "\""))
  }

  private func appendStroke(_ ink: Ink) {
    output.append(" stroke=\"")
    output.append(ink.light)
    output.append("\" class=\"k-")
    output.append(ink.name)
    output.append(UInt8(ascii: "\""))
  }

  private func appendDash(_ dash: Dash) {
    switch dash {
    case .solid: break
    case .dashed: output.append(" stroke-dasharray=\"4 3\"")
    case .dotted: output.append(" stroke-dasharray=\"1 3\"")
    }
  }

  private func appendAttribute(_ opening: StaticString, _ value: StaticString) {
    output.append(opening)
    output.append(value)
    output.append(UInt8(ascii: "\""))
  }

  private func appendAttribute(_ opening: StaticString, _ value: String) {
    output.append(opening)
    output.append(value)
    output.append(UInt8(ascii: "\""))
  }

  private func endShape(_ endTag: StaticString, title: String?) {
    guard let title else {
      output.append("/>")
      return
    }
    output.append("><title>")
    text(title)
    output.append("</title>")
    output.append(endTag)
  }
}
