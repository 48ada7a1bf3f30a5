/// Fields that not every span has, in a row of their own: 32 bytes.
@frozen
public struct ExtraFields: BitwiseCopyable, Sendable {
  /// The reason given with a failed status.
  public var statusMessage: Symbol = .empty
  /// The W3C trace state.
  public var traceState: Symbol = .empty
  /// Its events in the table.
  public var eventStart: UInt32 = 0
  /// The number of its events.
  public var eventCount: UInt32 = 0
  /// Its links in the table.
  public var linkStart: UInt32 = 0
  /// The number of its links.
  public var linkCount: UInt32 = 0
  /// The place of its endpoints in the table; 0 for none.
  public var endpoints: UInt32 = 0
  /// The place of its rare fields in the table; 0 for none.
  public var rare: UInt32 = 0

  /// Makes fields in which nothing is known.
  @inlinable
  public init() {}

  /// True when nothing is known.
  @inlinable
  public var isEmpty: Bool {
    statusMessage.index | traceState.index | eventCount | linkCount | endpoints | rare == 0
  }

  /// Which of them are known.
  @inlinable
  public var presence: ExtraFieldSet {
    var set: ExtraFieldSet = []
    if !statusMessage.isEmpty { set.insert(.statusMessage) }
    if !traceState.isEmpty { set.insert(.traceState) }
    if eventCount > 0 { set.insert(.events) }
    if linkCount > 0 { set.insert(.links) }
    if endpoints != 0 { set.insert(.endpoints) }
    if rare != 0 { set.insert(.rare) }
    return set
  }
}

/// Which extra fields a span has, known without a look at their row.
///
/// Asked of every span by several analyses: the members are computed, so that other modules need no call for them.
@frozen
public struct ExtraFieldSet: OptionSet, BitwiseCopyable, Sendable {
  /// The bits.
  public var rawValue: UInt8

  /// Makes a set of its bits.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A reason is given with its status.
  @inlinable
  public static var statusMessage: ExtraFieldSet { ExtraFieldSet(rawValue: 1 << 0) }
  /// It has a W3C trace state.
  @inlinable
  public static var traceState: ExtraFieldSet { ExtraFieldSet(rawValue: 1 << 1) }
  /// It has events.
  @inlinable
  public static var events: ExtraFieldSet { ExtraFieldSet(rawValue: 1 << 2) }
  /// It has links.
  @inlinable
  public static var links: ExtraFieldSet { ExtraFieldSet(rawValue: 1 << 3) }
  /// It has endpoints.
  @inlinable
  public static var endpoints: ExtraFieldSet { ExtraFieldSet(rawValue: 1 << 4) }
  /// It has rare fields.
  @inlinable
  public static var rare: ExtraFieldSet { ExtraFieldSet(rawValue: 1 << 5) }
}

/// Fields that few spans have.
@frozen
public struct RareFields: BitwiseCopyable, Sendable, Equatable {
  /// How many attributes were dropped before export.
  public var droppedAttributes: UInt32 = 0
  /// How many events were dropped before export.
  public var droppedEvents: UInt32 = 0
  /// How many links were dropped before export.
  public var droppedLinks: UInt32 = 0
  /// The parent id as written, when it was none.
  public var invalidParent: Symbol = .empty
  /// The upper half of the flags, in which no standard has put anything yet.
  public var upperFlags: UInt16 = 0

  /// Makes fields in which nothing is known.
  @inlinable
  public init() {}

  /// True when nothing is known.
  @inlinable
  public var isEmpty: Bool {
    droppedAttributes | droppedEvents | droppedLinks | invalidParent.index | UInt32(upperFlags) == 0
  }
}
