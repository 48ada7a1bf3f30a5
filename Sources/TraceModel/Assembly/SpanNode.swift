/// A span while its trace is being assembled: what the rules look at, and its place in the tree so far.
struct SpanNode: BitwiseCopyable {
  /// Its id.
  var id: UInt64
  /// The parent it names after rule 4a; 0 for none.
  var parentID: UInt64
  /// Start: as reported, later repaired and shifted; not above 0 when it is not known.
  var start: Int64
  /// End: as reported, later repaired and shifted.
  var end: Int64
  /// How far clock-skew correction moves it.
  var shift: Int64 = 0
  /// Where its record is: a place in the store, or the number of a fused record.
  var source: UInt64
  /// The node of its parent; −1 for none.
  var parent: Int32 = -1
  /// The first of its children as listed last.
  var firstChild: Int32 = -1
  /// The next of its siblings as listed last.
  var nextSibling: Int32 = -1
  /// While ids are indexed: the next node of the same id. Afterwards, on the first node of a repeated id: the number
  /// of its `IDGroup`; −1 otherwise.
  var sameID: Int32 = -1
  /// Its place in display order; −1 until it is reached from a root.
  var place: Int32 = -1
  /// 0, or its number among different spans of one id.
  var ordinal: Int32 = 0
  /// Its service.
  var service: Symbol
  /// The place of its resource.
  var resource: UInt32
  /// How it was read.
  var recordTraits: SpanTraits
  /// What was found out so far.
  var marks: NodeMarks = []
  /// Its kind.
  var kind: SpanKind
  /// Its effective status.
  var status: SpanStatus

  @inline(__always)
  init(_ record: UnsafePointer<SpanRecord>, source: UInt64, service: Symbol) {
    id = record.pointee.spanID.rawValue
    parentID = record.pointee.parentSpanID.rawValue
    start = record.pointee.start.rawValue
    end = record.pointee.end.rawValue
    self.source = source
    self.service = service
    resource = record.pointee.resource
    recordTraits = record.pointee.traits
    kind = record.pointee.kind
    status = record.pointee.status
    if recordTraits.contains(.shared), kind != .client { marks = .shared }
  }

  /// The length, after times are repaired.
  @inline(__always)
  var duration: Int64 { end &- start }
}

/// What is known about a span while its trace is being assembled.
struct NodeMarks: OptionSet, BitwiseCopyable {
  var rawValue: UInt16

  /// A copy, or joined into another: no longer a span.
  static let dropped = NodeMarks(rawValue: 1 << 0)
  /// The server half of a shared id.
  static let shared = NodeMarks(rawValue: 1 << 1)
  /// Its parent is named but absent.
  static let orphan = NodeMarks(rawValue: 1 << 2)
  /// A cycle was cut here.
  static let cycleCut = NodeMarks(rawValue: 1 << 3)
  /// Its record is a fused one.
  static let fused = NodeMarks(rawValue: 1 << 4)
  /// Its start was assumed.
  static let assumedStart = NodeMarks(rawValue: 1 << 5)
  /// Its parent came from a FOLLOWS_FROM reference.
  static let followsFrom = NodeMarks(rawValue: 1 << 6)
  /// Reached while cycles are looked for.
  static let reached = NodeMarks(rawValue: 1 << 7)
  /// On the chain of parents that is being climbed.
  static let climbed = NodeMarks(rawValue: 1 << 8)
  /// No duration was reported.
  static let noDuration = NodeMarks(rawValue: 1 << 9)
}

/// The nodes of one repeated id: a range of the list of members.
///
///     members   | first  second | half A  half A  half B |      unshared by ordinal, then shared by endpoint
struct IDGroup: BitwiseCopyable {
  var start: Int32
  var unshared: Int32
  var shared: Int32
}
