import SpanArchive
import TraceAnalysis
import TraceModel

/// One side of a comparison: archives, digests, or both, as one digest.
struct ComparedInput {
  private let kept: KeptDigest
  /// What was read of each archive; digests are not among them.
  let archives: [ArchiveSummary]
  let status: ExitStatus

  /// Reads what the arguments name.
  ///
  /// A digest is known by its content. A folder that a report was written to stands for that report's digest.
  ///
  /// - Parameter waits: the other side is read afterwards, and needs the memory.
  init(
    _ arguments: [String], _ input: ReadingOptions, _ rules: AssemblyOptions, _ log: StageLog,
    waits: Bool = true
  ) throws {
    let names = arguments.map { Self.digestOfReport($0) ?? $0 }
    let paths = ArchiveDiscovery.paths(of: names)
    let digests = paths.filter { Digest.isStart(WholeFile.start(of: $0, count: 64)) }
    if rules.window != nil, let digest = digests.first {
      throw CommandFailure(
        status: .wrongUse,
        message:
          "--since and --until choose among traces, and \(digest) is a digest, which holds none; name archives"
      )
    }
    let isShort = input.memory != nil
    let hasArchives = digests.count < paths.count || paths.isEmpty
    let merged = try KeptDigest(
      DigestFile.merged(digests, memory: input.memory), isShort: isShort && (waits || hasArchives))
    guard hasArchives else {
      kept = merged
      archives = []
      status = .done
      return
    }
    let known = Set(digests)
    let store = try input.read(paths.filter { !known.contains($0) }, named: arguments, log)
    var observed = Digest(observing: try input.walk(store, rules, log))
    if !digests.isEmpty { observed.merge(try merged.digest()) }
    kept = try KeptDigest(consume observed, isShort: isShort && waits)
    archives = store.archives
    status = store.status
  }

  /// All that was found out.
  func digest() throws -> Digest { try kept.digest() }

  private static func digestOfReport(_ folder: String) -> String? {
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    let isReport = !WholeFile.start(of: base + "report.json", count: 1).isEmpty
    let digest = base + "digest.json.gz"
    return isReport && !WholeFile.start(of: digest, count: 1).isEmpty ? digest : nil
  }
}
