import SpanArchive
import TestSupport
import Testing
import TraceModel

/// The samples of the repository, which hold the same traces in every format.
@Suite struct SampleTests {
  private static let files = Files.names(in: Repository.path("samples/formats"))

  @Test("a sample read as `unknown` gives the same as under its name", arguments: files)
  func unknown(_ file: String) throws {
    let bytes = try Files.read(Repository.path("samples/formats/" + file))
    let named = Reading(bytes, path: file)
    let unnamed = Reading(bytes, path: "unknown")
    #expect(named.summary.error == nil)
    #expect(named.summary.spansQuarantined == 0)
    #expect(named.summary.format == unnamed.summary.format)
    #expect(named.lines == unnamed.lines)
    // The larger ones are read plain by other tests.
    guard file.hasSuffix(".gz"), file.hasPrefix("few-") else { return }
    let plain = Reading(try Gzip.decompress(bytes))
    #expect(plain.lines == named.lines)
  }

  @Test(
    "every sample holds the same spans: ids, parents, names, services, kinds, times and status",
    arguments: files)
  func same(_ file: String) throws {
    let all = try Self.original.get()
    let found = Self.essence(try Self.read(file))
    if file.hasPrefix("few-") {
      #expect(found.count == 40)
      #expect(found.allSatisfy { all[$0.key] == $0.value })
    } else {
      #expect(found == all)
    }
  }

  @Test("formats that keep everything give the same archive, byte for byte")
  func wholeArchives() throws {
    let json = try Self.read("shop-otlp.jsonl.gz")
    let protobuf = try Self.read("shop-otlp.binpb.gz")
    #expect(protobuf.lines == json.lines)
    let framed = try Self.read("few-otlp-collector.proto.zst")
    #expect(framed.lines.count == 40)
    #expect(Set(framed.lines).isSubset(of: json.lines))
    #expect(framed.summary.compression == "zstd")
  }

  private static let original = Result { essence(try read("shop-otlp.jsonl.gz")) }

  private static func read(_ file: String) throws -> Reading {
    Reading(try Files.read(Repository.path("samples/formats/" + file)), path: file)
  }

  /// What all formats hold of the spans of each trace.
  private static func essence(_ reading: Reading) -> [TraceID: [String]] {
    Dictionary(
      uniqueKeysWithValues: reading.traces().map { trace in
        (trace.id, trace.spans.map { essence($0, in: reading.store) })
      })
  }

  private static func essence(_ span: TraceSpan, in store: SpanStore) -> String {
    "\(span.record.spanID) \(span.record.parentSpanID) \(store.symbols.text(span.record.name)) "
      + "\(store.symbols.text(span.service)) \(span.record.kind.name) \(span.record.status.name) "
      + "\(span.start.rawValue) \(span.end.rawValue)"
  }
}
