/// Puts notes into words: one sentence with the particulars.
package enum WarningText {
  /// The sentence of a note about a trace or one of its spans.
  package static func message(of note: TraceNote, in trace: Trace, _ store: SpanStore) -> String {
    let span = note.span >= 0 ? trace.spans[Int(note.span)] : nil
    switch note.code {
    case .duplicateSpan: return "\(note.detail) exact \(note.detail == 1 ? "copy" : "copies") dropped"
    case .fragmentsMerged: return "\(note.detail) records joined into this span"
    case .duplicateSpanID:
      return "id \(span?.record.spanID ?? .absent) is used by \(note.detail) different spans; "
        + "this is number \(span?.ordinal ?? 0)"
    case .sharedIDInferred: return "taken as the server half of \(SpanID(note.detail))"
    case .sharedWithoutClient: return "server half of \(SpanID(note.detail)) without its client half"
    case .traceIDsJoined: return "64-bit and 128-bit forms of this trace id joined"
    case .traceIDAmbiguous: return "64-bit id fits several 128-bit traces"
    case .selfParent: return "span names itself as parent"
    case .parentMissing: return "parent \(missingParent(note, span, trace, store)) is not in the archives"
    case .parentCycle: return "parent chain is a cycle; cut here"
    case .parentInOtherTrace:
      let id = TraceID(high: UInt64(bitPattern: note.amount), low: note.detail)
      return "its only reference points to trace \(id)"
    case .severalParents: return "\(note.detail) references; the first CHILD_OF is the parent"
    case .multipleRoots: return "\(note.detail) roots"
    case .missingService: return "no service name"
    case .missingStart: return "no start time, the parent's was used"
    case .missingDuration: return "no end or duration"
    case .negativeDuration: return "ends before it starts; set to zero"
    case .implausibleTime:
      return "start \(CalendarText.text(UnixNanoseconds(note.amount))) is outside any plausible range"
    case .childOutsideParent:
      return "sticks out of its parent by \(DurationText.text(Nanoseconds(note.amount)))"
    case .clockSkewAdjusted:
      return "moved by \(DurationText.text(Nanoseconds(note.amount))) against "
        + HostText.label(of: trace.spans[Int(note.detail)], in: trace, store)
    case .clockSkewTooLarge:
      return "shift of \(DurationText.text(Nanoseconds(note.amount))) is above the limit; not applied"
    case .droppedBySDK: return dropped(span, trace, store)
    case .duplicateAttribute: return duplicateKeys(span, trace, store)
    case .unknownEnum: return "the value of an enumeration is unknown, its default was taken"
    default: return note.code.rawValue
    }
  }

  private static func missingParent(
    _ note: TraceNote, _ span: TraceSpan?, _ trace: Trace, _ store: SpanStore
  ) -> String {
    guard note.detail == 0, let span, span.record.traits.contains(.invalidParent) else {
      return SpanID(note.detail).description
    }
    return "\"\(store.symbols.text(trace.rareFields(of: span, in: store).invalidParent))\""
  }

  private static func dropped(_ span: TraceSpan?, _ trace: Trace, _ store: SpanStore) -> String {
    let rare = span.map { trace.rareFields(of: $0, in: store) } ?? RareFields()
    return "\(rare.droppedAttributes) attributes, \(rare.droppedEvents) events, "
      + "\(rare.droppedLinks) links were dropped before export"
  }

  /// Names the first key that occurs again.
  private static func duplicateKeys(_ span: TraceSpan?, _ trace: Trace, _ store: SpanStore) -> String {
    guard let span else { return "" }
    return trace.withAttributes(of: span, in: store) { attributes in
      var counts: [Symbol: Int] = [:]
      for attribute in attributes { counts[attribute.key, default: 0] += 1 }
      guard let key = attributes.first(where: { counts[$0.key, default: 0] > 1 })?.key else {
        return "a key occurs several times, last value kept"
      }
      return "key \(store.symbols.text(key)) occurs \(counts[key, default: 0]) times, last value kept"
    }
  }
}

/// How a machine is called in a sentence.
package enum HostText {
  /// The first host key that a span carries, its address, or its service.
  package static func label(of span: TraceSpan, in trace: Trace, _ store: SpanStore) -> String {
    let resource = store.resource(at: span.record.resource)
    let attributes = store.attributes(of: resource)
    for key in HostProfiles.keys {
      guard let symbol = store.symbols.find(key),
        let attribute = attributes.last(where: { $0.key == symbol }), attribute.type == .text
      else { continue }
      return store.symbols.text(Symbol(attribute.payload))
    }
    let local = trace.endpoints(of: span, in: store).local
    if !local.ipv4.isEmpty { return store.symbols.text(local.ipv4) }
    if !local.ipv6.isEmpty { return store.symbols.text(local.ipv6) }
    let service = store.symbols.text(span.service)
    return service.isEmpty ? "its parent" : service
  }
}
