package import TraceModel

/// A span as a test writes it down: texts and numbers, with defaults for what the test is not about.
package struct SpanDraft: Sendable {
  package var trace = TraceID(high: 0, low: 0x7e57)
  package var id: UInt64
  package var parent: UInt64 = 0
  /// In nanoseconds; 0 when it is not known.
  package var start: Int64
  package var end: Int64
  package var service = "service"
  package var name = "operation"
  package var kind = SpanKind.internal
  package var status = SpanStatus.unset
  package var traits: SpanTraits = []
  package var statusMessage = ""
  package var traceState = ""
  package var ipv4 = ""
  package var port: UInt16 = 0
  package var attributes: [(key: String, value: String)] = []
  package var resource: [(key: String, value: String)] = []
  package var events: [(time: Int64, name: String)] = []
  package var references: [(kind: SpanLinkKind, trace: TraceID, span: UInt64)] = []
  package var archive: UInt32 = 0
  package var offset: UInt64 = 0
  package var byteCount: UInt32 = 0

  /// Makes a span of its id and its times in nanoseconds.
  package init(_ id: UInt64, parent: UInt64 = 0, _ start: Int64, _ end: Int64) {
    self.id = id
    self.parent = parent
    self.start = start
    self.end = end
  }

  /// Makes a copy with some fields changed.
  package func with(_ change: (inout SpanDraft) -> Void) -> SpanDraft {
    var copy = self
    change(&copy)
    return copy
  }
}

extension SpanStore {
  /// Makes the same store with all that can be in temporary files there.
  package static func spilled(
    _ drafts: [SpanDraft], readers: Int = 2, in space: SpillSpace, refused: [TraceID] = []
  ) -> SpanStore {
    var shards: [Shard] = []
    for reader in 0..<readers {
      var table = SpanTable(number: UInt16(reader))
      for (number, id) in refused.enumerated() where number % readers == reader { table.noteRefusal(of: id) }
      for (number, draft) in drafts.enumerated() where number % readers == reader {
        table.add(draft, offset: draft.offset == 0 ? UInt64(number) * 100 : draft.offset)
        if number / readers % 200 == 0 { table.seal(in: space, mostTextBytes: 0) }
      }
      table.seal(in: space, mostTextBytes: 0)
      shards.append(Shard(table))
    }
    return SpanStore(joining: shards, archives: [ArchiveSummary(path: "archive-0.json")], spill: space)
  }

  /// Makes a store of spans as if they had been read by so many readers in turn.
  ///
  /// - Parameter refused: traces of which a record was quarantined.
  package static func of(
    _ drafts: [SpanDraft], readers: Int = 1, archives: Int = 1, refused: [TraceID] = []
  ) -> SpanStore {
    var shards: [Shard] = []
    for reader in 0..<readers {
      var table = SpanTable(number: UInt16(reader))
      for (number, draft) in drafts.enumerated() where number % readers == reader {
        table.add(draft, offset: draft.offset == 0 ? UInt64(number) * 100 : draft.offset)
      }
      if reader == 0 { for id in refused { table.noteRefusal(of: id) } }
      shards.append(Shard(table))
    }
    return SpanStore(
      joining: shards, archives: (0..<archives).map { ArchiveSummary(path: "archive-\($0).json") })
  }
}

extension SpanTable {
  fileprivate mutating func add(_ draft: SpanDraft, offset: UInt64) {
    var record = SpanRecord()
    record.byteCount = draft.byteCount
    record.traceID = draft.trace
    record.spanID = SpanID(draft.id)
    record.parentSpanID = SpanID(draft.parent)
    record.start = UnixNanoseconds(draft.start)
    record.end = UnixNanoseconds(draft.end)
    record.name = symbols.intern(draft.name)
    record.kind = draft.kind
    record.reportedStatus = draft.status
    record.traits = draft.traits
    record.archive = draft.archive
    record.archiveOffset = offset
    addResource(of: draft, to: &record)
    record.attributeStart = UInt32(attributes.count)
    record.attributeCount = UInt32(draft.attributes.count)
    for attribute in draft.attributes {
      appendAttribute(symbols.intern(attribute.key), text: symbols.intern(attribute.value))
    }
    setExtraFields(addParts(of: draft), of: &record)
    append(record)
  }

  private mutating func addResource(of draft: SpanDraft, to record: inout SpanRecord) {
    let start = attributes.count
    var resource = Resource()
    resource.serviceName = symbols.intern(draft.service)
    for attribute in draft.resource {
      appendAttribute(symbols.intern(attribute.key), text: symbols.intern(attribute.value))
    }
    record.resource = internResource(resource, attributesFrom: start)
  }

  private mutating func addParts(of draft: SpanDraft) -> ExtraFields {
    var extra = ExtraFields()
    extra.statusMessage = symbols.intern(draft.statusMessage)
    extra.traceState = symbols.intern(draft.traceState)
    extra.eventStart = UInt32(events.count)
    extra.eventCount = UInt32(draft.events.count)
    for (time, name) in draft.events {
      var event = SpanEvent()
      event.time = UnixNanoseconds(time)
      event.name = symbols.intern(name)
      events.append(event)
    }
    extra.linkStart = UInt32(links.count)
    extra.linkCount = UInt32(draft.references.count)
    for (kind, trace, span) in draft.references {
      var link = SpanLink()
      link.kind = kind
      link.traceID = trace
      link.spanID = SpanID(span)
      links.append(link)
    }
    guard !draft.ipv4.isEmpty || draft.port != 0 else { return extra }
    var pair = EndpointPair()
    pair.local.service = symbols.intern(draft.service)
    pair.local.ipv4 = symbols.intern(draft.ipv4)
    pair.local.port = draft.port
    extra.endpoints = UInt32(endpoints.count)
    endpoints.append(pair)
    return extra
  }
}
