import ArgumentParser
import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// `tracebook digest`: what the analyses found out, as a small file to merge and to compare with.
struct DigestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: "Write the partial results of archives, to merge or to compare later.",
    discussion: """
      Many machines, or many hours, each write a digest; merged in any order they are what one run over everything \
      gives.

        tracebook digest hour-13/ -o 13.digest.json.gz
        tracebook merge *.digest.json.gz -o day.digest.json.gz
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var assembly: AssemblyArguments
  @OptionGroup var declared: DeclaredSampling

  @Option(
    name: [.short, .customLong("output")], help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  mutating func run() throws {
    let configuration = try input.configure()
    let log = input.stageLog()
    let store = try input.read(log)
    let walk = try input.group(store, input.rules(assembly), log)
    // Without samples, so that merged digests are what one run over everything gives, to the byte.
    let digest = log.stage("assemble and observe") {
      Digest(observing: walk, deepens: false, sampling: declared.declaration(configuration.sampling))
    }
    try DigestFile.write(digest, to: output)
    if store.status != .done { throw ExitCode(store.status.rawValue) }
  }
}

/// `tracebook merge`: several digests as one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge digests into one.",
    discussion: """
      The order does not matter: equal sets of digests give equal bytes.

        tracebook merge 00.digest.json.gz 01.digest.json.gz -o night.digest.json.gz
      """)

  @Argument(help: ArgumentHelp("Digests, as digest and report write them.", valueName: "digest"))
  var digests: [String]

  @Option(
    name: [.short, .customLong("output")], help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  func run() throws {
    try DigestFile.write(try DigestFile.merged(digests), to: output)
  }
}

/// Digests as files.
enum DigestFile {
  /// Reads a digest, packed or not.
  ///
  /// - Parameter memory: what the whole process may take, of which a digest may take a part.
  static func read(_ path: String, memory: MemorySize? = nil) throws -> Digest {
    do {
      let largest = min(WholeFile.mostBytes, (memory?.bytes ?? .max) / 4)
      let bytes = try WholeFile.read(path, largest: largest)
      return try Digest(decoding: bytes, most: memory?.forDigests ?? .max)
    } catch let failure as WholeFile.Failure {
      throw CommandFailure(status: .failed, message: failure.message)
    } catch let error as DigestError {
      throw CommandFailure(
        status: .failed,
        message: "\(path) cannot be read as a digest: \(error.message) (byte \(error.offset))")
    }
  }

  /// Reads several digests as one: each is taken up before the next is read, so that rows that they share are in memory
  /// once.
  ///
  /// - Parameter memory: what the whole process may take. When they take too much of it, they are refused.
  static func merged(_ paths: [String], memory: MemorySize? = nil) throws -> Digest {
    var digest = Digest(merging: try paths.first.map { [try read($0, memory: memory)] } ?? [])
    for path in paths.dropFirst() {
      digest.merge(try read(path, memory: memory))
      if let memory, digest.rowBytes > memory.forDigests {
        throw CommandFailure(
          status: .failed,
          message: """
            up to \(path), the digests tell too many things apart for --memory \(memory.bytes >> 20)M; name fewer of them, \
            or give more memory
            """)
      }
    }
    return digest
  }

  /// Writes a digest, packed, in one step.
  static func write(_ digest: Digest, to path: String) throws {
    do {
      try FilePublisher.publish(try GzipWriter.pack(digest.encoded()), to: path)
    } catch let error as ReportError {
      throw CommandFailure(status: .failed, message: error.description)
    }
  }
}
