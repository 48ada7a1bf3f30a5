import TestSupport
import Testing

/// What Zipkin's Java core and its Lens front end make of fragments, shared ids and trees.
@Suite(
  "Conformance: Zipkin",
  .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository"))
struct ZipkinConformance {
  @Test("merging", arguments: ConformanceCase.family("zipkin-merge"))
  func merging(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    let choices = [test.expect["spans"]] + test.expect["alternatives"].elements
    let problems = choices.map { ZipkinSpans.problems($0.elements, run) }
    #expect(problems.contains([]), "\(problems)")
  }

  @Test("trees", arguments: ConformanceCase.family("zipkin-tree"))
  func trees(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    if let count = test.expect["spanCount"].integer {
      #expect(run.spans.count == count)
      return
    }
    let edges = run.traces.flatMap { Self.edges($0) }
    let choices = [test.expect["edges"]] + test.expect["alternatives"].elements
    let problems = choices.map { choice in
      SpanMatching.missing(choice.elements, among: edges) { wanted, edge in
        guard Self.isKey(wanted[0], edge[0]) else { return false }
        // Upstream hangs what has no parent under a root.
        if wanted[1] == .null { return edge[1] == .null || edge[2].isTrue }
        return edge[1] != .null && Self.isKey(wanted[1], edge[1])
      } + (choice.elements.count == edges.count ? [] : ["\(edges.count) spans"])
    }
    #expect(problems.contains([]), "\(problems)")
  }

  @Test("version 1", arguments: ConformanceCase.family("zipkin-v1"))
  func version1(_ test: ConformanceCase) throws {
    let run = try CommandRun(test)
    #expect(run.traces.flatMap(ContractPromises.broken) == [])
    #expect(ZipkinSpans.problems(test.expect["spans"].elements, run) == [])
  }

  /// [child, parent or null, whether the parent is a root]; a span's key is [id, shared, kind, service].
  private static func edges(_ trace: JSONValue) -> [JSONValue] {
    let spans = trace["spans"].elements
    var path: [JSONValue] = []
    return spans.map { span in
      let depth = span["depth"].integer ?? 0
      path.removeLast(max(0, path.count - depth))
      let parent = path.last ?? .null
      path.append(key(span))
      return .array([key(span), parent, .boolean(depth == 1)])
    }
  }

  private static func key(_ span: JSONValue) -> JSONValue {
    .array([span["spanId"], .boolean(span["shared"].isTrue), span["kind"], span["service"]])
  }

  private static func isKey(_ wanted: JSONValue, _ key: JSONValue) -> Bool {
    wanted[0] == key[0] && wanted[1] == key[1] && wanted[2] == key[2]
      && ZipkinSpans.isName(key[3], expected: wanted[3])
  }
}

/// Compares spans as Zipkin's tests describe them.
enum ZipkinSpans {
  /// What is missing or too much; tags and annotations are looked up in what `search` prints.
  static func problems(_ expected: [JSONValue], _ run: CommandRun) -> [String] {
    let archived = run.archive.flatMap { $0["resourceSpans"].elements }
      .flatMap { $0["scopeSpans"].elements }.flatMap { $0["spans"].elements }
    // Both are in display order a trace, but one is grouped by resource: pair them by what they have in common.
    let missing = SpanMatching.missing(expected, among: run.spans) { wanted, span in
      fits(wanted, span)
    }
    let untagged = SpanMatching.missing(expected.filter { hasParts($0) }, among: archived) { wanted, span in
      wanted["spanId"] == span["spanId"] && hasTags(wanted["tags"], span)
        && hasAnnotations(wanted["annotations"], span)
    }
    return missing + untagged + (expected.count == run.spans.count ? [] : ["\(run.spans.count) spans"])
  }

  private static func fits(_ wanted: JSONValue, _ span: JSONValue) -> Bool {
    guard wanted["spanId"] == span["spanId"], wanted["shared"].isTrue == span["shared"].isTrue,
      wanted["kind"] == span["kind"], isName(span["service"], expected: wanted["service"]),
      isName(span["operation"], expected: wanted["operation"])
    else { return false }
    if wanted["startUnixNano"] != .null, wanted["startUnixNano"] != span["startUnixNano"] { return false }
    guard let duration = wanted["durationNano"].integer else { return true }
    return duration == (span["endUnixNano"].integer ?? 0) - (span["startUnixNano"].integer ?? 0)
  }

  static func isName(_ name: JSONValue, expected: JSONValue) -> Bool {
    let wanted = (expected.text ?? "").lowercased()
    return wanted.isEmpty || wanted == "unknown" || wanted == (name.text ?? "").lowercased()
  }

  private static func hasParts(_ wanted: JSONValue) -> Bool {
    !wanted["tags"].keys.isEmpty || !wanted["annotations"].elements.isEmpty
  }

  private static func hasTags(_ wanted: JSONValue, _ span: JSONValue) -> Bool {
    wanted.keys.allSatisfy { key in
      span["attributes"].elements.contains {
        $0["key"].text == key && $0["value"]["stringValue"] == wanted[key]
      }
    }
  }

  private static func hasAnnotations(_ wanted: JSONValue, _ span: JSONValue) -> Bool {
    let events = span["events"].elements
    return wanted.elements.allSatisfy { annotation in
      events.filter { $0["timeUnixNano"] == annotation[0] && $0["name"] == annotation[1] }.count == 1
    }
  }
}
