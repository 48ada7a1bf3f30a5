import SpanArchive
import TraceAnalysis
import TraceModel

enum MemoryFuzzing {
  /// What spans may take of memory: nothing, so that each record goes to files; and so much that some stay.
  private static let budgets = [0, 4 << 10, 64 << 10]

  /// Archives that are read within next to no memory must say what they say with plenty of it, on any number of threads.
  static func problem(_ bytes: [UInt8]) -> String? {
    let budget = budgets[bytes.count % budgets.count]
    let space = SpillSpace(folder: ProcessEnvironment.inherited["TMPDIR"] ?? "/tmp", budget: budget)
    // Of the same spans twice: joined tables and duplicates lie in files, too.
    let set = ArchiveSet(
      inputs: ["first", "second"].map { .bytes(bytes, path: $0) }, limits: ArchiveFuzzing.limits)
    let spilled = set.read(threads: 2, spill: space)
    if let failure = space.failure { return "there are no temporary files: \(failure)" }
    guard budget > 0 || spilled.spanCount == 0 || spilled.isSpilled else { return "no span went to files" }
    let within = Content(spilled, threads: 2)
    let plain = Content(set.read(threads: 1), threads: 1)
    guard within.archives == plain.archives else { return "archives are others within \(budget) bytes" }
    guard within.digest == plain.digest else { return "the digest is another one within \(budget) bytes" }
    return within.traces == plain.traces ? nil : "traces are others within \(budget) bytes"
  }

  /// All that can be told of a store, in an order of its own.
  private struct Content {
    var archives: [String]
    var digest: [UInt8]
    var traces: [UInt8]

    init(_ store: SpanStore, threads: Int) {
      archives = store.archives.map { archive in
        let diagnostics = archive.diagnostics.codes.map { "\($0): \(archive.diagnostics[$0])" }
        return """
          \(archive.path) \(archive.format) \(archive.inflatedBytes) \(archive.spansRead) \
          \(archive.spansQuarantined) \(archive.error ?? "") \(archive.storedBlocks) \(diagnostics)
          """
      }
      let walk = TraceWalk(store, options: AssemblyOptions(), threads: threads)
      digest = Digest(observing: walk).encoded()
      var ids: [TraceID] = []
      walk.forEachTraceID { ids.append($0) }
      var writer = JSONWriter()
      var archive = TraceArchiveWriter(.otlpJSON, store: store)
      archive.begin(&writer)
      walk.assemble(traceIDs: ids.sorted()) { archive.append($0, to: &writer) }
      archive.end(&writer)
      traces = writer.bytes
    }
  }
}
