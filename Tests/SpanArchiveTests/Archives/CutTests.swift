import SpanArchive
import TestSupport
import Testing
import TraceModel

/// Archives of every format, cut at every place of their beginning.
@Suite struct CutTests {
  /// Small archives: the beginnings of the samples, and one of each format that has none.
  static let archives: [(name: String, bytes: [UInt8])] = {
    var archives: [(String, [UInt8])] = []
    for file in Files.names(in: Repository.path("samples/formats")) {
      guard let packed = try? Files.read(Repository.path("samples/formats/" + file)) else { continue }
      let plain = file.hasSuffix(".gz") ? (try? Gzip.decompress(packed)) ?? [] : packed
      archives.append((file, Array(plain.prefix(4_000))))
    }
    for file in smallFiles {
      guard let bytes = try? Files.read(Repository.path(file)) else { continue }
      archives.append((file, bytes))
    }
    return archives
  }()

  /// Hand-written archives, those of formats without a sample among them.
  static let smallFiles = [
    "datadog-json/datadog", "jaeger-json/jaeger", "tempo-meta/tempo", "xray-json/xray",
    "zipkin-v1-json/zipkin-v1",
  ].map { "Tests/Fuzz/seeds/" + $0 }

  @Test(
    "what lies before a cut is kept, the accounting closes, and the cut is told",
    arguments: archives.map(\.name))
  func cuts(_ name: String) throws {
    let bytes = try #require(Self.archives.first { $0.name == name }?.bytes)
    var spansBefore = 0
    var sound = 0
    // Every place of small archives; of larger ones every ninth, which falls on every kind of place.
    let places = stride(from: 1, through: bytes.count, by: bytes.count < 1_000 ? 1 : 9)
    for count in places {
      let store = ArchiveSet(
        inputs: [.bytes(Array(bytes[..<count]), path: "archive")], limits: FramingTests.smallest
      ).read(threads: 1)
      let summary = store.archives[0]
      #expect(summary.spansRead == store.spanCount + summary.spansQuarantined, "cut at \(count)")
      #expect(summary.spansRead >= spansBefore, "cut at \(count)")
      spansBefore = summary.spansRead
      if summary.error == nil { sound += 1 }
    }
    // Few places are the end of something whole.
    #expect(sound <= 12, "\(sound) of \(places.underestimatedCount) cuts were not told")
  }

  @Test("there is an archive of every format")
  func everyFormat() {
    let formats = Set(Self.archives.map { Reading.summary($0.bytes).format })
    #expect(
      formats.isSuperset(of: [
        "otlp-json", "otlp-proto", "jaeger-json", "jaeger-es", "jaeger-proto-json", "zipkin-json",
        "zipkin-v1-json",
        "zipkin-proto", "native-json", "xray-json", "datadog-json", "tempo-meta",
      ]), "\(formats.sorted())")
  }
}
