import TestSupport
import TraceModel

/// Random traces with every kind of span, failures, messages, orphans and attributes.
enum RandomTraces {
  static func drafts(seed: UInt64, traces: Int, names: [String]? = nil) -> [SpanDraft] {
    var random = SeededGenerator(seed: seed)
    var drafts: [SpanDraft] = []
    for trace in 0..<traces {
      drafts += one(UInt64(trace + 1), &random, names ?? (0..<6).map { "service-\($0)" })
    }
    return drafts
  }

  private static func one(
    _ number: UInt64, _ random: inout SeededGenerator, _ names: [String]
  ) -> [SpanDraft] {
    let kinds: [SpanKind] = [.server, .client, .internal, .producer, .consumer, .unspecified]
    var drafts: [SpanDraft] = []
    let origin = TraceBuilder.origin + Int64(random.next() % 100_000) * 10_000_000
    for place in 0..<Int(random.next() % 12 + 1) {
      let above = drafts.isEmpty ? nil : drafts[Int(random.next() % UInt64(drafts.count))]
      let start = (above?.start ?? origin) + Int64(random.next() % 5_000_000)
      var draft = SpanDraft(
        UInt64(place + 1), parent: above?.id ?? 0, start, start + Int64(random.next() % 20_000_000))
      draft.trace = TraceID(high: 7, low: number)
      draft.service = pick(names, &random)
      draft.name = "\(pick(names, &random)) \(random.next() % 3)"
      draft.kind = pick(kinds, &random)
      if random.next() % 5 == 0 { draft.status = .error }
      if random.next() % 20 == 0, place > 0 { draft.parent = 999 }
      if random.next() % 3 == 0 { draft.attributes.append(("peer.service", pick(names, &random))) }
      if random.next() % 4 == 0 { draft.attributes.append(("db.system", pick(names, &random))) }
      if random.next() % 4 == 0 {
        draft.attributes.append(("exception.message", pick(names, &random) + " 4711"))
      }
      if draft.kind == .consumer, random.next() % 2 == 0 {
        draft.references.append((.link, TraceID(high: 7, low: random.next() % 20), random.next() % 12))
      }
      drafts.append(draft)
    }
    return drafts
  }

  private static func pick<Element>(_ all: [Element], _ random: inout SeededGenerator) -> Element {
    all[Int(random.next() % UInt64(all.count))]
  }
}
