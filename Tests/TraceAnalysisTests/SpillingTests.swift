import SpanArchive
import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Spans that do not fit into memory lie in temporary files and are used as if they did.
@Suite("Spans in temporary files")
struct SpillingTests {
  /// A few kilobytes: spans are put into files many times while an archive is read.
  private static func space(_ folder: TemporaryFolder) -> SpillSpace {
    SpillSpace(folder: folder.path, budget: 16 << 10)
  }

  private static func read(_ path: String, threads: Int, _ spill: SpillSpace?) -> SpanStore {
    var limits = ReadingLimits()
    // One large document is taken apart: spans leave memory between its traces.
    limits.windowBytes = 1 << 14
    limits.streamedBytes = 1 << 16
    return ArchiveSet(paths: ArchiveDiscovery.paths(of: [Repository.path(path)]), limits: limits)
      .read(threads: threads, spill: spill)
  }

  @Test(
    "a digest does not depend on where the spans were",
    arguments: [
      "samples/shop", "samples/formats/shop-jaeger.json.gz", "samples/formats/shop-zipkin.json.gz",
      "samples/formats/shop-otlp.jsonl.gz",
    ], [1, 3])
  func digest(path: String, threads: Int) throws {
    let folder = try TemporaryFolder()
    let spilled = Self.read(path, threads: threads, Self.space(folder))
    #expect(spilled.spill != nil)
    let digest = Digest(observing: TraceWalk(spilled, options: AssemblyOptions(), threads: threads))
    let plain = Self.read(path, threads: 2, nil)
    #expect(plain.spill == nil)
    #expect(
      digest.encoded()
        == Digest(observing: TraceWalk(plain, options: AssemblyOptions(), threads: 2)).encoded())
  }

  @Test("every span keeps its attributes, events and links, in all formats")
  func spans() throws {
    let folder = try TemporaryFolder()
    for path in ArchiveDiscovery.paths(of: [Repository.path("samples/formats")]) {
      let set = ArchiveSet(paths: [path])
      let spilled = Self.lines(of: set.read(threads: 1, spill: Self.space(folder)))
      #expect(spilled == Self.lines(of: set.read(threads: 1)), "\(path)")
    }
  }

  /// All traces as OTLP JSON, by their ids.
  private static func lines(of store: SpanStore) -> [String] {
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    let lines = walk.walk {
      [String]()
    } body: { lines, trace in
      var writer = JSONWriter()
      OTLPTraceLine(store: store).append(trace, to: &writer)
      lines.append(String(decoding: writer.bytes, as: UTF8.self))
    }
    return lines.states.flatMap(\.self).sorted()
  }

  @Test("nothing is left in the folder of the temporary files")
  func leftOvers() throws {
    let folder = try TemporaryFolder()
    let store = Self.read("samples/shop", threads: 2, Self.space(folder))
    #expect(store.spill != nil)
    #expect(Files.tree(folder.path).isEmpty)
  }

  @Test("a folder that cannot be written to is told, and ends the reading")
  func unwritable() throws {
    let space = SpillSpace(folder: "/proc/nowhere", budget: 16 << 10)
    _ = Self.read("samples/shop", threads: 1, space)
    #expect(space.failure == "No such file or directory")
  }
}
