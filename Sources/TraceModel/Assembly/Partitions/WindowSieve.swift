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
    ParallelLoop.run(partitions.turns.count, threads: max(1, threads)) { turn in
      var spans: [UInt32: Int] = [:]
      for number in partitions.turns[turn] {
        let places = partitions.places(of: partitions.group(at: number))
        var beginning = TraceBeginning()
        for place in places { beginning.add(store.record(at: place).start) }
        if !window.contains(beginning.moment) {
          partitions.markOutside(at: number)
          for place in places { spans[store.record(at: place).archive, default: 0] += 1 }
        }
      }
      if turn % partitions.turnsInMemory == 0 { partitions.leaveMemory(with: store) }
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
