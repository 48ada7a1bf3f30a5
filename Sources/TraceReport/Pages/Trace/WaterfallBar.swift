import TraceModel

/// The bar of one span: a roof over the whole of it, solid where it works itself, tinted where children work.
///
///     ════════════════════   roof: start to end
///     ███░░░░░░░██░░░░████   solid: self time; tint: children
///          ▁▁▁▁▁▁▁▁          line below: on the critical path
final class WaterfallBar {
  /// Bars with very many pieces share this many on a page; after that each row draws its first few.
  private static let mostPieces = 24_000
  private static let leastPieces = 12
  private static let mostEvents = 12
  /// About one pixel of a wide page.
  private static let leastWidth = Percent(hundredths: 11)

  private let view: TraceView
  private let page: Page
  private var piecesLeft = WaterfallBar.mostPieces

  init(_ view: TraceView, page: Page) {
    self.view = view
    self.page = page
  }

  func write(_ place: Int) {
    let markup = page.markup
    let span = view.trace.spans[place]
    open(span)
    title(place, span)
    markup.output.append("</title>")
    grid()
    let from = view.place(span.start)
    let width = max(view.place(span.end) - from, Self.leastWidth)
    if span.childCount > 0 {
      markup.rect(x: from, width: width, y: 6, height: 11, opacity: ".22")
      markup.rect(x: from, width: width, y: 6, height: 2)
      selfTime(place, span)
    } else {
      markup.rect(x: from, width: width, y: 6, height: 11)
    }
    pieces(view.sections(of: place).lazy.map { ($0.start, $0.end) }, isPath: true)
    queueWait(span)
    events(span)
    logs(of: place)
    if span.isError { error(place, span, from: from, end: from + width) }
    markup.output.append("</svg>")
  }

  /// The bars of equal siblings in one row.
  func write(group: [Int], total: Nanoseconds) {
    let out = page.markup.output
    let spans = view.trace.spans
    guard let first = group.first else { return }
    open(spans[first])
    let longest = group.map { spans[$0].duration }.max() ?? .zero
    page.markup.text("\(NumberFormat.grouped(group.count)) spans, together ")
    out.append(duration: view.length(total))
    out.append(", longest ")
    out.append(duration: view.length(longest))
    out.append("</title>")
    grid()
    pieces(group.lazy.map { (spans[$0].start, spans[$0].end) }, isPath: false)
    pieces(
      group.lazy.flatMap { self.view.sections(of: $0) }.map { ($0.start, $0.end) }, isPath: true)
    out.append("</svg>")
  }

  private func grid() {
    let out = page.markup.output
    out.append("<use href=\"#")
    out.append(view.prefix)
    out.append("wg\"/>")
  }

  private func open(_ span: TraceSpan) {
    let out = page.markup.output
    let ink = view.service(span.service).swatch.ink
    out.append("<svg class=\"tl f-")
    out.append(ink.name)
    out.append("\" fill=\"")
    out.append(ink.light)
    out.append("\" width=\"100%\" height=\"24\" role=\"img\"><title>")
  }

  /// Stretches of time in the order of their starts, as few shapes as show the same: what would touch is joined.
  private func pieces(_ stretches: some Sequence<(UnixNanoseconds, UnixNanoseconds)>, isPath: Bool) {
    let most = piecesLeft > 0 ? Int.max : Self.leastPieces
    var drawn = 0
    var left = Percent(hundredths: -1)
    var right = Percent(hundredths: -1)
    for (start, end) in stretches where end > start || isPath {
      let x = view.place(start)
      let to = max(view.place(end), x + Self.leastWidth)
      if left.hundredths >= 0, x.hundredths <= right.hundredths + 4 {
        right = max(right, to)
        continue
      }
      if left.hundredths >= 0 { piece(left, right, isPath: isPath, drawn: &drawn) }
      (left, right) = (x, to)
      if drawn >= most { break }
    }
    if left.hundredths >= 0, drawn < most { piece(left, right, isPath: isPath, drawn: &drawn) }
  }

