import TestSupport
import TraceModel

/// The rules once more, written for clarity and nothing else: recursive and quadratic.
struct NaiveReference {
  let drafts: [SpanDraft]
  private var fits: [UInt64: (start: Int64, end: Int64)] = [:]

  /// - Parameter drafts: a tree: unique ids, every parent present, the root first.
  init(_ drafts: [SpanDraft]) {
    self.drafts = drafts
    fit(drafts[0], nil)
  }

  func children(of id: UInt64) -> [SpanDraft] {
    drafts.filter { $0.parent == id }.sorted { ($0.start, $0.id) < ($1.start, $1.id) }
  }

  /// Ids depth first.
  func order(from id: UInt64) -> [UInt64] { [id] + children(of: id).flatMap { order(from: $0.id) } }

  /// The moments of a span, one a column, at which no child runs.
  func selfTime(of span: SpanDraft) -> Int64 {
    stride(from: span.start, to: span.end, by: Int(TraceBuilder.column)).reduce(into: 0) { sum, moment in
      let isCovered = children(of: span.id).contains { $0.start <= moment && moment < $0.end }
      if !isCovered { sum += TraceBuilder.column }
    }
  }

  private mutating func fit(_ span: SpanDraft, _ parent: (start: Int64, end: Int64)?) {
    var interval = (start: span.start, end: span.end)
    if let parent {
      if span.start >= parent.end || (span.start < parent.start && span.end <= parent.start) { return }
      interval = (max(span.start, parent.start), min(span.end, parent.end))
    }
    fits[span.id] = interval
    for child in children(of: span.id) { fit(child, interval) }
  }

  /// The sections of the path from first to last, as (id, start, end).
  func path(isStrict: Bool) -> [[Int64]] {
    guard let fit = fits[drafts[0].id] else { return [] }
    var sections: [[Int64]] = []
    walk(drafts[0], limit: fit.end, isStrict, &sections)
    return sections
  }

  private func walk(_ span: SpanDraft, limit: Int64, _ isStrict: Bool, _ sections: inout [[Int64]]) {
    guard let own = fits[span.id] else { return }
    var limit = limit
    var isFirst = true
    var left = children(of: span.id).filter { child in
      fits[child.id] != nil && !(child.kind == .consumer && span.kind == .producer)
    }
    while true {
      let candidates = left.enumerated().filter { _, child in
        guard let fit = fits[child.id] else { return false }
        return isStrict ? isFirst || fit.end < limit : fit.start < fit.end && fit.end <= limit
      }
      let best = candidates.min { one, other in
        guard let a = fits[one.element.id], let b = fits[other.element.id] else { return false }
        return (-a.end, a.start, one.offset) < (-b.end, b.start, other.offset)
      }
      guard let best, let fit = fits[best.element.id] else { break }
      isFirst = false
      left.remove(at: best.offset)
      emit(span, fit.end, limit, &sections)
      walk(best.element, limit: fit.end, isStrict, &sections)
      limit = fit.start
    }
    emit(span, own.start, limit, &sections)
  }

  private func emit(_ span: SpanDraft, _ start: Int64, _ end: Int64, _ sections: inout [[Int64]]) {
    guard start < end else { return }
    if let first = sections.first, first[0] == Int64(span.id), first[1] == end {
      sections[0][1] = start
    } else {
      sections.insert([Int64(span.id), start, end], at: 0)
    }
  }
}
