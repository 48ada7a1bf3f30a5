import TraceModel

/// The bar of one span: a roof over the whole of it, solid where it works itself, tinted where children work.
///
///     ════════════════════   roof: start to end
///     ███░░░░░░░██░░░░████   solid: self time; tint: children
///          ▁▁▁▁▁▁▁▁          line below: on the critical path
struct WaterfallBar {
  private static let mostSegments = 60
  private static let mostEvents = 12
  /// About one pixel of a wide page.
  private static let leastWidth = Percent(hundredths: 11)

  let view: TraceView
  let page: Page

  init(_ view: TraceView, page: Page) {
    self.view = view
    self.page = page
  }

  func write(_ place: Int) {
    let markup = page.markup
    let out = markup.pending
    let span = view.trace.spans[place]
    let ink = view.service(span.service).swatch.ink
    out.append("<svg class=\"tl f-")
    out.append(ink.name)
    out.append("\" fill=\"")
    out.append(ink.light)
    out.append("\" width=\"100%\" height=\"24\" role=\"img\"><title>")
    title(place, span)
    out.append("</title><use href=\"#wg\"/>")
    let from = view.place(span.start)
    let width = max(view.place(span.end) - from, Self.leastWidth)
    if span.childCount > 0 {
      markup.rect(x: from, width: width, y: 6, height: 11, opacity: ".22")
      markup.rect(x: from, width: width, y: 6, height: 2)
      selfTime(place, span)
    } else {
      markup.rect(x: from, width: width, y: 6, height: 11)
    }
    for section in view.sections(of: place).prefix(Self.mostSegments) {
      let x = view.place(section.start)
      out.append("<rect fill=\"currentColor\" x=\"")
      out.append(x)
      out.append("\" width=\"")
      out.append(max(view.place(section.end) - x, Self.leastWidth))
      out.append("\" y=\"18.5\" height=\"2.5\"/>")
    }
    queueWait(span)
    events(span)
    if span.isError { error(place, span, from: from, end: from + width) }
    out.append("</svg>")
  }

  private func title(_ place: Int, _ span: TraceSpan) {
    let out = page.markup.pending
    out.append(duration: view.length(span.duration))
    if span.childCount > 0 {
      out.append(", self ")
      out.append(duration: view.length(span.selfTime))
    }
    if span.criticalPathTime > .zero {
      out.append(", on the critical path ")
      out.append(duration: view.length(span.criticalPathTime))
    }
    out.append(", from ")
    out.append(duration: view.offset(span.start))
  }

  /// The stretches in which no child ran. Children come in the order of their starts, so one pass is enough.
  private func selfTime(_ place: Int, _ span: TraceSpan) {
    let markup = page.markup
    var reached = span.start
    var drawn = 0
    var lastEnd = Percent(hundredths: -1)
    func segment(_ start: UnixNanoseconds, _ end: UnixNanoseconds) {
      guard end > start, drawn < Self.mostSegments else { return }
      let x = view.place(start)
      let right = max(view.place(end), x + Self.leastWidth)
      // What would lie on the last pixel drawn cannot be seen.
      guard right.hundredths > lastEnd.hundredths + 5 else { return }
      markup.rect(x: x, width: right - x, y: 6, height: 11)
      lastEnd = right
      drawn += 1
    }
    for child in view.trace.children(of: place) {
      let other = view.trace.spans[child]
      if other.start > reached { segment(reached, min(other.start, span.end)) }
      reached = max(reached, other.end)
      if reached >= span.end || drawn >= Self.mostSegments { break }
    }
    if reached < span.end { segment(reached, span.end) }
    gapLabel(place, span)
  }

  /// Names a long stretch in which nothing was recorded.
  private func gapLabel(_ place: Int, _ span: TraceSpan) {
    guard span.childCount < 200 else { return }
    var longest = (start: span.start, end: span.start)
    var reached = span.start
    for child in view.trace.children(of: place) {
      let other = view.trace.spans[child]
      if other.start > reached, (other.start - reached) > (longest.end - longest.start) {
        longest = (reached, min(other.start, span.end))
      }
      reached = max(reached, other.end)
    }
    let gap = longest.end - longest.start
    guard Double(gap.rawValue) > 0.14 * view.length else { return }
    page.markup.label(
      DurationFormat.text(gap) + " without spans", x: view.place(longest.start), y: 15.5, dx: 5, ink: .ink,
      hasHalo: true)
  }

  /// A dotted line with a foot for the time a message waited before it was taken.
  private func queueWait(_ span: TraceSpan) {
    guard span.record.kind == .consumer, span.parent >= 0 else { return }
    let sender = view.trace.spans[Int(span.parent)]
    guard sender.record.kind == .producer, span.start > sender.end else { return }
    let markup = page.markup
    let from = view.place(sender.end)
    let to = view.place(span.start)
    markup.line(x1: from, x2: to, y1: 11.5, y2: 11.5, stroke: .mute, dash: .dotted)
    markup.line(x1: from, x2: from, y1: 7, y2: 16, stroke: .mute)
    let wait = DurationFormat.text(span.start - sender.end)
    let isLeft = from.hundredths > 2_500
    markup.label(
      "waited " + wait, x: isLeft ? from : view.place(span.end), y: 15.5, dx: isLeft ? -5 : 6,
      anchor: isLeft ? .end : .start, hasHalo: true)
  }

  private func events(_ span: TraceSpan) {
    guard span.record.eventCount > 0 else { return }
    let out = page.markup.pending
    for event in view.trace.events(of: span, in: view.store).prefix(Self.mostEvents) {
      out.append("<svg class=\"c-ink\" color=\"#1b1c1a\" x=\"")
      out.append(view.place(event.time))
      out.append("\" y=\"-1\" width=\"1\" height=\"9\"><title>")
      page.markup.text(view.store.symbols.bytes(event.name), limit: 80)
      page.markup.text(", at " + DurationFormat.text(view.offset(event.time)))
      out.append("</title><use href=\"#m-event\" x=\"-4.5\" width=\"9\" height=\"9\"/></svg>")
    }
  }

  /// A filled mark with words where an error began, a hollow one where it only passed through.
  private func error(_ place: Int, _ span: TraceSpan, from: Percent, end: Percent) {
    let markup = page.markup
    let out = markup.pending
    let isOrigin = span.traits.contains(.rootCause)
    let isInside = end.hundredths > 7_000
    let isLeft = isInside && from.hundredths > 3_000
    var words = "error"
    if isOrigin {
      let message = view.errorText(of: place)
      if !message.isEmpty { words += ": " + message.cut(44) }
    }
    // Inside a bar the words need ground below them; their width is reckoned, since fonts cannot be measured here.
    let width = 20 + Double(words.count) * (isOrigin ? 5.9 : 5.2)
    out.append("<svg class=\"er c-bad\" color=\"#b3261e\" x=\"")
    out.append(isLeft ? from : end)
    out.append("\" y=\"4\" width=\"1\" height=\"15\">")
    let left = isInside ? -width - 6 : 6
    markup.rect(pixelX: left - 2, width: width + 2, y: 0, height: 15, fill: .ground, radius: 2)
    out.append("<use href=\"#")
    out.append(isOrigin ? "m-error" : "m-passed")
    out.append("\" x=\"")
    out.append(pixels: left)
    out.append("\" y=\"1.5\" width=\"12\" height=\"12\"/>")
    markup.label(words, pixelX: left + 16, y: 11.5, ink: .bad, isBold: isOrigin)
    out.append("</svg>")
  }
}
