import TraceModel

/// The tree of a trace with a bar for every span, one row each; the heart of a trace's page.
///
/// Rows are written in display order with a stack of open lists: nothing here recurses, and from 24 levels on
/// lists go on flat, so that a chain of 50,000 spans is no deeper than a page can hold.
struct Waterfall {
  static let deepestList = 24
  private static let rowsPerAxis = 18
  /// Members of a group that are written out.
  private static let mostMembers = 60

  let page: Page
  let view: TraceView
  let selection: SpanSelection
  /// The span whose panel is open when the page opens.
  let opened: Int?
  private let ticks: [UInt64]
  private let groups: SiblingGroups
  private let bars: WaterfallBar
  private let details: SpanDetail

  init(_ view: TraceView, selection: SpanSelection, opened: Int?, page: Page) {
    self.view = view
    self.selection = selection
    self.opened = opened
    self.page = page
    ticks = view.scale.ticks(count: 11)
    groups = SiblingGroups(view.trace, kept: opened)
    bars = WaterfallBar(view, page: page)
    details = SpanDetail(view, page: page)
  }

  private struct OpenList {
    var place: Int
    var end: Int
    /// False from the deepest list on: nothing was opened for it.
    var isReal: Bool
    var omitted = 0
    var omittedLongest = Nanoseconds.zero
  }

  func write() {
    let markup = page.markup
    markup.element(.div, .class("wfbox")) {
      gridSymbol()
      Minimap(view, page: page).write()
      axis(class: "wfhead", label: "Service and operation", height: 20, isHead: true)
      markup.open(.ol, .class("wf"))
      rows()
      markup.close(.ol)
      axis(class: "wfend", label: "", height: 20, isHead: false)
    }
  }

  private func rows() {
    let markup = page.markup
    let spans = view.trace.spans
    var stack: [OpenList] = []
    var rowCount = 0
    var listDepth = 0
    var place = 0
    while place < spans.count {
      while let last = stack.last, last.end <= place {
        closeList(&stack, last)
        if last.isReal { listDepth -= 1 }
      }
      let span = spans[place]
      if groups.folds(place) {
        // All members stand in one row, where the first of them would be.
        if let group = groups.group(beginningAt: place) {
          groupRow(group, rowCount: &rowCount, opensList: listDepth < Self.deepestList)
        }
        place += 1
        continue
      }
      guard selection.shows(place) else {
        // Whatever is shown has everything above it shown, so a whole subtree goes.
        if !stack.isEmpty {
          stack[stack.count - 1].omitted += Int(span.subtreeEnd) - place
          stack[stack.count - 1].omittedLongest = max(stack[stack.count - 1].omittedLongest, span.duration)
        }
        place = Int(span.subtreeEnd)
        continue
      }
      if rowCount > 0, rowCount % Self.rowsPerAxis == 0, spans.count - place > 4 { axisRow(at: place) }
      rowCount += 1
      let hasList = span.childCount > 0
      let opensList = hasList && listDepth < Self.deepestList
      markup.open(.li)
      if opensList {
        markup.open(.details, .open)
        markup.open(.summary)
      }
      row(place)
      if opensList { markup.close(.summary) }
      if rowCount <= details.mostPanels { details.write(place, isOpen: place == opened) }
      if opensList {
        markup.open(.ol)
        listDepth += 1
      } else {
        markup.close(.li)
      }
      if hasList { stack.append(OpenList(place: place, end: Int(span.subtreeEnd), isReal: opensList)) }
      place += 1
    }
    while let last = stack.last { closeList(&stack, last) }
  }

  private func closeList(_ stack: inout [OpenList], _ list: OpenList) {
    let markup = page.markup
    if list.omitted > 0 {
      markup.element(.li, .class("more")) {
        let longest = DurationFormat.text(list.omittedLongest)
        page.text(
          "\(NumberFormat.counted(list.omitted, "span")) below \(view.operation(of: list.place).cut(60)) not shown; "
            + "the longest child takes \(longest)")
      }
    }
    if list.isReal {
      markup.close(.ol)
      markup.close(.details)
      markup.close(.li)
    }
    stack.removeLast()
  }

  // MARK: - Rows

  private func row(_ place: Int) {
    let span = view.trace.spans[place]
    beginRow(isOpened: place == opened)
    name(place, span)
    figures(duration: span.duration, onPath: span.criticalPathTime)
    bars.write(place)
    page.markup.output.append("</span>")
  }

