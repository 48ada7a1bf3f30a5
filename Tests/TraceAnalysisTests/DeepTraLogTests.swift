import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Failing runs of TrainTicket whose cause is known; the data lies beside the repository and may be absent.
@Suite("Failing runs of TrainTicket", .enabled(if: Reach.has("data/rca/deeptralog/labels.json")))
struct DeepTraLogTests {
  private static let folder = Reach.path("data/rca/deeptralog") ?? ""

  private func conclusions(_ files: [String]) -> Conclusions {
    let store = SpanStore.reading(files.map { Self.folder + "/" + $0 })
    return Digest(observing: TraceWalk(store, options: AssemblyOptions(), threads: 2)).conclude()
  }

  private static let files =
    (try? JSONValue(parsing: Files.read(folder + "/labels.json")))?["files"].elements.compactMap {
      file -> (String, String)? in
      guard let name = file["file"].text, let root = file["derived_root"].text else { return nil }
      return (name, root)
    } ?? []

  @Test("the first suspect is where the failure began", arguments: files)
  func suspect(_ file: String, _ cause: String) {
    let conclusions = conclusions([file])
    #expect(conclusions.suspects.first?.service == cause, "\(conclusions.suspects)")
    #expect(conclusions.findings.contains { $0.kind == "error-origin" })
  }

  @Test("so it is when most of the traffic is healthy", arguments: files.prefix(1))
  func mixed(_ file: String, _ cause: String) {
    let conclusions = conclusions([file, "F02normal01.otlp.jsonl.gz"])
    #expect(conclusions.suspects.first?.service == cause, "\(conclusions.suspects)")
  }

  @Test("a healthy run has no finding about errors")
  func healthy() {
    let conclusions = conclusions(["F02normal01.otlp.jsonl.gz"])
    #expect(!conclusions.findings.contains { $0.kind.contains("error") || $0.kind == "missing-call" })
  }
}
