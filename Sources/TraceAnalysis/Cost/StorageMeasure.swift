import Synchronization
package import TraceModel

/// What the spans of archives take, measured: by archive format, by service, by operation and by attribute.
package struct StorageMeasure: Sendable {
  /// Archives of one format and packing.
  package struct Form: Sendable {
    /// The format.
    package var format: String
    /// How the files are packed.
    package var compression: String
    /// Spans read.
    package var spans = 0
    /// Bytes on disk.
    package var bytes = 0
    /// Bytes after inflation.
    package var inflatedBytes = 0
  }

  /// The spans of one service.
  package struct Service: Sendable {
    /// Its name.
    package var service: String
    /// Its spans.
    package var spans = 0
    /// Bytes of their records.
    package var bytes = 0
  }

  /// The spans of one operation.
  package struct Operation: Sendable {
    /// Its service.
    package var service: String
    /// The span name.
    package var operation: String
    /// Its spans.
    package var spans = 0
    /// Bytes of their records.
    package var bytes = 0
  }

  /// All values of one attribute.
  package struct AttributeRow: Sendable {
    /// The key.
    package var key: String
    /// How many there are.
    package var count = 0
    /// Bytes as OTLP JSON, key and value with all that is around them.
    package var bytes = 0
    /// Bytes of values beyond the first 80: what shortening them would save.
    package var beyond80 = 0
    /// Bytes of values longer than a kilobyte.
    package var inLongValues = 0
    /// It belongs to resources, and is counted once for each span as stores that repeat it hold it.
    package var isOfResource = false
  }

  /// Spans that could be left out, and what they take.
  package struct Lever: Sendable {
    /// Which spans.
    package var spans: String
    /// How many.
    package var count = 0
    /// Those of them that failed.
    package var failed = 0
    /// Bytes of their records.
    package var bytes = 0
  }

  /// The most attribute keys of spans, and of resources, that are listed.
  package static let mostAttributes = 1_000

  /// By format and packing.
  package var forms: [Form] = []
  /// Largest first.
  package var services: [Service] = []
  /// Largest first.
  package var operations: [Operation] = []
  /// The largest ones, at most `mostAttributes` of each kind, spans' own before those of resources.
  package var attributes: [AttributeRow] = []
  /// Spans that could be left out.
  package var levers: [Lever] = []
  /// One of so many spans was looked at for `operations`, `attributes` and `levers`, whose figures are scaled.
  package var attributeSample = 1
  /// Spans of the store.
  package var spans = 0
  /// Bytes of the records of all spans.
  package var recordBytes = 0
  /// What gzip makes of a sample, and of the same without an attribute; nil when it was not tried.
  package var packing: PackingMeasure?

  /// Makes one of nothing.
  package init() {}

  /// Bytes on disk for a byte after inflation; nil when nothing is packed.
  package var packedRatio: Double? {
    let packed = forms.filter { $0.compression != "none" && $0.inflatedBytes > 0 }
    let inflated = packed.reduce(0) { $0 + $1.inflatedBytes }
    return inflated > 0 ? Double(packed.reduce(0) { $0 + $1.bytes }) / Double(inflated) : nil
  }

  /// Bytes of a span's record.
  package var bytesPerSpan: Double { spans > 0 ? Double(recordBytes) / Double(spans) : 0 }

  /// Measures the spans of the traces that take part.
  ///
  /// Every span's record is counted; its name and attributes are looked at in some 65,000 spans, chosen by span id: or in half
  /// as many, and so on, until they have few enough attribute keys.
  ///
  /// - Complexity: O(spans), in parallel.
  package init(_ walk: TraceWalk, threads: Int = 1) {
    self.init(walk, threads: threads, mostKeys: StorageCounter.mostKeys)
  }

  /// The same.
  ///
  /// - Parameter mostKeys: the most attribute keys that are told apart.
  init(_ walk: TraceWalk, threads: Int, mostKeys: Int) {
    let store = walk.store
    forms = Self.forms(walk.archives)
    var bits = 0
    while store.spanCount >> bits > StorageCounter.sampledSpans { bits += 1 }
    // Whether a sample is too large depends on its spans alone, not on who counted which. At last it holds next to none.
    var counted = Self.rows(walk, sampleBits: bits, mostKeys, threads: threads)
    while counted == nil, bits < Self.mostBits {
      bits += 1
      counted = Self.rows(walk, sampleBits: bits, mostKeys, threads: threads)
    }
    attributeSample = 1 << bits
    guard let rows = counted else { return }
    services = rows.services
    operations = rows.operations
    attributes = rows.attributes
    levers = rows.levers
    spans = services.reduce(0) { $0 + $1.spans }
    recordBytes = services.reduce(0) { $0 + $1.bytes }
  }

  private static let mostBits = 32

  private static func rows(
    _ walk: TraceWalk, sampleBits: Int, _ mostKeys: Int, threads: Int
  ) -> StorageRows? {
    let store = walk.store
    let workers = Mutex<[StorageWorker]>([])
    ParallelLoop.run(store.shards.count, threads: threads) {
      StorageWorker(store, sampleBits: sampleBits, mostKeys)
    } body: { worker, number in
      store.forEachStretch(of: number) { spans in
        worker.counter.add(spans, of: walk)
        worker.counter.leaveMemory()
      }
    } finish: { worker in
      workers.withLock { $0.append(worker) }
    }
    let all = StorageWorker(store, sampleBits: sampleBits, mostKeys)
    for worker in workers.withLock({ $0 }) { all.take(worker) }
    return StorageRows(all.counter, store, scale: 1 << sampleBits)
  }

  private static func forms(_ archives: [ArchiveSummary]) -> [Form] {
    var forms: [Form] = []
    for archive in archives where archive.spansRead > 0 {
      let place =
        forms.firstIndex { $0.format == archive.format && $0.compression == archive.compression }
        ?? forms.count
      if place == forms.count { forms.append(Form(format: archive.format, compression: archive.compression)) }
      forms[place].spans += archive.spansRead
      // Of an archive of which a part lies outside the window, a like part of the bytes.
      let all = archive.spansRead + archive.spansOutsideWindow
      let share = Double(archive.spansRead) / Double(all)
      forms[place].bytes += Int(Double(archive.bytes) * share)
      forms[place].inflatedBytes += Int(Double(archive.inflatedBytes) * share)
    }
    return forms.sorted { ($0.format, $0.compression) < ($1.format, $1.compression) }
  }
}

/// One thread's counter; only that thread touches it until all are done.
private final class StorageWorker: @unchecked Sendable {
  var counter: StorageCounter
  private var isEmpty = true

  init(_ store: SpanStore, sampleBits: Int, _ mostKeys: Int) {
    counter = StorageCounter(store, sampleBits: sampleBits, mostKeys: mostKeys)
  }

  /// Takes over what another one counted.
  func take(_ other: StorageWorker) {
    if isEmpty { swap(&counter, &other.counter) } else { counter.add(other.counter) }
    isEmpty = false
  }
}
