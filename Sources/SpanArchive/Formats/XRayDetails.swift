import TraceModel

/// What X-Ray segments say besides ids, times and status, under the names of the semantic conventions.
enum XRayDetails {
  /// Reads one member of a segment: its attributes and exceptions are added to the lists.
  static func decodeMember(
    _ key: JSONText, _ reader: inout JSONReader, _ attributes: inout [Attribute],
    _ exceptions: inout [[Attribute]], into sink: inout SpanSink
  ) throws(JSONFault) {
    if key == "http" {
      try flatten(&reader, "http", &attributes, into: &sink)
    } else if key == "sql" {
      try flatten(&reader, "sql", &attributes, into: &sink)
    } else if key == "aws" {
      try flatten(&reader, "aws", &attributes, into: &sink)
    } else if key == "service" {
      try flatten(&reader, "service", &attributes, into: &sink)
    } else if key == "annotations" {
      try flatten(&reader, "", &attributes, into: &sink)
    } else if key == "user" || key == "origin" || key == "resource_arn" {
      try append(key.string, &reader, &attributes, into: &sink)
    } else if key == "cause", reader.peekKind() == .object {
      try decodeCause(&reader, &exceptions, into: &sink)
    } else {
      try reader.skipValue()
    }
  }

  /// The names of the semantic conventions for those of X-Ray.
  private static let names: [String: String] = [
    "http.request.method": "http.request.method", "http.request.url": "url.full",
    "http.request.client_ip": "client.address", "http.request.user_agent": "user_agent.original",
    "http.response.status": "http.response.status_code",
    "http.response.content_length": "http.response.body.size",
    "sql.sanitized_query": "db.query.text", "sql.database_type": "db.system.name", "sql.user": "db.user",
    "sql.url": "db.connection_string", "user": "enduser.id", "origin": "aws.xray.origin",
    "resource_arn": "aws.resource_arn", "aws.operation": "rpc.method",
  ]

  /// Appends the members of the object that begins here, nested ones under names with dots.
  private static func flatten(
    _ reader: inout JSONReader, _ prefix: String, _ attributes: inout [Attribute], into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    var prefixes = [prefix]
    while let prefix = prefixes.last {
      guard let key = try reader.nextKey() else {
        prefixes.removeLast()
        continue
      }
      let name = prefix.isEmpty ? key.string : prefix + "." + key.string
      if reader.peekKind() == .object, prefixes.count < JSONReader.deepestNesting, name.utf8.count < 1_000 {
        try reader.enterObject()
        prefixes.append(name)
      } else {
        try append(name, &reader, &attributes, into: &sink)
      }
    }
  }

  /// Appends one value under its name in the semantic conventions, or its own.
  private static func append(
    _ name: String, _ reader: inout JSONReader, _ attributes: inout [Attribute], into sink: inout SpanSink
  ) throws(JSONFault) {
    let key = sink.table.symbols.intern(names[name] ?? name)
    let start = sink.table.attributes.count
    try PlainJSON.appendAttribute(key, &reader, into: &sink)
    attributes.append(sink.table.attributes[start])
    sink.table.attributes.truncate(to: start)
  }

  private static func decodeCause(
    _ reader: inout JSONReader, _ exceptions: inout [[Attribute]], into sink: inout SpanSink
  ) throws(JSONFault) {
    try reader.enterObject()
    while let key = try reader.nextKey() {
      guard key == "exceptions", reader.peekKind() == .array else {
        try reader.skipValue()
        continue
      }
      try reader.enterArray()
      while try reader.nextElement() {
        guard try reader.enterObjectOrSkip() else { continue }
        exceptions.append(try decodeException(&reader, into: &sink))
      }
    }
  }

  /// The attributes of an exception event; the reader stands in the exception.
  private static func decodeException(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) -> [Attribute] {
    var attributes: [Attribute] = []
    while let key = try reader.nextKey() {
      if key == "type" {
        try append("exception.type", &reader, &attributes, into: &sink)
      } else if key == "message" {
        try append("exception.message", &reader, &attributes, into: &sink)
      } else if key == "stack", reader.peekKind() == .array {
        let text = try stackText(&reader)
        let symbol = sink.table.symbols.intern(text)
        attributes.append(
          Attribute(key: AttributeKey.exceptionStacktrace, type: .text, payload: symbol.index))
      } else {
        try reader.skipValue()
      }
    }
    return attributes
  }

  /// `at label (path:line)`, a line a frame.
  private static func stackText(_ reader: inout JSONReader) throws(JSONFault) -> String {
    var lines: [String] = []
    try reader.enterArray()
    while try reader.nextElement() {
      guard try reader.enterObjectOrSkip() else { continue }
      var label = ""
      var path = ""
      var line = ""
      while let key = try reader.nextKey() {
        if key == "label" {
          label = try reader.lenientText()?.string ?? ""
        } else if key == "path" {
          path = try reader.lenientText()?.string ?? ""
        } else if key == "line" {
          line = try reader.lenientText()?.string ?? ""
        } else {
          try reader.skipValue()
        }
      }
      lines.append("at \(label) (\(path):\(line))")
    }
    return lines.joined(separator: "\n")
  }
}
