import FoundationEssentials
import TestSupport

/// Spans of OTLP JSON in the plain form in which the collection describes them.
enum ArchivedSpans {
  /// All spans of archive lines: kind and status as numbers, attributes as [key, [type, value]] sorted by key.
  static func plain(_ lines: [JSONValue]) -> [JSONValue] {
    lines.flatMap { $0["resourceSpans"].elements }.flatMap { batch in
      batch["scopeSpans"].elements.flatMap { scope in
        scope["spans"].elements.map { plain($0, batch["resource"], scope["scope"]) }
      }
    }
  }

  private static func plain(_ span: JSONValue, _ resource: JSONValue, _ scope: JSONValue) -> JSONValue {
    func number(_ key: String) -> JSONValue { span[key] == .null ? 0 : span[key] }
    return .object([
      "traceId": span["traceId"], "spanId": text(span["spanId"]), "parentSpanId": text(span["parentSpanId"]),
      "traceState": text(span["traceState"]), "flags": number("flags"), "name": text(span["name"]),
      "kind": number("kind"), "start": span["startTimeUnixNano"], "end": span["endTimeUnixNano"],
      "attributes": attributes(span["attributes"]),
      "events": .array(
        span["events"].elements.map {
          .object([
            "time": $0["timeUnixNano"], "name": text($0["name"]), "attributes": attributes($0["attributes"]),
          ])
        }),
      "links": .array(
        span["links"].elements.map {
          .object([
            "traceId": $0["traceId"], "spanId": $0["spanId"], "traceState": text($0["traceState"]),
            "attributes": attributes($0["attributes"]),
          ])
        }),
      "dropped": [
        number("droppedAttributesCount"), number("droppedEventsCount"), number("droppedLinksCount"),
      ],
      "status": [
        span["status"]["code"] == .null ? 0 : span["status"]["code"], text(span["status"]["message"]),
      ],
      "resource": attributes(resource["attributes"]),
      "scope": [text(scope["name"]), text(scope["version"])],
    ])
  }

  private static func text(_ value: JSONValue) -> JSONValue { value == .null ? "" : value }

  /// [[key, [type, value]], …] sorted by key.
  static func attributes(_ list: JSONValue) -> JSONValue {
    .array(
      list.elements.sorted { ($0["key"].text ?? "") < ($1["key"].text ?? "") }
        .map { [$0["key"], value($0["value"])] })
  }

  /// [type, value]; null for a value without any.
  static func value(_ value: JSONValue) -> JSONValue {
    guard let key = value.keys.first else { return .null }
    let inner = value[key]
    switch key {
    case "stringValue": return ["string", inner]
    case "boolValue": return ["bool", inner]
    case "intValue": return ["int", inner]
    case "doubleValue": return ["double", inner]
    case "bytesValue":
      let bytes = Data(base64Encoded: inner.text ?? "") ?? Data()
      return ["bytes", .text(bytes.map { hex($0) }.joined())]
    case "arrayValue": return ["array", .array(inner["values"].elements.map { self.value($0) })]
    default: return ["kvlist", attributes(inner["values"])]
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return text.count == 1 ? "0" + text : text
  }
}
