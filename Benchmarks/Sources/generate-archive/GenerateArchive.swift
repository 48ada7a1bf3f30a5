import Glibc

/// Writes a made-up span archive for benchmarks.
@main
struct GenerateArchive {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.contains("--help") {
      print(Options.help)
      return
    }
    do throws(GeneratorError) {
      let options = try Options(arguments: arguments)
      try generate(options)
    } catch {
      let line = error.message + "\n"
      _ = write(STDERR_FILENO, line, line.utf8.count)
      exit(2)
    }
  }

  /// 2 November 2026, 00:00 UTC.
  private static let firstStartNano: Int64 = 1_793_577_600_000_000_000
  /// Traces start within two hours.
  private static let windowNano = 7_200e9

  private static func generate(_ options: Options) throws(GeneratorError) {
    let landscape = Landscape(serviceCount: options.services, seed: options.seed)
    var planner = TracePlanner(landscape: landscape, seed: options.seed)
    var spanWriter = SpanWriter(landscape: landscape, options: options)
    var archive = try ArchiveWriter(landscape: landscape, options: options)
    var sizes = RandomSource(seed: options.seed &+ 0x512E)
    var startNano = firstStartNano
    var spansLeft = options.spans
    for trace in 0..<options.traces {
      let tracesLeft = options.traces - trace
      let kind = TraceKind(trace: trace, shape: options.shape)
      let size = traceSize(kind, spansLeft: spansLeft, tracesLeft: tracesLeft, random: &sizes)
      spansLeft -= size
      startNano += Int64(sizes.exponential(mean: windowNano / Double(options.traces)))
      plan(kind, size: size, startNano: startNano, &planner)
      let traceID = (high: planner.random.nextID(), low: planner.random.nextID())
      // Exporters see a span when it ends.
      let order = planner.spans.indices.sorted {
        let (left, right) = (planner.spans[$0], planner.spans[$1])
        return (left.startNano + left.durationNano, $1) < (right.startNano + right.durationNano, $0)
      }
      for index in order {
        let span = planner.spans[index]
        let skewNano = landscape.services[span.service].instances[span.instance].skewNano
        let json = archive.place(for: span)
        spanWriter.write(span, of: planner.spans, traceID: traceID, skewNano: skewNano, into: json)
        try archive.flushIfFull(service: span.service, instance: span.instance)
      }
    }
    try archive.finish()
    print(
      "\(options.spans) spans, \(options.traces) traces, \(options.services) services, \(options.files) files"
    )
    print(
      "\(archive.jsonBytes) bytes of JSON, \(archive.lineCount) lines, \(archive.jsonBytes / options.spans) bytes a span"
    )
    print("slow service: \(landscape.services[landscape.slowService].name)")
    print("failing service: \(landscape.services[landscape.failingService].name)")
  }

  /// What one trace looks like.
  private enum TraceKind {
    case request
    case wide
    case deep

    /// A few traces of a mixed archive are all width or all depth; the rest are requests.
    init(trace: Int, shape: Options.Shape) {
      switch (shape, trace % 500) {
      case (.wide, _), (.mixed, 77): self = .wide
      case (.deep, _), (.mixed, 333): self = .deep
      default: self = .request
      }
    }

    /// How many times greater than a request it is.
    var weight: Double {
      switch self {
      case .request: 1
      case .wide: 40
      case .deep: 5
      }
    }
  }

  /// A size from a long-tailed distribution whose mean keeps the totals exact.
  private static func traceSize(
    _ kind: TraceKind, spansLeft: Int, tracesLeft: Int, random: inout RandomSource
  ) -> Int {
    if tracesLeft == 1 { return spansLeft }
    let mean = kind.weight * Double(spansLeft) / Double(tracesLeft)
    let size = Int(random.logNormal(median: 0.75 * mean, sigma: 0.75))
    return max(1, min(size, spansLeft - (tracesLeft - 1)))
  }

  private static func plan(_ kind: TraceKind, size: Int, startNano: Int64, _ planner: inout TracePlanner) {
    switch kind {
    case .wide: planner.planWide(spanCount: size, startNano: startNano)
    case .deep: planner.planDeep(spanCount: size, startNano: startNano)
    case .request: planner.planRequest(spanCount: size, startNano: startNano)
    }
  }
}
