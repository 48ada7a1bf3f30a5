/// A warning before it is put into words: 32 bytes, made for every trace whether or not anybody reads it.
///
/// Analyses count notes; the sentence costs a text, and is made of a note only where it is shown.
public struct TraceNote: Sendable, Equatable {
  /// The fixed word.
  public var code: DiagnosticCode
  /// The place of the span it is about; −1 when it is about the trace.
  public var span: Int32
  /// A particular: an id, a number of spans, or the place of the parent; what it is depends on the code.
  public var detail: UInt64
  /// A particular: a length of time, or the high half of a trace id.
  public var amount: Int64

  /// Makes a note of its parts.
  public init(code: DiagnosticCode, span: Int32, detail: UInt64 = 0, amount: Int64 = 0) {
    self.code = code
    self.span = span
    self.detail = detail
    self.amount = amount
  }
}

extension Trace {
  /// Notes something about the trace as a whole.
  mutating func note(_ code: DiagnosticCode, detail: UInt64 = 0) {
    notes.append(TraceNote(code: code, span: -1, detail: detail))
  }

  /// Notes something about a node; `finishNotes` turns its number into a place.
  mutating func note(_ code: DiagnosticCode, node: Int, detail: UInt64 = 0, amount: Int64 = 0) {
    notes.append(
      TraceNote(code: code, span: Int32(truncatingIfNeeded: node), detail: detail, amount: amount))
  }

  /// Empties it for the next trace; the memory stays.
  mutating func clear(for id: TraceID) {
    self.id = id
    spans.removeAll(keepingCapacity: true)
    roots.removeAll(keepingCapacity: true)
    criticalPath.removeAll(keepingCapacity: true)
    warnings.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
    fusedAttributes.removeAll(keepingCapacity: true)
    fusedEvents.removeAll(keepingCapacity: true)
    fusedLinks.removeAll(keepingCapacity: true)
    fusedExtraFields.removeAll(keepingCapacity: true)
    fusedEndpoints.removeAll(keepingCapacity: true)
    duplicateSpans = 0
    fusedSpans = 0
    depth = 0
    primaryRoot = 0
    isComplete = true
    start = .unknown
    end = .unknown
  }
}
