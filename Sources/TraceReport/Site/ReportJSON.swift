package import TraceAnalysis
package import TraceModel

/// `report.json`: the conclusions for programs, in a stable shape with a version.
package enum ReportJSON {
  /// Grows when a field changes its meaning or goes; new fields do not count.
  package static let schemaVersion = 1

  /// Writes the whole file, ended by a line feed, in pieces: a hundred thousand services make one of 20 MB.
  static func write(_ conclusions: Conclusions, _ correlation: Correlation, to json: inout JSONWriter) {
    json.object { json in
      json.field("schemaVersion", schemaVersion)
      json.object("window") { json in
        json.field("startUnixNano", conclusions.window.start)
        json.field("endUnixNano", conclusions.window.end)
        if let since = conclusions.requestedWindow?.since { json.field("sinceUnixNano", since) }
        if let until = conclusions.requestedWindow?.until { json.field("untilUnixNano", until) }
        json.field("timeZone", conclusions.zone.name)
      }
      input(conclusions.input, &json)
      findingsAndSuspects(conclusions.findings, conclusions.suspects, &json)
      pieces("services", conclusions.services, &json) { service($0, &$1) }
      pieces("operations", conclusions.operations, &json) { operation($0, &$1) }
      pieces("entryPoints", conclusions.entryPoints, &json) { entryPoint($0, &$1) }
      pieces("links", conclusions.links, &json) { link($0, &$1) }
      pieces("errors", conclusions.errorGroups, &json) { errorGroup($0, &$1) }
      pieces("traces", conclusions.traces.lazy.filter { !$0.pageReasons.isEmpty }, &json) { trace($0, &$1) }
      json.object("sampling") { SimulationJSON.members(conclusions, &$0) }
      json.object("storage") { json in
        if let storage = conclusions.storage {
          StorageJSON.members(storage, conclusions.projection(storage), &json)
        }
      }
      quality(conclusions, &json)
      if let logs = correlation.logs { self.logs(logs, &json) }
      if let metrics = correlation.metrics { self.metrics(metrics, &json) }
      if let comparison = conclusions.comparison { self.comparison(comparison, conclusions, &json) }
    }
    json.endLine()
  }

  /// A field whose elements are pieces.
  private static func pieces<Elements: Sequence>(
    _ name: StaticString, _ elements: Elements, _ json: inout JSONWriter,
    _ write: (Elements.Element, inout JSONWriter) -> Void
  ) {
    json.array(name, elements) { json, element in
      write(element, &json)
      json.endPiece()
    }
  }

  /// The fields `findings` and `suspects`, as the report and the comparison print them.
  package static func findingsAndSuspects(
    _ findings: [Finding], _ suspects: [Suspect], _ json: inout JSONWriter
  ) {
    json.array("findings", findings) { json, finding in
      json.object { json in
        json.field("id", finding.id)
        json.field("kind", finding.kind)
        json.field("severity", finding.severity.rawValue)
        json.field("title", finding.title)
        json.array("proof", finding.proof) { $0.string($1) }
        json.field("nextStep", finding.nextStep)
        json.field("rule", finding.rule)
        json.field("service", finding.service)
        json.field("operation", finding.operation)
        json.field("entryService", finding.entryService)
        json.field("entryOperation", finding.entryOperation)
        json.field("score", finding.score)
        evidence(finding.evidence, &json)
        json.field("page", finding.page)
      }
    }
    var rank = 0
    json.array("suspects", suspects) { json, suspect in
      rank += 1
      json.object { json in
        json.field("rank", rank)
        json.field("service", suspect.service)
        json.field("score", suspect.score)
        json.array("reasons", suspect.reasons) { $0.string($1) }
        evidence(suspect.evidence, &json)
      }
    }
  }

  static func evidence(_ evidence: [Evidence], _ json: inout JSONWriter) {
    json.array("evidence", evidence) { json, one in
      json.object { json in
        json.field("traceId", one.traceID.description)
        json.field("spanId", one.spanID.description)
      }
    }
  }

  private static func input(_ input: InputAccounting, _ json: inout JSONWriter) {
    json.object("input") { json in
      json.array("archives", zip(input.archives.indices, input.archives)) { json, numbered in
        let (place, archive) = numbered
        json.object { json in
          json.field("path", archive.path)
          json.field("format", archive.format)
          json.field("compression", archive.compression)
          json.field("bytes", archive.bytes)
          json.field("spans", archive.spansRead)
          json.field("quarantined", archive.spansQuarantined)
          if let duplicates = input.duplicates(ofArchive: place) { json.field("duplicates", duplicates) }
          if archive.spansOutsideWindow > 0 { json.field("spansOutsideWindow", archive.spansOutsideWindow) }
          json.field("error", archive.error)
        }
      }
      json.field("spansRead", input.spansRead)
      json.field("spansOutsideWindow", input.spansOutsideWindow)
      json.field("spansAccepted", input.spansAccepted)
      json.field("spansQuarantined", input.spansQuarantined)
      json.field("duplicateSpans", input.duplicateSpans)
      json.field("spansFused", input.spansFused)
      json.field("traces", input.traces)
      json.field("completeTraces", input.completeTraces)
    }
  }

  /// Count, sum and percentiles of some durations, as fields of the object around them.
  static func latency(_ latency: DurationSummary, _ json: inout JSONWriter) {
    json.field("count", latency.count)
    json.field("p50Nano", latency.p50)
    json.field("p90Nano", latency.p90)
    json.field("p95Nano", latency.p95)
    json.field("p99Nano", latency.p99)
    json.field("maxNano", latency.greatest)
  }

  private static func service(_ service: ServiceResult, _ json: inout JSONWriter) {
    json.object { json in
      json.field("name", service.name)
      json.field("spanCount", service.spanCount)
      json.field("errorSpanCount", service.errorSpanCount)
      json.field("requestCount", service.requestCount)
      json.field("requestErrors", service.requestErrors)
      json.object("latency") { latency(service.latency, &$0) }
      json.field("selfTimeNano", service.selfTime)
      json.field("criticalPathNano", service.criticalPathTime)
      json.field("criticalPathShare", service.criticalPathShare)
      ArrivedSamplingJSON.member(service.estimated, &json)
      json.field("traceCount", service.traceCount)
      json.field("errorOrigins", service.errorOrigins)
      for (key, values) in [("versions", service.versions), ("instances", service.instances)]
        as [(StaticString, [ValueCount])]
      {
        json.array(key, values) { json, value in
          json.object { json in
            json.field("value", value.value)
            json.field("count", value.count)
          }
        }
      }
    }
  }

  private static func operation(_ operation: OperationResult, _ json: inout JSONWriter) {
    json.object { json in
      json.field("service", operation.service)
      json.field("operation", operation.operation)
      json.field("kind", operation.kind.name)
      json.field("errors", operation.errors)
      ArrivedSamplingJSON.member(operation.estimated, &json)
      json.object("latency") { json in latency(operation.latency, &json) }
      json.field("selfTimeNano", operation.selfTime)
      json.field("criticalPathNano", operation.criticalPathTime)
    }
  }

  /// One link of the service graph.
  package static func link(_ link: LinkResult, _ json: inout JSONWriter) {
    json.object { json in
      json.field("parent", link.parent)
      json.field("child", link.child)
      json.field("callCount", link.callCount)
      json.field("errorCount", link.errorCount)
      json.field("clientErrorCount", link.clientErrorCount)
      json.field("connectionType", link.connectionType.rawValue)
      ArrivedSamplingJSON.member(link.estimated, &json)
      if link.latency.count > 0 {
        json.field("p50Nano", link.latency.p50)
        json.field("p95Nano", link.latency.p95)
        json.field("p99Nano", link.latency.p99)
      }
    }
  }

  private static func errorGroup(_ group: ErrorGroup, _ json: inout JSONWriter) {
    json.object { json in
      json.field("id", group.id)
      json.field("blamedService", group.blamedService)
      json.field("service", group.service)
      json.field("operation", group.operation)
      json.field("type", group.type)
      json.field("peer", group.peer)
      json.field("message", group.message)
      json.field("count", group.count)
      json.field("traceCount", group.traceCount)
      json.field("rootFailures", group.rootFailures)
      json.field("swallowed", group.swallowed)
      json.field("firstSeenUnixNano", group.firstSeen)
      json.field("lastSeenUnixNano", group.lastSeen)
      shared(group.shared, &json)
      json.array("notReached", group.notReached) { json, missing in
        json.object { json in
          json.field("service", missing.service)
          json.field("entryService", missing.entryService)
          json.field("entryOperation", missing.entryOperation)
          json.field("expected", missing.expectedCount)
          json.field("seen", missing.seenCount)
        }
      }
      evidence(group.examples.map(\.evidence), &json)
    }
  }

  private static func trace(_ trace: TraceSummary, _ json: inout JSONWriter) {
    json.object { json in
      json.field("traceId", trace.id.description)
      json.field("rootService", trace.rootService)
      json.field("rootOperation", trace.rootOperation)
      json.field("startUnixNano", trace.start)
      json.field("durationNano", trace.duration)
      json.field("spanCount", trace.spanCount)
      json.field("errorCount", trace.errorCount)
      json.array("reasons", trace.pageReasons) { $0.string($1) }
    }
  }
}
