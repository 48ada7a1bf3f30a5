import TraceModel

/// What became of the log records that were given.
extension Page {
  func logArchives() {
    guard let logs = context.correlation.logs else { return }
    let counts = logs.counts
    section(
      "logs", "Logs",
      "Log records by whether they could be joined to a trace. Only records of traces with a page are kept."
    ) {
      let rows: [(String, Int, String)] = [
        ("on a page", counts.joined, "of traces that have a page in this report"),
        ("of those, by time and service", counts.joinedWithoutSpan, "they name a trace but no span"),
        ("other traces", counts.otherTraces, "of traces in these archives that have no page"),
        (
          "unknown traces", counts.unknownTraces,
          "of traces in no archive: sampled out, lost, or outside the window"
        ),
        ("ambiguous", counts.ambiguous, "of ids of 64 bits that fit several traces"),
        (
          "without a trace id", counts.withoutTrace,
          "written outside of traces, or by loggers without correlation"
        ),
      ]
      table(
        "Log records", columns: [.text("Log records"), .number("Count"), .number("", "%"), .text("Meaning")],
        rows: rows.count
      ) { row, index in
        row.head(rows[index].0)
        row.count(rows[index].1)
        row.number(PercentFormat.digits(UInt64(max(0, rows[index].1)), of: UInt64(max(0, counts.all))))
        row.cell(rows[index].2)
      }
      table(
        "Log archives", columns: [.text("Path"), .number("Records"), .text("Damage")],
        rows: min(logs.archives.count, 500)
      ) { row, index in
        let archive = logs.archives[index]
        row.head { leaf(.span, "mono", archive.path) }
        row.count(archive.records)
        row.cell(class: "msg") {
          if let error = archive.error {
            mark(.error, .bad)
            text(" " + error)
          } else {
            text("none")
          }
        }
      }
    }
  }
}
