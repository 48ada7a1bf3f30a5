import TestSupport
import Testing
import TraceModel

@Suite("Assembly, over random traces")
struct AssemblyPropertyTests {
  private func options(_ change: (inout AssemblyOptions) -> Void) -> AssemblyOptions {
    var options = AssemblyOptions()
    change(&options)
    return options
  }

  @Test("order, self times and critical paths of random trees are those of the naive rules")
  func naive() {
    var random = SeededGenerator(seed: 1)
    for round in 0..<1_500 {
      let drafts = RandomTraces.tree(&random)
      let naive = NaiveReference(drafts)
      for rule in CriticalPathRule.allCases {
        let store = SpanStore.of(drafts.shuffled(using: &random))
        let result = AssembledTrace(
          store,
          options {
            $0.skew = .off; $0.criticalPath = rule
          })
        let trace = result.trace
        #expect(trace.spans.map(\.record.spanID.rawValue) == naive.order(from: 1), "round \(round)")
        let path = trace.criticalPath.map {
          [Int64(trace.spans[Int($0.span)].record.spanID.rawValue), $0.start.rawValue, $0.end.rawValue]
        }
        #expect(path == naive.path(isStrict: rule == .strict), "round \(round), \(rule)")
        for span in trace.spans {
          let draft = drafts[Int(span.record.spanID.rawValue) - 1]
          #expect(span.selfTime.rawValue == naive.selfTime(of: draft), "round \(round), span \(draft.id)")
        }
      }
    }
  }

  @Test("whatever the input: every span once, self time within bounds, sections tile their roots")
  func promises() {
    var random = SeededGenerator(seed: 2)
    for round in 0..<2_500 {
      let drafts = RandomTraces.broken(&random)
      let choice = options {
        $0.skew = SkewRule.allCases.randomElement(using: &random) ?? .auto
        $0.criticalPath = CriticalPathRule.allCases.randomElement(using: &random) ?? .inclusive
        $0.strictTraceID = Bool.random(using: &random)
      }
      let walk = TraceWalk(SpanStore.of(drafts, readers: 2), options: choice, threads: 1)
      let outcome = walk.walk(makeState: { [String]() }) { problems, trace in
        problems += Promises.broken(by: trace, choice)
      }
      #expect(outcome.states.flatMap(\.self).isEmpty, "round \(round)")
      let totals = outcome.totals
      #expect(
        totals.spans + totals.duplicateSpans + totals.fusedSpans == drafts.count, "round \(round)")
      #expect(totals.duplicatesByArchive.reduce(0, +) == totals.duplicateSpans, "round \(round)")
    }
  }

  @Test("order of input, readers, partitions and threads change nothing")
  func arrangement() {
    var random = SeededGenerator(seed: 3)
    for round in 0..<1_000 {
      var drafts: [SpanDraft] = []
      for number in 1...Int.random(in: 1...4, using: &random) {
        drafts += RandomTraces.broken(&random).map { draft in
          draft.with { $0.trace.low = UInt64(number) }
        }
      }
      let rule = SkewRule.allCases.randomElement(using: &random) ?? .auto
      let choice = options { $0.skew = rule }
      let plain = dump(TraceWalk(SpanStore.of(drafts), options: choice, threads: 1, partitionBits: 0))
      let arranged = SpanStore.of(drafts.shuffled(using: &random), readers: 3)
      let bits = Int.random(in: 0...6, using: &random)
      let other = dump(TraceWalk(arranged, options: choice, threads: 2, partitionBits: bits))
      let difference = zip(plain, other).first { $0 != $1 }.map { "\($0) | \($1)" }
      #expect(plain.count == other.count && difference == nil, "round \(round): \(difference ?? "")")
    }
  }

  private func dump(_ walk: TraceWalk) -> [String] {
    let store = walk.store
    let outcome = walk.walk(withWarnings: true, makeState: { [String]() }) { lines, trace in
      lines += TraceDump.lines(trace, store).map { "\(trace.id) \($0)" }
    }
    return outcome.states.flatMap(\.self).sorted()
  }
}

