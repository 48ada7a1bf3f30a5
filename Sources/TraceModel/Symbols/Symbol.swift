/// A text held in a `SymbolTable`, named by its number there.
///
/// Two symbols of one table are equal if and only if their texts are, unless one is lone: values of attributes may be
/// (see `SymbolTable.areEqual`), names and keys never. Numbers depend on reading order, so nothing that is printed may
/// be ordered by them: order by text. Number 0 is the empty text in every table.
@frozen
public struct Symbol: Hashable, BitwiseCopyable, Sendable {
  /// The number of the text in its table.
  public var index: UInt32

  /// The empty text.
  public static let empty = Symbol(0)

  /// Makes a symbol of its number.
  @inlinable
  public init(_ index: UInt32) { self.index = index }

  /// The symbol of a text that is stored as often as it was read.
  ///
  /// - `place`: below 2³¹.
  @inlinable
  init(lone place: UInt32) { index = 1 << 31 | place }

  /// True when other symbols may stand for the same text.
  @inlinable
  public var isLone: Bool { index >> 31 == 1 }

  /// True for the empty text.
  @inlinable
  public var isEmpty: Bool { index == 0 }
}
