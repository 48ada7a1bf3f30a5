import TraceModel

/// Answers the questions of all policies about one trace after another, as the Collector would: raw times, reported
/// status, spans in the order in which they were read.
///
/// One serves one thread.
struct TraceExaminer {
  private let list: QuestionList
  private let store: SpanStore
  private var memory = PatternMemory()
  private var stateAnswers: [UInt32: [Int]] = [:]

  init(_ list: QuestionList, _ store: SpanStore) {
    self.list = list
    self.store = store
  }

  /// Appends the answers about a trace, `list.words` words.
  mutating func appendAnswers(about trace: Trace, to answers: inout [UInt64]) {
    let start = answers.count
    for _ in 0..<list.words { answers.append(0) }
    guard !list.questions.isEmpty else { return }
    var sums = TraceSums()
    for span in trace.spans {
      sums.add(span.record)
      askAttributes(of: span, in: trace, start, &answers)
      if !list.traceStates.isEmpty, span.record.presence.contains(.traceState) {
        let state = trace.traceState(of: span, in: store)
        for number in numbers(forState: state) { Self.set(number, start, &answers) }
      }
      if !list.conditions.isEmpty { askConditions(span, trace, start, &answers) }
    }
    for (number, question) in list.questions.enumerated() where isYes(question, sums, trace) {
      Self.set(number, start, &answers)
    }
    for (number, hashStart, bound) in list.hashes
    where CollectorHash.bits64(hashStart, trace.id) <= bound {
      Self.set(number, start, &answers)
    }
  }

  private static func set(_ number: Int, _ start: Int, _ answers: inout [UInt64]) {
    answers[start + number >> 6] |= 1 << UInt64(number & 63)
  }

  private static func isSet(_ number: Int, _ start: Int, _ answers: [UInt64]) -> Bool {
    answers[start + number >> 6] >> UInt64(number & 63) & 1 == 1
  }

  private mutating func askAttributes(
    of span: TraceSpan, in trace: Trace, _ start: Int, _ answers: inout [UInt64]
  ) {
    guard list.slotOfKey.count > 0 else { return }
    let resource = Int(span.record.resource) * list.words
    for word in 0..<list.words { answers[start + word] |= list.resourceAnswers[resource + word] }
    trace.withAttributes(of: span, in: store) { attributes in
      for attribute in attributes {
        let slot = Int(list.slotOfKey[Int(attribute.key.index)])
        guard slot > 0 else { continue }
        for question in list.keyQuestions[slot - 1]
        where memory.answer(question, attribute, table: span.record.table, store) {
          Self.set(question.number, start, &answers)
        }
      }
    }
  }

  /// The questions about trace states that a trace state answers with yes.
  private mutating func numbers(forState state: Symbol) -> [Int] {
    if let known = stateAnswers[state.index] { return known }
    var numbers: [Int] = []
    if let parsed = TraceState(store.symbols.text(state)) {
      numbers = list.traceStates.filter { question in
        parsed[question.key].map { question.values.contains($0) } ?? false
      }.map(\.number)
    }
    if stateAnswers.count >= 10_000 { stateAnswers.removeAll() }
    stateAnswers[state.index] = numbers
    return numbers
  }

  private func askConditions(
    _ span: TraceSpan, _ trace: Trace, _ start: Int, _ answers: inout [UInt64]
  ) {
    for (number, spans, events) in list.conditions where !Self.isSet(number, start, answers) {
      var subject = PreparedCondition.Subject(trace: trace, span: span, event: nil, store: store)
      var isYes = spans.contains { $0.holds(for: subject) }
      if !isYes, !events.isEmpty {
        for event in trace.events(of: span, in: store) where !isYes {
          subject.event = event
          isYes = events.contains { $0.holds(for: subject) }
        }
      }
      if isYes { Self.set(number, start, &answers) }
    }
  }

  private func isYes(_ question: PolicyQuestion, _ sums: TraceSums, _ trace: Trace) -> Bool {
    switch question {
    case .always: true
    case .latency(let threshold, 0): sums.milliseconds >= threshold
    case .latency(let threshold, let upper): isWithin(threshold, upper, trace)
    case .status(let statuses): statuses.contains { sums.statuses >> $0.rawValue & 1 == 1 }
    case .spanCount(let least, let greatest):
      Int64(trace.spans.count) >= least && (greatest == 0 || Int64(trace.spans.count) <= greatest)
    case .sampledFlag: sums.hasSampledFlag
    case .number, .hash, .text, .boolean, .traceState, .conditions: false
    }
  }

  /// Asked after every span, so that it may hold for the first spans and not for all.
  private func isWithin(_ threshold: Int64, _ upper: Int64, _ trace: Trace) -> Bool {
    let records = trace.spans.map(\.record).sorted {
      ($0.archive, $0.archiveOffset) < ($1.archive, $1.archiveOffset)
    }
    var sums = TraceSums()
    return records.contains { record in
      sums.add(record)
      return threshold < sums.milliseconds && sums.milliseconds <= upper
    }
  }
}

/// What questions about a whole trace need, summed up span by span.
struct TraceSums {
  /// A bit for each reported status.
  private(set) var statuses: UInt8 = 0
  private(set) var hasSampledFlag = false
  private(set) var bytes: Int64 = 0
  /// Least start and greatest end as the Collector holds them: 0 is replaced by whatever comes.
  private var least: Int64 = 0
  private(set) var greatest: Int64 = 0

  mutating func add(_ record: SpanRecord) {
    statuses |= 1 << record.reportedStatus.rawValue
    if record.lowerFlags & 1 == 1 { hasSampledFlag = true }
    bytes &+= Int64(record.byteCount)
    if least == 0 || record.start.rawValue < least { least = record.start.rawValue }
    let end = record.reportedEnd
    if greatest == 0 || end > greatest { greatest = end }
  }

  /// Whole milliseconds from least start to greatest end.
  var milliseconds: Int64 {
    let (difference, overflow) = greatest.subtractingReportingOverflow(least)
    return (overflow ? (greatest < 0 ? Int64.min : Int64.max) : difference) / 1_000_000
  }
}
