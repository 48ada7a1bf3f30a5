import TraceModel

/// What a reader gathers of a span until it knows whether to take it: ids that may be bad, times that may be absent,
/// fields that not every span has.
struct SpanParts {
  /// Why the span must be refused.
  struct Problem {
    var code: DiagnosticCode
    var message: String
  }

  /// The first reason to refuse the span.
  var problem: Problem?
  /// End as reported; 0 when absent.
  var end: Int64 = 0
  /// W3C trace flags and OpenTelemetry's bits above them.
  var flags: UInt32 = 0
  /// Fields that not every span has; the place of the rare ones is not known yet.
  var extra = ExtraFields()
  /// Fields that few spans have.
  var rare = RareFields()
  /// Ids may be base64 by their length.
  var allowsBase64 = true

  /// Reads the trace id that stands here.
  @inline(__always)
  mutating func readTraceID(_ reader: inout JSONReader, _ span: inout SpanRecord) throws(JSONFault) {
    guard let text = try idText(&reader, "trace id") else { return }
    takeTraceID(text: text, &span)
  }

  /// Takes the trace id in a text.
  @inline(__always)
  mutating func takeTraceID(text: JSONText, _ span: inout SpanRecord) {
    switch IdentifierText.traceID(text, allowsBase64: allowsBase64) {
    case .id(let id): span.traceID = id
    case .absent: break
    case .invalid: refuse(.invalidID, text)
    }
  }

  /// Reads the span id that stands here.
  @inline(__always)
  mutating func readSpanID(_ reader: inout JSONReader, _ span: inout SpanRecord) throws(JSONFault) {
    guard let text = try idText(&reader, "span id") else { return }
    takeSpanID(text: text, &span)
  }

  /// Takes the span id in a text.
  @inline(__always)
  mutating func takeSpanID(text: JSONText, _ span: inout SpanRecord) {
    switch IdentifierText.spanID(text, allowsBase64: allowsBase64) {
    case .id(let id): span.spanID = id
    case .absent: break
    case .invalid: refuse(.invalidID, text)
    }
  }

  /// Reads the parent id that stands here; a bad one makes the span an orphan and keeps its text.
  @inline(__always)
  mutating func readParentID(
    _ reader: inout JSONReader, _ span: inout SpanRecord, in sink: inout SpanSink
  ) throws(JSONFault) {
    guard let text = try reader.lenientText() else { return }
    takeParentID(text: text, &span, in: &sink)
  }

  /// Takes the parent id in a text.
  @inline(__always)
  mutating func takeParentID(text: JSONText, _ span: inout SpanRecord, in sink: inout SpanSink) {
    switch IdentifierText.spanID(text, allowsBase64: allowsBase64) {
    case .id(let id): span.parentSpanID = id
    case .absent: break
    case .invalid:
      span.traits.insert(.invalidParent)
      rare.invalidParent = sink.table.symbols.intern(text.base, count: min(text.count, 120))
    }
  }

  /// The text of a required id; an object or array in its place refuses the span.
  @inline(__always)
  private mutating func idText(
    _ reader: inout JSONReader, _ name: StaticString
  ) throws(JSONFault) -> JSONText? {
    if reader.byte == 0x22 { return try reader.readString() }
    return try idTextSlowly(&reader, name)
  }

  @inline(never)
  private mutating func idTextSlowly(
    _ reader: inout JSONReader, _ name: StaticString
  ) throws(JSONFault) -> JSONText? {
    switch reader.peekKind() {
    case .object, .array:
      try reader.skipValue()
      if problem == nil {
        problem = Problem(code: .invalidField, message: "\(name) is not a text")
      }
      return nil
    default: return try reader.lenientText()
    }
  }

  @inline(never)
  private mutating func refuse(_ code: DiagnosticCode, _ text: JSONText) {
    guard problem == nil else { return }
    let excerpt = String(decoding: text.bytes.prefix(120), as: UTF8.self)
    problem = Problem(code: code, message: "id \(excerpt) is not hex of the allowed length")
  }

  /// Fills in start and end as `SpanTraits` describes them: absent, negative or overflowing ones are marked.
  @inline(__always)
  func settleTimes(_ span: inout SpanRecord) {
    if span.start.rawValue > 0, end >= span.start.rawValue {
      span.end = UnixNanoseconds(end)
    } else {
      settleOddTimes(&span)
    }
  }

  @inline(never)
  private func settleOddTimes(_ span: inout SpanRecord) {
    if span.start.rawValue < 0 { span.start = .unknown }
    if end <= 0 {
      span.end = span.start
      span.traits.insert(.missingEnd)
    } else if span.start == .unknown {
      span.end = UnixNanoseconds(end)
    } else {
      span.end = span.start
      span.traits.insert(.negativeDuration)
    }
  }

  /// Fills in start and end from a start and a duration, both in nanoseconds; nil or an unknown start is marked.
  func settle(start: Int64, duration: Int64?, _ span: inout SpanRecord) {
    span.start = UnixNanoseconds(max(start, 0))
    guard let duration else {
      span.end = span.start
      span.traits.insert(.missingEnd)
      return
    }
    if start <= 0, duration >= 0 {
      span.end = UnixNanoseconds(duration)
      span.traits.insert(.durationOnly)
      return
    }
    let (end, overflow) = span.start.rawValue.addingReportingOverflow(duration)
    if duration < 0 || overflow {
      span.end = span.start
      span.traits.insert(.negativeDuration)
    } else {
      span.end = UnixNanoseconds(end)
    }
  }

  /// Gives the span its flags and its extra fields, for which it gets a row of the table when it has any.
  @inline(__always)
  func settleExtraFields(_ span: inout SpanRecord, in table: inout SpanTable) {
    span.lowerFlags = UInt16(truncatingIfNeeded: flags)
    if rare.isEmpty, flags >> 16 == 0 {
      table.setExtraFields(extra, of: &span)
    } else {
      settleRareFields(&span, in: &table)
    }
  }

  @inline(never)
  private func settleRareFields(_ span: inout SpanRecord, in table: inout SpanTable) {
    var (extra, rare) = (extra, rare)
    rare.upperFlags = UInt16(flags >> 16)
    extra.rare = table.appendRareFields(rare)
    table.setExtraFields(extra, of: &span)
  }
}

/// Kinds by the names that formats give them.
enum KindName {
  /// The kind of a name, `SPAN_KIND_SERVER`, `SERVER` or `server`; unspecified, with a trait, for an unknown one.
  static func kind(_ text: JSONText, _ span: inout SpanRecord) -> SpanKind {
    let name = text.hasPrefix("SPAN_KIND_") ? JSONText(base: text.base + 10, count: text.count - 10) : text
    if name.equalsIgnoringCase("server") { return .server }
    if name.equalsIgnoringCase("client") { return .client }
    if name.equalsIgnoringCase("internal") { return .internal }
    if name.equalsIgnoringCase("producer") { return .producer }
    if name.equalsIgnoringCase("consumer") { return .consumer }
    if name.count > 0, !name.equalsIgnoringCase("unspecified") { span.traits.insert(.unknownEnum) }
    return .unspecified
  }
}
