import TestSupport
import Testing

/// Families whose commands are not built yet: they show up as skipped, so that none is forgotten.
@Suite(
  "Conformance: later", .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository")
)
struct LaterConformance {
  @Test(
    "links", .disabled("the command dependencies with --rule is not built yet"),
    arguments: ["dependencies-zipkin", "dependencies-servicegraph", "dependencies-jaeger"])
  func links(_ family: String) { Issue.record("nothing compares the \(family) family yet") }

  @Test(
    "sampling", .disabled("the command simulate is not built yet"),
    arguments: ["sampling-vectors", "tail-sampling"])
  func sampling(_ family: String) { Issue.record("nothing compares the \(family) family yet") }
}
