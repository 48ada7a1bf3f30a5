import CMemory
import Dispatch
import Synchronization
package import TraceModel

/// Reads any number of archives into one store, on several threads.
package struct ArchiveSet: Sendable {
  /// The archives in the order of the result.
  package let inputs: [ArchiveInput]
  /// How much a reader takes.
  package let limits: ReadingLimits

  /// Makes a set of paths, such as `ArchiveDiscovery` gives.
  package init(paths: [String], limits: ReadingLimits = ReadingLimits()) {
    self.init(inputs: paths.map { .file($0) }, limits: limits)
  }

  /// Makes a set of archives wherever their bytes are.
  package init(inputs: [ArchiveInput], limits: ReadingLimits = ReadingLimits()) {
    self.inputs = inputs
    self.limits = limits
  }

  /// Packed bytes from which on an archive is worth the threads of several workers.
  private static let largeArchive = 1 << 20

  /// Reads all archives; `threads` workers take them one after another, the largest first.
  ///
  /// The result does not depend on the number of threads but for the numbering of symbols, which nothing prints.
  ///
  /// - `spill`: where spans go that do not fit into memory. When it fails, reading ends early: see its `failure`.
  /// - Complexity: O(bytes), in memory proportional to the spans, or with `spill` to their distinct texts.
  package func read(
    threads: Int, spill: SpillSpace? = nil, progress: ProgressCounter? = nil
  ) -> SpanStore {
    if spill != nil {
      tracebook_give_back_large_blocks()
      tracebook_allow_many_files()
    }
    let sizes = inputs.map(\.byteCount)
    progress?.begin(sizes.reduce(0, +), .bytes)
    // The largest first: the last ones to finish are then small.
    let order = inputs.indices.sorted { left, right in
      sizes[left] != sizes[right] ? sizes[left] > sizes[right] : left < right
    }
    let next = Atomic<Int>(0)
    // Whoever has no archive left helps others to read large ones.
    let isLarge = sizes.contains { $0 == 0 || $0 > Self.largeArchive }
    let workers = max(1, min(threads, inputs.count * (isLarge ? 1 + LineSharing.mostHelpers : 1)))
    let sharing = LineSharing(archives: inputs.count)
    let results = Mutex<(shards: [SpanStore.Shard?], summaries: [ArchiveSummary?])>(
      (Array(repeating: nil, count: workers), Array(repeating: nil, count: inputs.count)))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      let reader = ArchiveReader(limits: limits, progress: progress, sharing: sharing)
      var sink = SpanSink(table: SpanTable(number: UInt16(worker), of: workers))
      // Half of what there is for spans: columns have room for more than they hold, and a record is read whole.
      if let spill { sink.bound(to: spill.budget / workers / 2, in: spill) }
      var summaries: [(Int, ArchiveSummary)] = []
      while true {
        let turn = next.add(1, ordering: .relaxed).oldValue
        guard turn < order.count else { break }
        guard spill?.failure == nil else {
          sharing.giveUp()
          break
        }
        let number = order[turn]
        sink.begin(UInt32(number), path: inputs[number].path)
        sink.summary.bytes = sizes[number]
        reader.read(inputs[number], into: &sink)
        summaries.append((number, sink.summary))
        sharing.finishArchive()
      }
      sharing.help { $0.read(into: &sink) }
      let shard = SpanStore.Shard(sink.intoTable())
      results.withLock { results in
        results.shards[worker] = shard
        for (number, summary) in summaries { results.summaries[number] = summary }
      }
    }
    let (shards, summaries) = results.withLock { ($0.shards, $0.summaries) }
    return SpanStore(
      joining: shards.compactMap(\.self), archives: summaries.compactMap(\.self), spill: spill)
  }
}
