import SpanArchive
import TestSupport
import TraceModel

/// What came out of some archives: the store, and every span as the product writes it to a new archive.
struct Reading {
  let store: SpanStore
  /// One line of OTLP JSON a trace, ordered by (start, trace id).
  let lines: [String]
  let duplicateSpans: Int
  let fusedSpans: Int

  /// Reads bytes as one archive.
  init(
    _ bytes: [UInt8], path: String = "archive", limits: ReadingLimits = ReadingLimits(),
    strictTraceID: Bool = false
  ) {
    self.init(inputs: [.bytes(bytes, path: path)], limits: limits, strictTraceID: strictTraceID)
  }

  /// Reads a text as one archive.
  init(_ text: String, limits: ReadingLimits = ReadingLimits()) {
    self.init(Array(text.utf8), limits: limits)
  }

  /// Reads any archives.
  init(
    inputs: [ArchiveInput], limits: ReadingLimits = ReadingLimits(), threads: Int = 1,
    strictTraceID: Bool = false
  ) {
    store = ArchiveSet(inputs: inputs, limits: limits).read(threads: threads)
    var options = AssemblyOptions()
    options.skew = .off
    options.strictTraceID = strictTraceID
    let walk = TraceWalk(store, options: options, threads: 1)
    let outcome = walk.walk(makeState: { [(UnixNanoseconds, TraceID)]() }) { $0.append(($1.start, $1.id)) }
    let order = outcome.states.flatMap(\.self).sorted { $0 < $1 }.map(\.1)
    let writing = OTLPTraceLine(store: store)
    var lines: [String] = []
    walk.assemble(traceIDs: order) { trace in
      var writer = JSONWriter()
      writing.append(trace, to: &writer)
      lines.append(String(decoding: writer.bytes, as: UTF8.self))
    }
    self.lines = lines
    duplicateSpans = outcome.totals.duplicateSpans
    fusedSpans = outcome.totals.fusedSpans
  }

  /// All traces as a new archive.
  func archive(_ format: TraceArchiveFormat) throws -> [UInt8] { try Self.archive(of: store, format).bytes }

  /// All traces of a store as a new archive, and the number of spans in it.
  static func archive(
    of store: SpanStore, _ format: TraceArchiveFormat
  ) throws -> (bytes: [UInt8], spans: Int) {
    var options = AssemblyOptions()
    options.skew = .off
    let walk = TraceWalk(store, options: options, threads: 1)
    let outcome = walk.walk(makeState: { [(UnixNanoseconds, TraceID)]() }) { $0.append(($1.start, $1.id)) }
    let order = outcome.states.flatMap(\.self).sorted { $0 < $1 }.map(\.1)
    var writer = JSONWriter()
    var spans = 0
    var archive = TraceArchiveWriter(format, store: store)
    archive.begin(&writer)
    walk.assemble(traceIDs: order) { trace in
      archive.append(trace, to: &writer)
      spans += trace.spans.count
    }
    archive.end(&writer)
    return (writer.bytes, spans)
  }

  /// The accounting of bytes read as one archive, without putting traces together.
  static func summary(_ bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) -> ArchiveSummary {
    ArchiveSet(inputs: [.bytes(bytes, path: "archive")], limits: limits).read(threads: 1).archives[0]
  }

  /// The summary of the first archive.
  var summary: ArchiveSummary { store.archives[0] }

  /// The traces as `inspect` shows them.
  func traces(strictTraceID: Bool = false) -> [Trace] {
    var options = AssemblyOptions()
    options.skew = .off
    options.strictTraceID = strictTraceID
    let walk = TraceWalk(store, options: options, threads: 1)
    let outcome = walk.walk(makeState: { [Trace]() }) { $0.append($1) }
    return outcome.states.flatMap(\.self).sorted { ($0.start, $0.id) < ($1.start, $1.id) }
  }

  /// Every span with its resource and scope, in the order of the lines.
  func spans() throws -> [ArchivedSpan] {
    try lines.flatMap { try ArchivedSpan.all(in: JSONValue(parsing: $0)) }
  }
}

