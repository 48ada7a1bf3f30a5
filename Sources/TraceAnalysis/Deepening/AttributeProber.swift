import TraceModel

/// Finds out which values of attributes the requests of each set carry; one for all threads, since the values of many
/// attributes take memory.
struct AttributeProber: ~Copyable {
  private let store: SpanStore
  private var reader: AttributeReader
  private var counter: AttributeCounter
  private var texts: OwnTexts

  init(_ plan: ProbePlan, _ store: SpanStore) {
    self.store = store
    reader = AttributeReader(store)
    counter = AttributeCounter(sets: plan.sets)
    texts = OwnTexts(after: store.symbols.count)
  }

  /// Counts a trace in sets, given by their numbers in the plan.
  mutating func look(at trace: Trace, for sets: [Int]) {
    reader.read(trace, into: &counter, &texts)
    for set in sets { counter.count(in: set) }
    if let space = store.spill?.forTable(bytes: texts.byteCount) {
      texts.moveToFiles(in: space)
      texts.leaveMemory()
    }
  }

  /// What was found out; names are symbols of the run.
  func rows() -> [AttributeRow] { counter.rows() }

  /// The name of a symbol of these rows.
  func name(_ symbol: Symbol) -> String { texts.name(symbol, in: store) }
}
