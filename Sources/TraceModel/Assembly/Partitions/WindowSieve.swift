import Synchronization

/// Finds out which traces begin in a window; see `RequestedWindow`.
enum WindowSieve {
  /// Marks the traces outside, and gives the archives of the store with their spans counted apart.
  ///
  /// - Complexity: O(spans), in parallel.
  static func sift(
    _ partitions: TracePartitions, of store: SpanStore, through window: RequestedWindow, threads: Int
  ) -> [ArchiveSummary] {
    let found = Mutex(Array(repeating: 0, count: store.archives.count))
    ParallelLoop.run(partitions.count, threads: max(1, threads)) { partition in
      var spans: [UInt32: Int] = [:]
      for (place, group) in partitions.groups[partition].enumerated() {
        let entries = partitions.entries(of: group, in: partition)
        var beginning = TraceBeginning()
        for entry in entries { beginning.add(store.record(at: entry.place).start) }
        if !window.contains(beginning.moment) {
          partitions.markOutside(place, in: partition)
          for entry in entries { spans[store.record(at: entry.place).archive, default: 0] += 1 }
        }
      }
      if partition % partitions.countInMemory == 0 { partitions.leaveMemory(with: store) }
      found.withLock { found in
        for (archive, count) in spans { found[Int(archive)] += count }
      }
    }
    return zip(store.archives, found.withLock(\.self)).map { archive, outside in
      var archive = archive
      archive.spansRead -= outside
      archive.spansOutsideWindow = outside
      return archive
    }
  }
}

extension SpanStore {
  fileprivate func record(at place: SpanPlace) -> SpanRecord { shards[place.table].table.spans[place.row] }
}
