import TestSupport
import Testing

/// `digest` and `merge`: partial results of many machines or hours against one run over everything.
@Suite("Digests that are merged", .enabled(if: CommandRunner.knows("digest", "merge")))
struct DigestMergeTests {
  private static let pieces = 9

  /// Archives of whole traces, dealt out; `all` holds all of them.
  private func prepare() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let spans = SpanLines(traces: 90, seed: 21).spans
    var pieceOfTrace: [String: Int] = [:]
    for span in spans where pieceOfTrace[span.traceID] == nil {
      // Uneven on purpose: some pieces hold many traces, one holds none.
      pieceOfTrace[span.traceID] = (pieceOfTrace.count * pieceOfTrace.count) % (Self.pieces - 1)
    }
    for piece in 0..<Self.pieces {
      let lines = spans.filter { pieceOfTrace[$0.traceID] == piece }.map { SpanLines.line([$0]) }
      let name = piece % 2 == 0 ? "\(piece).jsonl" : "\(piece).jsonl.gz"
      let bytes = SpanLines.file(lines)
      let file = piece % 2 == 0 ? Array(bytes) : Gzip.compress(bytes)
      try folder.write("pieces/" + name, file)
      try folder.write("all/" + name, file)
    }
    return folder
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) async throws {
    let result = try await CommandRunner(in: folder.path).run(arguments)
    #expect(result.status == 0, "\(arguments.prefix(3)): \(result.errorOutput)")
  }

  /// The digests of all pieces, each made with another number of threads, and that of everything.
  private func digests() async throws -> (folder: TemporaryFolder, names: [String], whole: [UInt8]) {
    let folder = try prepare()
    var names: [String] = []
    for piece in 0..<Self.pieces {
      let archive = piece % 2 == 0 ? "pieces/\(piece).jsonl" : "pieces/\(piece).jsonl.gz"
      try await run(
        ["digest", archive, "-o", "\(piece).digest", "--threads", "\(1 + piece % 4)"], in: folder)
      names.append("\(piece).digest")
    }
    try await run(["digest", "all", "-o", "whole.digest"], in: folder)
    return (folder, names, try Files.read(folder.path("whole.digest")))
  }

  @Test("many pieces in any order give the bytes of one run over everything")
  func anyOrder() async throws {
    let (folder, names, whole) = try await digests()
    var random = SeededGenerator(seed: 8)
    for round in 0..<4 {
      let order = round == 0 ? names : round == 1 ? names.reversed() : names.shuffled(using: &random)
      try await run(["merge"] + order + ["-o", "merged.digest"], in: folder)
      let isEqual = try Files.read(folder.path("merged.digest")) == whole
      #expect(isEqual, "\(order)")
    }
  }

  @Test("merged digests can be merged again, however they are put together")
  func nested() async throws {
    let (folder, names, whole) = try await digests()
    var random = SeededGenerator(seed: 4)
    for round in 0..<3 {
      var left = names.shuffled(using: &random)
      var number = 0
      while left.count > 1 {
        let taken = Array(left.prefix(Int.random(in: 2...3, using: &random)))
        left.removeFirst(taken.count)
        let made = "round-\(round)-\(number).digest"
        number += 1
        try await run(["merge"] + taken + ["-o", made], in: folder)
        left.append(made)
        left.shuffle(using: &random)
      }
      let isEqual = try Files.read(folder.path(left[0])) == whole
      #expect(isEqual, "round \(round)")
    }
  }

  @Test("one digest, and one of nothing beside it, change nothing; so does replacing an input by the output")
  func neutral() async throws {
    let (folder, names, whole) = try await digests()
    try folder.write("empty.jsonl", "")
    try await run(["digest", "empty.jsonl", "-o", "empty.digest"], in: folder)
    try await run(["merge", "whole.digest", "-o", "one.digest"], in: folder)
    try await run(["merge", "empty.digest", "whole.digest", "empty.digest", "-o", "two.digest"], in: folder)
    try await run(["merge"] + names + ["-o", names[0]], in: folder)
    for name in ["one.digest", "two.digest", names[0]] {
      #expect(try Files.read(folder.path(name)) == whole, "\(name)")
    }
  }

  @Test("what is no digest ends with 4 and leaves an older file as it was")
  func damaged() async throws {
    let (folder, names, whole) = try await digests()
    let packed = try Files.read(folder.path(names[0]))
    try folder.write("cut.digest", Array(packed.prefix(packed.count / 2)))
    try folder.write("text.digest", "no digest")
    try folder.write("newer.digest", "{\"schemaVersion\":99,\"names\":[\"\"]}")
    for bad in ["cut.digest", "text.digest", "newer.digest", "absent.digest"] {
      let result = try await CommandRunner(in: folder.path).run(
        ["merge", names[1], bad, "-o", "whole.digest"])
      #expect(result.status == 4, "\(bad): \(result.errorOutput)")
      #expect(result.errorOutput.contains(bad))
      #expect(try Files.read(folder.path("whole.digest")) == whole)
    }
    #expect(Files.names(in: folder.path).allSatisfy { !$0.contains("tracebook-new") })
  }
}
