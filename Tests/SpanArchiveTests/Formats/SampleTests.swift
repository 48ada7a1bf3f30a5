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
    let plain = Reading(try Gzip.decompress(bytes))
    #expect(plain.lines == named.lines)
  }

  @Test(
    "every sample holds the same spans: ids, parents, names, services, kinds, times and status",
    arguments: files)
  func same(_ file: String) throws {
    let original = Self.essence(
      Reading(try Files.read(Repository.path("samples/formats/shop-otlp.jsonl.gz"))))
    let reading = Reading(try Files.read(Repository.path("samples/formats/" + file)))
    #expect(Self.essence(reading) == original)
  }

  private static func essence(_ reading: Reading) -> [String] {
    reading.traces().flatMap { trace in
      trace.spans.map { span in
        "\(trace.id) \(span.record.spanID) \(span.record.parentSpanID) \(reading.store.symbols.text(span.record.name)) "
          + "\(reading.store.symbols.text(span.service)) \(span.record.kind.name) \(span.record.status.name) "
          + "\(span.start.rawValue) \(span.end.rawValue)"
      }
    }
  }
}
