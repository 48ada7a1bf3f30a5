/// One of the three numbers under a verdict.
struct KeyNumber {
  var label: String
  var number: String
  var unit: String
  /// What it compares to; `strong` is its own key figure.
  var strong: String
  var context: String

  init(_ label: String, _ number: String, _ unit: String = "", strong: String = "", context: String = "") {
    self.label = label
    self.number = number
    self.unit = unit
    self.strong = strong
    self.context = context
  }

  init(
    _ label: String, duration nanoseconds: UInt64, strong: String = "", context: String = ""
  ) {
    let parts = DurationFormat.parts(nanoseconds)
    self.init(label, parts.number, parts.unit, strong: strong, context: context)
  }
}

extension Page {
  /// The answer first: kicker, verdict, lead and three numbers.
  func verdict(
    _ sentence: String, kicker: () -> Void, lead: () -> Void, extra: () -> Void = {}, numbers: [KeyNumber]
  ) {
    markup.element(.section, .class("verdict"), .label("Verdict")) {
      element(.p, "kicker", content: kicker)
      leaf(.h1, nil, sentence)
      element(.p, "stand", content: lead)
      extra()
      element(.dl, "three") {
        for number in numbers {
          element(.div) {
            leaf(.dt, nil, number.label)
            element(.dd) {
              element(.span, "num") {
                text(number.number)
                if !number.unit.isEmpty {
                  text(NumberFormat.space)
                  leaf(.small, nil, number.unit)
                }
              }
              if !number.strong.isEmpty || !number.context.isEmpty {
                text(" ")
                element(.span, "ctx") {
                  if !number.strong.isEmpty { leaf(.b, nil, number.strong) }
                  text((number.strong.isEmpty || number.context.hasPrefix(";") ? "" : " ") + number.context)
                }
              }
            }
          }
        }
      }
    }
  }

  /// A section with its heading at the side, which links to itself, and one sentence that says what is seen.
  func section(
    _ id: String, _ title: String, _ lead: String = "", isWide: Bool = false, content: () -> Void
  ) {
    section(id, title, isWide: isWide, lead: { if !lead.isEmpty { leaf(.p, nil, lead) } }, content: content)
  }

  func section(
    _ id: String, _ title: String, isWide: Bool = false, lead: () -> Void, content: () -> Void
  ) {
    markup.element(
      .section, .id(id), .class(isWide ? "wide" : "plain-section"), .labelledBy(id + "-h")
    ) {
      element(.header, "side") {
        markup.element(.h2, .id(id + "-h")) { anchor(title, to: .fragment(id)) }
        lead()
      }
      element(.div, "body", content: content)
    }
  }

  func heading(_ title: String) { leaf(.h3, nil, title) }

  func note(_ sentence: String) { leaf(.p, "note", sentence) }

  /// Says how many of all rows are shown, and where the others are, when not all of them are.
  ///
  /// - `rows`: what they are, when the heading does not tell.
  func note(shown: Int, of count: Int, _ rows: String = "", isInReportJSON: Bool = true) {
    guard shown < count else { return }
    note(
      "\(NumberFormat.grouped(shown)) of \(NumberFormat.grouped(count))\(rows.isEmpty ? "" : " " + rows) are shown"
        + (isInReportJSON ? "; all are in report.json." : "."))
  }

  /// A picture with its title line.
  func figure(_ title: String, _ explanation: String = "", content: () -> Void) {
    element(.figure) {
      element(.p, "plot-h") {
        leaf(.b, nil, title)
        if !explanation.isEmpty { text(", " + explanation) }
      }
      content()
    }
  }

  /// The table that says the same as the picture above it.
  func twin(_ name: String, content: () -> Void) {
    element(.details, "twin") {
      leaf(.summary, nil, "Table: " + name)
      content()
    }
  }
}
