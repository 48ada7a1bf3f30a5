import TraceModel

/// What Zipkin's dependency linker makes of traces (zipkin2 `DependencyLinker`), on Zipkin's own tree.
struct ZipkinLinks: ~Copyable {
  private var reader: ZipkinReader
  private let store: SpanStore
  private var ledger: CallLedger

  static func links(of walk: TraceWalk) -> SortedLinks {
    var links = ZipkinLinks(walk.store)
    links.takeAll(of: walk)
    return links.ledger.sortedLinks(threads: walk.threadCount)
  }

  private init(_ store: SpanStore) {
    self.store = store
    ledger = CallLedger(store)
    reader = ZipkinReader(ledger.names)
  }

  /// Groups spans by the low 64 bits of their trace ids, in the order of the data.
  private mutating func takeAll(of walk: TraceWalk) {
    var spans: [ZipkinSpan] = []
    var last = SpanOrder.Key()
    SpanOrder(walk) { SpanOrder.Key(trace: TraceID(high: 0, low: $0.traceID.low)) }.forEach { key, span in
      if key != last {
        take(spans)
        spans.removeAll(keepingCapacity: true)
      }
      last = key
      spans.append(reader.read(span))
    }
    take(spans)
  }

  private mutating func take(_ spans: [ZipkinSpan]) {
    let tree = ZipkinTree(ZipkinMerge(store: store, names: reader.names).merged(spans))
    let callers = nearestWithKind(tree)
    for place in tree.spans.indices { link(tree, place, ancestor: callers[place]) }
  }

  /// For each span the nearest ancestor that has a kind; −1 for none.
  private func nearestWithKind(_ tree: ZipkinTree) -> [Int] {
    var nearest = [Int?](repeating: nil, count: tree.spans.count)
    for start in tree.spans.indices where nearest[start] == nil {
      var climb: [Int] = []
      var place = start
      while place >= 0, nearest[place] == nil {
        climb.append(place)
        place = tree.parents[place]
      }
      for visited in climb.reversed() {
        let parent = tree.parents[visited]
        nearest[visited] =
          parent < 0 ? -1 : tree.spans[parent].kind != .unspecified ? parent : nearest[parent] ?? -1
      }
    }
    return nearest.map { $0 ?? -1 }
  }

  private mutating func link(_ tree: ZipkinTree, _ place: Int, ancestor: Int) {
    let span = tree.spans[place]
    if span.kind == .client, tree.hasChild[place] { return }
    let service = span.local.service
    var kind = span.kind
    if kind == .unspecified {
      guard service != 0, span.remote != 0 else { return }
      kind = .client
    }
    var parent = service
    var child = span.remote
    if kind == .server || kind == .consumer {
      (parent, child) = (span.remote, service)
      if place == tree.root, span.remote == 0 { return }
    }
    var hasError = span.hasError
    if kind == .producer || kind == .consumer {
      if parent != 0, child != 0 { add(parent, child, hasError) }
      return
    }
    if ancestor >= 0, tree.spans[ancestor].local.service != 0 {
      let above = tree.spans[ancestor]
      if kind == .client, service != 0, above.local.service != service {
        add(above.local.service, service, false)
      }
      if kind == .server || parent == 0 { parent = above.local.service }
      if !hasError, above.kind == .client, span.parent != 0, span.parent == above.id {
        hasError = above.hasError
      }
    }
    if parent != 0, child != 0 { add(parent, child, hasError) }
  }

  private mutating func add(_ parent: Int, _ child: Int, _ hasError: Bool) {
    ledger.count(
      CallLedger.Call(
        Symbol(UInt32(truncatingIfNeeded: parent)), Symbol(UInt32(truncatingIfNeeded: child)), .rpc,
        failed: hasError))
  }
}