/// Everything of a trace that is printed.
enum TraceDump {
  static func lines(_ trace: Trace, _ store: SpanStore) -> [String] {
    var lines = [
      "\(trace.id) \(trace.start.rawValue) \(trace.end.rawValue) root \(trace.primaryRoot) \(trace.roots)"
        + " \(trace.isComplete) \(trace.depth) \(trace.duplicateSpans) \(trace.fusedSpans)"
    ]
    for span in trace.spans {
      lines.append(
        "\(span.record.spanID) \(span.parent) \(span.depth) \(span.childCount) #\(span.ordinal)"
          + " \(store.symbols.text(span.service)) \(store.symbols.text(span.record.name)) \(span.record.kind.name)"
          + " \(span.start.rawValue) \(span.end.rawValue) \(span.adjustedBy.rawValue) \(span.selfTime.rawValue)"
          + " \(span.criticalPathTime.rawValue) \(span.traits.rawValue) \(span.record.status.name)")
    }
    for section in trace.criticalPath {
      lines.append("\(section.span) \(section.start.rawValue) \(section.end.rawValue)")
    }
    for warning in trace.warnings {
      lines.append("\(warning.code.rawValue) \(warning.span ?? -1) \(warning.message)")
    }
    return lines.enumerated().map { "\($0) \($1)" }
  }
}

/// What holds for every trace, however broken its input.
enum Promises {
  static func broken(by trace: Trace, _ options: AssemblyOptions) -> [String] {
    var problems: [String] = []
    func demand(_ holds: Bool, _ text: @autoclosure () -> String) {
      if !holds { problems.append(text()) }
    }
    demand(!trace.spans.isEmpty, "no spans")
    demand(trace.roots == trace.spans.indices.filter { trace.spans[$0].isRoot }, "roots")
    demand(trace.depth == (trace.spans.map { Int($0.depth) + 1 }.max() ?? 0), "depth")
    for (place, span) in trace.spans.enumerated() {
      demand(span.start <= span.end, "times of \(place)")
      demand(span.selfTime >= .zero && span.selfTime <= span.duration, "self time of \(place)")
      demand(Int(span.parent) < place, "parent of \(place)")
      demand(trace.start <= span.start && span.end <= trace.end, "trace interval")
      if span.parent >= 0 {
        let parent = trace.spans[Int(span.parent)]
        demand(parent.depth + 1 == span.depth, "depth of \(place)")
        demand(parent.subtreeEnd >= span.subtreeEnd, "end of \(place)")
      }
      demand(Array(trace.children(of: place)).count == Int(span.childCount), "children of \(place)")
      if options.skew == .off { demand(span.adjustedBy == .zero, "shift of \(place)") }
    }
    problems += brokenPaths(of: trace, options)
    problems += repeatedNames(in: trace)
    return problems
  }

  /// The sections of each root, in order, cover it without gap or overlap.
  private static func brokenPaths(of trace: Trace, _ options: AssemblyOptions) -> [String] {
    var covered: [Int: [CriticalPathSection]] = [:]
    // Parents come before their children.
    var roots: [Int] = []
    for (place, span) in trace.spans.enumerated() {
      roots.append(span.parent < 0 ? place : roots[Int(span.parent)])
    }
    for section in trace.criticalPath { covered[roots[Int(section.span)], default: []].append(section) }
    return trace.roots.compactMap { root in
      let span = trace.spans[root]
      if options.criticalPath == .strict, span.traits.contains(.orphan) {
        return covered[root] == nil ? nil : "an orphan's path"
      }
      var reached = span.start
      for section in covered[root] ?? [] {
        if section.start != reached || section.end <= section.start { return "a gap below root \(root)" }
        let owner = trace.spans[Int(section.span)]
        if section.start < owner.start || section.end > owner.end { return "a section outside its span" }
        reached = section.end
      }
      return reached == span.end ? nil : "the path of root \(root) does not reach its end"
    }
  }

  private static func repeatedNames(in trace: Trace) -> [String] {
    let names = trace.spans.map {
      "\($0.record.spanID) \($0.traits.contains(.shared)) \($0.ordinal)"
    }
    return Set(names).count == names.count ? [] : ["(span id, shared, ordinal) is not unique"]
  }
}
