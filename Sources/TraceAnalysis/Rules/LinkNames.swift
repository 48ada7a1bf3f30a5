import Synchronization
import TraceModel

/// The names of both ends of links: those of the archives, and those that a rule makes.
final class LinkNames {
  let store: SpanStore
  private var own: OwnTexts
  /// How many texts were looked for among them.
  private var asked = 0

  /// What was touched of texts in files since they were let go of.
  private let touched: Mutex<TouchedRegions>

  /// After so many texts of links' own, their pages are let go of.
  private static let textsInMemory = 1 << 12

  init(_ store: SpanStore) {
    self.store = store
    touched = Mutex(TouchedRegions(in: store.spill))
    own = OwnTexts(after: store.symbols.count)
  }

  /// The symbol of a text, one for equal texts.
  func symbol(_ text: String) -> Symbol {
    if let known = store.symbols.find(text) {
      noteLook(at: known)
      return known
    }
    let symbol = own.symbol(text)
    asked &+= 1
    if let space = store.spill?.forTable(bytes: own.byteCount) {
      own.moveToFiles(in: space)
      if asked % Self.textsInMemory == 0 { own.leaveMemory() }
    }
    return symbol
  }

  /// The symbol of the same text that is one for equal texts.
  func distinct(_ symbol: Symbol) -> Symbol {
    symbol.isLone ? self.symbol(text(symbol)) : symbol
  }

  /// The symbol of the text of another's symbol, which `own` remembers.
  func symbol(
    _ symbol: Symbol, of texts: borrowing OwnTexts, _ own: inout [UInt32: Symbol]
  ) -> Symbol {
    guard texts.isOwn(symbol) else { return symbol }
    if let known = own[symbol.index] { return known }
    let known = self.symbol(texts.text(symbol, in: store))
    own[symbol.index] = known
    return known
  }

  /// The text of a symbol.
  func text(_ symbol: Symbol) -> String {
    noteLook(at: symbol)
    return own.text(symbol, in: store)
  }

  /// Below, at or above zero as texts are in the order of bytes; any thread may ask.
  func compare(_ left: Symbol, _ right: Symbol) -> Int {
    if left == right { return 0 }
    noteLook(at: left)
    noteLook(at: right)
    return own.compare(left, right, in: store)
  }

  /// Lets go of pages now and then, as texts are looked at that lie anywhere.
  private func noteLook(at symbol: Symbol) {
    guard store.isSpilled else { return }
    let areTooMany = touched.withLock { touched in
      let place = own.lengthAddress(of: symbol, in: store)
      return touched.areTooMany(with: place) || touched.areTooMany(with: own.bytes(symbol, in: store))
    }
    if areTooMany { leaveMemory() }
  }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() {
    store.leaveMemory()
    own.leaveMemory()
  }
}
