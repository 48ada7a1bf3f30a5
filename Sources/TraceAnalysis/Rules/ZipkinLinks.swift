import TraceModel

/// What Zipkin's dependency linker makes of traces (zipkin2 `DependencyLinker`), on Zipkin's own tree.
struct ZipkinLinks {
  private var reader: ZipkinReader
  private let store: SpanStore
  private var calls: [Pair: Count] = [:]

  private struct Pair: Hashable {
    var parent: Int
    var child: Int
  }

  private struct Count {
    var calls = 0
    var errors = 0
  }

  static func links(of walk: TraceWalk) -> [LinkResult] {
    var links = ZipkinLinks(walk.store)
    links.takeAll(SpanOrder.places(of: walk))
    var counter = LinkCounter()
    for (pair, count) in links.calls {
      counter.add(
        links.reader.names.texts[pair.parent], links.reader.names.texts[pair.child], calls: count.calls,
        errors: count.errors)
    }
    return counter.links
  }

  private init(_ store: SpanStore) {
    self.store = store
    reader = ZipkinReader(store)
  }

  /// Groups spans by the low 64 bits of their trace ids, in the order of the data.
  private mutating func takeAll(_ places: [SpanOrder.Place]) {
    let traces = places.map { SpanOrder.span($0, in: store).traceID.low }
    let order = places.indices.sorted { traces[$0] != traces[$1] ? traces[$0] < traces[$1] : $0 < $1 }
    var start = 0
    while start < order.count {
      var end = start
      var spans: [ZipkinSpan] = []
      while end < order.count, traces[order[end]] == traces[order[start]] {
        spans.append(reader.read(SpanOrder.span(places[order[end]], in: store)))
        end += 1
      }
      take(spans)
      start = end
    }
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
    calls[Pair(parent: parent, child: child), default: Count()].calls += 1
    if hasError { calls[Pair(parent: parent, child: child), default: Count()].errors += 1 }
  }
}
