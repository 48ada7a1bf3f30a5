import TestSupport
import Testing

/// The recorded shop in four formats: the format must not matter.
@Suite(
  "Samples in four formats",
  .enabled(
    if: CommandRunner.knows("inspect", "dependencies") && Files.exists(Repository.path("samples/formats"))))
struct SampleFormatTests {
  static let files = [
    "shop-otlp.jsonl.gz", "shop-jaeger.json.gz", "shop-zipkin.json.gz", "shop-native.jsonl.gz",
  ]

  private func run(_ arguments: String...) async throws -> ProcessResult {
    let result = try await CommandRunner(in: Repository.path("samples/formats")).run(arguments)
    #expect(result.status == 0, "\(result.errorOutput)")
    return result
  }

  /// What all formats can say of a trace.
  private func essence(_ trace: JSONValue) -> [String] {
    let keys = ["traceId", "rootService", "rootOperation", "startUnixNano", "durationNano"]
    let counts = ["spanCount", "errorCount", "serviceCount", "depth"].map { "\(trace[$0].number ?? -1)" }
    let spans = trace["spans"].elements.map { span in
      [
        "spanId", "parentSpanId", "service", "operation", "kind", "status", "startUnixNano", "endUnixNano",
        "selfTimeNano", "criticalPathNano",
      ].map { span[$0].text ?? "-" }.joined(separator: " ")
    }
    let path = trace["criticalPath"].elements.map { section in
      ["spanId", "startUnixNano", "endUnixNano"].map { section[$0].text ?? "-" }.joined(separator: " ")
    }
    return [keys.map { trace[$0].text ?? "-" }.joined(separator: " "), counts.joined(separator: " ")] + spans
      + path
  }

  @Test("give the same traces, spans and critical paths", arguments: files.dropFirst())
  func sameTraces(file: String) async throws {
    let expected = try JSONValue.lines(try await run("inspect", Self.files[0]).stdout).map(essence)
    let actual = try JSONValue.lines(try await run("inspect", file).stdout).map(essence)
    #expect(expected.count == 286)
    #expect(actual.count == expected.count)
    for (one, other) in zip(expected, actual) where one != other {
      let diff = UnifiedDiff.between(
        expected: one.joined(separator: "\n"), actual: other.joined(separator: "\n"), limit: 12)
      Issue.record("trace \(one[0])\n\(diff)")
      break
    }
  }

  @Test("give the same service links", arguments: files.dropFirst())
  func sameLinks(file: String) async throws {
    let expected = try await run("dependencies", Self.files[0]).output
    let actual = try await run("dependencies", file).output
    #expect(UnifiedDiff.between(expected: expected, actual: actual, limit: 12) == "")
  }

  @Test("read the same under the name unknown", arguments: files)
  func sameUnderAnyName(file: String) async throws {
    let folder = try TemporaryFolder()
    let bytes = try Files.read(Repository.path("samples/formats/\(file)"))
    try folder.write("unknown", bytes)
    try folder.write("plain", try Gzip.decompress(bytes))
    let expected = try await run("inspect", file).stdout
    for name in ["unknown", "plain"] {
      let result = try await CommandRunner(in: folder.path).run(["inspect", name])
      #expect(result.status == 0, "\(result.errorOutput)")
      #expect(result.stdout == expected, "as \(name)")
    }
  }

  @Test(
    "the spans of a cut file that lie before the cut are all there, and the status says that some are missing"
  )
  func cutFile() async throws {
    let folder = try TemporaryFolder()
    let whole = try Files.read(Repository.path("samples/formats/\(Self.files[0])"))
    try folder.write("cut", Array(whole.prefix(whole.count / 2)))
    let result = try await CommandRunner(in: folder.path).run(["inspect", "cut"])
    #expect(result.status == 3)
    #expect(result.errorOutput.contains("cut"))
    #expect(try JSONValue.lines(result.stdout).count > 50)
  }
}
