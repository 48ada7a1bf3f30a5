import TestSupport

/// What the contract promises of every line that `inspect` prints.
enum ContractPromises {
  /// The promises that a trace breaks, in words; empty for a good one.
  static func broken(by trace: JSONValue) -> [String] {
    let spans = trace["spans"].elements
    var problems: [String] = []
    if !isHex(trace["traceId"], 32) { problems.append("traceId") }
    if trace["spanCount"].integer != spans.count { problems.append("spanCount") }
    problems += brokenTree(of: spans)
    problems += brokenTimes(of: trace, spans)
    let names = spans.map {
      "\($0["spanId"].text ?? "") \($0["shared"].isTrue) \($0["ordinal"].integer ?? 0)"
    }
    if Set(names).count != names.count { problems.append("(spanId, shared, ordinal) is not unique") }
    return problems
  }

  private static func isHex(_ value: JSONValue, _ digits: Int) -> Bool {
    guard let text = value.text else { return false }
    return text.utf8.count == digits
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// Depth, parent and number of children agree with the order, which is depth first.
  private static func brokenTree(of spans: [JSONValue]) -> [String] {
    var problems: [String] = []
    var path: [Int] = []
    var children = Array(repeating: 0, count: spans.count)
    for (place, span) in spans.enumerated() {
      let id = span["spanId"].text ?? ""
      if !isHex(span["spanId"], 16) { problems.append("spanId \(id)") }
      guard let depth = span["depth"].integer, depth <= path.count else {
        problems.append("depth of \(id)")
        continue
      }
      path.removeLast(path.count - depth)
      let parent = path.last.map { spans[$0]["spanId"] } ?? ""
      if span["parentSpanId"] != parent { problems.append("parentSpanId of \(id)") }
      if let parent = path.last { children[parent] += 1 }
      path.append(place)
    }
    for (place, span) in spans.enumerated() where span["childCount"].integer != children[place] {
      problems.append("childCount of \(span["spanId"].text ?? "")")
    }
    return problems
  }

  private static func brokenTimes(of trace: JSONValue, _ spans: [JSONValue]) -> [String] {
    var problems: [String] = []
    var onPath: [String: Int] = [:]
    func name(_ value: JSONValue) -> String {
      "\(value["spanId"].text ?? "") \(value["shared"].isTrue) \(value["ordinal"].integer ?? 0)"
    }
    for section in trace["criticalPath"].elements {
      guard let start = section["startUnixNano"].integer, let end = section["endUnixNano"].integer,
        start < end
      else {
        problems.append("a section")
        continue
      }
      onPath[name(section), default: 0] += end - start
    }
    for span in spans {
      guard let start = span["startUnixNano"].integer, let end = span["endUnixNano"].integer,
        let own = span["selfTimeNano"].integer, let path = span["criticalPathNano"].integer
      else {
        problems.append("times of \(name(span))")
        continue
      }
      if own < 0 || own > end - start { problems.append("selfTimeNano of \(name(span))") }
      if path != onPath[name(span), default: 0] { problems.append("criticalPathNano of \(name(span))") }
    }
    return problems
  }
}