  private func beginRow(isOpened: Bool) {
    let out = page.markup.output
    out.append(isOpened ? "<span class=\"row on\">" : "<span class=\"row\">")
    out.append("<span class=\"tw\"></span><span class=\"nm\">")
  }

  private func figures(duration: Nanoseconds, onPath: Nanoseconds) {
    let out = page.markup.output
    out.append("</span> <span class=\"d\">")
    out.append(figure: view.length(duration), in: view.unit)
    out.append("</span> <span class=\"p")
    if Double(onPath.rawValue) >= 0.05 * view.length { out.append(" hi") }
    out.append("\">")
    if onPath > .zero { out.append(figure: view.length(onPath), in: view.unit) }
    out.append("</span>")
  }

  /// Equal siblings as one row: how many, their sum, all their bars; the first of them below it when it is opened.
  private func groupRow(_ group: [Int], rowCount: inout Int, opensList: Bool) {
    let markup = page.markup
    guard let first = group.first else { return }
    let spans = group.map { view.trace.spans[$0] }
    let total = spans.reduce(Nanoseconds.zero) { $0 + $1.duration }
    rowCount += 1
    markup.open(.li)
    if opensList {
      markup.open(.details, .class("rep"))
      markup.open(.summary)
    }
    beginRow(isOpened: false)
    name(first, spans[0], isLinked: false)
    markup.output.append(" <b>×")
    markup.text(NumberFormat.grouped(group.count))
    markup.output.append("</b>")
    figures(duration: total, onPath: spans.reduce(.zero) { $0 + $1.criticalPathTime })
    bars.write(group: group, total: total)
    markup.output.append("</span>")
    guard opensList else {
      markup.close(.li)
      return
    }
    markup.close(.summary)
    markup.open(.ol)
    let shown = group.filter { selection.shows($0) }.prefix(Self.mostMembers)
    for place in shown {
      rowCount += 1
      markup.open(.li)
      row(place)
      if rowCount <= details.mostPanels { details.write(place, isOpen: false) }
      markup.close(.li)
    }
    if shown.count < group.count {
      markup.leaf(
        .li, .class("more"), text: "\(NumberFormat.grouped(group.count - shown.count)) more not shown")
    }
    markup.close(.ol)
    markup.close(.details)
    markup.close(.li)
  }

  private func name(_ place: Int, _ span: TraceSpan, isLinked: Bool = true) {
    let markup = page.markup
    let service = view.service(span.service)
    page.swatch(service.name)
    let changes = span.parent < 0 || view.trace.spans[Int(span.parent)].service != span.service
    markup.output.append(changes ? "<span class=\"of\">" : "<span class=\"vh\">")
    view.appendService(span.service, to: markup)
    markup.output.append("</span> ")
    if isLinked {
      markup.output.append("<a href=\"#")
      view.appendAnchor(of: place, to: markup.output)
      markup.output.append("\">")
    }
    if view.store.symbols.bytes(span.record.name).allSatisfy({ $0 <= 0x20 }) {
      markup.text("(no name)")
    } else {
      markup.text(view.store.symbols.bytes(span.record.name), limit: 200)
    }
    if isLinked { markup.output.append("</a>") }
    if span.depth > Int32(Self.deepestList) {
      markup.output.append("<span class=\"kd\">level ")
      markup.output.append(decimal: span.depth)
      markup.output.append("</span>")
    }
    if span.traits.contains(.orphan) { markup.output.append("<span class=\"kd\">parent absent</span>") }
    if span.record.kind == .consumer {
      markup.output.append("<span class=\"kd\">← message</span>")
    } else if let callee = view.callee(of: place) {
      markup.output.append("<span class=\"kd\">→ ")
      markup.text(callee, limit: 60)
      markup.output.append("</span>")
    }
  }

  // MARK: - Axes

  /// The hairlines of every row, drawn once and used by all.
  private func gridSymbol() {
    let markup = page.markup
    markup.fragment("<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><g id=\"")
    markup.output.append(view.prefix)
    markup.fragment("wg\">")
    for cut in view.scale.cuts {
      markup.rect(x: cut.from, width: cut.to - cut.from, y: 0, height: 24, fill: .band)
    }
    for tick in ticks {
      let x = view.place(offset: tick)
      markup.line(x1: x, x2: x, y1: 0, y2: 24, stroke: .rule)
    }
    if let sent = responseSent {
      markup.line(x1: sent, x2: sent, y1: 0, y2: 24, stroke: .mute, dash: .dotted)
    }
    markup.fragment("</g></defs></svg>")
  }

