/// A column of a table: its head, and how its cells are set.
struct TableColumn {
  var title: String
  /// Second line of the head, usually the unit.
  var unit: String
  var isNumber: Bool
  var `class`: String
  /// Sorting by a picture or a list of links makes no sense.
  var isSortable: Bool

  static func text(_ title: String, class: String = "", isSortable: Bool = true) -> TableColumn {
    TableColumn(title: title, unit: "", isNumber: false, class: `class`, isSortable: isSortable)
  }

  static func number(_ title: String, _ unit: String = "", class: String = "") -> TableColumn {
    TableColumn(title: title, unit: unit, isNumber: true, class: `class`, isSortable: true)
  }

  static func picture(_ title: String, class: String = "") -> TableColumn {
    TableColumn(title: title, unit: "", isNumber: false, class: `class`, isSortable: false)
  }
}

/// Writes the cells of one row; the first is its head.
struct TableRow {
  let page: Page

  func head(class: String? = nil, content: () -> Void) {
    page.markup.element(.th, .scope("row"), `class`.map { .class($0) }, content: content)
  }

  func head(_ text: String) { page.markup.leaf(.th, .scope("row"), text: text) }

  func cell(_ text: String, class: String? = nil) { page.leaf(.td, `class`, text) }

  /// What a log record or a span says in words, which may be longer than a name.
  func message(_ text: String) { page.element(.td, "msg") { page.text(text) } }

  func cell(class: String? = nil, content: () -> Void) { page.element(.td, `class`, content: content) }

  /// A right-aligned figure; `key` is the exact value it is sorted by and shown in a tooltip where it differs.
  func number(_ text: String, key: UInt64? = nil, class: String = "") {
    let isZero = text == "0" || text == "–"
    let classes = (isZero ? "r zero" : "r") + (`class`.isEmpty ? "" : " " + `class`)
    page.markup.leaf(.td, .class(classes), key.map { .sortKey("\($0)") }, text: text)
  }

  func count(_ value: Int, class: String = "") {
    number(NumberFormat.grouped(value), key: UInt64(max(0, value)), class: `class`)
  }

  func duration(_ nanoseconds: Int64, in unit: DurationUnit, class: String = "") {
    let value = UInt64(max(0, nanoseconds))
    number(DurationFormat.figure(value, in: unit), key: value, class: `class`)
  }

  /// Whether a request failed.
  func status(failed: Bool) {
    cell(class: "nw") {
      if failed {
        page.mark(.error, .bad)
        page.text(" error")
      } else {
        page.text("ok")
      }
    }
  }
}

extension Page {
  /// A table in a region of its own that scrolls sideways when it must.
  ///
  /// - `id`: given when the script may sort or filter it.
  /// - `axis`: the scale of a column titled `strip`.
  func table(
    _ label: String, class: String = "", id: String? = nil, columns: [TableColumn], rows: Int,
    axis: LogScale? = nil, row: (TableRow, Int) -> Void
  ) {
    markup.element(.div, .class("scroll"), .role("region"), .label(label), .focusable) {
      let classes = (`class` + (id == nil ? "" : " sorts")).drop { $0 == " " }
      markup.open(.table, classes.isEmpty ? nil : .class(String(classes)), id.map { .id($0) })
      leaf(.caption, "vh", label)
      element(.thead) {
        element(.tr) {
          for column in columns { head(column, axis: axis) }
        }
      }
      element(.tbody) {
        let writer = TableRow(page: self)
        for index in 0..<rows { element(.tr) { row(writer, index) } }
      }
      markup.close(.table)
    }
  }

  private func head(_ column: TableColumn, axis: LogScale?) {
    var classes = column.isNumber ? "r" : ""
    if !column.class.isEmpty { classes += (classes.isEmpty ? "" : " ") + column.class }
    if !column.isSortable { classes += (classes.isEmpty ? "" : " ") + "fixed" }
    markup.open(.th, .scope("col"), classes.isEmpty ? nil : .class(classes))
    if column.title == "strip", let axis {
      text("p50, p95, p99")
      markup.fragment("<br/>")
      stripAxis(axis)
    } else if column.title.isEmpty {
      leaf(.span, "vh", "picture")
    } else {
      text(column.title)
    }
    if !column.unit.isEmpty {
      markup.fragment("<br/>")
      text(column.unit)
    }
    markup.close(.th)
  }
}
