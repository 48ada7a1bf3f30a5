import TraceModel

/// Joins what was reported of one span in several records, as Zipkin's `Trace.merge` does.
struct ZipkinMerge {
  let store: SpanStore
  let names: ZipkinNames

  /// The spans of one trace, merged, by id.
  func merged(_ spans: [ZipkinSpan]) -> [ZipkinSpan] {
    let order = spans.indices.sorted { left, right in
      let order = compare(spans[left], spans[right])
      return order != 0 ? order < 0 : left < right
    }
    var result: [ZipkinSpan] = []
    var place = 0
    while place < order.count {
      var span = spans[order[place]]
      let isShared = span.isShared
      var gathered = span.local
      place += 1
      while place < order.count {
        let next = spans[order[place]]
        guard next.id == span.id, next.isShared == isShared, gathered.agrees(with: next.local) else { break }
        gathered.fill(from: next.local)
        span.absorb(next)
        place += 1
      }
      mend(&span, after: result.last)
      result.append(span)
    }
    return withLateFragments(result)
  }

  /// Marks an unmarked server half as shared, and gives a shared half without parent that of the other half.
  private func mend(_ span: inout ZipkinSpan, after last: ZipkinSpan?) {
    guard let last, last.id == span.id else { return }
    if last.kind == .client, span.kind == .server, !span.isShared { span.isShared = true }
    if span.isShared, span.parent == 0, last.parent != 0 { span.parent = last.parent }
  }

  /// An unshared record without kind that contradicts the CLIENT but not the shared SERVER of its id belongs to the
  /// latter. (Zipkin keeps it as a span of its own, and loses what hangs under it.)
  private func withLateFragments(_ spans: [ZipkinSpan]) -> [ZipkinSpan] {
    var result: [ZipkinSpan] = []
    var start = 0
    while start < spans.count {
      var end = start + 1
      while end < spans.count, spans[end].id == spans[start].id { end += 1 }
      result += absorbed(Array(spans[start..<end]))
      start = end
    }
    return result
  }

  private func absorbed(_ halves: [ZipkinSpan]) -> [ZipkinSpan] {
    guard halves.count > 2, let client = halves.first(where: { $0.kind == .client && !$0.isShared }) else {
      return halves
    }
    var kept: [ZipkinSpan] = []
    var fragments: [ZipkinSpan] = []
    for half in halves {
      let isFragment = half.kind == .unspecified && !half.isShared && !half.local.agrees(with: client.local)
      let hasHome = halves.contains { $0.isShared && $0.kind == .server && $0.local.agrees(with: half.local) }
      if isFragment && hasHome { fragments.append(half) } else { kept.append(half) }
    }
    for fragment in fragments {
      guard
        let home = kept.firstIndex(where: {
          $0.isShared && $0.kind == .server && $0.local.agrees(with: fragment.local)
        })
      else { continue }
      kept[home].absorb(fragment)
      kept[home].isShared = true
    }
    return kept
  }

  private func compare(_ left: ZipkinSpan, _ right: ZipkinSpan) -> Int {
    if left.id != right.id { return left.id < right.id ? -1 : 1 }
    if left.isShared != right.isShared { return left.isShared ? 1 : -1 }
    if !left.isShared, (left.kind == .client) != (right.kind == .client) {
      return left.kind == .client ? -1 : 1
    }
    return compare(left.local, right.local)
  }

  private func compare(_ left: ZipkinSpan.Endpoint, _ right: ZipkinSpan.Endpoint) -> Int {
    if left.isAbsent || right.isAbsent { return left.isAbsent ? (right.isAbsent ? 0 : -1) : 1 }
    if left.service != right.service {
      if left.service == 0 || right.service == 0 { return left.service == 0 ? 1 : -1 }
      return names.compare(left.service, right.service)
    }
    let byIPv4 = compare(left.ipv4, right.ipv4)
    return byIPv4 != 0 ? byIPv4 : compare(left.ipv6, right.ipv6)
  }

  /// By text, absent last.
  private func compare(_ left: Symbol, _ right: Symbol) -> Int {
    if left == right { return 0 }
    if left.isEmpty || right.isEmpty { return left.isEmpty ? 1 : -1 }
    return store.symbols.compare(left, right)
  }
}