  private func piece(_ left: Percent, _ right: Percent, isPath: Bool, drawn: inout Int) {
    drawn += 1
    piecesLeft -= 1
    guard isPath else {
      page.markup.rect(x: left, width: right - left, y: 6, height: 11)
      return
    }
    let out = page.markup.output
    out.append("<rect fill=\"currentColor\" x=\"")
    out.append(left)
    out.append("\" width=\"")
    out.append(right - left)
    out.append("\" y=\"18.5\" height=\"2.5\"/>")
  }

  private func title(_ place: Int, _ span: TraceSpan) {
    let out = page.markup.output
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
    var own: [(UnixNanoseconds, UnixNanoseconds)] = []
    var reached = span.start
    for child in view.trace.children(of: place) {
      let other = view.trace.spans[child]
      if other.start > reached { own.append((reached, min(other.start, span.end))) }
      reached = max(reached, other.end)
      if reached >= span.end { break }
    }
    if reached < span.end { own.append((reached, span.end)) }
    pieces(own, isPath: false)
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
    guard span.record.presence.contains(.events) else { return }
    let out = page.markup.output
    for event in view.trace.events(of: span, in: view.store).prefix(Self.mostEvents) {
      out.append("<svg class=\"c-ink\" color=\"#1b1c1a\" x=\"")
      out.append(view.place(event.time))
      out.append("\" y=\"-1\" width=\"1\" height=\"9\"><title>")
      page.markup.text(view.store.symbols.bytes(event.name), limit: 80)
      page.markup.text(", at " + DurationFormat.text(view.offset(event.time)))
      out.append("</title><use href=\"#m-event\" x=\"-4.5\" width=\"9\" height=\"9\"/></svg>")
    }
  }

  /// A tick at the upper edge for each log record, red ones wider.
  private func logs(of place: Int) {
    let out = page.markup.output
    for number in view.logs.entries(of: place).prefix(Self.mostEvents) {
      let entry = view.logs.entries[number]
      let isError = entry.record.severity.isError
      out.append(
        isError
          ? "<svg class=\"c-bad\" color=\"#b3261e\" x=\"" : "<svg class=\"c-ink\" color=\"#1b1c1a\" x=\"")
      out.append(view.place(entry.time))
      out.append("\" y=\"0\" width=\"4\" height=\"9\"><title>log ")
      page.markup.text(entry.record.severity.name + ": " + entry.record.message.cut(120))
      page.markup.text(", at " + DurationFormat.text(view.offset(entry.time)))
      out.append(isError ? "</title><rect width=\"3\"" : "</title><rect width=\"2\"")
      out.append(" height=\"9\" fill=\"currentColor\"/></svg>")
    }
  }

  /// The width of the time column on a small phone, in pixels.
  private static let narrowest = 330.0

  /// A filled mark with words where an error began, a hollow one where it only passed through.
  private func error(_ place: Int, _ span: TraceSpan, from: Percent, end: Percent) {
    let markup = page.markup
    let out = markup.output
    let isOrigin = span.traits.contains(.rootCause)
    let isInside = end.hundredths > 7_000
    let message = isOrigin ? view.errorText(of: place) : ""
    // Their width is reckoned, since fonts cannot be measured here.
    let letter = isOrigin ? 5.9 : 5.2
    let wanted = min(message.count, 44) + (message.isEmpty ? 5 : 7)
    // Words that grow to the left must find room on the narrowest screen, or their beginning is cut off.
    let room = { (end: Percent) in Int((Double(end.hundredths) / 10_000 * Self.narrowest - 28) / letter) }
    let isLeft = isInside && room(from) >= wanted
    let most = isInside ? room(isLeft ? from : end) - 7 : 44
    let words = message.isEmpty ? "error" : "error: " + message.cut(min(max(most, 8), 44))
    // Inside a bar the words need ground below them.
    let width = 20 + Double(words.count) * letter
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
