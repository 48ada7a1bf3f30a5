import SpanArchive
import TestSupport
import Testing
import TraceModel

/// The samples of the repository, which hold the same traces in every format.
@Suite struct SampleTests {
  private static let files = Files.names(in: Repository.path("samples/formats"))
  /// All but those of metadata.
  private static let spanFiles = files.filter { !$0.hasPrefix("tempo-") }

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
    arguments: spanFiles)
  func same(_ file: String) throws {
    // X-Ray names segments by their service and subsegments by what they call: it has no names of operations.
    let hasNames = !file.contains("xray")
    let all = hasNames ? try Self.original.get() : try Self.nameless.get()
    let found = Self.essence(try Self.read(file), hasNames: hasNames)
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

  @Test("the query APIs of Tempo and Jaeger answer with the same spans, everything included")
  func queryAPIs() throws {
    let json = try Self.read("shop-otlp.jsonl.gz")
    for file in ["few-tempo-api.json.gz", "few-tempo-api-v1.json.gz", "few-jaeger-api-v3.json.gz"] {
      let answers = try Self.read(file)
      #expect(answers.lines.count == 40)
      #expect(Set(answers.lines).isSubset(of: json.lines), "\(file)")
    }
  }

  @Test("exceptions are kept", arguments: spanFiles.filter { $0.contains("xray") || $0.contains("datadog") })
  func exceptions(_ file: String) throws {
    func kinds(_ reading: Reading) throws -> [String: [JSONValue?]] {
      Dictionary(
        try reading.spans().map { span in
          let events = span.span["events"].elements.filter { $0["name"] == "exception" }
          return (
            span.spanID,
            events.map { event in
              event["attributes"].elements.first { $0["key"] == "exception.message" }?["value"]["stringValue"]
            }
          )
        }, uniquingKeysWith: { $1 })
    }
    let found = try kinds(try Self.read(file))
    let expected = try kinds(try Self.read("few-otlp-collector.proto.zst"))
    #expect(found == expected)
    #expect(found.values.contains { !$0.isEmpty })
  }

  @Test("Tempo's samples tell blocks, traces and bytes")
  func blocks() throws {
    let meta = try Self.read("tempo-block-meta.json.gz").summary
    #expect(meta.format == "tempo-meta" && meta.spansRead == 0)
    #expect(meta.storedBlocks.byDay.map(\.blocks.blocks) == [1])
    #expect(meta.storedBlocks.byDay.map(\.blocks.traces) == [286])
    let index = try Self.read("tempo-index.json.gz").summary
    #expect(index.storedBlocks.byDay.map(\.blocks.blocks) == [8])
    #expect(index.storedBlocks.byDay.map(\.blocks.bytes) == [8 * 28_148_400])
  }

  private static let original = Result { essence(try read("shop-otlp.jsonl.gz")) }
  private static let nameless = Result { essence(try read("shop-otlp.jsonl.gz"), hasNames: false) }

  private static func read(_ file: String) throws -> Reading {
    Reading(try Files.read(Repository.path("samples/formats/" + file)), path: file)
  }

  /// What all formats hold of the spans of each trace.
  private static func essence(_ reading: Reading, hasNames: Bool = true) -> [TraceID: [String]] {
    Dictionary(
      uniqueKeysWithValues: reading.traces().map { trace in
        (trace.id, trace.spans.map { essence($0, in: reading.store, hasNames: hasNames) })
      })
  }

  private static func essence(_ span: TraceSpan, in store: SpanStore, hasNames: Bool) -> String {
    "\(span.record.spanID) \(span.record.parentSpanID) \(hasNames ? store.symbols.text(span.record.name) : "") "
      + "\(store.symbols.text(span.service)) \(span.record.kind.name) \(span.record.status.name) "
      + "\(span.start.rawValue) \(span.end.rawValue)"
  }
}
