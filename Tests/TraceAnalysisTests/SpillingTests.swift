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
    #expect(spilled.isSpilled)
    let digest = Digest(observing: TraceWalk(spilled, options: AssemblyOptions(), threads: threads))
    let plain = Self.read(path, threads: 2, nil)
    #expect(!plain.isSpilled)
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

  @Test("spans stay in memory while there is memory for all of them, and leave it together once there is not")
  func claims() throws {
    let folder = try TemporaryFolder()
    let set = ArchiveSet(
      inputs: (0..<6).map {
        .bytes(Self.document("otlp", spans: 10_000, archive: $0), path: "archive \($0)")
      })
    let plain = Self.lines(of: set.read(threads: 1))
    for (claimable, isSpilled) in [(64 << 20, false), (1 << 20, true), (0, true)] {
      let space = SpillSpace(folder: folder.path, budget: 4 << 20, claimable: claimable)
      let store = set.read(threads: 2, spill: space)
      #expect(store.isSpilled == isSpilled)
      #expect(space.isClaimed == isSpilled)
      #expect(Self.lines(of: store) == plain)
    }
  }

  /// One document whose spans are all in one list, with what they have in common behind them.
  private static func document(_ form: String, spans count: Int, archive: Int = 0) -> [UInt8] {
    let spans = (1...count).map { number in
      let ids = "\"\(SpanLines.hex(UInt64(archive + 1)))\(SpanLines.hex(UInt64(number / 10 + 1)))\",\"span"
      return form == "jaeger"
        ? """
        {"traceID":\(ids)ID":"\(SpanLines.hex(UInt64(number)))","operationName":"o","startTime":\(number),\
        "duration":5,"processID":"p\(number % 3)","tags":[{"key":"k","type":"string","value":"v\(number)"}]}
        """
        : """
        {"traceId":\(ids)Id":"\(SpanLines.hex(UInt64(number)))","name":"o","startTimeUnixNano":"\(number)000",\
        "endTimeUnixNano":"\(number)500","attributes":[{"key":"k","value":{"stringValue":"v\(number)"}}]}
        """
    }
    let list = "\"spans\":[\(spans.joined(separator: ","))]"
    guard form == "jaeger" else {
      let resource = "{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"a\"}}]}"
      let scopes = "\"scopeSpans\":[{\(list),\"scope\":{\"name\":\"s\"}}]"
      return Array("{\"resourceSpans\":[{\(scopes),\"resource\":\(resource),\"schemaUrl\":\"u\"}]}".utf8)
    }
    let processes = "{\"p0\":{\"serviceName\":\"a\"},\"p1\":{\"serviceName\":\"b\"}}"
    return Array("{\"data\":[{\(list),\"processes\":\(processes)}]}".utf8)
  }

  @Test("spans of one large document leave memory while it is read", arguments: ["otlp", "jaeger"])
  func oneDocument(_ form: String) throws {
    let folder = try TemporaryFolder()
    var limits = ReadingLimits()
    limits.windowBytes = 1 << 14
    limits.streamedBytes = 1 << 16
    // More rows than are changed in one go once their resource is known.
    let count = 3 * SpillSpace.bytesAdded / MemoryLayout<SpanRecord>.stride
    let set = ArchiveSet(inputs: [.bytes(Self.document(form, spans: count), path: "archive")], limits: limits)
    let plain = set.read(threads: 1)
    let spilled = set.read(threads: 1, spill: Self.space(folder))
    #expect(spilled.isSpilled && plain.spanCount == count)
    #expect(Self.lines(of: spilled) == Self.lines(of: plain))
  }

  @Test("nothing is left in the folder of the temporary files")
  func leftOvers() throws {
    let folder = try TemporaryFolder()
    let store = Self.read("samples/shop", threads: 2, Self.space(folder))
    #expect(store.isSpilled)
    #expect(Files.tree(folder.path).isEmpty)
  }

  @Test("a folder that cannot be written to is told, and ends the reading")
  func unwritable() throws {
    let space = SpillSpace(folder: "/proc/nowhere", budget: 16 << 10)
    _ = Self.read("samples/shop", threads: 1, space)
    #expect(space.failure == "No such file or directory")
  }
}
