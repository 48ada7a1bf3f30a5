import TraceModel

/// What the spans of one `ResourceSpans` have in common.
///
/// The resource may stand behind its spans: `settle` puts it into all of them.
struct OTLPBatch {
  /// Where its spans begin in the table.
  var firstSpan: Int
  /// The place of the resource.
  var resource: UInt32 = 0
  /// The schema that the resource follows.
  var schema = Symbol.empty

  init(firstSpan: Int) { self.firstSpan = firstSpan }

  /// True for the key of the list of scopes, in its present and its older forms.
  static func isScopeList(_ key: JSONText) -> Bool {
    key == "scopeSpans" || key == "scope_spans" || key == "instrumentationLibrarySpans"
      || key == "instrumentation_library_spans" || key == "deprecatedScopeSpans"
  }

  /// Reads a member that is not the list of scopes.
  mutating func decodeMember(
    _ key: JSONText, _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    if key == "resource" {
      resource = try Self.decodeResource(&reader, into: &sink)
    } else if key == "schemaUrl" || key == "schema_url" {
      schema = try OTLPJSON.symbol(&reader, in: &sink)
    } else {
      try reader.skipValue()
    }
  }

  /// Gives all its spans their resource.
  func settle(in sink: inout SpanSink) {
    var place = resource
    if !schema.isEmpty {
      var changed = sink.table.resources[Int(resource)]
      let start = sink.table.attributes.count
      for index in 0..<Int(changed.attributeCount) {
        sink.table.attributes.append(sink.table.sharedAttributes[Int(changed.attributeStart) + index])
      }
      changed.schemaURL = schema
      place = sink.table.internResource(changed, attributesFrom: start)
    }
    sink.table.setResource(place, from: firstSpan)
  }

  private static func decodeResource(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) -> UInt32 {
    guard try reader.enterObjectOrSkip() else { return 0 }
    var resource = Resource()
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      if key == "attributes" {
        try OTLPJSON.decodeSharedAttributes(&reader, into: &sink)
      } else if key == "droppedAttributesCount" || key == "dropped_attributes_count" {
        resource.droppedAttributes = try reader.lenientCount()
      } else {
        try reader.skipValue()
      }
    }
    return intern(&resource, attributesFrom: start, in: &sink)
  }

  /// The place of a resource whose attributes were just appended; its service is found among them.
  static func intern(
    _ resource: inout Resource, attributesFrom start: Int, in sink: inout SpanSink
  ) -> UInt32 {
    _ = sink.table.dropRepeatedKeys(from: start)
    for place in start..<sink.table.attributes.count {
      let attribute = sink.table.attributes[place]
      if attribute.key == AttributeKey.serviceName, attribute.type == .text {
        resource.serviceName = Symbol(attribute.payload)
      }
    }
    return sink.table.internResource(resource, attributesFrom: start)
  }
}

/// What the spans of one `ScopeSpans` have in common.
struct OTLPScope {
  /// Where its spans begin in the table.
  var firstSpan: Int
  /// The scope as read so far.
  var scope = InstrumentationScope()
  /// Where its attributes lie among the shared ones.
  private var sharedStart = 0
  /// The place of the scope as read so far.
  private(set) var place: UInt32 = 0

  init(firstSpan: Int) { self.firstSpan = firstSpan }

  /// Reads a member that is not the list of spans.
  mutating func decodeMember(
    _ key: JSONText, _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    if key == "scope" || key == "instrumentationLibrary" || key == "instrumentation_library" {
      try decodeScope(&reader, into: &sink)
    } else if key == "schemaUrl" || key == "schema_url" {
      scope.schemaURL = try OTLPJSON.symbol(&reader, in: &sink)
    } else {
      try reader.skipValue()
    }
  }

  /// Gives all its spans their scope.
  func settle(in sink: inout SpanSink) {
    let start = sink.table.attributes.count
    for index in 0..<Int(scope.attributeCount) {
      sink.table.attributes.append(sink.table.sharedAttributes[sharedStart + index])
    }
    let place = sink.table.internScope(scope, attributesFrom: start)
    sink.table.setScope(place, from: firstSpan)
  }

  private mutating func decodeScope(
    _ reader: inout JSONReader, into sink: inout SpanSink
  ) throws(JSONFault) {
    guard try reader.enterObjectOrSkip() else { return }
    let start = sink.table.attributes.count
    while let key = try reader.nextKey() {
      if key == "name" {
        scope.name = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "version" {
        scope.version = try OTLPJSON.symbol(&reader, in: &sink)
      } else if key == "attributes" {
        try OTLPJSON.decodeSharedAttributes(&reader, into: &sink)
      } else if key == "droppedAttributesCount" || key == "dropped_attributes_count" {
        scope.droppedAttributes = try reader.lenientCount()
      } else {
        try reader.skipValue()
      }
    }
    intern(attributesFrom: start, in: &sink)
  }

  /// Finds the place of the scope, whose attributes were just appended.
  mutating func intern(attributesFrom start: Int, in sink: inout SpanSink) {
    _ = sink.table.dropRepeatedKeys(from: start)
    scope.attributeCount = UInt32(sink.table.attributes.count - start)
    place = sink.table.internScope(scope, attributesFrom: start)
    sharedStart = Int(sink.table.scopes[Int(place)].attributeStart)
  }
}