  /// Where the primary root ended, when the trace goes on after it.
  private var responseSent: Percent? {
    let root = view.trace.spans[view.trace.primaryRoot]
    guard root.end < view.trace.end else { return nil }
    return view.place(root.end)
  }

  private func axis(class: String, label: String, height: Int, isHead: Bool) {
    let markup = page.markup
    markup.element(.div, .class(`class`), .hidden) {
      markup.output.append("<span class=\"row axisrow\"><span class=\"tw\"></span><span class=\"nm\">")
      markup.text(label)
      markup.output.append("</span><span class=\"d\">")
      if isHead { markup.text(view.unit.symbol) }
      markup.output.append("</span><span class=\"p\">")
      if isHead { markup.text("on path") }
      markup.output.append("</span>")
      let isSplit = isHead && (responseSent != nil || !view.scale.cuts.isEmpty)
      axisPicture(height: isSplit ? 34 : height)
      markup.output.append("</span>")
    }
  }

  private func axisRow(at place: Int) {
    let markup = page.markup
    markup.output.append(
      "<li class=\"axisrow\" aria-hidden=\"true\"><span class=\"row\"><span class=\"tw\"></span><span class=\"nm\">"
    )
    let parent = Int(view.trace.spans[place].parent)
    if parent >= 0 {
      markup.text("in \(view.serviceName(of: parent)) ")
      markup.text(view.store.symbols.bytes(view.trace.spans[parent].record.name), limit: 60)
    }
    markup.output.append("</span><span class=\"d\">")
    markup.text(view.unit.symbol)
    markup.output.append("</span><span class=\"p\">path</span>")
    axisPicture(height: 20)
    markup.output.append("</span></li>")
  }

  private func axisPicture(height: Int) {
    let markup = page.markup
    markup.output.append("<svg class=\"tl\" width=\"100%\" height=\"")
    markup.output.append(decimal: height)
    markup.output.append("\" aria-hidden=\"true\">")
    let y = Double(height)
    let unit = view.unit
    for (index, tick) in ticks.enumerated() {
      let x = view.place(offset: tick)
      let isLast = index == ticks.count - 1
      let anchor: MarkupWriter.Anchor = index == 0 ? .start : x.hundredths > 9_600 ? .end : .middle
      let figure = DurationFormat.axisFigure(tick, in: unit)
      let label = isLast ? figure + NumberFormat.space + unit.symbol : figure
      markup.line(x1: x, x2: x, y1: y - 3, y2: y, stroke: .strongRule)
      // The last label turns inward and needs the room of the one before it.
      if !isLast, x.hundredths > 8_900, index == ticks.count - 2 { continue }
      markup.label(label, x: x, y: y - 5, anchor: anchor, isOdd: index % 2 == 1 && !isLast)
    }
    if height > 20 { axisNotes(y: y - 18) }
    markup.output.append("</svg>")
  }
}

extension Waterfall {
  /// What stands above the axis: the stretches cut out, and where the response was sent.
  private func axisNotes(y: Double) {
    var last = Percent(hundredths: -10_000)
    for cut in view.scale.cuts where cut.from.hundredths - last.hundredths > 1_100 {
      page.markup.label(
        DurationFormat.text(cut.length) + " idle", x: cut.from, y: y,
        anchor: cut.from.hundredths > 9_000 ? .end : .middle)
      last = cut.from
    }
    if let sent = responseSent,
      view.scale.cuts.allSatisfy({ abs($0.from.hundredths - sent.hundredths) > 1_200 })
    {
      let anchor: MarkupWriter.Anchor =
        sent.hundredths > 9_000 ? .end : sent.hundredths < 600 ? .start : .middle
      page.markup.label("response sent", x: sent, y: y, anchor: anchor)
    }
  }
}

extension DurationFormat {
  /// A tick's figure: no more decimals than it needs.
  static func axisFigure(_ nanoseconds: UInt64, in unit: DurationUnit) -> String {
    if nanoseconds % unit.rawValue == 0 { return NumberFormat.grouped(nanoseconds / unit.rawValue) }
    return NumberFormat.thousandths(NumberFormat.rounded(nanoseconds, times: 1_000, per: unit.rawValue))
  }
}
