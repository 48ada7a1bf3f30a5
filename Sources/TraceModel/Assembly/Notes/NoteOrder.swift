extension TraceAssembler {
  /// Turns node numbers into places, sorts the notes by (code, span id, place), and puts them into words if asked.
  mutating func finishNotes(of trace: inout Trace) {
    guard !trace.notes.isEmpty else { return }
    let nodes = nodes.elements
    trace.notes.withUnsafeMutableBufferPointer { notes in
      for number in notes.indices {
        if notes[number].span >= 0 { notes[number].span = nodes[Int(notes[number].span)].place }
        if notes[number].code == .clockSkewAdjusted {
          let parent = Int32(truncatingIfNeeded: notes[number].detail)
          notes[number].detail = parent >= 0 ? UInt64(nodes[Int(parent)].place) : 0
        }
      }
    }
    if trace.notes.count > 1 { sortNotes(&trace) }
    guard options.collectsWarnings else { return }
    for note in trace.notes {
      trace.warnings.append(
        TraceWarning(
          code: note.code, span: note.span < 0 ? nil : Int(note.span),
          message: WarningText.message(of: note, in: trace, store)))
    }
  }

  private func sortNotes(_ trace: inout Trace) {
    let spans = trace.spans
    trace.notes.sort { left, right in
      let (rank, otherRank) = (left.code.noteRank, right.code.noteRank)
      if rank != otherRank { return rank < otherRank }
      guard left.span >= 0, right.span >= 0 else { return left.span < right.span }
      let (id, other) = (spans[Int(left.span)].record.spanID, spans[Int(right.span)].record.spanID)
      return id != other ? id < other : left.span < right.span
    }
  }
}

extension DiagnosticCode {
  /// Orders the codes that assembly gives as their words are ordered, without comparing texts.
  var noteRank: Int {
    switch self {
    case .childOutsideParent: 0
    case .clockSkewAdjusted: 1
    case .clockSkewTooLarge: 2
    case .droppedBySDK: 3
    case .duplicateAttribute: 4
    case .duplicateSpan: 5
    case .duplicateSpanID: 6
    case .fragmentsMerged: 7
    case .implausibleTime: 8
    case .missingDuration: 9
    case .missingService: 10
    case .missingStart: 11
    case .multipleRoots: 12
    case .negativeDuration: 13
    case .parentCycle: 14
    case .parentInOtherTrace: 15
    case .parentMissing: 16
    case .selfParent: 17
    case .severalParents: 18
    case .sharedIDInferred: 19
    case .sharedWithoutClient: 20
    case .traceCut: 21
    case .traceIDAmbiguous: 22
    case .traceIDsJoined: 23
    case .unknownEnum: 24
    case .unreadableRecord, .truncatedStream, .gzipDamaged, .gzipTrailingData, .recordTooLarge,
      .unknownFormat,
      .unsupportedFormat, .otherSignal, .badEncoding, .mixedTimeUnits, .missingTraceID, .missingSpanID,
      .invalidID, .invalidField, .nonHexID, .valueCut:
      25
    }
  }
}
