import TestSupport
import Testing

@Suite("Command line, golden cases", .enabled(if: CommandRunner.binary != nil))
struct GoldenTests {
  @Test("prints and writes what the case expects, byte by byte", arguments: GoldenCase.all)
  func goldenCase(_ golden: GoldenCase) async throws {
    for difference in try await golden.differences() { Issue.record("\(difference)") }
  }
}
