import TestSupport
import Testing

/// Families whose commands are not built yet (links are compared by the tests of the analyses): they show up as skipped, so that none is forgotten.
@Suite(
  "Conformance: later", .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository")
)
struct LaterConformance {
  @Test(
    "sampling", .disabled("the command simulate is not built yet"),
    arguments: ["sampling-vectors", "tail-sampling"])
  func sampling(_ family: String) { Issue.record("nothing compares the \(family) family yet") }
}
