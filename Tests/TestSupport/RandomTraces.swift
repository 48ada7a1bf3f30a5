import TraceModel

/// Random traces: well formed ones for exact rules, broken ones for promises that hold on any input.
package enum RandomTraces {
  /// A tree with unique ids and known times; children may lie anywhere about their parents.
  package static func tree(_ random: inout SeededGenerator, spans: ClosedRange<Int> = 1...30) -> [SpanDraft] {
    let count = Int.random(in: spans, using: &random)
    let reach = Int64.random(in: 3...40, using: &random)
    return (0..<count).map { number in
      let parent = number == 0 ? 0 : UInt64.random(in: 1...UInt64(number), using: &random)
      let start = Int64.random(in: 0...reach, using: &random)
      let length = Int64.random(in: 0...max(1, reach - start), using: &random)
      var draft = SpanDraft(UInt64(number + 1), parent: parent, time(start), time(start + length))
      draft.name = "span \(number + 1)"
      draft.kind =
        [SpanKind.internal, .client, .server, .producer, .consumer].randomElement(using: &random) ?? .internal
      draft.status = Int.random(in: 0..<5, using: &random) == 0 ? .error : .unset
      return draft
    }
  }

  /// Records with everything wrong that can be: repeated, absent and circular ids, absent and hostile times, halves and
  /// fragments, hosts apart.
  package static func broken(_ random: inout SeededGenerator) -> [SpanDraft] {
    let count = Int.random(in: 1...24, using: &random)
    let ids = UInt64.random(in: 1...UInt64(count + 4), using: &random)
    var drafts: [SpanDraft] = []
    for _ in 0..<count {
      if !drafts.isEmpty, Int.random(in: 0..<8, using: &random) == 0 {
        drafts.append(drafts.randomElement(using: &random) ?? drafts[0])
      } else {
        drafts.append(brokenSpan(ids: ids, &random))
      }
    }
    return drafts
  }

  private static func brokenSpan(ids: UInt64, _ random: inout SeededGenerator) -> SpanDraft {
    func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
    let start = Int64.random(in: 0...12, using: &random)
    var draft = SpanDraft(
      UInt64.random(in: 1...ids, using: &random), parent: UInt64.random(in: 0...ids + 1, using: &random),
      time(start), time(start + Int64.random(in: 0...9, using: &random)))
    draft.kind = SpanKind.allCases.randomElement(using: &random) ?? .internal
    draft.service = ["", "cart", "shop"].randomElement(using: &random) ?? ""
    draft.name = ["", "get", "put"].randomElement(using: &random) ?? ""
    draft.status = chance(5) ? .error : .unset
    if chance(2) { draft.traits.insert(.zipkin) }
    if chance(4) { draft.traits.insert(.shared) }
    if chance(3) { draft.ipv4 = ["10.0.0.1", "10.0.0.2"].randomElement(using: &random) ?? "" }
    if chance(6) { draft.port = 80 }
    if chance(2) { draft.resource = [("host.name", ["a", "b", "c"].randomElement(using: &random) ?? "a")] }
    breakTimes(of: &draft, &random)
    if chance(6) { addReferences(to: &draft, ids, &random) }
    if chance(10) { draft.trace = TraceID(high: 7, low: draft.trace.low) }
    return draft
  }

  private static func breakTimes(of draft: inout SpanDraft, _ random: inout SeededGenerator) {
    switch Int.random(in: 0..<14, using: &random) {
    case 0:
      draft.start = 0
      draft.end = 0
      draft.traits.insert(.missingEnd)
    case 1:
      draft.end = Int64.random(in: 0...5, using: &random) * 1_000_000
      draft.start = 0
      draft.traits.insert(.durationOnly)
    case 2: draft.start = 0
    case 3:
      draft.end = draft.start
      draft.traits.insert(.missingEnd)
    case 4:
      draft.end = draft.start
      draft.traits.insert(.negativeDuration)
    case 5: swap(&draft.start, &draft.end)
    case 6:
      draft.start = [1, .max - 3, -5, .min].randomElement(using: &random) ?? 1
      draft.end = [.max, .min, 0, 9].randomElement(using: &random) ?? 1
    default: break
    }
  }

  private static func addReferences(to draft: inout SpanDraft, _ ids: UInt64, _ random: inout SeededGenerator)
  {
    draft.traits.insert(.references)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let kind: SpanLinkKind = Bool.random(using: &random) ? .childOf : .followsFrom
      let trace = Bool.random(using: &random) ? draft.trace : TraceID(high: 1, low: 1)
      draft.references.append((kind, trace, UInt64.random(in: 0...ids, using: &random)))
    }
  }

  private static func time(_ column: Int64) -> Int64 { TraceBuilder.origin + column * TraceBuilder.column }
}
