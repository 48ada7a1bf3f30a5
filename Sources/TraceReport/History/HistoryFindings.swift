import TraceAnalysis

/// What became of findings over the nights.
extension Page {
  /// The most findings that are listed in each state.
  private static var mostListed: Int { 50 }

  func coursesLead(_ view: HistoryView) -> String {
    view.nights.count == 1
      ? "Of one night; from the second on they are followed."
      : "By what they are about, whatever their figures. Changes since a baseline stand in each night's comparison."
  }

  func courses(_ view: HistoryView) {
    for (title, state, none) in [
      ("New", FindingCourse.State.new, "Nothing that was not there the night before."),
      ("Going on", .continuing, "Nothing that was there the night before, too."),
      ("Solved", .solved, "Nothing that was there in an earlier night is gone."),
    ] {
      let found = view.courses.filter { $0.state == state }
      heading("\(title): \(NumberFormat.grouped(found.count))")
      if found.isEmpty {
        note(none)
      } else {
        courseTable(title, Array(found.prefix(Self.mostListed)), view)
        note(shown: Self.mostListed, of: found.count, isInReportJSON: false)
      }
    }
    courseTwin(view)
  }

  private func courseTable(_ title: String, _ courses: [FindingCourse], _ view: HistoryView) {
    table(
      "Findings: " + title, class: "tight",
      columns: [
        .text("Severity"), .text("Finding"), .text(courses.first?.state == .solved ? "Last seen" : "Since"),
        .number("Nights"), .picture("Course"),
      ], rows: courses.count
    ) { row, index in
      let course = courses[index]
      row.cell(class: "nw") { severity(course.finding.severity) }
      row.head { anchor(course.finding.title.cut(160), to: view.link(to: course)) }
      row.cell(view.shortDate(course.state == .solved ? course.last : course.first), class: "nw")
      row.number("\(course.nightCount) of \(view.nights.count)")
      row.cell { strip(of: course, view) }
    }
  }

  /// One cell a night: filled and high by severity, hollow where the finding was absent.
  private func strip(of course: FindingCourse, _ view: HistoryView) {
    let nights = view.shownNights
    let step = nights.count > 14 ? 6.0 : 11.0
    let out = markup.output
    out.append("<svg class=\"spark\" width=\"")
    out.append(pixels: Double(nights.count) * step)
    out.append("\" height=\"16\" role=\"img\">")
    let words = nights.map { "\(view.shortDate($0)): \(Self.word(course.severities[$0]))" }
    markup.leaf(.title, text: words.joined(separator: ", "))
    for (index, night) in nights.enumerated() {
      let (height, ink): (Double, Ink) =
        switch course.severities[night] {
        case .high?: (14, .badArea)
        case .medium?: (10, .warn)
        case .low?, .info?: (6, .faint)
        case nil: (1, .strongRule)
        }
      markup.rect(
        pixelX: Double(index) * step, width: step - 2, y: 15 - height, height: height, fill: ink)
    }
    out.append("</svg>")
  }

  private static func word(_ severity: FindingSeverity?) -> String { severity?.rawValue ?? "–" }

  private func courseTwin(_ view: HistoryView) {
    let listed = Array(view.courses.prefix(3 * Self.mostListed))
    guard view.nights.count > 1, !listed.isEmpty else { return }
    let nights = Array(view.shownNights)
    twin("severity of each finding by night") {
      table(
        "Severity of each finding by night", class: "tight",
        columns: [.text("Finding")] + nights.map { .text(view.shortDate($0)) }, rows: listed.count
      ) { row, index in
        row.head(listed[index].finding.title.cut(80))
        for night in nights { row.cell(Self.word(listed[index].severities[night])) }
      }
    }
  }
}
