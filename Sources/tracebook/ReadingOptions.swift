public import ArgumentParser
import Glibc
public import Logging
import SpanArchive
import TraceModel

/// How archives are read; common to every command that reads any.
struct ReadingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Number of threads; twice that of processors by default.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The memory to keep within, such as 512M or 2G: spans beyond it go to temporary files in TMPDIR.",
      valueName: "size"))
  var memory: MemorySize?

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  @Flag(help: "Show no progress bar; none is ever shown but on a terminal.")
  var noProgress = false

  @Option(help: "What is logged to standard error: debug, info, notice, warning or error.")
  var logLevel: Logger.Level = .warning

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads \(threads): a number from 1 up is needed")
    }
    if let memory, memory.bytes < MemorySize.least {
      throw ValidationError("--memory: at least 64M is needed")
    }
  }

  /// Logs how long the stages of a run take.
  func stageLog() -> StageLog {
    StageLog(level: quiet ? .error : logLevel, showsProgress: !quiet && !noProgress)
  }

  /// The number of threads to use.
  ///
  /// Twice as many as processors, so that none is idle while a thread waits for the disk or has taken the last large
  /// archive: measured 7 % faster on two processors.
  /// Each thread has partial results of its own, so where memory is short there is one a processor.
  var threadCount: Int {
    let isShort = memory.map { $0.bytes < 1 << 30 } ?? false
    return threads ?? max(1, (isShort ? 1 : 2) * ProcessorCount.available)
  }

  /// The number of threads that look at traces at the same time: one a processor, since what each finds out takes memory
  /// and has to be joined, and no more than there is memory for.
  ///
  /// Measured: 30 MB and 8 bytes a span, but hardly more than 120 MB, beside 80 MB for everything else.
  private func walkers(_ store: SpanStore) -> Int {
    let most = threads ?? ProcessorCount.available
    guard let memory else { return most }
    let megabyte = 1 << 20
    let results = min(30 * megabyte + store.spanCount * 8, 120 * megabyte)
    let claimed = store.isSpilled ? 0 : store.spill?.claimedBytes ?? 0
    return max(1, min(most, (memory.bytes - claimed - 80 * megabyte) / results))
  }

  /// Groups the spans of a store by trace, to be looked at by as many threads as there is memory for.
  ///
  /// Fails when a trace has more spans than there is memory for.
  func walk(_ store: SpanStore, _ rules: AssemblyOptions, _ log: StageLog) throws -> TraceWalk {
    let most = memory?.spansOfTrace ?? .max
    let walk = TraceWalk(
      store, options: rules, threads: threadCount, walkers: walkers(store),
      largeTrace: memory == nil ? .max : most / 4, progress: log.progress)
    if let memory, let largest = walk.largestTrace, largest.spans > most {
      throw CommandFailure(
        status: .failed,
        message:
          "trace \(largest.id) has \(largest.spans) spans, and there is room for traces of \(most) within --memory "
          + "\(memory.bytes >> 20)M; allow at least \(MemorySize.megabytes(forTraceOf: largest.spans))M, or leave it out with "
          + "--since or --until")
    }
    return walk
  }

  /// Reads the archives that the arguments name.
  ///
  /// Fails when nothing is there to read or nothing could be opened; damage is in the summaries.
  func read(_ arguments: [String], _ log: StageLog) throws -> SpanStore {
    try read(ArchiveDiscovery.paths(of: arguments), named: arguments, log)
  }

  /// Reads the archives of the given paths, which `names` led to.
  func read(_ paths: [String], named names: [String], _ log: StageLog) throws -> SpanStore {
    guard !paths.isEmpty else {
      let names = names.joined(separator: ", ")
      throw CommandFailure(
        status: .failed, message: "no archives in \(names); name a file or a folder that holds span archives")
    }
    let spill = memory.map { SpillSpace(folder: TemporaryFolder.path, memory: $0.bytes) }
    let store = ArchiveSet(paths: paths).read(threads: threadCount, spill: spill, progress: log.progress)
    if let cause = spill?.failure {
      throw CommandFailure(
        status: .failed,
        message:
          "spans could not be put into temporary files in \(TemporaryFolder.path) (\(cause)); make room there, name "
          + "another folder in TMPDIR, or allow more with --memory")
    }
    if store.isSpilled { log.note("spans in temporary files in \(TemporaryFolder.path)") }
    log.archives(store.archives)
    if store.archives.allSatisfy(\.isUnopened) {
      let first = store.archives.first
      throw CommandFailure(
        status: .failed,
        message:
          "\(first?.path ?? "") \(first?.error ?? "cannot be read"); check the path and its permissions")
    }
    for archive in store.archives {
      if let error = archive.error { FailureReport.say("tracebook: \(archive.path): \(error)") }
    }
    return store
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// How many processors this process may use.
enum ProcessorCount {
  static var available: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

extension SpanStore {
  /// 3 when some archive could not be read whole, else 0.
  var status: ExitStatus { archives.contains { $0.error != nil } ? .incomplete : .done }
}
