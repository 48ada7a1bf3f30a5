import TraceAnalysis
import TraceModel

/// `quality.html`: can the data be trusted; what was read, refused, repaired, and what to do about it.
enum QualityPage {
  static func render(_ context: ReportContext, shell: PageShell) throws -> ByteBuilder {
    let page = Page(.quality, in: context)
    return try page.render(title: "Data quality", crumbs: [Crumb("Quality")], in: shell) {
      page.qualityVerdict()
      page.accounting()
      page.joinedThings()
      page.repairs()
      page.clocks()
      page.propagation()
      page.audit()
      page.instrumentation()
      page.archives()
      page.logArchives()
      page.metricFiles()
      page.diagnostics()
    }
  }
}

extension Page {
  fileprivate func qualityVerdict() {
    let input = conclusions.input
    let complete = PercentFormat.share(UInt64(max(0, input.completeTraces)), of: UInt64(max(0, input.traces)))
    let damaged = input.archives.filter { $0.error != nil }.count
    verdict(
      qualitySentence(complete: complete, damaged: damaged),
      kicker: { text("Data quality") },
      lead: {
        let losses = conclusions.quality.warnings.filter { $0.code.severity == .loss }
        if let worst = losses.max(by: { ($0.count, $1.code) < ($1.count, $0.code) }) {
          text(
            "Most frequent loss: \(worst.code.rawValue), \(NumberFormat.counted(worst.count, "time"))"
              + (worst.service.isEmpty ? "" : " in " + worst.service) + ". What to do: \(worst.code.remedy).")
        } else {
          text(
            "No warning says that data is missing. What was repaired or looks odd stands below, with its remedy."
          )
        }
      },
      numbers: [
        KeyNumber(
          "Complete traces", complete.replacingUnit(), "%",
          strong: NumberFormat.grouped(input.completeTraces),
          context: "of " + NumberFormat.counted(input.traces, "trace")),
        KeyNumber(
          "Spans refused", NumberFormat.grouped(input.spansQuarantined),
          strong: PercentFormat.share(
            UInt64(max(0, input.spansQuarantined)), of: UInt64(max(0, input.spansRead))),
          context: "of " + NumberFormat.counted(input.spansRead, "span") + " read"),
        KeyNumber(
          "Archives not read whole", NumberFormat.grouped(damaged),
          context: "of " + NumberFormat.counted(input.archives.count, "archive")),
      ])
  }

  private func qualitySentence(complete: String, damaged: Int) -> String {
    if damaged > 0 {
      return
        "\(NumberFormat.counted(damaged, "archive")) could not be read whole; \(complete) of traces are complete."
    }
    return "\(complete) of traces are complete, and every archive was read to its end."
  }

  fileprivate func accounting() {
    let input = conclusions.input
    section("accounting", "Accounting", "Every span that was met is in exactly one of these; the sum closes.")
    {
      let outside = input.spansOutsideWindow
      var rows: [(String, Int, String)] = [
        ("read", input.spansRead, "spans met in all archives" + (outside > 0 ? ", within the window" : "")),
        ("accepted", input.spansAccepted, "take part in traces"),
        ("quarantined", input.spansQuarantined, "refused for their content: no id, or none that can be read"),
        ("duplicates", input.duplicateSpans, "equal to another span in all but the order of attributes"),
      ]
      if outside > 0 {
        rows.append(
          ("outside the window", outside, "of traces that begin before or after it; not among those read"))
      }
      table(
        "Accounting of spans",
        columns: [.text("Spans"), .number("Count"), .number("of those read", "%"), .text("Meaning")],
        rows: rows.count
      ) { row, index in
        row.head(rows[index].0)
        row.count(rows[index].1)
        row.number(PercentFormat.digits(UInt64(max(0, rows[index].1)), of: UInt64(max(0, input.spansRead))))
        row.cell(rows[index].2)
      }
      let sum = input.spansAccepted + input.spansQuarantined + input.duplicateSpans
      note(
        "\(NumberFormat.grouped(input.spansAccepted)) + \(NumberFormat.grouped(input.spansQuarantined)) + "
          + "\(NumberFormat.grouped(input.duplicateSpans)) = \(NumberFormat.grouped(sum))"
          + (sum == input.spansRead
            ? ", as many as were read." : ", but \(NumberFormat.grouped(input.spansRead)) were read.")
          + (input.spansFused > 0
            ? " \(NumberFormat.grouped(input.spansFused)) of those accepted were joined into others: reports of one span."
            : ""))
    }
  }

