import TraceModel

extension ReportJSON {
  /// The field `logs`: what was read of log archives, and how many records could be joined.
  static func logs(_ logs: CorrelatedLogs, _ json: inout JSONWriter) {
    json.object("logs") { json in
      json.array("archives", logs.archives) { json, archive in
        json.object { json in
          json.field("path", archive.path)
          json.field("records", archive.records)
          json.field("error", archive.error)
        }
      }
      json.field("records", logs.counts.all)
      json.field("joined", logs.counts.joined)
      json.field("joinedWithoutSpanId", logs.counts.joinedWithoutSpan)
      json.field("otherTraces", logs.counts.otherTraces)
      json.field("unknownTraces", logs.counts.unknownTraces)
      json.field("ambiguous", logs.counts.ambiguous)
      json.field("withoutTraceId", logs.counts.withoutTrace)
    }
  }
}
