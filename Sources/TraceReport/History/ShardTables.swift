import TraceAnalysis
import TraceModel

/// The texts, operations and attribute values of one file of search, each once and ordered by its text.
struct ShardTables {
  private let store: SpanStore
  private let keys: Set<UInt32>
  private let longestText: Int

  /// What is shown of a symbol; several symbols may be shown alike.
  private var texts: [UInt32: String] = [:]
  private var operations: Set<IndexedTrace.Operation> = []
  private var attributes: Set<IndexedTrace.Attribute> = []

  private var names: [String] = []
  private var nameNumbers: [String: Int64] = [:]
  private var pairs: [Pair] = []
  private var pairNumbers: [IndexedTrace.Operation: Int64] = [:]
  private var values: [String] = []
  private var valueNumbers: [IndexedTrace.Attribute: Int64] = [:]

  private struct Pair: Hashable, Comparable {
    var service: Int64
    var name: Int64

    static func < (left: Self, right: Self) -> Bool {
      (left.service, left.name) < (right.service, right.name)
    }
  }

  init(store: SpanStore, keys: Set<UInt32>, longestText: Int) {
    self.store = store
    self.keys = keys
    self.longestText = longestText
  }

  mutating func collect(_ trace: IndexedTrace) {
    for operation in [trace.root] + trace.operations + trace.failing {
      guard operations.insert(operation).inserted else { continue }
      note(operation.service)
      note(operation.name)
    }
    note(trace.errorText)
    for attribute in trace.attributes where keys.contains(attribute.key.index) {
      attributes.insert(attribute)
    }
  }

  private mutating func note(_ symbol: Symbol) {
    if texts[symbol.index] == nil {
      texts[symbol.index] = VisibleText.plain(store.symbols.text(symbol), limit: longestText)
    }
  }

  /// Numbers everything that was collected.
  mutating func number() {
    names = Set(texts.values).union([""]).sorted()
    for (number, name) in names.enumerated() { nameNumbers[name] = Int64(number) }
    let made = operations.map { operation in
      (operation, Pair(service: name(operation.service), name: name(operation.name)))
    }
    pairs = Set(made.map(\.1)).sorted()
    let places = Dictionary(
      pairs.enumerated().map { ($1, Int64($0)) }, uniquingKeysWith: { first, _ in first })
    for (operation, pair) in made { pairNumbers[operation] = places[pair] }
    let shown = attributes.map { ($0, text($0)) }
    values = Set(shown.map(\.1)).sorted()
    let numbers = Dictionary(
      values.enumerated().map { ($1, Int64($0)) }, uniquingKeysWith: { first, _ in first })
    for (attribute, text) in shown { valueNumbers[attribute] = numbers[text] }
  }

  private func name(_ symbol: Symbol) -> Int64 { nameNumbers[texts[symbol.index] ?? ""] ?? 0 }

  private func text(_ attribute: IndexedTrace.Attribute) -> String {
    let value =
      switch attribute.type {
      case .text: attribute.text.map { store.symbols.text($0) } ?? ""
      case .boolean: attribute.payload == 0 ? "false" : "true"
      default: String(attribute.payload)
      }
    return VisibleText.plain(store.symbols.text(attribute.key) + "=" + value)
  }

  func number(of symbol: Symbol) -> Int64 { name(symbol) }

  func number(of operation: IndexedTrace.Operation) -> Int64 { pairNumbers[operation] ?? 0 }

  /// Nil for a key that has too many values.
  func number(of attribute: IndexedTrace.Attribute) -> Int64? { valueNumbers[attribute] }

  /// Writes the tables: `names`, `operations` as service, name, service, name, …, and `attributes`.
  func write(to json: inout JSONWriter) {
    json.array("names", names) { $0.string($1) }
    json.key("operations")
    json.array { json in
      for pair in pairs {
        json.integer(pair.service)
        json.integer(pair.name)
      }
    }
    json.array("attributes", values) { $0.string($1) }
  }
}