  fileprivate func repairs() {
    let warnings = conclusions.quality.warnings
    section(
      "warnings", "Repairs and doubts",
      "Per warning and service: how often, an example, and what to do. Worst first."
    ) {
      if warnings.isEmpty {
        note("Nothing had to be repaired, and nothing looks odd.")
        return
      }
      table(
        "Warnings", id: "warning-table",
        columns: [
          .text("Severity"), .text("Warning"), .text("Service"), .number("Times"), .text("What to do"),
          .text("Example", isSortable: false),
        ], rows: min(warnings.count, 500)
      ) { row, index in
        let one = warnings[index]
        row.head { diagnosticSeverity(one.code.severity) }
        row.cell { leaf(.span, "mono", one.code.rawValue) }
        row.cell { if !one.service.isEmpty { service(one.service) } }
        row.count(one.count)
        row.cell(one.code.remedy, class: "msg")
        row.cell { if let evidence = one.evidence { trace(evidence) } }
      }
      note(shown: 500, of: warnings.count, "rows")
    }
  }

  private func diagnosticSeverity(_ severity: DiagnosticSeverity) {
    let (kind, ink, word): (Mark, Ink, String) =
      switch severity {
      case .loss: (.high, .bad, "loss")
      case .notice: (.medium, .warn, "repaired")
      case .info: (.low, .mute, "info")
      }
    element(.span, "sev c-" + ink.name) {
      mark(kind, ink)
      text(" " + word)
    }
  }

  fileprivate func archives() {
    let archives = conclusions.input.archives
    guard !archives.isEmpty else { return }
    section(
      "archives", "Archives",
      "As they were given, by path. Of each: spans = accepted + refused + copies; a copy is charged to the archive that "
        + "holds the later one."
    ) {
      table(
        "Archives", id: "archive-table",
        columns: [
          .text("Path"), .text("Format"), .text("Packed"), .number("Size"), .number("Inflated"),
          .number("Spans"), .number("Accepted"), .number("Refused"), .number("Copies"), .text("Damage"),
        ], rows: min(archives.count, 1_000)
      ) { row, index in
        let one = archives[index]
        row.head { leaf(.span, "mono", one.path) }
        row.cell(one.format)
        row.cell(one.compression)
        row.number(ByteCountFormat.text(UInt64(max(0, one.bytes))), key: UInt64(max(0, one.bytes)))
        row.number(
          ByteCountFormat.text(UInt64(max(0, one.inflatedBytes))), key: UInt64(max(0, one.inflatedBytes)))
        row.count(one.spansRead)
        let copies = conclusions.input.duplicates(ofArchive: index)
        row.count(one.spansRead - one.spansQuarantined - (copies ?? 0))
        row.count(one.spansQuarantined)
        if let copies { row.count(copies) } else { row.number("–") }
        row.cell(class: "msg") {
          if let error = one.error {
            mark(.error, .bad)
            text(" " + error)
          } else {
            text("none")
          }
        }
      }
      note(shown: 1_000, of: archives.count, "archives")
    }
  }

  /// What was noticed while reading, with the first places.
  fileprivate func diagnostics() {
    var rows: [(path: String, code: DiagnosticCode, entry: DiagnosticCounts.Entry)] = []
    for archive in conclusions.input.archives where rows.count < 500 {
      for code in archive.diagnostics.codes { rows.append((archive.path, code, archive.diagnostics[code])) }
    }
    guard !rows.isEmpty else { return }
    rows.sort { left, right in
      if left.code.severity != right.code.severity { return left.code.severity > right.code.severity }
      return (left.code, left.path) < (right.code, right.path)
    }
    section(
      "diagnostics", "While reading",
      "What was noticed in the archives, with the first places: bytes into the inflated file."
    ) {
      table(
        "Diagnostics of archives",
        columns: [
          .text("Severity"), .text("Diagnostic"), .text("Archive"), .number("Times"), .text("First places"),
          .text("What to do"),
        ], rows: rows.count
      ) { row, index in
        let one = rows[index]
        row.head { diagnosticSeverity(one.code.severity) }
        row.cell { leaf(.span, "mono", one.code.rawValue) }
        row.cell { leaf(.span, "mono", one.path) }
        row.count(one.entry.count)
        row.cell(class: "msg") {
          for place in one.entry.places.prefix(3) {
            leaf(.p, nil, "byte \(NumberFormat.grouped(place.offset)): \(place.message.cut(160))")
          }
        }
        row.cell(one.code.remedy)
      }
    }
  }
}

extension String {
  /// A share without its unit, which stands beside a large number in small type.
  fileprivate func replacingUnit() -> String {
    var text = self
    if text.hasSuffix("%") { text.removeLast(2) }
    return text
  }
}