/// One span of an OTLP JSON document with what it shares with others.
struct ArchivedSpan {
  let span: JSONValue
  let resource: JSONValue
  let scope: JSONValue

  static func all(in document: JSONValue) -> [ArchivedSpan] {
    document["resourceSpans"].elements.flatMap { batch in
      batch["scopeSpans"].elements.flatMap { scope in
        scope["spans"].elements.map {
          ArchivedSpan(span: $0, resource: batch["resource"], scope: scope["scope"])
        }
      }
    }
  }

  var spanID: String { span["spanId"].text ?? "" }
  var service: String {
    resource["attributes"].elements.first { $0["key"] == "service.name" }?["value"]["stringValue"].text ?? ""
  }

  /// The value of an attribute, in the form of `Comparable.value`.
  func attribute(_ key: String) -> JSONValue {
    span["attributes"].elements.last { $0["key"] == .text(key) }.map { Self.value($0["value"]) } ?? .null
  }

  /// The span in the form of the conformance cases' `messages.json`.
  var comparable: JSONValue {
    .object([
      "traceId": span["traceId"], "spanId": span["spanId"],
      "parentSpanId": .text(span["parentSpanId"].text ?? ""),
      "traceState": .text(span["traceState"].text ?? ""), "flags": .number(span["flags"].number ?? 0),
      "name": .text(span["name"].text ?? ""), "kind": .number(span["kind"].number ?? 0),
      "start": .text(span["startTimeUnixNano"].text ?? "0"),
      "end": .text(span["endTimeUnixNano"].text ?? "0"),
      "attributes": Self.attributes(of: span),
      "events": .array(
        span["events"].elements.map {
          .object([
            "time": .text($0["timeUnixNano"].text ?? "0"), "name": .text($0["name"].text ?? ""),
            "attributes": Self.attributes(of: $0),
          ])
        }),
      "links": .array(
        span["links"].elements.map {
          .object([
            "traceId": $0["traceId"], "spanId": $0["spanId"],
            "traceState": .text($0["traceState"].text ?? ""),
            "attributes": Self.attributes(of: $0),
          ])
        }),
      "dropped": .array(
        ["droppedAttributesCount", "droppedEventsCount", "droppedLinksCount"].map {
          .number(span[$0].number ?? 0)
        }),
      "status": .array([
        .number(span["status"]["code"].number ?? 0), .text(span["status"]["message"].text ?? ""),
      ]),
      "resource": Self.attributes(of: resource),
      "scope": .array([.text(scope["name"].text ?? ""), .text(scope["version"].text ?? "")]),
    ])
  }

  private static func attributes(of holder: JSONValue) -> JSONValue {
    let pairs = holder["attributes"].elements.map { JSONValue.array([$0["key"], value($0["value"])]) }
    return .array(pairs.sorted { ($0[0].text ?? "") < ($1[0].text ?? "") })
  }

  /// `["int","1"]` and so on; null for an empty value.
  static func value(_ value: JSONValue) -> JSONValue {
    for (key, name) in [
      ("stringValue", "string"), ("boolValue", "bool"), ("intValue", "int"), ("doubleValue", "double"),
    ] where value[key] != .null {
      return .array([.text(name), value[key]])
    }
    if case .text(let base64) = value["bytesValue"] { return .array(["bytes", .text(hex(base64))]) }
    if value["arrayValue"] != .null {
      return .array(["array", .array(value["arrayValue"]["values"].elements.map { Self.value($0) })])
    }
    if value["kvlistValue"] != .null {
      let pairs = value["kvlistValue"]["values"].elements
      return .array(["kvlist", .array(pairs.map { .array([$0["key"], Self.value($0["value"])]) })])
    }
    return .null
  }

  private static func hex(_ base64: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bits = 0
    var count = 0
    var text = ""
    for byte in base64.utf8 {
      guard let value = alphabet.firstIndex(of: byte) else { break }
      bits = (bits << 6 | value) & 0xffff
      count += 6
      if count >= 8 {
        count -= 8
        let byte = bits >> count & 0xff
        text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return text
  }
}
