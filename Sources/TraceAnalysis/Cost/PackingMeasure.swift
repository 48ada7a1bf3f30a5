package import TraceModel

/// What gzip makes of a sample of traces written as OTLP JSON, and of the same sample without an attribute.
///
/// Bytes before packing do not tell what an attribute costs: one that repeats itself packs to nearly nothing, a random
/// one hardly at all. So it is tried.
package struct PackingMeasure: Sendable {
  /// The sample in some form.
  package struct Size: Sendable, Equatable {
    /// Bytes of OTLP JSON.
    package var bytes = 0
    /// The same packed by gzip.
    package var packed = 0

    /// Makes one of nothing.
    package init() {}
  }

  /// The sample's spans of one service, packed by themselves.
  package struct Service: Sendable {
    /// Its name.
    package var service: String
    /// Its spans in the sample.
    package var spans: Int
    /// What they take.
    package var size: Size
  }

  /// The sample without an attribute, and with its texts cut.
  package struct Attribute: Sendable {
    /// The key.
    package var key: String
    /// The sample without it.
    package var omitted: Size
    /// The sample with its texts cut at `longestText`; nil when hardly one is longer.
    package var shortened: Size?
  }

  /// How an archive is written and packed; given by whoever may do so.
  package struct Packer: Sendable {
    /// Appends a trace as a line of OTLP JSON.
    package var line: @Sendable (Trace, AttributeReduction?, inout JSONWriter) -> Void
    /// The number of bytes that gzip makes of some.
    package var packedSize: @Sendable ([UInt8]) -> Int

    /// Makes one of its parts.
    package init(
      line: @escaping @Sendable (Trace, AttributeReduction?, inout JSONWriter) -> Void,
      packedSize: @escaping @Sendable ([UInt8]) -> Int
    ) {
      self.line = line
      self.packedSize = packedSize
    }
  }

  /// Where texts are cut, in bytes.
  package static let longestText = 80
  /// Bytes of OTLP JSON in the sample.
  private static let sampleBytes = 128 << 10
  /// Larger traces are not taken: one would be the whole sample, and is written for everything that is tried. A span may have
  /// 64 MB.
  private static let longestTrace = 1_000
  private static let largestTrace = 4 << 20
  private static let mostResourceAttributes = 20_000
  /// The most attributes of spans, and of resources, that are tried.
  private static let triedAttributes = 10
  private static let triedResourceAttributes = 4
  private static let triedServices = 20

  /// Traces of the sample.
  package var traces = 0
  /// Spans of the sample.
  package var spans = 0
  /// The whole sample.
  package var whole = Size()
  /// The sample without a whole part of its spans, with what the part is.
  package var parts: [(part: String, omitted: Size)] = []
  /// By service, most bytes first.
  package var services: [Service] = []
  /// By attribute, in the order of the storage measure.
  package var attributes: [Attribute] = []

  /// Packs a sample of the traces of a walk, chosen by trace id.
  ///
  /// - Complexity: O(traces) to choose; the rest is bounded by the sample.
  package init?(_ walk: TraceWalk, _ storage: StorageMeasure, packer: Packer, threads: Int) {
    let sample = Self.sample(walk, packer)
    guard !sample.isEmpty else { return nil }
    traces = sample.count
    spans = sample.reduce(0) { $0 + $1.spans.count }
    let tried = Self.tried(storage, walk.store)
    let names = Self.services(sample, walk.store)
    let jobs: [Job] =
      [.whole] + Self.parts.map { Job.reduced($0.reduction) }
      + tried.map { Job.reduced(.omitting($0.symbol)) }
      + tried.filter(\.isLong).map { Job.reduced(.shortening($0.symbol, to: Self.longestText)) }
      + names.map { Job.service($0.symbol) }
    let sizes = Slots<Size>(count: jobs.count)
    ParallelLoop.run(jobs.count, threads: threads) { number in
      sizes.set(number, Self.size(jobs[number], sample, packer))
    }
    var results = Dictionary(zip(jobs, sizes.values), uniquingKeysWith: { first, _ in first })
    whole = results[.whole] ?? Size()
    parts = Self.parts.compactMap { part in
      results[.reduced(part.reduction)].map { (part.name, $0) }
    }
    attributes = tried.compactMap { row in
      results[.reduced(.omitting(row.symbol))].map {
        Attribute(
          key: row.key, omitted: $0,
          shortened: results[.reduced(.shortening(row.symbol, to: Self.longestText))])
      }
    }
    services = names.compactMap { name in
      results.removeValue(forKey: .service(name.symbol)).map {
        Service(service: walk.store.symbols.name(name.symbol), spans: name.spans, size: $0)
      }
    }
  }

  private static let parts: [(name: String, reduction: AttributeReduction)] = [
    ("attributes of spans", .omittingAttributes), ("events", .omittingEvents),
    ("attributes of resources", .omittingResources),
  ]

  /// Something to be written and packed.
  private enum Job: Hashable, Sendable {
    case whole
    case reduced(AttributeReduction)
    case service(Symbol)
  }

  private static func size(_ job: Job, _ sample: [Trace], _ packer: Packer) -> Size {
    var writer = JSONWriter()
    for trace in sample {
      switch job {
      case .whole: packer.line(trace, nil, &writer)
      case .reduced(let reduction): packer.line(trace, reduction, &writer)
      case .service(let service):
        var part = trace
        part.spans = trace.spans.filter { $0.service == service }
        // Parents may be gone.
        for place in part.spans.indices { part.spans[place].parent = -1 }
        guard !part.spans.isEmpty else { continue }
        packer.line(part, nil, &writer)
      }
      writer.endLine()
    }
    var size = Size()
    size.bytes = writer.bytes.count
    size.packed = packer.packedSize(writer.bytes)
    return size
  }

  /// Whole traces by the hash of their ids until there is enough.
  private static func sample(_ walk: TraceWalk, _ packer: Packer) -> [Trace] {
    struct Enough: Error {}
    var sample: [Trace] = []
    var writer = JSONWriter()
    // Thrown away, once there is enough.
    try? walk.assemble(traceIDs: walk.sampledTraceIDs()) { trace throws(Enough) in
      guard trace.spans.count <= longestTrace, isSmall(walk.volume(of: CollectionOfOne(trace.id))) else {
        return
      }
      packer.line(trace, nil, &writer)
      sample.append(trace)
      if writer.bytes.count >= sampleBytes { throw Enough() }
    }
    return sample
  }

  private static func isSmall(_ trace: TraceVolume) -> Bool {
    trace.bytes <= largestTrace && trace.resourceAttributes <= mostResourceAttributes
  }

  private static func tried(
    _ storage: StorageMeasure, _ store: SpanStore
  ) -> [(key: String, symbol: Symbol, isLong: Bool)] {
    let all = storage.attributes.filter { !$0.isOfResource }
    let long = all.dropFirst(triedAttributes).sorted { $0.beyond80 > $1.beyond80 }
    let own = all.prefix(triedAttributes) + long.prefix(3).filter { $0.beyond80 > 0 }
    let ofResource = storage.attributes.filter(\.isOfResource).prefix(triedResourceAttributes)
    var tried: [(key: String, symbol: Symbol, isLong: Bool)] = []
    for row in own + ofResource where !tried.contains(where: { $0.key == row.key }) {
      guard let symbol = store.symbols.find(row.key) else { continue }
      tried.append((row.key, symbol, !row.isOfResource && row.beyond80 * 50 > row.bytes))
    }
    return tried
  }

  private static func services(_ sample: [Trace], _ store: SpanStore) -> [(symbol: Symbol, spans: Int)] {
    var counts: [Symbol: Int] = [:]
    for trace in sample { for span in trace.spans { counts[span.service, default: 0] += 1 } }
    let names = counts.map { (symbol: $0.key, spans: $0.value) }.sorted {
      $0.spans != $1.spans
        ? $0.spans > $1.spans : store.symbols.isOrdered($0.symbol, before: $1.symbol)
    }
    return Array(names.prefix(triedServices))
  }
}

extension TraceWalk {
  /// Some ids of traces, by their hash: the same in every run, and spread over all there are.
  fileprivate func sampledTraceIDs(about count: Int = 4_000) -> [TraceID] {
    let traces = traceCount
    let limit = traces <= count ? UInt64.max : UInt64.max / UInt64(traces) * UInt64(count)
    var chosen: [ProbedTrace] = []
    forEachTraceID { id in
      let probe = ProbedTrace(id)
      if probe.hash <= limit { chosen.append(probe) }
    }
    return chosen.sorted { $0.hash != $1.hash ? $0.hash < $1.hash : $0.id < $1.id }.map(\.id)
  }
}
