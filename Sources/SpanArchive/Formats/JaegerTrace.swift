import TraceModel

/// How Jaeger's spans are written; the three forms share most of their keys.
enum JaegerForm {
  /// The query service's JSON: microseconds, typed tags, processes by their keys.
  case api
  /// Elasticsearch documents: the same with embedded processes, binary values in hex, and tags as objects too.
  case elasticsearch
  /// The model's proto-JSON: base64 ids, RFC 3339 times, one value key a type.
  case proto
}

/// One Jaeger trace while it is read: its processes by their keys, and the spans that name one.
///
/// Processes may stand behind the spans: `settle` gives the spans theirs.
struct JaegerTrace {
  /// Where its spans begin in the table.
  private let firstSpan: Int
  private var resources: [Symbol: UInt32] = [:]
  /// The process key of each span from the first on, as far as any names one.
  private var processes: [Symbol] = []
  /// Stands for the process key of a span that names none.
  private static let none = Symbol(.max)

  init(firstSpan: Int) { self.firstSpan = firstSpan }

  /// Remembers that a span, the next one in the table, names a process.
  mutating func note(_ process: Symbol, ofSpan place: Int) {
    while processes.count < place - firstSpan { processes.append(Self.none) }
    processes.append(process)
  }

  /// Forgets spans from a place on: they were taken back.
  mutating func forgetSpans(from place: Int) {
    processes.removeLast(max(0, processes.count - (place - firstSpan)))
  }

  /// Gives every span that names a process its resource.
  func settle(in sink: inout SpanSink) {
    sink.table.setResources(from: firstSpan, count: processes.count) { number in
      processes[number] == Self.none ? nil : resources[processes[number]] ?? 0
    }
  }

  /// Reads the trace that begins here: `{"spans":[…],"processes":{…}}`.
  static func decode(
    _ reader: inout JSONReader, _ form: JaegerForm, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var trace = JaegerTrace(firstSpan: sink.table.spans.count)
    do {
      while let key = try reader.nextKey() {
        if key == "spans" {
          guard try reader.enterArrayOrSkip() else { continue }
          while try reader.nextElement() { try JaegerSpan.decode(&reader, form, &trace, into: &sink) }
        } else if key == "processes" || key == "processMap" || key == "process_map" {
          try trace.decodeProcesses(&reader, form, into: &sink)
        } else {
          try reader.skipValue()
        }
      }
    } catch {
      trace.settle(in: &sink)
      throw error
    }
    trace.settle(in: &sink)
  }

  /// Reads a span that stands alone.
  static func decodeSpan(
    _ reader: inout JSONReader, _ form: JaegerForm, into sink: inout SpanSink
  ) throws(JSONFault) {
    var trace = JaegerTrace(firstSpan: sink.table.spans.count)
    try JaegerSpan.decode(&reader, form, &trace, into: &sink)
  }

  /// Reads `{"p1":{…},…}`, or `[{"processId":"p1","process":{…}},…]`.
  mutating func decodeProcesses(
    _ reader: inout JSONReader, _ form: JaegerForm, into sink: inout SpanSink
  ) throws(JSONFault) {
    if reader.peekKind() == .array { return try decodeProcessMap(&reader, form, into: &sink) }
    guard try reader.enterObjectOrSkip() else { return }
    while let key = try reader.nextKey() {
      let name = sink.table.symbols.intern(key.base, count: key.count)
      resources[name] = try Self.decodeProcess(&reader, form, into: &sink)
    }
  }

  private mutating func decodeProcessMap(
    _ reader: inout JSONReader, _ form: JaegerForm, into sink: inout SpanSink
  ) throws(JSONFault) {
    try reader.enterArray()
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var name = Symbol.empty
      var resource: UInt32 = 0
      while let key = try reader.nextKey() {
        if key == "processId" || key == "process_id" || key == "processID" {
          name = try OTLPJSON.symbol(&reader, in: &sink)
        } else if key == "process" {
          resource = try Self.decodeProcess(&reader, form, into: &sink)
        } else {
          try reader.skipValue()
        }
      }
      resources[name] = resource
    }
  }

  /// Reads one process as a resource.
  static func decodeProcess(
    _ reader: inout JSONReader, _ form: JaegerForm, into sink: inout SpanSink
  ) throws(JSONFault) -> UInt32 {
    guard try reader.enterObjectOrSkip() else { return 0 }
    var resource = Resource()
    var ignored = SpanRecord()
    var meaning = JaegerTags.Meaning()
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      if key == "serviceName" || key == "service_name" {
        guard let text = try reader.lenientText(), !(text == "OTLPResourceNoServiceName") else { continue }
        resource.serviceName = sink.table.symbols.intern(text.base, count: text.count)
      } else if key == "tags" {
        try JaegerTags.decode(&reader, form, of: .process, &ignored, &meaning, into: &sink)
      } else if key == "tag" {
        try JaegerTags.decodeObject(&reader, of: .process, &ignored, &meaning, into: &sink)
      } else {
        try reader.skipValue()
      }
    }
    if !resource.serviceName.isEmpty {
      sink.table.appendAttribute(AttributeKey.serviceName, text: resource.serviceName)
    }
    _ = sink.table.dropRepeatedKeys(from: start)
    return sink.table.internResource(resource, attributesFrom: start)
  }
}
