import TraceAnalysis
import TraceModel

/// Metrics whose exemplars name traces.
extension Page {
  private static var mostRows: Int { 300 }

  /// The metrics that point to a trace.
  func traceMetrics(_ view: TraceView, _ selection: SpanSelection) {
    guard let exemplars = context.correlation.metrics?[view.trace.id], !exemplars.isEmpty else { return }
    section(view.prefix + "metrics", "Metrics", "Measured values that name this trace as their example.") {
      table(
        "Metrics that point to this trace",
        columns: [
          .text("Metric"), .text("Labels"), .number("Value"), .text("Time"), .text("Span"),
        ], rows: min(exemplars.count, Self.mostRows)
      ) { row, index in
        let one = exemplars[index]
        metricCells(one, row)
        row.cell {
          let place = view.trace.spans.firstIndex { $0.record.spanID == one.spanID }
          if let place, selection.shows(place) {
            anchor(view.operation(of: place).cut(60), to: .fragment(view.anchor(of: place)))
          } else if !one.spanID.isAbsent {
            leaf(.span, "mono", one.spanID.description)
          }
        }
      }
    }
  }

  private func metricCells(_ one: MetricExemplar, _ row: TableRow) {
    row.head { leaf(.span, "mono", one.metric) }
    row.cell(class: "msg") { leaf(.span, "mono", one.labels) }
    row.number(one.value)
    row.cell(one.time == .unknown ? "" : stamps.iso(one.time.rawValue), class: "nw")
  }

  /// What became of the exemplars that were given.
  func metricFiles() {
    guard let metrics = context.correlation.metrics else { return }
    section(
      "metrics", "Metrics",
      "Exemplars of metrics by whether their trace has a page, and those whose trace is in no archive: sampled out, or lost."
    ) {
      let rows: [(String, Int)] = [
        ("exemplars", metrics.count),
        ("of traces with a page", metrics.count - metrics.otherTraces - metrics.absentCount),
        ("of other traces in the archives", metrics.otherTraces),
        ("of traces in no archive", metrics.absentCount),
      ]
      table("Exemplars", columns: [.text("Exemplars"), .number("Count")], rows: rows.count) { row, index in
        row.head(rows[index].0)
        row.count(rows[index].1)
      }
      exemplars(metrics.kept, "Exemplars of traces with a page")
      exemplars(metrics.absent, "Exemplars of traces in no archive")
    }
  }

  private func exemplars(_ list: [MetricExemplar], _ label: String) {
    guard !list.isEmpty else { return }
    heading(label)
    table(
      label,
      columns: [
        .text("Metric"), .text("Labels"), .number("Value"), .text("Time"),
        .text("Trace", isSortable: false),
      ], rows: min(list.count, Self.mostRows)
    ) { row, index in
      metricCells(list[index], row)
      row.cell { trace(Evidence(traceID: list[index].traceID, spanID: list[index].spanID)) }
    }
    note(shown: Self.mostRows, of: list.count, isInReportJSON: false)
  }
}

extension ReportJSON {
  /// The field `metrics`: exemplars by whether their trace is in the archives.
  static func metrics(_ metrics: CorrelatedMetrics, _ json: inout JSONWriter) {
    json.object("metrics") { json in
      json.array("files", metrics.files) { json, file in
        json.object { json in
          json.field("path", file.path)
          json.field("samples", file.samples)
          json.field("error", file.error)
        }
      }
      json.field("exemplars", metrics.count)
      json.field("otherTraces", metrics.otherTraces)
      json.field("unknownTraces", metrics.absentCount)
      json.array("joined", metrics.kept) { json, one in
        json.object { json in
          json.field("metric", one.metric)
          json.field("labels", one.labels)
          json.field("value", one.value)
          json.field("traceId", one.traceID.description)
          json.field("spanId", one.spanID.isAbsent ? "" : one.spanID.description)
        }
      }
    }
  }
}
