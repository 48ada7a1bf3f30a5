import TraceModel

/// The distinct questions of all policies, prepared for the texts of a store; read by all threads.
///
/// Policies that are compared mostly ask the same things: each is answered once.
final class QuestionList: Sendable {
  /// The questions in the order in which they were first met.
  let questions: [PolicyQuestion]
  /// Words of 64 answers that one trace takes.
  let words: Int
  /// By the number of a key's symbol: 1 + the place of what is asked about it, 0 for nothing.
  let slotOfKey: Column<UInt16>
  /// What is asked about each key.
  let keyQuestions: [[AttributeQuestion]]
  /// What the resources answer, `words` for each.
  let resourceAnswers: Column<UInt64>
  /// Numbers of the questions of each kind.
  let asksLatencyInOrder: Bool
  let conditions: [(number: Int, spans: [PreparedCondition], events: [PreparedCondition])]
  let traceStates: [(number: Int, key: String, values: Set<String>)]
  let hashes: [(number: Int, start: UInt64, bound: UInt64)]
  private let numbers: [PolicyQuestion: Int]

  /// What is asked about the value of an attribute.
  struct AttributeQuestion: Sendable {
    var number: Int
    var test: ValueTest
  }

  /// What a value is compared with.
  enum ValueTest: Sendable {
    case number(ClosedRange<Int64>)
    case boolean(Bool)
    /// Texts, and the symbols of those that the archives have.
    case texts(Set<String>, symbols: Set<UInt32>)
    case patterns([TextPattern])
    case never
  }

  init(_ policies: [SamplingPolicy], store: SpanStore) {
    var distinct: [PolicyQuestion] = []
    var numbers: [PolicyQuestion: Int] = [:]
    for question in policies.flatMap(\.questions) where numbers[question] == nil {
      numbers[question] = distinct.count
      distinct.append(question)
    }
    questions = distinct
    self.numbers = numbers
    words = max(1, (distinct.count + 63) / 64)
    var slots = Column<UInt16>()
    keyQuestions = Self.attributeQuestions(distinct, store, &slots)
    asksLatencyInOrder = distinct.contains { question in
      if case .latency(_, let upper) = question { return upper != 0 }
      return false
    }
    conditions = distinct.enumerated().compactMap { number, question in
      guard case .conditions(let spans, let events) = question else { return nil }
      return (
        number, spans.map { PreparedCondition($0, store) }, events.map { PreparedCondition($0, store) }
      )
    }
    traceStates = distinct.enumerated().compactMap { number, question in
      guard case .traceState(let key, let values) = question else { return nil }
      return (number, key, Set(values.filter { key.utf8.count + $0.utf8.count < 256 }))
    }
    hashes = distinct.enumerated().compactMap { number, question in
      guard case .hash(let salt, let bound) = question else { return nil }
      return (number, CollectorHash.start64(salt: salt), bound)
    }
    resourceAnswers = Self.resourceAnswers(words, slots, keyQuestions, store)
    slotOfKey = slots
  }

  /// Lets go of the pages of tables that are in files.
  func leaveMemory() {
    slotOfKey.leaveMemory()
    resourceAnswers.leaveMemory()
  }

  /// The number of a question; every question of the policies has one.
  func number(of question: PolicyQuestion) -> Int { numbers[question] ?? 0 }

  private static func attributeQuestions(
    _ questions: [PolicyQuestion], _ store: SpanStore, _ slots: inout Column<UInt16>
  ) -> [[AttributeQuestion]] {
    var lists: [[AttributeQuestion]] = []
    for (number, question) in questions.enumerated() {
      guard let (key, test) = valueTest(question, store), let symbol = store.symbols.find(key) else {
        continue
      }
      if slots.count == 0 {
        let count = store.symbols.count
        slots = Column(zeroes: count, in: store.spill?.forTable(bytes: 2 * count))
      }
      if slots[Int(symbol.index)] == 0 {
        guard lists.count < Int(UInt16.max) else { continue }
        lists.append([])
        slots[Int(symbol.index)] = UInt16(lists.count)
      }
      lists[Int(slots[Int(symbol.index)]) - 1].append(AttributeQuestion(number: number, test: test))
    }
    return lists
  }

  private static func valueTest(_ question: PolicyQuestion, _ store: SpanStore) -> (String, ValueTest)? {
    switch question {
    case .number(let key, let least, let greatest, _):
      (key, least <= greatest ? .number(least...greatest) : .never)
    case .boolean(let key, let value, _): (key, .boolean(value))
    case .text(let key, let values, false, _):
      (key, .texts(Set(values), symbols: Set(values.compactMap { store.symbols.find($0)?.index })))
    case .text(let key, let values, true, _): (key, .patterns(values.compactMap(TextPattern.init)))
    default: nil
    }
  }

  private static func resourceAnswers(
    _ words: Int, _ slots: borrowing Column<UInt16>, _ questions: [[AttributeQuestion]], _ store: SpanStore
  ) -> Column<UInt64> {
    guard slots.count > 0 else { return Column() }
    let count = words * store.resources.count
    var answers = Column<UInt64>(zeroes: count, in: store.spill?.forTable(bytes: 8 * count))
    var memory = PatternMemory()
    for number in 0..<store.resources.count {
      if RowStretch.ends(behind: number) {
        answers.leaveMemory()
        store.leaveMemory()
      }
      let resource = store.resources[number]
      for attribute in store.attributes(of: resource) {
        let slot = Int(slots[Int(attribute.key.index)])
        guard slot > 0 else { continue }
        for question in questions[slot - 1]
        where memory.answer(question, attribute, table: resource.table, store) {
          answers[number * words + question.number >> 6] |= 1 << UInt64(question.number & 63)
        }
      }
    }
    return answers
  }
}

/// What patterns said of texts that were met before.
struct PatternMemory {
  private var known: [UInt64: Bool] = [:]
  /// So many words of answers are remembered, since hostile archives have as many texts as they like.
  static let most = 100_000

  /// Whether the value of an attribute is what a question asks for.
  ///
  /// A value of another type reads as 0, false or the empty text, as in the Collector.
  mutating func answer(
    _ question: QuestionList.AttributeQuestion, _ attribute: Attribute, table: UInt16, _ store: SpanStore
  ) -> Bool {
    switch question.test {
    case .never: return false
    case .number(let range):
      guard attribute.type == .smallInteger || attribute.type == .integer,
        case .integer(let value) = store.value(of: attribute, table: table)
      else { return range.contains(0) }
      return range.contains(value)
    case .boolean(let wanted):
      return (attribute.type == .boolean && attribute.payload != 0) == wanted
    case .texts(let texts, let symbols):
      guard attribute.type == .text, attribute.payload != 0 else { return false }
      let value = Symbol(attribute.payload)
      return value.isLone
        ? texts.contains(store.symbols.text(value)) : symbols.contains(attribute.payload)
    case .patterns(let patterns):
      guard attribute.type == .text, attribute.payload != 0 else { return false }
      let key = UInt64(question.number) << 32 | UInt64(attribute.payload)
      if let answer = known[key] { return answer }
      let text = store.symbols.text(Symbol(attribute.payload))
      let answer = patterns.contains { $0.isFound(in: text) }
      if known.count >= Self.most { known.removeAll() }
      known[key] = answer
      return answer
    }
  }
}
